"""Rows of one series at one place: added up, averaged, joined or refused, but never hidden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pytest
from django.test import Client

import plots
from plots.data.loading import load
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.permissions import SITE
from plots.spec.registry import sources
from tests.helpers import ask, messages, problems
from tests.kinds.artists import heights_at, heights_of, segments_of
from tests.measure import axes_of

SALES = {
    "region": ["North", "North", "South", "South"],
    "day": [date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 2)],
    "product": ["tea", "coffee", "tea", "coffee"],
    "month": ["May", "May", "May", "May"],
    "amount": [1.0, 2.0, 3.0, 4.0],
    "error": [0.5, 0.5, 0.5, 0.5],
    "paid": [True, False, True, True],
}
CALL = {"source": "sales-by-row", "x": "region", "y": "amount"}


@pytest.fixture(autouse=True)
def sales() -> Iterator[None]:
    scores = {"region": ["a", "b", "c", "c"], "amount": [1, 2, 3, 4]}
    plots.source("sales-by-row", visibility="public", version="1")(lambda: SALES)
    plots.source("salaries-by-row")(lambda: SALES)
    plots.source("scores", visibility="public")(lambda: scores)
    yield
    for name in ("sales-by-row", "salaries-by-row", "scores"):
        sources.unregister(name)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("grouped", [[4, 2, 0], [6, 4, 0]]),
        ("stacked", [[4, 2, 0], [6, 4, 0]]),
        ("percent", [[40, 100 / 3, 0], [60, 200 / 3, 0]]),
    ],
)
def test_inline_bars_are_added_up(mode: str, expected: list[list[float]]) -> None:
    """The last row is a gap."""
    given: dict[str, Any] = {"x": "a,b,a,a", "y": ["1,2,3,", "5,4,1,"], "mode": mode}
    for found, heights in zip(heights_of(axes_of("bar", **given)), expected, strict=True):
        assert found == pytest.approx(heights)


def test_bars_of_both_signs_are_added_up() -> None:
    assert heights_of(axes_of("bar", x="a,a,b", y="5,-2,1")) == [[3, 1]]


def test_lines_over_bars_keep_their_rows() -> None:
    ax = axes_of("bar", x="a,a,b", y=["1,2,3", "4,5,6"], lines="2")
    assert heights_of(ax) == [[3, 3]]
    assert ax.lines[0].get_ydata().tolist() == [4, 5, 6]


def test_inline_errors_are_not_added_up(client: Client) -> None:
    query = {"x": "a,a", "y": "1,2", "error": "1,1"}
    assert problems(client, "/plot/bar.png", query) == [("error", "repeated-place")]
    apart = query | {"by": "p,q"}
    assert client.get("/plot/bar.png", apart).status_code == 200


def test_sums_stay_within_the_limit_of_numbers(client: Client) -> None:
    query = {"x": "a,a", "y": "1e300,1e300"}
    assert problems(client, "/plot/bar.png", query) == [("y", "out-of-range")]


def test_stems_layers_cells_and_candles() -> None:
    (stems,) = segments_of(axes_of("stem", x="a,a,b", y="1,2,3"))
    assert [line[1][1] for line in stems] == [3, 3]
    (layer,) = axes_of("stack", x="1,1,2,3", y="1,2,4,5").collections
    assert heights_at([path.vertices for path in layer.get_paths()], 1) == (0, 3)
    (cells,) = axes_of("heatmap", x="a,a,b", y="p,p,p", z="1,2,5").collections
    assert cells.get_array().ravel().tolist() == [3, 5]
    (cells,) = axes_of("mesh", x="1,1,1,2,2", y="1,1,2,1,2", z="1,2,3,4,5").collections[:1]
    assert cells.get_array().ravel().tolist() == [1.5, 4, 3, 5]
    prices = {"open": "3,4,5", "high": "6,9,7", "low": "2,1,4", "close": "4,5,6"}
    ax = axes_of("candlestick", x="1,1,2", shape="bars", **prices)
    lines = np.concatenate([np.array(each) for each in segments_of(ax)])
    first = lines[(lines[:, 0, 0] <= 1.0) & (lines[:, 1, 0] >= 1.0)]
    assert sorted(first[:, :, 1].tolist()) == [[1, 9], [3, 3], [5, 5]]


@pytest.mark.parametrize("kind", ["bar", "stem", "heatmap", "radar"])
def test_rows_of_a_source_are_refused(kind: str, client: Client) -> None:
    query = CALL if kind != "heatmap" else {**CALL, "y": "month", "z": "amount"}
    if kind == "radar":  # at least three spokes
        query = {**CALL, "source": "scores"}
    assert problems(client, f"/plot/{kind}.png", query) == [("stat", "overlapping-rows")]
    text = messages(client, kind, **query)["stat"]
    assert text.startswith("2 rows have the same x") and "Add stat=sum for their total" in text
    assert "stat=count" in text
    for stat in ("sum", "count", "mean"):
        assert ask(client, f"/plot/{kind}.png", {**query, "stat": stat}).status_code == 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"by": "product"}, 200),
        ({"facet": "product"}, 200),
        ({"facet": "month"}, 400),
        ({"by": "month"}, 400),
        ({"mode": "stacked"}, 200),
        ({"mode": "percent"}, 200),
        ({"x": "day"}, 400),
        ({"limit": "1"}, 200),
        ({"limit": "2"}, 400),
        ({"filter": "product:tea"}, 200),
        ({"error": "error"}, 400),
        ({"error": "error", "stat": "sum"}, 200),
        ({"orientation": "horizontal"}, 400),
        ({"x": "product", "y": "paid"}, 400),
        ({"x": "product", "y": "paid", "stat": "sum"}, 200),
    ],
)
def test_panels_and_series_are_places_of_their_own(
    query: dict[str, str], status: int, client: Client
) -> None:
    response = ask(client, "/plot/bar.json", CALL | query)
    assert response.status_code == status, response.content


def test_stacked_rows_of_a_source_are_added_up(client: Client) -> None:
    text = client.get("/plot/bar.txt", CALL | {"mode": "stacked"}).content.decode()
    assert "highest 7 at South, lowest 3 at North" in text
    assert "Rows with the same x are added up." in text


def test_a_column_that_separates_the_rows_is_named(client: Client) -> None:
    text = messages(client, "bar", **CALL)["stat"]
    assert text.endswith("Or add by=product to draw them as series.")
    filtered = messages(client, "bar", **CALL, filter="region:North")["stat"]
    assert "by=product" in filtered
    assert "by=" not in messages(client, "bar", **CALL, by="month")["stat"]


def test_columns_of_a_source_for_staff_are_not_named() -> None:
    spec = read_spec("bar", as_parameters({**CALL, "source": "salaries-by-row"}), user=SITE)
    with pytest.raises(plots.PlotError) as caught:
        load(spec)
    assert caught.value.code == "overlapping-rows"
    assert "product" not in str(caught.value)


def test_text_is_counted(client: Client) -> None:
    text = messages(client, "bar", **CALL | {"y": "product"})["y"]
    assert "“tea” is not a number" in text and text.endswith("add stat=count.")
    query = CALL | {"y": "product", "stat": "count"}
    assert client.get("/plot/bar.png", query).status_code == 200


def test_a_gauge_of_a_source_says_how_to_get_one_row(client: Client) -> None:
    errors = ask(client, "/plot/gauge.png", {"source": "sales-by-row", "value": "amount"}).json()
    assert errors["errors"][0]["message"].endswith("add order and limit=1.")
