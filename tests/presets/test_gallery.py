"""The gallery: order, search, filters and pages."""

import re
from xml.etree.ElementTree import Element

import pytest

from plots.datasets.models import Dataset
from plots.presets.models import Preset
from tests.html_pages import check, page, titles, with_attribute, words


def test_public_presets_are_in_order(starters, client):
    tree = page(client, "/")
    assert titles(tree)[:2] == ["What 100 dollars in shares became", "Three penguins, three bills"]
    public = Preset.objects.filter(visibility="public").count()
    assert len(titles(tree)) == len(tree.findall(".//img")) == public > 10


def test_few_queries_are_made(starters, admin_client, django_assert_max_num_queries):
    """The number of queries does not grow with presets that each have a dataset."""
    for number in range(24 - Preset.objects.filter(visibility="public").count()):
        name = f"d{number}"
        Dataset.objects.create(
            visibility="public", name=name, title=name, file=name, columns=[("a", "number")]
        )
        Preset.objects.create(
            visibility="public",
            slug=name,
            title=name,
            kind="hist",
            source=name,
            parameters={"x": "a"},
            tags="one, two",
        )
    # Session, user, rows, count, values of the filters, datasets.
    with django_assert_max_num_queries(6):
        tree = page(admin_client, "/")
    assert len(tree.findall(".//picture")) == 24


def test_pictures_are_light_dark_and_sharp(line, client):
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
    """Return the links of a filter by their text."""
    nav = tree.find(f".//nav[@aria-labelledby='{label}']")
    return {} if nav is None else {words(each): each.attrib["href"] for each in nav.iter("a")}


def test_a_filter_keeps_the_other_parameters(starters, client):
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


def test_a_filter_has_counts(starters, client):
    for link in filters(page(client, "/?q=the"), "tags"), filters(page(client, "/"), "kinds"):
        for said, href in link.items():
            number = said.rpartition(" ")[2]
            shown = titles(page(client, f"/{href}"))
            assert said == "All" or len(shown) == int(number)


def test_the_tags_of_a_card_are_links(line, client):
    Preset.objects.update(tags="r&d, two words")
    tree = page(client, "/")
    links = {words(each): each.attrib["href"] for each in tree.iterfind(".//*[@class='tags']//a")}
    assert [*links] == ["r&d", "two words"]
    for href in links.values():
        assert titles(page(client, href)) == ["Two points"]


def test_the_most_frequent_tags_are_shown(line, client):
    Preset.objects.update(tags=", ".join(f"t{number:02}" for number in range(30)))
    Preset.objects.create(visibility="public", slug="b", title="B", kind="bar", tags="t29")
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
def test_the_order_can_be_chosen(sort, first, line, client):
    Preset.objects.create(visibility="public", slug="a", title="Another", kind="line", order=5)
    assert titles(page(client, f"/?sort={sort}"))[0] == first


def test_an_empty_gallery(client, db):
    assert titles(page(client, "/")) == ["No charts yet"]


def test_the_gallery_has_pages(starters, client, settings):
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
