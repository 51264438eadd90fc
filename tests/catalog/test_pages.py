"""The pages, read as strictly as a browser's parser could: what they show, and to whom."""

import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.test import Client
from django.views import defaults
from django.views.csrf import csrf_failure

import plots
from plots.catalog import pages
from plots.datasets.models import Dataset
from plots.presets.models import Preset
from plots.presets.pages import search
from plots.spec.registry import FAMILIES, Kind, Source, kinds, sources
from plots.spec.themes import DARK, LIGHT
from tests.pages import OTHERS, VISITOR, furnish

NASTY = "<script>alert(1)</script>\"'&"


@pytest.fixture
def starters(db) -> None:
    furnish()


@pytest.fixture
def line(db) -> Preset:
    return Preset.objects.create(
        title="Two points",
        slug="two",
        kind="line",
        parameters={"y": "1,2"},
        overrides=["linewidth"],
    )


def parse(text: str | bytes) -> Element:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def page(client: Client, path: str, status: int = 200) -> Element:
    response = client.get(path)
    assert response.status_code == status
    return parse(response.content)


def words(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def with_attribute(tree: Element, name: str) -> Iterator[tuple[Element, str]]:
    return ((each, each.attrib[name]) for each in tree.iter() if name in each.attrib)


def titles(tree: Element) -> list[str]:
    return [words(each) for each in tree.iterfind(".//main//h2")]


def alert(tree: Element) -> str:
    return words(tree.find(".//*[@role='alert']"))


def check(tree: Element) -> None:
    """What holds for every page, and a parser does not say."""
    ids = [id for _, id in with_attribute(tree, "id")]
    assert len(ids) == len({*ids})
    for name in ("aria-labelledby", "aria-describedby", "for"):
        for _, value in with_attribute(tree, name):
            assert {*value.split()} <= {*ids}, (name, value)
    labels = [value for _, value in with_attribute(tree, "for")]
    assert len(labels) == len({*labels})
    for tag in ("input", "select", "textarea"):
        for control in tree.iter(tag):
            assert control.get("type") == "hidden" or control.get("id") in labels
    for link in [*tree.iter("a"), *tree.iter("button")]:
        assert words(link) or link.get("aria-label")
    for image in tree.iter("img"):
        assert image.get("alt")
        # The stand-in for a plot that cannot be drawn has its size from the style sheet.
        sized = image.get("width") and image.get("height")
        assert sized or "unavailable.svg" in image.attrib["src"]
    levels = [int(each.tag[1]) for each in tree.iter() if re.fullmatch("h[1-6]", str(each.tag))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))
    for landmark in ("main", "title", "body/header"):
        assert len(tree.findall(f".//{landmark}")) == 1
    assert tree.get("lang") == "en"
    # What a strict Content-Security-Policy forbids, and every other host.
    assert all(script.get("src") and not script.text for script in tree.iter("script"))
    assert tree.find(".//style") is None
    for each in tree.iter():
        assert not [name for name in each.attrib if name == "style" or name.startswith("on")]
        for name in ("src", "href", "action"):
            assert urlsplit(each.get(name, "")).netloc in ("", "testserver")


# All pages


@pytest.mark.parametrize("path", [*VISITOR.values(), OTHERS["normal"]])
@pytest.mark.parametrize("visitor", ["client", "admin_client"])
def test_every_page_is_valid_and_accessible(path, visitor, starters, request):
    check(page(request.getfixturevalue(visitor), path))


@pytest.mark.parametrize("path", VISITOR.values())
def test_pages_stand_without_a_project_around_them(path, starters, client, settings):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": []}]
    tree = page(client, path)
    check(tree)
    assert tree.find(".//*[@class='wordmark']") is None


@pytest.mark.parametrize("path", ["/nowhere/", "/presets/nothing/", "/plot/spiral/"])
def test_a_missing_page_says_so(path, client, db):
    tree = page(client, path, status=404)
    check(tree)
    assert "Page not found" in words(tree.find(".//h1"))


