"""Boards: what their pages show, to whom, and what their controls do to which pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from django.contrib.auth.models import Permission, User
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client

from plots.boards.models import Board, BoardItem
from plots.datasets.models import Dataset
from plots.presets.models import Preset
from plotsite.management.commands import prepare
from tests.catalog.test_pages import alert, check, page, titles, words

pytestmark = pytest.mark.django_db


def preset(slug: str, *overrides: str, **fields: Any) -> Preset:
    given = {"kind": "line", "parameters": {"y": "1,2"}} | fields
    return Preset.objects.create(title=slug.title(), slug=slug, overrides=[*overrides], **given)


def board(*presets: Preset, controls: tuple[str, ...] = (), **fields: Any) -> Board:
    made = Board.objects.create(title="Both", slug="both", controls=[*controls], **fields)
    for order, each in enumerate(presets):
        BoardItem.objects.create(board=made, preset=each, order=order)
    return made


DATED = {"x": "2020-01-01,2021-01-01,2022-01-01", "y": "1,2,3"}
PATH = "/boards/both/"


def tiles(tree: Element) -> dict[str, Element]:
    return {words(each.find("h2/a")): each for each in tree.iterfind(".//li[@data-tile]")}


def addresses(tile: Element) -> list[str]:
    """All pictures that a browser may choose of ``tile``, and the one of its print."""
    sets = [each.attrib["srcset"] for each in tile.iter() if "srcset" in each.attrib]
    paper = tile.find("img[@class='paper']")
    assert paper is not None
    return [each.split()[0] for srcset in sets for each in srcset.split(", ")] + [
        paper.attrib["src"]
    ]


def said_of(tree: Element, title: str, part: str) -> bool:
    """Whether ``part`` is in the address of each picture of the tile; it is in all or in none."""
    found = {part in address for address in addresses(tiles(tree)[title])}
    assert len(found) == 1
    return found.pop()


def cannot_be_shown(tree: Element, title: str) -> bool:
    (image,) = tiles(tree)[title].iterfind("p/img")
    return image.get("alt") == "This plot cannot be shown."


# Who sees what


@pytest.mark.parametrize(
    ("visibility", "listed", "found"),
    [("public", True, 200), ("unlisted", False, 200), ("staff", False, 404)],
)
def test_a_board_is_seen_as_a_preset_is(
    visibility: str, listed: bool, found: int, client: Client, admin_client: Client
) -> None:
    board(preset("one"), visibility=visibility)
    assert client.get(PATH).status_code == found
    assert ("Both" in titles(page(client, "/boards/"))) is listed
    tree = page(admin_client, PATH)
    badge = tree.find(".//header//*[@class='badge']")
    assert (badge is None) is (visibility == "public")
    assert ("Both" in titles(page(admin_client, "/boards/"))) is (visibility != "unlisted")


def test_what_is_for_staff_leaves_no_hole_and_stays_private(
    client: Client, admin_client: Client
) -> None:
    board(preset("open"), preset("secret", visibility="staff"), controls=("theme",))
    for visitor, seen in ((client, ["Open"]), (admin_client, ["Open", "Secret"])):
        tree = page(visitor, PATH)
        check(tree)
        assert [*tiles(tree)] == seen
        assert f"{len(seen)} plot" in words(page(visitor, "/boards/").find(".//main//li"))
    assert b"secret" not in client.get(PATH).content.lower()
    for address in addresses(tiles(page(admin_client, PATH))["Secret"]):
        assert client.get(address).status_code == 404
        assert admin_client.get(address)["Cache-Control"] == "private, no-cache"


def test_pages_are_read_only_and_never_shared(client: Client) -> None:
    board(preset("one"))
    for path in (PATH, "/boards/"):
        assert client.get(path)["Cache-Control"] == "private, no-cache"
        assert client.post(path).status_code == 405
    assert client.get("/boards/nothing/").status_code == 404


def test_a_board_without_presets_and_a_site_without_boards_say_so(client: Client) -> None:
    assert titles(page(client, "/boards/")) == ["There are no boards yet"]
    board()
    tree = page(client, PATH)
    check(tree)
    assert titles(tree) == ["There is nothing on this board yet"]
    check(page(client, "/boards/"))


# Pictures


def test_every_picture_is_drawn_at_the_size_of_its_place(client: Client) -> None:
    made = board(preset("one"), preset("two"), preset("three"))
    for width, item in enumerate(made.items.all(), 1):
        BoardItem.objects.filter(pk=item.pk).update(width=width)
    tree = page(client, PATH)
    check(tree)
    for width, tile in enumerate(tiles(tree).values(), 1):
        image = tile.find("picture/img")
        assert image is not None
        assert image.get("width") == {1: "360", 2: "768", 3: "1176"}[width]
        assert image.get("alt", "").startswith("Line plot")
        for address in addresses(tile):
            assert client.get(address).status_code == 200, address


def test_sizes_keep_to_the_limits_of_the_site(client: Client, settings: Any) -> None:
    settings.PLOTS = {"MAX_SIDE": 500, "MAX_PIXELS": 90_000, "PROCESSES": 0}
    made = board(preset("one", parameters={"y": "1,2", "width": "300", "height": "200"}))
    made.items.update(width=3)
    for address in addresses(tiles(page(client, PATH))["One"]):
        assert client.get(address).status_code == 200, address


def test_a_broken_preset_is_calm_and_the_others_stand(client: Client, admin_client: Client) -> None:
    board(preset("good"), preset("gone", kind="spiral"), controls=("theme",))
    tree = page(client, f"{PATH}?theme=dark")
    check(tree)
    assert cannot_be_shown(tree, "Gone")
    assert "spiral" not in words(tiles(tree)["Gone"])
    assert "There is no kind “spiral”" in words(tiles(page(admin_client, PATH))["Gone"])
    assert said_of(tree, "Good", "v=")
    check(page(client, "/boards/"))


def test_deleting_a_preset_takes_it_off_and_the_admin_says_so(admin_client: Client) -> None:
    one = preset("one")
    made = board(one, preset("two"))
    url = f"/admin/plots/preset/{one.pk}/delete/"
    assert "“One” on the board “Both”" in admin_client.get(url).content.decode()
    assert admin_client.post(url, {"post": "yes"}).status_code == 302
    assert [*tiles(page(admin_client, made.get_absolute_url()))] == ["Two"]


@pytest.mark.parametrize("query", ["", "?linewidth=3&theme=dark&xmin=0"])
def test_the_database_is_asked_as_often_for_twelve_as_for_one(
    query: str, client: Client, django_assert_num_queries: Any
) -> None:
    made = board(preset("p0", "linewidth", "xmin"), controls=("linewidth", "theme", "xmin"))
    # The board, its places with their presets, and their datasets at once.
    with django_assert_num_queries(2):
        client.get(PATH + query)
    for number in range(1, 12):
        source = f"none-{number}"  # looked for as a dataset would be
        each = preset(f"p{number}", "linewidth", "xmin", source=source if number > 6 else "")
        BoardItem.objects.create(board=made, preset=each)
    with django_assert_num_queries(3):
        client.get(PATH + query)
    assert Dataset.objects.count() == 0
    with django_assert_num_queries(4):  # and how many boards there are
        client.get("/boards/")


# Controls


def test_a_value_goes_to_every_preset_that_lets_it_be_changed(client: Client) -> None:
    board(
        preset("one", "linewidth"), preset("two", "linewidth", "grid"), preset("three"),
        controls=("linewidth", "grid"),
    )  # fmt: skip
    tree = page(client, f"{PATH}?linewidth=3")
    check(tree)
    assert [said_of(tree, name, "linewidth=3") for name in ("One", "Two", "Three")] == [1, 1, 0]
    assert "not affected by Linewidth" in words(tiles(tree)["Three"])
    assert "not affected" not in words(tiles(tree)["One"])
    assert alert_count(tree) == 0
    link = tiles(tree)["One"].find("h2/a")
    assert link is not None and link.get("href") == "/presets/one/?linewidth=3"
    assert client.get(link.attrib["href"]).context["errors"] == ()
    control = tree.find(".//input[@name='linewidth']")
    assert control is not None and control.get("value") == "3"
    assert "Linewidth: 3" in words(tree.find(".//*[@data-part='date']"))


def alert_count(tree: Element) -> int:
    return len(tree.findall(".//*[@role='alert']"))


def test_a_control_shows_what_all_have_saved_else_that_each_has_its_own(client: Client) -> None:
    def shown() -> str | None:
        control = page(client, PATH).find(".//input[@name='linewidth']")
        assert control is not None
        return control.get("placeholder")

    thick = {"y": "1,2", "linewidth": "4"}
    both = [preset(name, "linewidth", parameters=thick) for name in ("one", "two")]
    board(*both, controls=("linewidth",))
    assert shown() == "4"
    Preset.objects.update(parameters={"y": "1,2"})
    assert shown() == "2"  # as is declared
    Preset.objects.filter(slug="one").update(parameters=thick)
    assert shown() == "as saved"


def test_ends_of_dates_are_a_range_of_days_for_those_that_have_days(client: Client) -> None:
    ends = ("xmin", "xmax")
    years = {"source": "nile", "parameters": {"x": "year", "y": "flow"}}
    board(
        preset("days", *ends, parameters=DATED), preset("numbers", *ends),
        preset("years", *ends, **years), controls=ends,
    )  # fmt: skip
    tree = page(client, f"{PATH}?xmin=2020-06-01&xmax=2021-06-01")
    controls = {each.attrib["name"]: each for each in tree.iterfind(".//form[@data-board]//input")}
    assert {name: each.get("type") for name, each in controls.items()} == dict.fromkeys(
        ends, "date"
    )
    assert controls["xmax"].get("value") == "2021-06-01"
    labels = [words(each) for each in tree.iterfind(".//form[@data-board]//label")]
    assert labels == ["From", "To"]
    assert said_of(tree, "Days", "xmin=2020-06-01&xmax=2021-06-01")
    for other in ("Numbers", "Years"):  # of which only the source's rows tell
        assert not said_of(tree, other, "xmin")
        assert "not affected by From, To" in words(tiles(tree)[other])
    assert alert_count(tree) == 0


def test_ends_of_numbers_stay_as_they_are_declared(client: Client) -> None:
    board(preset("numbers", "xmin"), controls=("xmin",))
    control = page(client, PATH).find(".//input[@name='xmin']")
    assert control is not None and control.get("placeholder") == "as saved"
    tree = page(client, f"{PATH}?xmin=0.5")
    assert [words(each) for each in tree.iterfind(".//form[@data-board]//label")] == ["x from"]
    assert said_of(tree, "Numbers", "xmin=0.5")


def test_days_the_wrong_way_round_are_told_and_all_stays(client: Client) -> None:
    ends = ("xmin", "xmax")
    board(preset("days", *ends, "linewidth", parameters=DATED), controls=(*ends, "linewidth"))
    tree = page(client, f"{PATH}?xmin=2022-01-01&xmax=2020-01-01&linewidth=3")
    check(tree)
    assert words(tree.find(".//p[@id='id_xmin_error']")) == "The first day must be before the last."
    assert "first day" in alert(tree)
    assert said_of(tree, "Days", "linewidth=3")
    assert not said_of(tree, "Days", "xmin") and not said_of(tree, "Days", "xmax")


def test_a_value_that_none_takes_is_told_at_its_control(client: Client) -> None:
    board(preset("one", "linewidth"), preset("two", "linewidth"), controls=("linewidth",))
    tree = page(client, f"{PATH}?linewidth=thick")
    check(tree)
    control = tree.find(".//input[@name='linewidth']")
    assert control is not None
    assert (control.get("aria-invalid"), control.get("value")) == ("true", "thick")
    assert "“thick” is not a number" in words(tree.find(".//p[@id='id_linewidth_error']"))
    assert not said_of(tree, "One", "linewidth")


def test_a_name_that_is_no_control_is_told(client: Client) -> None:
    board(preset("one", "linewidth", "grid"), controls=("linewidth",))
    tree = page(client, f"{PATH}?line_width=3&grid=0")
    assert "line_width This cannot be changed here. Did you mean “linewidth”?" in alert(tree)
    assert "grid This cannot be changed here." in alert(tree)
    assert not said_of(tree, "One", "grid")


def test_lists_offer_what_any_of_the_presets_has(client: Client) -> None:
    penguins = {"kind": "scatter", "source": "penguins"}
    parameters = {"x": "bill_length_mm", "y": "bill_depth_mm"}
    board(
        preset("dots", "marker", "by", parameters=parameters, **penguins),
        preset("line", "marker"),
        controls=("marker", "theme"),
    )
    tree = page(client, f"{PATH}?marker=star&theme=dark")
    choices = [each.get("value") for each in tree.iterfind(".//select[@name='marker']/option")]
    assert choices.count("star") == 1 and choices[0] == "" and "none" in choices
    assert said_of(tree, "Dots", "marker=star") and said_of(tree, "Line", "marker=star")
    screens = [each for each in addresses(tiles(tree)["Line"]) if ".png" in each]
    assert all("theme=dark" in each for each in screens)
    assert "theme=light" in addresses(tiles(tree)["Line"])[-1]  # in print
    # The one that cannot be without a marker stays as it is.
    tree = page(client, f"{PATH}?marker=none")
    assert said_of(tree, "Line", "marker=none") and not said_of(tree, "Dots", "marker=none")
    assert alert_count(tree) == 0


def test_what_is_fixed_here_is_not_changed_by_the_controls(client: Client) -> None:
    made = board(preset("one", "linewidth"), preset("two", "linewidth"), controls=("linewidth",))
    BoardItem.objects.filter(preset__slug="one").update(fixed="linewidth=5", title="Thick")
    tree = page(client, f"{PATH}?linewidth=2")
    assert said_of(tree, "Thick", "linewidth=5") and said_of(tree, "Two", "linewidth=2")
    # The preset lets nobody change it any more.
    Preset.objects.filter(slug="one").update(overrides=[])
    tree = page(client, made.get_absolute_url())
    assert cannot_be_shown(tree, "Thick")
    (warning,) = run_checks(databases=["default"])
    assert (warning.id, warning.obj) == ("plots.W004", made.items.first())


def test_what_is_asked_for_is_written_as_text(client: Client) -> None:
    nasty = "<script>alert(1)</script>\"'&"
    made = board(preset("one", "title"), controls=("title",), description=nasty)
    Board.objects.update(title=nasty)
    made.items.update(title=nasty)
    for given in ({}, {"title": nasty}, {nasty: nasty}):
        response = client.get(PATH, given)
        assert b"<script>alert" not in response.content
        check(page(client, PATH))
    check(page(client, "/boards/"))


# The admin

LIST = "/admin/plots/board/"


def filled(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send of the form at ``url`` as it stands."""
    context = client.get(url).context
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    return {
        field.html_name: value
        for form in forms
        for field in form
        if (value := field.value()) is not None
    }


