"""The order of names on an axis, for all kinds that have names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client

from plots.data.loading import load
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import plot_spec, read_spec
from plots.forms.spec_to_parameters import write_parameters
from tests.helpers import ask
from tests.measure import axes_of, tick_texts

BAR = {"x": "Tue,Mon,Wed", "y": "2,3,1"}
ORDERS = {
    "given": ["Tue", "Mon", "Wed"],
    "name": ["Mon", "Tue", "Wed"],
    "rising": ["Wed", "Tue", "Mon"],
    "falling": ["Mon", "Tue", "Wed"],
    "Wed": ["Wed", "Tue", "Mon"],
    "Wed,Mon": ["Wed", "Mon", "Tue"],
}


def drawn(kind: str, channel: str = "x", values: str = "y", **given: Any) -> dict[str, list[float]]:
    """The names along ``channel`` in their order, each with its numbers, as the kind gets them."""
    spec = read_spec(kind, as_parameters(given))
    data = load(spec)
    names = data.axis(channel).names
    found: dict[str, list[float]] = {name: [] for name in names}
    for series in data.series:
        for place, value in zip(series.columns[channel], series.columns[values], strict=True):
            if np.isfinite(place):
                found[names[int(place)]].append(float(value))
    return found


@pytest.mark.parametrize("order", ORDERS)
def test_bars_are_sorted_with_their_numbers(order: str) -> None:
    ax = axes_of("bar", xorder=order, **BAR)
    assert tick_texts(ax.xaxis) == ORDERS[order]
    (bars,) = ax.collections
    heights = {round(path.vertices[:, 0].mean()): path.vertices[:, 1].max()
               for path in bars.get_paths()}  # fmt: skip
    own = {"Tue": 2, "Mon": 3, "Wed": 1}
    assert [heights[place] for place in range(3)] == [own[name] for name in ORDERS[order]]


def test_horizontal_bars_have_their_names_along_y() -> None:
    given = BAR | {"orientation": "horizontal"}
    ax = axes_of("bar", yorder="falling", **given)
    assert tick_texts(ax.yaxis) == ["Mon", "Tue", "Wed"]
    assert ax.yaxis.get_inverted()  # the first on top


@pytest.mark.parametrize("mode", ["grouped", "stacked", "percent"])
def test_names_are_sorted_by_the_sum_of_all_series(mode: str) -> None:
    given = {"x": "a,b,c", "y": ["1,5,2", "9,1,2"], "mode": mode, "xorder": "falling"}
    assert tick_texts(axes_of("bar", **given).xaxis) == ["a", "b", "c"]
    given["xorder"] = "rising"
    assert tick_texts(axes_of("bar", **given).xaxis) == ["c", "b", "a"]


def test_series_by_a_column_share_the_order() -> None:
    given = {"x": "a,b,a,c", "y": "1,5,2,4", "by": "p,p,q,q", "xorder": "falling"}
    assert drawn("bar", **given) == {"b": [5], "c": [4], "a": [1, 2]}


def test_a_line_joins_the_names_in_order() -> None:
    ax = axes_of("line", xorder="name", x="c,a,,b", y="3,1,9,2")
    assert tick_texts(ax.xaxis) == ["a", "b", "c"]
    x, y = ax.lines[0].get_data()
    assert list(x[:3]) == [0, 1, 2] and list(y[:3]) == [1, 2, 3] and np.isnan(x[3])


@pytest.mark.parametrize("kind", ["line", "area", "stack", "scatter", "stem", "errorbar", "bar"])
def test_gaps_stay_with_their_names(kind: str) -> None:
    error = {"error": "1,1,1"} if kind == "errorbar" else {}
    found = drawn(kind, x="b,a,c", y="2,,7", xorder="falling", **error)
    assert list(found) == ["c", "b", "a"]
    assert (found["c"], found["b"]) == ([7], [2])


def test_rows_and_columns_of_a_heatmap_are_sorted() -> None:
    given = {"x": "a,b", "y": "p,q", "z": "1,2;3,9"}
    found = load(read_spec("heatmap", as_parameters(given | {"xorder": "falling",
                                                             "yorder": "q"})))  # fmt: skip
    assert (found.axis("x").names, found.axis("y").names) == (("b", "a"), ("q", "p"))
    (mesh,) = axes_of("heatmap", xorder="falling", yorder="q", **given).collections
    assert np.asarray(mesh.get_array()).tolist() == [[9, 3], [2, 1]]


def test_numbers_on_a_heatmap_are_sorted_as_names() -> None:
    given = {"x": "10,9,8", "y": "1", "z": "5,1,9"}
    ax = axes_of("heatmap", xorder="falling", **given)
    assert tick_texts(ax.xaxis) == ["8", "10", "9"]


@pytest.mark.parametrize("kind", ["box", "violin"])
def test_series_as_groups_are_sorted(kind: str) -> None:
    given: dict[str, Any] = {
        "y": ["1,2,3", "7,8,9", "4,5,6"],
        "label": ["a", "b", "c"],
        "xorder": "falling",
    }
    assert tick_texts(axes_of(kind, **given).xaxis) == ["b", "c", "a"]
    assert drawn(kind, **given)["c"] == [4, 5, 6]
    rows = {"y": "1,9,2,8", "x": "low,high,low,high", "xorder": "falling"}
    assert drawn(kind, **rows) == {"high": [9, 8], "low": [1, 2]}


def test_rows_of_a_timeline_are_sorted_by_their_first_date() -> None:
    given = {"start": "2026-03-01,2026-01-01,2026-02-01,2026-06-01", "y": "c,a,b,a"}
    given["end"] = "2026-04-01,2026-05-01,2026-02-02,2026-06-02"
    assert tick_texts(axes_of("timeline", yorder="rising", **given).yaxis) == ["a", "b", "c"]


def test_numbers_in_names_are_compared_by_value() -> None:
    given = {"x": "Item 10,item 9,Item 1,other", "y": "1,1,1,1", "xorder": "name"}
    assert list(drawn("bar", **given)) == ["Item 1", "item 9", "Item 10", "other"]


def test_names_with_equal_sums_keep_their_order() -> None:
    for order in ("rising", "falling"):
        assert list(drawn("bar", x="c,a,b", y="1,1,1", xorder=order)) == ["c", "a", "b"]


def test_references_follow_their_names() -> None:
    ax = axes_of("bar", xorder="falling", vline="Mon,Best", **BAR)
    (line,) = ax.lines
    assert line.get_xdata()[0] == 0


def test_the_description_is_sorted_and_the_csv_is_not(client: Client) -> None:
    query = "x=Tue,Mon,Wed&y=2,3,1&xorder=falling"
    assert "x: Mon, Tue, Wed." in client.get(f"/plot/bar.txt?{query}").content.decode()
    rows = client.get(f"/plot/bar.csv?{query}").content.decode().splitlines()
    assert rows == ["x,y", "Tue,2", "Mon,3", "Wed,1"]


@pytest.mark.parametrize(
    ("query", "parameter", "code", "hint"),
    [
        ("bar.png?x=Mon,Tue&y=1,2&xorder=Tue,Mno", "xorder", "not-a-name", "“Mon”"),
        ("bar.png?x=Mon,Tue&y=1,2&xorder=fallng", "xorder", "not-a-name", "“falling”"),
        ("bar.png?x=Mon,Tue&y=1,2&xorder=Mon,Mon", "xorder", "invalid", "once"),
        ("bar.png?x=Mon,Tue&y=1,2&xorder=Mon,,Tue", "xorder", "invalid", "once"),
        ("bar.png?x=Mon,Tue&y=1,2&yorder=name", "yorder", "invalid-order", "shows numbers"),
        ("bar.png?x=a,b&y=1,2&orientation=horizontal&xorder=name", "xorder", "invalid-order",
         "x axis shows numbers"),
        ("line.png?y=1,2&xorder=rising", "xorder", "invalid-order", "only names"),
        ("line.png?x=2026-01-01,2026-01-02&y=1,2&xorder=name", "xorder", "invalid-order", "dates"),
        ("stairs.png?x=a,b,c&y=1,2&xorder=name", "xorder", "invalid-order", "edges"),
        ("pie.png?x=a,b&y=1,2&xorder=name", "xorder", "unknown-parameter", "no parameter"),
    ],
)  # fmt: skip
def test_an_invalid_order_is_rejected(
    client: Client, query: str, parameter: str, code: str, hint: str
) -> None:
    (error,) = ask(client, f"/plot/{query}").json()["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code), error
    assert hint in error["message"]


@pytest.mark.parametrize("order", ["rising", "Wed,Mon", '"name"', '"a, b","2024"', "2024"])
def test_an_order_survives_writing_and_reading(order: str) -> None:
    given = {"x": ['Mon,Wed,"a, b","2024",name'], "y": ["1,2,3,4,5"], "xorder": [order]}
    spec = read_spec("bar", given)
    assert read_spec("bar", write_parameters(spec)) == spec
    assert read_spec("bar", given | {"xorder": ["given"]}).digest != spec.digest


def test_python_values_take_a_list() -> None:
    spec = plot_spec("bar", x=["a, b", "c"], y=[1, 2], xorder=["c", "a, b"])
    assert spec.frame.xorder == ("c", "a, b")
    assert plot_spec("bar", x=["name", "c"], y=[1, 2], xorder=["name"]).frame.xorder == ("name",)