@pytest.mark.parametrize(
    ("view", "status"),
    [(defaults.bad_request, 400), (defaults.permission_denied, 403), (csrf_failure, 403)],
)
def test_the_other_error_pages(view, status, rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    response = view(request, PermissionDenied("secret"))
    assert response.status_code == status
    assert b"secret" not in response.content
    check(parse(response.content))


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (ValueError("secret"), 500, "Server error"),
        (OperationalError("secret"), 503, "Temporarily unavailable"),
    ],
)
def test_a_page_that_fails_says_so_without_the_database(
    error, status, heading, client, monkeypatch
):
    """No fixture here lets it be asked, so a page that did would not come."""
    client.raise_request_exception = False
    monkeypatch.setattr(search, "search_context", Mock(side_effect=error))
    monkeypatch.setattr(Preset.objects, "visible_to", Mock())
    tree = page(client, "/", status)
    check(tree)
    assert words(tree.find(".//h1")) == heading
    assert "secret" not in words(tree)
    assert client.get("/").get("Retry-After") == ("30" if status == 503 else None)


@pytest.mark.parametrize("path", ["/", "/presets/two/", "/plot/"])
def test_a_page_is_never_shared(path, line, client):
    response = client.get(path)
    assert response["Cache-Control"] == "private, no-cache"
    assert "Cookie" in response["Vary"]


@pytest.mark.parametrize("path", ["/", "/presets/two/", "/plot/"])
def test_a_page_is_only_read(path, line, client):
    assert client.post(path).status_code == 405


# Colours


def colours(scheme: str) -> dict[str, str]:
    sheet = (Path(plots.__file__).parent / "static/plots/plots.css").read_text()
    declared = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)", sheet)
    return {name: dark if scheme == "dark" else light for name, light, dark in declared}


