"""Tests of every registered kind, made from its declaration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from plots.errors import PlotError
from plots.spec.channels import Channel
from plots.spec.registry import Kind, kinds
from tests.helpers import problems
from tests.measure import axes_of, described, drawn

KINDS = list(kinds)
Parameters = dict[str, Any]
WITH_DATA = [kind for kind in KINDS if kind.accepted_channels]


def changed(kind: Kind, change: Callable[[Channel, list[str]], list[str]]) -> Parameters:
    """Return the example with the items of each column changed, in grids row by row."""
    given = dict(kind.example)
    for channel in kind.accepted_channels:
        if channel.name in given:
            value = given[channel.name]
            columns = value if isinstance(value, list) else [value]
            made = [
                ";".join(",".join(change(channel, row.split(","))) for row in column.split(";"))
                for column in columns
            ]
            given[channel.name] = made if isinstance(value, list) else made[0]
    return given


def is_grid(kind: Kind) -> bool:
    return any(channel.dtype == "grid" for channel in kind.accepted_channels)


def one(kind: Kind) -> Parameters:
    """Return the example's first point: the first cell of a grid, the first two edges."""
    first = changed(kind, lambda channel, items: items[: 2 if channel.edges else 1])
    return {
        name: value.split(";")[0] if isinstance(value, str) and is_grid(kind) else value
        for name, value in first.items()
    }


def nothing(kind: Kind) -> Parameters:
    """Return the example with gaps as numbers and in required channels."""

    def change(channel: Channel, items: list[str]) -> list[str]:
        empty = channel.required or channel.dtype == "number"
        return ["nan" if empty and channel.dtype != "category" else item for item in items]

    return changed(kind, change)


def replaced(name: str, make: Callable[[int], str]) -> Callable[[Kind], Parameters]:
    """Return the example with another column ``name``, if its dtype is any."""

    def change(channel: Channel, items: list[str]) -> list[str]:
        return [make(i) for i in range(len(items))] if channel.name == name else items

    def parameters(kind: Kind) -> Parameters:
        if not any(c.name == name and c.dtype == "any" for c in kind.accepted_channels):
            return {}
        frame = {"xmin": "", "xmax": "", "ymin": "", "ymax": ""} if not kind.no_axes else {}
        return {**changed(kind, change), **frame}

    return parameters


def day(i: int) -> str:
    return f"{2000 + i // 336}-{1 + i // 28 % 12:02}-{1 + i % 28:02}"


def below_zero(kind: Kind) -> Parameters:
    def change(channel: Channel, items: list[str]) -> list[str]:
        is_number = channel.dtype in ("number", "ordered", "grid")
        return ["-5", *items[1:]] if is_number else items

    return changed(kind, change)


def on_a_log_scale(kind: Kind) -> Parameters:
    return below_zero(kind) | {"yscale": "log"}


CASES: dict[str, Callable[[Kind], Parameters]] = {
    "one point": one,
    "nothing": nothing,
    "dates along x": replaced("x", day),
    "dates up y": replaced("y", day),
    "names along x": replaced("x", "n{}".format),
    "names up y": replaced("y", "n{}".format),
    "numbers along x": replaced("x", str),
    "numbers up y": replaced("y", str),
    "below zero": below_zero,
    "below zero, log": on_a_log_scale,
}
# What the kinds refuse: the parameter and the code of the error. All else they draw.
FEW, NEGATIVE = "too-few", "out-of-range"
REFUSED: dict[str, dict[str, tuple[str, str]]] = {
    "one point": {
        **dict.fromkeys(("contour", "contourf"), ("z", FEW)),
        **dict.fromkeys(("tricontour", "tricontourf", "tripcolor", "triplot"), ("x", FEW)),
        "radar": ("x", FEW),
        "stream": ("dx", FEW),
    },
    "names along x": dict.fromkeys(("ecdf", "hist"), ("x", "not-a-number")),
    "below zero": {
        **dict.fromkeys(("doughnut", "pie", "polar", "stack"), ("y", NEGATIVE)),
        "errorbar": ("error", NEGATIVE),
        "sankey": ("value", NEGATIVE),
    },
}
NOT_BELOW_ZERO_UP_Y = (
    "hexbin", "hist", "hist2d", "tricontour", "tricontourf", "tripcolor", "triplot", "ecdf"
)  # fmt: skip