def item(number: int, preset: Preset, **fields: Any) -> dict[str, Any]:
    given = {"preset": preset.pk, "width": 1, "order": 10 * number, **fields}
    return {f"items-{number}-{name}": value for name, value in given.items()}


def errors(response: Any) -> str:
    context = response.context
    (inline,) = context["inline_admin_formsets"]
    found = [
        context["adminform"].form.errors,
        inline.formset.non_form_errors(),
        *inline.formset.errors,
    ]
    return " ".join(map(str, filter(None, found)))


def test_an_admin_makes_a_board(admin_client: Client, admin_user: User) -> None:
    first, second = preset("one", "linewidth"), preset("two")
    data = filled(admin_client, f"{LIST}add/")
    data |= {"title": "New", "slug": "new", "controls": ["linewidth"], "refresh": 60}
    data |= {"items-TOTAL_FORMS": 2, **item(0, first, order=20), **item(1, second, width=2)}
    response = admin_client.post(f"{LIST}add/", data)
    assert response.status_code == 302, errors(response)
    made = Board.objects.get()
    assert (made.controls, made.refresh, made.author) == (["linewidth"], 60, admin_user)
    assert [(each.preset.slug, each.width) for each in made.items.all()] == [("two", 2), ("one", 1)]
    html = admin_client.get(f"{LIST}{made.pk}/change/").content.decode()
    assert "/admin/r/" in html  # to its page
    # Saved as it stands, it stays as it is.
    url = f"{LIST}{made.pk}/change/"
    assert admin_client.post(url, filled(admin_client, url)).status_code == 302
    assert [each.preset.slug for each in made.items.all()] == ["two", "one"]
    assert 'href="/boards/new/"' in admin_client.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"controls": ["grid"]}, "“grid”: no preset on this board lets visitors change it."),
        ({"items-0-fixed": "linewidth=thick"}, "linewidth: “thick” is not a number."),
        ({"items-0-fixed": "linwidth=3"}, "Did you mean “linewidth”?"),
        ({"items-0-fixed": "width=300"}, "its width says how large"),
        ({"items-0-fixed": "thick"}, "Write name=value"),
        ({"items-0-width": "7"}, "7 is not one of the available choices"),
        ({"refresh": "1"}, "1 is not one of the available choices"),
    ],
)
def test_mistakes_are_told_and_nothing_is_saved(
    changed: dict[str, Any], message: str, admin_client: Client
) -> None:
    preset("other", "grid")
    data = filled(admin_client, f"{LIST}add/") | {"title": "New", "slug": "new"}
    data |= {"items-TOTAL_FORMS": 1, **item(0, preset("one", "linewidth")), **changed}
    response = admin_client.post(f"{LIST}add/", data)
    assert response.status_code == 200
    assert message in errors(response)
    assert not Board.objects.exists()