def contrast(one: str, other: str) -> float:
    """As WCAG 2 has it."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), parts, strict=True))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("name", "theme"), [("light", LIGHT), ("dark", DARK)])
def test_colours_can_be_told_apart_and_match_the_pictures(name, theme):
    of = colours(name)
    assert of["ground"] == theme.ground
    texts = [(text, on) for text in ("ink", "muted", "accent") for on in ("ground", "page")]
    texts += [("on-accent", "accent"), ("wrong", "ground"), ("wrong", "wrong-ground")]
    assert [pair for pair in texts if contrast(of[pair[0]], of[pair[1]]) < 4.5] == []
    assert contrast(of["edge"], of["ground"]) >= 3 and contrast(of["edge"], of["page"]) >= 3


# The gallery


def test_the_gallery_shows_the_public_presets_in_their_order(starters, client):
    tree = page(client, "/")
    assert titles(tree)[:2] == ["What 100 dollars in shares became", "Three penguins, three bills"]
    public = Preset.objects.filter(visibility="public").count()
    assert len(titles(tree)) == len(tree.findall(".//img")) == public > 10


def test_the_gallery_asks_the_database_little(
    starters, admin_client, django_assert_max_num_queries
):
    """However many presets there are, and each of a dataset of its own."""
    for number in range(24 - Preset.objects.filter(visibility="public").count()):
        name = f"d{number}"
        Dataset.objects.create(name=name, title=name, file=name, columns=[("a", "number")])
        Preset.objects.create(
            slug=name, title=name, kind="hist", source=name, parameters={"x": "a"}, tags="one, two"
        )
    # Who looks (2); rows, their number, kinds and tags; what of the site's own and the datasets.
    with django_assert_max_num_queries(6):
        tree = page(admin_client, "/")
    assert len(tree.findall(".//picture")) == 24


def test_pictures_of_the_gallery_are_light_and_dark_and_sharp(line, client):
    tree = page(client, "/")
    source, image = tree.find(".//picture/source"), tree.find(".//picture/img")
    assert source is not None and image is not None
    assert source.get("media") == "(prefers-color-scheme: dark)"
    assert "theme=dark" in source.get("srcset", "")
    assert re.search(r"scale=2\S* 2x$", image.get("srcset", ""))
    assert (image.get("width"), image.get("height")) == ("384", "288")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=nile", ["The Nile before and after 1898"]),
        ("q=NILE+1898", ["The Nile before and after 1898"]),
        ("q=nile+penguin", []),
        ("q=%20", None),
        ("kind=bar", ["Who survived the Titanic", "Presets by plot kind"]),
        ("kind=bar&q=titanic", ["Who survived the Titanic"]),
        ("kind=nothing", []),
        ("q=astronomy", ["Kepler's third law"]),
        ("tag=astronomy", ["Kepler's third law"]),
        ("tag=History&kind=bar", ["Who survived the Titanic"]),
        ("tag=histor", []),
        ("tag=%00,", None),
        ("page=nothing", None),
        ("page=99", None),
    ],
)
def test_search_and_filter(query, found, starters, client):
    tree = page(client, f"/?{query}")
    if found == []:
        assert titles(tree) == ["No charts found"]
    else:
        assert titles(tree) == (found or titles(page(client, "/")))


def filters(tree: Element, label: str) -> dict[str, str]:
    """The links of a filter, by their words."""
    nav = tree.find(f".//nav[@aria-labelledby='{label}']")
    return {} if nav is None else {words(each): each.attrib["href"] for each in nav.iter("a")}


def test_a_filter_keeps_all_else_that_is_asked_for(starters, client):
    tree = page(client, "/?kind=bar&q=a+e&tag=Time++Series&sort=newest&page=3&other=1")
    kept = "q=a+e&kind=bar&tag=time+series&sort=newest"
    assert filters(tree, "kinds")["Line chart 7"] == "?" + kept.replace("bar", "line")
    assert filters(tree, "kinds")["All"] == "?" + kept.replace("kind=bar&", "")
    assert filters(tree, "tags")["All"] == "?" + kept.replace("tag=time+series&", "")
    marked = [words(each) for each, _ in with_attribute(tree, "aria-current")]
    assert marked == ["Gallery", "Bar chart 0", "time series 0", "English"]
    hidden = {
        each.attrib["name"]: each.get("value") for each in tree.iterfind(".//form[@id]/input")
    }
    assert hidden == {"q": "a e", "kind": "bar", "tag": "time series"}
    assert tree.find(".//option[@value='newest'][@selected]") is not None


def test_a_filter_says_how_many_it_leaves(starters, client):
    for link in filters(page(client, "/?q=the"), "tags"), filters(page(client, "/"), "kinds"):
        for said, href in link.items():
            number = said.rpartition(" ")[2]
            shown = titles(page(client, f"/{href}"))
            assert said == "All" or len(shown) == int(number)


def test_tags_are_on_cards_and_lead_to_their_like(line, client):
    Preset.objects.update(tags="r&d, two words")
    tree = page(client, "/")
    links = {words(each): each.attrib["href"] for each in tree.iterfind(".//*[@class='tags']//a")}
    assert [*links] == ["r&d", "two words"]
    for href in links.values():
        assert titles(page(client, href)) == ["Two points"]


def test_of_many_tags_the_commonest_are_shown(line, client):
    Preset.objects.update(tags=", ".join(f"t{number:02}" for number in range(30)))
    Preset.objects.create(slug="b", title="B", kind="bar", tags="t29")
    nav = page(client, "/?tag=t28").find(".//nav[@aria-labelledby='tags']")
    assert nav is not None
    folded = {words(each) for each in nav.iterfind(".//details//a")}
    shown = {words(each) for each in nav.iter("a")} - folded
    assert len(shown) == 13 and {"All", "t28 1", "t29 2"} < shown and len(folded) == 18
    assert words(nav.find(".//summary")) == "18 more"


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("", "Two points"),
        ("newest", "Another"),
        ("title", "Another"),
        ("upside-down", "Two points"),
    ],
)
def test_the_order_is_to_choose(sort, first, line, client):
    Preset.objects.create(slug="a", title="Another", kind="line", order=5)
    assert titles(page(client, f"/?sort={sort}"))[0] == first


def test_an_empty_gallery_says_so(client, db):
    assert titles(page(client, "/")) == ["No charts yet"]


def test_the_gallery_goes_page_by_page(starters, client, settings):
    settings.PLOTS = {"PAGE_SIZE": 2}
    start = "/?kind=line&q=sample+data"
    seen, path = [], start
    while path:
        tree = page(client, path)
        check(tree)
        seen.append(titles(tree))
        following = tree.find(".//a[@rel='next']")
        path = "" if following is None else "/" + following.attrib["href"]
    settings.PLOTS = {}
    assert sum(seen, []) == titles(page(client, start))
    assert len(seen) > 1 and {len(each) for each in seen[:-1]} == {2}
    assert tree.find(".//a[@rel='prev']") is not None


# Who sees what


@pytest.fixture
def visitor(client, django_user_model):
    def log_in(name: str) -> Client:
        if name != "anonymous":
            user = django_user_model.objects.create_superuser(name)
            client.force_login(user)
            # Revoked while logged in, which is when it matters.
            django_user_model.objects.filter(pk=user.pk).update(
                is_active=name != "inactive", is_staff=name != "customer"
            )
        return client

    return log_in


EVERYBODY = {"anonymous", "customer", "inactive", "staff"}


@pytest.mark.parametrize("name", sorted(EVERYBODY))
@pytest.mark.parametrize(
    ("visibility", "seen_by", "listed_for"),
    [
        ("public", EVERYBODY, EVERYBODY),
        ("unlisted", EVERYBODY, set()),
        ("staff", {"staff"}, {"staff"}),
    ],
)
def test_visibility(name, visibility, seen_by, listed_for, visitor, line):
    Preset.objects.update(visibility=visibility)
    client = visitor(name)
    assert client.get("/presets/two/").status_code == (200 if name in seen_by else 404)
    assert client.get("/presets/two.png").status_code == (200 if name in seen_by else 404)
    assert ("Two points" in titles(page(client, "/"))) is (name in listed_for)
    assert ("Line" in words(page(client, "/").find(".//main"))) is (name in listed_for)


@pytest.mark.parametrize(
    ("visibility", "badge"), [("public", None), ("unlisted", "Unlisted"), ("staff", "Staff only")]
)
def test_a_badge_tells_staff_what_others_do_not_see(visibility, badge, line, admin_client):
    Preset.objects.update(visibility=visibility)
    found = page(admin_client, "/presets/two/").find(".//*[@class='badge']")
    assert (found is None) if badge is None else (words(found) == badge)


@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_only_staff_is_led_to_the_admin(name, visitor, line):
    client = visitor(name)
    links = {each.get("href") for each in page(client, "/presets/two/").iter("a")}
    wanted = {"/admin/", f"/admin/plots_presets/preset/{line.pk}/change/"}
    assert (links & wanted) == (wanted if name == "staff" else set())


def test_staff_that_may_not_edit_gets_no_edit_link(line, client):
    client.force_login(get_user_model().objects.create_user("looker", is_staff=True))
    links = {each.get("href") for each in page(client, "/presets/two/").iter("a")}
    assert "/admin/" in links and f"/admin/plots_presets/preset/{line.pk}/change/" not in links


# A preset's page


def test_a_preset_has_downloads_codes_and_data(line, client):
    tree = page(client, "/presets/two/?linewidth=3")
    downloads = {words(each): each.attrib["href"] for each, _ in with_attribute(tree, "download")}
    assert [*downloads] == ["PNG", "PNG 2×", "SVG", "PDF", "WEBP", "JPG", "CSV", "JSON", "TXT"]
    for href in downloads.values():
        assert "linewidth=3" in href
        assert client.get(href).status_code == 200
    codes = {each.attrib["id"]: each.text or "" for each in tree.iter("textarea")}
    alt = "Line chart: Two points. 2 points; highest 2 at 1, lowest 1 at 0."
    url = "http://testserver/presets/two.png?linewidth=3"
    assert codes["code-url"] == url
    assert codes["code-markdown"] == f"![{alt}]({url})"
    assert codes["code-tag"] == '{% plot_img preset="two" linewidth="3" %}'
    image = parse(f"<!doctype html><title>x</title>{codes['code-html']}").find(".//img")
    assert image is not None
    assert (image.get("src"), image.get("alt"), image.get("width")) == (url, alt, "640")
    assert [words(each) for each in tree.iterfind(".//table//td")] == ["1", "2"]


def test_what_is_handed_on_is_not_kept_for_a_year(line, client):
    address = page(client, "/presets/two/").find(".//textarea[@id='code-url']")
    assert address is not None and "immutable" not in client.get(address.text)["Cache-Control"]


def test_a_long_table_says_that_it_is_cut(line, client, monkeypatch):
    monkeypatch.setattr(pages, "TABLE_ROWS", 1)
    tree = page(client, "/presets/two/")
    assert len(tree.findall(".//tbody/tr")) == 1
    assert "The first 1 of 2 rows" in words(tree.find(".//main"))


def test_a_random_preset_has_no_table_to_go_with_another_picture(starters, client):
    tree = page(client, "/presets/random-cloud/")
    assert tree.find(".//table") is None
    assert "CSV" not in [words(each) for each, _ in with_attribute(tree, "download")]


def test_controls_are_those_allowed_and_show_what_is_drawn(starters, client):
    def shown(path):
        return {
            each.attrib["name"]: each.get("value") or words(each.find(".//option[@selected]"))
            for tag in ("input", "select")
            for each in page(client, path).iterfind(f".//form[@data-plot-form]//{tag}")
            if each.get("value") or each.find(".//option[@selected]") is not None
            if each.get("type") != "radio" or "checked" in each.attrib
        }

    saved = {"since": "2005", "yscale": "log", "legend": "upper left", "linewidth": "1.8"}
    saved |= {"lang": "automatic"}
    assert shown("/presets/share-growth/") == {**saved, "theme": "automatic"}
    changed = shown("/presets/share-growth/?since=2010&theme=dark&w=300")
    assert changed == {**saved, "since": "2010", "theme": "dark", "width": "300"}


def picture(tree: Element) -> Element:
    found = tree.find(".//main//picture/img")
    assert found is not None
    return found


def test_a_picture_is_drawn_for_each_window_until_its_size_is_asked_for(line, client):
    tree = page(client, "/presets/two/")
    sources = tree.findall(".//main//picture/source")
    sizes = [each.attrib["width"] for each in [*sources, picture(tree)]]
    assert sizes == 2 * ["343", "640", "1120", "832"]
    tree = page(client, "/presets/two/?width=300&theme=dark")
    assert tree.findall(".//main//picture/source") == []
    assert (picture(tree).get("width"), picture(tree).get("height")) == ("300", "480")
    assert "theme=dark" in picture(tree).attrib["src"]
    tree = page(client, "/presets/two/?scale=1.5")
    assert picture(tree).attrib["srcset"] == f"{picture(tree).attrib['src']} 1x"


@pytest.mark.parametrize("size", [(16, 1000), (1000, 16), (1000, 200), (300, 400)])
def test_every_picture_that_a_browser_may_choose_is_drawn(size, line, client, settings):
    settings.PLOTS = {"MAX_SIDE": 1000, "MAX_PIXELS": 200_000}
    given = dict(zip(("width", "height"), map(str, size), strict=True))
    asked = client.get("/presets/two/", given)
    Preset.objects.update(parameters={"y": "1,2", **given})
    for tree in (parse(asked.content), page(client, "/presets/two/")):
        chosen = {
            each.split()[0]
            for tag in ("source", "img")
            for image in tree.iterfind(f".//picture/{tag}")
            for each in image.attrib["srcset"].split(", ")
        }
        downloads = {each.attrib["href"] for each, _ in with_attribute(tree, "download")}
        assert {client.get(url).status_code for url in chosen | downloads} == {200}


def test_an_override_that_is_wrong_is_told_at_its_control(line, client):
    tree = page(client, "/presets/two/?linewidth=thick")
    control = tree.find(".//input[@name='linewidth']")
    assert control is not None
    assert (control.get("aria-invalid"), control.get("value")) == ("true", "thick")
    for said in (words(tree.find(".//p[@id='id_linewidth_error']")), alert(tree)):
        assert "“thick” is not a number." in said
    assert "thick" not in picture(tree).attrib["src"]  # what the preset is, is still shown


def test_an_override_that_went_stale_is_told(line, client):
    assert client.get("/presets/two/?linewidth=3").context["errors"] == ()
    Preset.objects.update(overrides=[])
    tree = page(client, "/presets/two/?linewidth=3&theme=dark")
    chosen = tree.find(".//select[@name='theme']/option[@selected]")
    assert words(chosen) == "automatic"  # as the picture beside it
    assert "linewidth This cannot be changed here" in alert(tree)
    assert tree.find(".//input[@name='linewidth']") is None
    assert "linewidth" not in picture(tree).attrib["src"]


def test_a_column_that_is_not_there_is_told_at_its_control(db, client):
    Preset.objects.create(
        title="Nile", slug="nile", kind="line", source="nile",
        parameters={"x": "year", "y": "flow"}, overrides=["y"],
    )  # fmt: skip
    tree = page(client, "/presets/nile/?y=ebb")
    assert words(tree.find(".//p[@id='id_y_error']")) in alert(tree)
    assert "ebb" not in picture(tree).attrib["src"]


@pytest.mark.parametrize("field", ["kind", "source"])
def test_a_preset_whose_ground_is_gone(field, line, client, admin_client):
    Preset.objects.update(**{field: "gone"})
    tree = page(client, "/presets/two/")
    check(tree)
    assert f"There is no {field} “gone”" in alert(tree)
    assert tree.find(".//picture") is None and tree.find(".//form[@data-plot-form]") is None
    tree = page(client, "/presets/two/?width=300")
    assert f"There is no {field} “gone”" in alert(tree)
    gallery = page(client, "/")
    check(gallery)
    assert titles(gallery) == ["Two points"]
    assert "unavailable.svg" in gallery.findall(".//img")[0].attrib["src"]
    assert admin_client.get("/admin/plots_presets/preset/").status_code == 200


def test_a_preset_of_a_kind_that_was_registered_once(db, client):
    kinds.register(Kind("brief", lambda ax, data: None, kinds.get("line").options))
    sources.register(Source("brief", dict, kinds.get("line").options))
    try:
        Preset.objects.create(title="Brief", slug="brief", kind="brief")
        assert client.get("/presets/brief/").context["errors"] == ()
    finally:
        kinds.unregister("brief")
        sources.unregister("brief")
    assert "There is no kind “brief”" in alert(page(client, "/presets/brief/"))


# Kinds


def test_the_catalogue_has_every_kind_with_a_picture(client, db):
    tree = page(client, "/plot/")
    shown = [words(each) for each in tree.iterfind(".//main//li//h3")]
    assert sorted(shown) == sorted(kind.title for kind in kinds)
    assert titles(tree) == [name for name in FAMILIES if name in {kind.family for kind in kinds}]
    assert len(tree.findall(".//picture")) == len([*kinds])


@pytest.mark.parametrize("name", ["bar", "hist", "line", "normal", "scatter"])
def test_a_kind_has_every_parameter_and_addresses_that_work(name, client, db):
    tree = page(client, f"/plot/{name}/")
    table = [words(each) for each in tree.iterfind(".//tbody/tr/th[@scope='row']")]
    controls = dict.fromkeys(
        each.attrib["name"]
        for each in tree.find(".//form[@data-plot-form]").iter()  # type: ignore[union-attr]
        if each.tag in ("input", "select", "textarea")
    )
    assert table == [*controls] and {"width", "title", "alt"} < {*table}
    for link in tree.iterfind(".//ul[@class='urls']//a"):
        assert client.get(link.attrib["href"]).status_code == 200


def test_the_reference_says_what_each_parameter_takes(client, db):
    rows = page(client, "/plot/line/").iterfind(".//tbody/tr")
    takes = {words(row[0]): [words(cell) for cell in row[1:3]] for row in rows if len(row) == 4}
    assert takes["y"] == ["numbers, comma-separated", ""]
    assert takes["theme"] == ["light, dark, print, minimal, large", "light"]
    assert takes["width"] == ["integer, 16 to 4,096", "640"]
    assert takes["scale"] == ["number, 0.5 to 4", "1"]
    assert takes["alpha"] == ["number, 0 to 1", "1"]
    assert takes["grid"] == ["1 or 0", "1"]
    assert takes["xmin"] == ["a number or an ISO date", ""]
    assert takes["title"] == ["text, up to 200 characters", ""]


def test_the_playground_shows_what_the_address_asks_for(client, db):
    tree = page(client, "/plot/line/?y=3,1&y=1,2&title=Two&xmin=0")
    values = {each.attrib["name"]: each.text for each in tree.iterfind(".//details//textarea")}
    assert values["y"] and values["y"].split() == ["3,1", "1,2"]
    assert "?y=3,1&y=1,2&title=Two&" in picture(tree).attrib["src"]


def test_errors_of_the_playground_stand_beside_its_fields(client, db):
    tree = page(client, "/plot/line/?x=1,2&y=1,two&width=9&tilte=Two")
    for name in ("y", "width"):
        assert words(tree.find(f".//p[@id='id_{name}_error']")) in alert(tree)
    assert words(tree.find(".//p[@id='id_x_error']")) == ""
    assert "“tilte”. Did you mean “title”?" in alert(tree)
    assert tree.find(".//picture") is None
    closed = [words(each[0]) for each in tree.iter("details") if "open" not in each.attrib]
    assert closed == []  # a group is open where something in it is wrong


def test_a_playground_sent_whole_is_what_it_was(client, db):
    """As a browser without JavaScript sends it: every field, empty or not."""
    tree = page(client, "/plot/line/")
    form = tree.find(".//form[@data-plot-form]")
    assert form is not None
    given = {
        each.attrib["name"]: each.get("value", "")
        for each in form.iter("input")
        if each.get("type") != "radio" or "checked" in each.attrib
    }
    given |= {
        each.attrib["name"]: (each.text or "").removeprefix("\n") for each in form.iter("textarea")
    }
    for select in form.iter("select"):
        chosen = select.find(".//option[@selected]")
        given[select.attrib["name"]] = "" if chosen is None else chosen.attrib["value"]
    response = client.get("/plot/line/", given)
    assert response.context["errors"] == ()
    assert response.context["share_url"] == client.get("/plot/line/").context["share_url"]


# Escaping


def test_nothing_that_people_write_becomes_markup(db, client):
    Preset.objects.create(
        title=NASTY, slug="nasty", description=NASTY, kind="line",
        parameters={"y": "1,2", "x": f'"a","{NASTY.replace(chr(34), "")}"', "alt": NASTY},
        overrides=["linewidth"],
    )  # fmt: skip
    Preset.objects.create(title=NASTY, slug="gone", kind=NASTY)
    paths = ["/", "/presets/nasty/", "/presets/gone/"]
    query = {"q": NASTY, "kind": NASTY, "linewidth": NASTY, NASTY: NASTY}
    for path in [*paths, "/plot/line/"]:
        for given in ({}, query, {"linewidth": NASTY}):
            response = client.get(path, given)
            assert b"<script>alert" not in response.content
            check(parse(response.content))
    tree = page(client, "/presets/nasty/")
    assert words(tree.find(".//h1")) == NASTY
    assert picture(tree).get("alt") == NASTY