def refusal(kind: Kind, case: str) -> tuple[str, str] | None:
    if case == "below zero, log":
        if kind.no_axes:
            return "yscale", "unknown-parameter"
        if kind.name in NOT_BELOW_ZERO_UP_Y:
            return None
        return REFUSED["below zero"].get(kind.name, ("yscale", "invalid-scale"))
    return REFUSED.get(case, {}).get(kind.name)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", WITH_DATA, ids=lambda kind: kind.name)
def test_any_data_are_drawn_or_refused(kind: Kind, case: str, client: Client) -> None:
    if not (given := CASES[case](kind)):
        return
    path, expected = f"/plot/{kind.name}.png", refusal(kind, case)
    if expected:
        assert problems(client, path, given) == [expected]
    else:
        answer = client.get(path, given)
        assert answer.status_code == 200, answer["X-Plot-Error"]


def texts_of(kind: Kind, given: Parameters) -> list[str]:
    return [text.get_text() for text in axes_of(kind.name, **given).texts]


@pytest.mark.parametrize("kind", WITH_DATA, ids=lambda kind: kind.name)
def test_description_of_an_empty_plot(kind: Kind) -> None:
    assert "No data" in texts_of(kind, nothing(kind))
    assert "No data" not in texts_of(kind, dict(kind.example))


CHANNELS = [(kind, channel) for kind in WITH_DATA for channel in kind.accepted_channels]


@pytest.mark.parametrize(("kind", "channel"), CHANNELS, ids=described)
def test_a_gap_changes_the_picture_or_is_refused(kind: Kind, channel: Channel) -> None:
    if channel.name not in kind.example:
        return

    def change(items: list[str]) -> list[str]:
        return ["" if i % 3 == 1 else item for i, item in enumerate(items)]

    given = changed(kind, lambda other, items: change(items) if other is channel else items)
    if given == kind.example:
        return
    try:
        assert drawn(kind, given) != drawn(kind, dict(kind.example))
    except PlotError as error:
        assert error.parameter == channel.name, error  # as of edges, or of places in even steps


@pytest.mark.parametrize(("kind", "channel"), CHANNELS, ids=described)
def test_invalid_values_of_channels(kind: Kind, channel: Channel, client: Client) -> None:
    path, name = f"/plot/{kind.name}.png", channel.name
    if channel.required:
        given = {key: value for key, value in kind.example.items() if key != name}
        assert (name, "required") in problems(client, path, given)
    if not channel.repeat and channel.dtype != "grid":  # whose rows may come one by one
        twice = {**kind.example, name: ["1,2", "1,2"]}
        assert (name, "repeated-parameter") in problems(client, path, twice)
    for wrong in ("2026-13-45", "1,x", "1" * 400):
        if channel.dtype in ("number", "grid"):
            assert problems(client, path, {**kind.example, name: wrong})[0][0] == name
    assert problems(client, path, {**kind.example, name: "a\x01"})[0][0] == name


@pytest.mark.parametrize("kind", WITH_DATA, ids=lambda kind: kind.name)
def test_columns_of_unequal_lengths(kind: Kind, client: Client) -> None:
    """Except grids with edges, and kinds with one column."""
    columns = [c for c in kind.accepted_channels if c.dtype != "grid" and c.name in kind.example]
    if len(columns) < 2:
        return

    def longer(channel: Channel, items: list[str]) -> list[str]:
        return [*items, *items[:3]] if channel is columns[-1] else items

    found = problems(client, f"/plot/{kind.name}.png", changed(kind, longer))
    assert found and {code for _, code in found} == {"unequal-lengths"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_unknown_or_doubled_parameter(kind: Kind, client: Client) -> None:
    path = f"/plot/{kind.name}.png"
    found = problems(client, path, {**kind.example, "colour": "red"})
    assert found == [("colour", "unknown-parameter")]
    found = problems(client, path, {**kind.example, "width": ["300", "400"]})
    assert found == [("width", "repeated-parameter")]
