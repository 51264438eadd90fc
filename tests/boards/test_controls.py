"""Shared controls of a board."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.test import Client

from plots.boards.models import Board, BoardItem
from plots.presets.models import Preset
from tests.boards.boards_html import (
    DATED,
    PATH,
    alert_count,
    board,
    has_in_urls,
    image_urls,
    is_unavailable,
    preset,
    tiles,
)
from tests.html_pages import alert, check, page, words

pytestmark = pytest.mark.django_db


def test_a_control_changes_the_presets_that_allow_it(client: Client) -> None:
    board(
        preset("one", "linewidth"), preset("two", "linewidth", "grid"), preset("three"),
        controls=("linewidth", "grid"),
    )  # fmt: skip
    tree = page(client, f"{PATH}?linewidth=3")
    check(tree)
    assert [has_in_urls(tree, name, "linewidth=3") for name in ("One", "Two", "Three")] == [1, 1, 0]
    assert "not affected by Linewidth" in words(tiles(tree)["Three"])
    assert "not affected" not in words(tiles(tree)["One"])
    assert alert_count(tree) == 0
    link = tiles(tree)["One"].find("h2/a")
    assert link is not None and link.get("href") == "/presets/one/?linewidth=3"
    assert client.get(link.attrib["href"]).context["errors"] == ()
    control = tree.find(".//input[@name='linewidth']")
    assert control is not None and control.get("value") == "3"
    assert "Linewidth: 3" in words(tree.find(".//*[@data-part='date']"))


def test_placeholder_is_the_common_saved_value(client: Client) -> None:
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


def test_date_limits_are_date_pickers(client: Client) -> None:
    ends = ("xmin", "xmax")
    years = {"source": "nile", "parameters": {"x": "year", "y": "flow"}}
    board(
        preset("days", *ends, parameters=DATED), preset("numbers", *ends),
        preset("years", *ends, **years), controls=ends,
    )  # fmt: skip
    tree = page(client, f"{PATH}?xmin=2020-06-01&xmax=2021-06-01")
    controls = {
        each.attrib["name"]: each for each in tree.iterfind(".//form[@data-board-form]//input")
    }
    assert {name: each.get("type") for name, each in controls.items()} == dict.fromkeys(
        ends, "date"
    )
    assert controls["xmax"].get("value") == "2021-06-01"
    labels = [words(each) for each in tree.iterfind(".//form[@data-board-form]//label")]
    assert labels == ["From", "To"]
    assert has_in_urls(tree, "Days", "xmin=2020-06-01&xmax=2021-06-01")
    for other in ("Numbers", "Years"):  # of which only the source's rows tell
        assert not has_in_urls(tree, other, "xmin")
        assert "not affected by From, To" in words(tiles(tree)[other])
    assert alert_count(tree) == 0


def test_number_limits_are_text_inputs(client: Client) -> None:
    board(preset("numbers", "xmin"), controls=("xmin",))
    control = page(client, PATH).find(".//input[@name='xmin']")
    assert control is not None and control.get("placeholder") == "as saved"
    tree = page(client, f"{PATH}?xmin=0.5")
    assert [words(each) for each in tree.iterfind(".//form[@data-board-form]//label")] == ["x from"]
    assert has_in_urls(tree, "Numbers", "xmin=0.5")


def test_dates_in_the_wrong_order_are_an_error(client: Client) -> None:
    ends = ("xmin", "xmax")
    board(preset("days", *ends, "linewidth", parameters=DATED), controls=(*ends, "linewidth"))
    tree = page(client, f"{PATH}?xmin=2022-01-01&xmax=2020-01-01&linewidth=3")
    check(tree)
    assert (
        words(tree.find(".//p[@id='id_xmin_error']"))
        == "The first day must be before the last day."
    )
    assert "first day" in alert(tree)
    assert has_in_urls(tree, "Days", "linewidth=3")
    assert not has_in_urls(tree, "Days", "xmin") and not has_in_urls(tree, "Days", "xmax")


def test_a_value_that_no_preset_accepts_is_an_error(client: Client) -> None:
    board(preset("one", "linewidth"), preset("two", "linewidth"), controls=("linewidth",))
    tree = page(client, f"{PATH}?linewidth=thick")
    check(tree)
    control = tree.find(".//input[@name='linewidth']")
    assert control is not None
    assert (control.get("aria-invalid"), control.get("value")) == ("true", "thick")
    assert "“thick” is not a number" in words(tree.find(".//p[@id='id_linewidth_error']"))
    assert not has_in_urls(tree, "One", "linewidth")


def test_an_unknown_control_is_an_error(client: Client) -> None:
    board(preset("one", "linewidth", "grid"), controls=("linewidth",))
    tree = page(client, f"{PATH}?line_width=3&grid=0")
    assert "line_width This parameter cannot be changed here. Did you mean “linewidth”?" in alert(
        tree
    )
    assert "grid This parameter cannot be changed here." in alert(tree)
    assert not has_in_urls(tree, "One", "grid")


def test_choices_are_those_of_all_presets(client: Client) -> None:
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
    assert has_in_urls(tree, "Dots", "marker=star") and has_in_urls(tree, "Line", "marker=star")
    screens = [each for each in image_urls(tiles(tree)["Line"]) if ".png" in each]
    assert all("theme=dark" in each for each in screens)
    assert "theme=light" in image_urls(tiles(tree)["Line"])[-1]  # in print
    # The one that cannot be without a marker stays as it is.
    tree = page(client, f"{PATH}?marker=none")
    assert has_in_urls(tree, "Line", "marker=none") and not has_in_urls(tree, "Dots", "marker=none")
    assert alert_count(tree) == 0


def test_fixed_parameters_ignore_the_controls(client: Client) -> None:
    made = board(preset("one", "linewidth"), preset("two", "linewidth"), controls=("linewidth",))
    BoardItem.objects.filter(preset__slug="one").update(fixed="linewidth=5", title="Thick")
    tree = page(client, f"{PATH}?linewidth=2")
    assert has_in_urls(tree, "Thick", "linewidth=5") and has_in_urls(tree, "Two", "linewidth=2")
    # The preset lets nobody change it any more.
    Preset.objects.filter(slug="one").update(overrides=[])
    tree = page(client, made.get_absolute_url())
    assert is_unavailable(tree, "Thick")
    (warning,) = run_checks(databases=["default"])
    assert (warning.id, warning.obj) == ("plots.W004", made.items.first())


def test_texts_are_escaped(client: Client) -> None:
    nasty = "<script>alert(1)</script>\"'&"
    made = board(preset("one", "title"), controls=("title",), description=nasty)
    Board.objects.update(title=nasty)
    made.items.update(title=nasty)
    for given in ({}, {"title": nasty}, {nasty: nasty}):
        response = client.get(PATH, given)
        assert b"<script>alert" not in response.content
        check(page(client, PATH))
    check(page(client, "/boards/"))
