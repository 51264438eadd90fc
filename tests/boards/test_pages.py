"""Pages of boards: visibility, images, queries and starters."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from plots.boards.models import Board, BoardItem
from plots.datasets.models import Dataset
from plots.presets.models import Preset
from plotsite.management.commands import prepare
from tests.boards.boards_html import (
    PATH,
    board,
    has_in_urls,
    image_urls,
    is_unavailable,
    preset,
    tiles,
)
from tests.html_pages import check, page, titles, words

pytestmark = pytest.mark.django_db


# Visibility


@pytest.mark.parametrize(
    ("visibility", "listed", "found"),
    [("public", True, 200), ("unlisted", False, 200), ("staff", False, 404)],
)
def test_visibility_of_a_board(
    visibility: str, listed: bool, found: int, client: Client, admin_client: Client
) -> None:
    board(preset("one"), visibility=visibility)
    assert client.get(PATH).status_code == found
    assert ("Both" in titles(page(client, "/boards/"))) is listed
    tree = page(admin_client, PATH)
    badge = tree.find(".//header//*[@class='badge']")
    assert (badge is None) is (visibility == "public")
    assert ("Both" in titles(page(admin_client, "/boards/"))) is (visibility != "unlisted")


def test_staff_only_presets_are_left_out_for_visitors(client: Client, admin_client: Client) -> None:
    board(preset("open"), preset("secret", visibility="staff"), controls=("theme",))
    for visitor, seen in ((client, ["Open"]), (admin_client, ["Open", "Secret"])):
        tree = page(visitor, PATH)
        check(tree)
        assert [*tiles(tree)] == seen
        assert f"{len(seen)} chart" in words(page(visitor, "/boards/").find(".//main//li"))
    assert b"secret" not in client.get(PATH).content.lower()
    for address in image_urls(tiles(page(admin_client, PATH))["Secret"]):
        assert client.get(address).status_code == 404
        assert admin_client.get(address)["Cache-Control"] == "private, no-cache"


def test_pages_are_private_and_read_only(client: Client) -> None:
    board(preset("one"))
    for path in (PATH, "/boards/"):
        assert client.get(path)["Cache-Control"] == "private, no-cache"
        assert client.post(path).status_code == 405
    assert client.get("/boards/nothing/").status_code == 404


def test_empty_board_and_empty_list(client: Client) -> None:
    assert titles(page(client, "/boards/")) == ["No boards yet"]
    board()
    tree = page(client, PATH)
    check(tree)
    assert titles(tree) == ["This board is empty"]
    check(page(client, "/boards/"))


# Images


def test_images_have_the_size_of_their_tile(client: Client) -> None:
    made = board(preset("one"), preset("two"), preset("three"))
    for width, item in enumerate(made.items.all(), 1):
        BoardItem.objects.filter(pk=item.pk).update(width=width)
    tree = page(client, PATH)
    check(tree)
    for width, tile in enumerate(tiles(tree).values(), 1):
        image = tile.find("picture/img")
        assert image is not None
        assert image.get("width") == {1: "360", 2: "768", 3: "1176"}[width]
        assert image.get("alt", "").startswith("Line chart")
        for address in image_urls(tile):
            assert client.get(address).status_code == 200, address


def test_image_sizes_respect_the_limits_in_settings(client: Client, settings: Any) -> None:
    settings.PLOTS = {"MAX_SIDE": 500, "MAX_PIXELS": 90_000, "PROCESSES": 0}
    made = board(preset("one", parameters={"y": "1,2", "width": "300", "height": "200"}))
    made.items.update(width=3)
    for address in image_urls(tiles(page(client, PATH))["One"]):
        assert client.get(address).status_code == 200, address


def test_a_broken_preset_does_not_break_the_board(client: Client, admin_client: Client) -> None:
    board(preset("good"), preset("gone", kind="spiral"), controls=("theme",))
    tree = page(client, f"{PATH}?theme=dark")
    check(tree)
    assert is_unavailable(tree, "Gone")
    assert "spiral" not in words(tiles(tree)["Gone"])
    assert "There is no kind “spiral”" in words(tiles(page(admin_client, PATH))["Gone"])
    assert has_in_urls(tree, "Good", "v=")
    check(page(client, "/boards/"))


def test_deleting_a_preset_removes_it_from_its_boards(admin_client: Client) -> None:
    one = preset("one")
    made = board(one, preset("two"))
    url = f"/admin/plots_presets/preset/{one.pk}/delete/"
    assert "“One” on the board “Both”" in admin_client.get(url).content.decode()
    assert admin_client.post(url, {"post": "yes"}).status_code == 302
    assert [*tiles(page(admin_client, made.get_absolute_url()))] == ["Two"]


@pytest.mark.parametrize("query", ["", "?linewidth=3&theme=dark&xmin=0"])
def test_query_count_does_not_depend_on_the_number_of_items(
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


# Starter boards


def test_starter_boards_are_complete(client: Client) -> None:
    call_command("prepare")
    boards = [*Board.objects.all()]
    assert len(boards) > 1
    for each in boards:
        tree = page(client, each.get_absolute_url())
        check(tree)
        assert len(tiles(tree)) == each.items.count() > 3
        shown = {each.attrib["for"] for each in tree.iterfind(".//form[@data-board-form]//label")}
        assert shown == {f"id_{name}" for name in each.controls}
    assert re.search("cannot be drawn", client.get("/boards/").content.decode()) is None


def test_a_broken_starter_board_is_an_error(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "starter_boards.json"
    broken.write_text('[{"slug": "odd", "title": "Odd", "items": [{"preset": "nothing"}]}]')
    monkeypatch.setattr(prepare, "STARTER_BOARDS", broken)
    with pytest.raises(prepare.CommandError, match="odd"):
        call_command("prepare")
    assert not Preset.objects.exists()


def test_pagination(client: Client, settings: Any) -> None:
    settings.PLOTS = {"PAGE_SIZE": 1}
    for name in ("first", "second"):
        Board.objects.create(visibility="public", title=name, slug=name)
    following = page(client, "/boards/").find(".//a[@rel='next']")
    assert following is not None
    tree = page(client, f"/boards/{following.attrib['href']}")
    assert "second" in words(tree.find(".//main")) and "first" not in words(tree.find(".//main"))
    assert tree.find(".//a[@rel='prev']") is not None and tree.find(".//a[@rel='next']") is None