@pytest.fixture
def editor(client: Client) -> Iterator[Client]:
    """May do all with boards, except to publish them."""
    user = User.objects.create_user("editor", is_staff=True)
    names = [f"{verb}_board" for verb in ("add", "change", "delete", "view")]
    user.user_permissions.set(Permission.objects.filter(codename__in=[*names, "view_preset"]))
    client.force_login(user)
    yield client


def test_who_may_not_publish_makes_boards_for_staff_only(editor: Client) -> None:
    data = filled(editor, f"{LIST}add/")
    assert data["visibility"] == "staff"
    data |= {"title": "New", "slug": "new", "items-TOTAL_FORMS": 1, **item(0, preset("one"))}
    assert "publi" in errors(editor.post(f"{LIST}add/", data | {"visibility": "public"}))
    assert editor.post(f"{LIST}add/", data).status_code == 302
    made = Board.objects.get()
    assert (made.visibility, made.items.count()) == ("staff", 1)
    url = f"{LIST}{made.pk}/change/"
    assert editor.post(url, filled(editor, url) | {"title": "Newer"}).status_code == 302
    assert Board.objects.get().title == "Newer"


def test_who_may_not_publish_changes_nothing_that_others_see(editor: Client) -> None:
    made = board(preset("one"))
    url = f"{LIST}{made.pk}/change/"
    assert editor.get(url).status_code == 200  # to look at
    assert editor.post(url, {"title": "Mine"}).status_code == 403
    assert editor.post(f"{LIST}{made.pk}/delete/", {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": made.pk, "post": "yes"}
    editor.post(LIST, bulk)
    assert [each.title for each in Board.objects.all()] == ["Both"]
    editor.logout()
    assert editor.get(LIST).status_code == 302


def test_who_may_edit_is_led_to_the_admin(editor: Client, admin_client: Client) -> None:
    made = board(preset("one"))
    url = f"{LIST}{made.pk}/change/"
    assert url in admin_client.get(PATH).content.decode()
    assert url not in editor.get(PATH).content.decode()


# The starters


def test_the_starter_boards_are_whole(client: Client) -> None:
    call_command("prepare")
    boards = [*Board.objects.all()]
    assert len(boards) > 1
    for each in boards:
        tree = page(client, each.get_absolute_url())
        check(tree)
        assert len(tiles(tree)) == each.items.count() > 3
        shown = {each.attrib["for"] for each in tree.iterfind(".//form[@data-board]//label")}
        assert shown == {f"id_{name}" for name in each.controls}
    assert re.search("cannot be shown", client.get("/boards/").content.decode()) is None


def test_a_broken_starter_board_is_named(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "starter_boards.json"
    broken.write_text('[{"slug": "odd", "title": "Odd", "items": [{"preset": "nothing"}]}]')
    monkeypatch.setattr(prepare, "STARTER_BOARDS", broken)
    with pytest.raises(prepare.CommandError, match="odd"):
        call_command("prepare")
    assert not Preset.objects.exists()


def test_the_boards_go_page_by_page(client: Client, settings: Any) -> None:
    settings.PLOTS = {"PAGE_SIZE": 1}
    for name in ("first", "second"):
        Board.objects.create(title=name, slug=name)
    following = page(client, "/boards/").find(".//a[@rel='next']")
    assert following is not None
    tree = page(client, f"/boards/{following.attrib['href']}")
    assert "second" in words(tree.find(".//main")) and "first" not in words(tree.find(".//main"))
    assert tree.find(".//a[@rel='prev']") is not None and tree.find(".//a[@rel='next']") is None
