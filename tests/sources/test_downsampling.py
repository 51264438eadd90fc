"""Of a great many rows, those are drawn that fill the same pixels as all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.db.models.query import ValuesListIterable
from django.test import Client
from PIL import Image

import plots
from plots.data.loading import load
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.rendering.render import render
from plots.sources.selection import HISTOGRAM_BINS
from plots.spec.registry import sources
from tests.measure import figure_of
from tests.sources.test_orm import database as database
from tests.tables.models import Reading

Numbers = np.ndarray[Any, Any]
COUNT = 60_000


@pytest.fixture
def source() -> Iterator[Callable[[str, Any], None]]:
    """Registers a source for the length of a test."""
    names = []

    def register(name: str, rows: Any) -> None:
        plots.source(name, version="1")(rows if callable(rows) else lambda: rows)
        names.append(name)

    yield register
    for name in names:
        sources.unregister(name)


def walk(seed: int = 0) -> dict[str, Numbers]:
    random = np.random.default_rng(seed)
    x = np.cumsum(random.exponential(size=COUNT))
    y = np.cumsum(random.normal(size=COUNT)) + random.normal(size=COUNT) * 20
    y[random.integers(0, COUNT, 300)] = np.nan
    y[20_000:23_000] = np.nan
    y[40_000] = 3000
    return {"x": x, "y": y, "by": np.array(["A", "B"])[np.arange(COUNT) % 2]}


def pixels(**parameters: Any) -> Numbers:
    content = render(read_spec("line", as_parameters(parameters))).content
    return np.asarray(Image.open(BytesIO(content)).convert("RGB")).astype(int)


def share_that_differs(few: Numbers, all_: Numbers) -> float:
    return float((np.abs(few - all_).max(axis=2) > 32).mean())


WALK = {"source": "walk", "x": "x", "y": "y"}
ALL = {"limit": str(COUNT)}  # a limit says exactly which rows are drawn


@pytest.mark.parametrize(
    "look",
    [
        {},
        {"by": "by"},
        {"width": "1200", "height": "300", "scale": "2"},
        {"xmin": "1000", "xmax": "3000"},
        {"xmin": "-50000", "xmax": "200000"},
        {"yscale": "symlog"},
    ],
    ids=str,
)
def test_the_picture_is_that_of_all_rows(source: Any, look: dict[str, str]) -> None:
    source("walk", walk())
    few, all_ = pixels(**WALK, **look), pixels(**WALK, **look, **ALL)
    assert share_that_differs(few, all_) < 0.02
    data = load(read_spec("line", as_parameters({**WALK, **look})))
    width = int(look.get("width", 640)) * int(look.get("scale", 1))
    assert all(series.y.size <= 4 * width + 8 for series in data.series)
    assert data.rows == COUNT


@pytest.mark.parametrize("seed", range(5))
def test_the_extremes_of_every_column_of_pixels_are_drawn(source: Any, seed: int) -> None:
    rows = walk(seed)
    source("walk", rows)
    data = load(read_spec("line", as_parameters(WALK)))
    (drawn,) = data.series
    edges = np.linspace(rows["x"][0], rows["x"][-1], 641)
    for low, high in zip(edges, edges[1:], strict=False):
        there = rows["y"][(rows["x"] >= low) & (rows["x"] < high)]
        kept = drawn.y[(drawn.x >= low) & (drawn.x < high)]
        assert np.isnan(there).all() or np.nanmax(kept) == np.nanmax(there)
        assert np.isnan(there).all() or np.nanmin(kept) == np.nanmin(there)


def test_a_gap_wider_than_a_pixel_stays_one(source: Any) -> None:
    rows = walk()
    source("walk", rows)
    (drawn,) = load(read_spec("line", as_parameters(WALK))).series
    inside = (drawn.x > rows["x"][20_200]) & (drawn.x < rows["x"][22_800])
    assert inside.any() and np.isnan(drawn.y[inside]).all()


def test_rows_are_counted_where_nothing_is_x(source: Any) -> None:
    source("walk", walk())
    (drawn,) = load(read_spec("line", as_parameters({"source": "walk", "y": "y"}))).series
    assert drawn.x[0] == 0
    assert drawn.x[-1] == COUNT - 1
    assert 3000 in drawn.y


def test_a_line_that_turns_back_is_drawn_whole(source: Any) -> None:
    turn = np.linspace(0, 40 * np.pi, COUNT)
    source("spiral", {"x": turn * np.cos(turn), "y": turn * np.sin(turn)})
    data = load(read_spec("line", as_parameters({"source": "spiral", "x": "x", "y": "y"})))
    assert data.series[0].x.size == COUNT
    assert data.rows is None


def test_a_few_rows_are_drawn_one_by_one(source: Any) -> None:
    rows = {name: column[:2000] for name, column in walk().items()}
    source("few", rows)
    data = load(read_spec("line", as_parameters({"source": "few", "x": "x", "y": "y"})))
    assert data.series[0].x.size == 2000
    assert data.rows is None


def test_the_words_and_tables_say_so(client: Client, source: Any) -> None:
    source("walk", walk())
    said = "of 60,000 rows: the first, last, least and greatest of each column of pixels."
    text = client.get("/plot/line.txt", WALK).content.decode()
    assert said in text
    assert "60,000 points" in text
    table = client.get("/plot/line.csv", WALK).content.decode().splitlines()
    assert said in table[0]
    assert all(line.endswith(",") and line.count(",") == 2 for line in table[1:])
    assert said in client.get("/plot/line.json", WALK).json()["note"]
    few = {**WALK, "limit": "10"}
    assert "rows" not in client.get("/plot/line.txt", few).content.decode()
    assert client.get("/plot/line.csv", few).content.decode().splitlines()[0] == "x,y"


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """All rows that come from a database, as tuples."""
    rows: list[Any] = []
    original = ValuesListIterable.__iter__

    def recorded(self: Any) -> Iterator[Any]:
        for row in original(self):
            rows.append(row)
            yield row

    monkeypatch.setattr(ValuesListIterable, "__iter__", recorded)
    return rows


@pytest.mark.django_db(databases=[*settings.DATABASES])
@pytest.mark.parametrize("x", ["number", "at", "count"])
@pytest.mark.parametrize("by", [{}, {"by": "town"}])
def test_a_database_sends_no_more_than_the_picture_shows(
    database: str, source: Any, fetched: list[Any], x: str, by: dict[str, str]
) -> None:
    fill(database)
    source("readings", lambda: Reading.objects.using(database).order_by("at"))
    asked = {"source": "readings", "x": x, "y": "price", "width": "400", **by}
    few = pixels(**asked)
    lines = 2 if by else 1
    assert len(fetched) <= lines * (4 * 400 + 2)
    assert share_that_differs(few, pixels(**asked, **ALL)) < 0.02
    data = load(read_spec("line", as_parameters(asked)))
    assert data.rows == 12_000
    assert max(np.nanmax(series.y) for series in data.series) == 5000
    zoomed = {**asked, **({"xmin": "2024-01-03", "xmax": "2024-01-05"} if x == "at" else
                          {"xmin": "2000", "xmax": "4000"})}  # fmt: skip
    assert share_that_differs(pixels(**zoomed), pixels(**zoomed, **ALL)) < 0.02


def fill(database: str) -> None:
    from datetime import UTC, datetime, timedelta

    random = np.random.default_rng(3)
    prices = np.cumsum(random.normal(size=12_000)) + random.normal(size=12_000) * 5
    prices[7000] = 5000
    start = datetime(2024, 1, 1, tzinfo=UTC)
    Reading.objects.using(database).bulk_create(
        [
            Reading(
                at=start + timedelta(minutes=i),
                number=i * 1.5,
                count=i,
                price=round(float(price), 2) if i % 97 else None,
                town="AB"[i % 2],
            )
            for i, price in enumerate(prices)
        ],
        batch_size=2000,
    )


@pytest.mark.django_db(databases=[*settings.DATABASES])
def test_a_database_with_more_lines_than_are_drawn_is_not_read(
    database: str, source: Any, fetched: list[Any], client: Client
) -> None:
    fill(database)
    source("readings", lambda: Reading.objects.using(database).all())
    given = {"source": "readings", "x": "at", "y": "price", "by": "count"}
    response = client.get("/plot/line.png", given, headers={"accept": "application/json"})
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["parameter"] == "by"
    assert "50" in error["message"]
    assert len(fetched) < 1000


def counted(data: Any, bins: int) -> list[Any]:
    """What a histogram with ``bins`` counts in each of its bins, by series."""
    from plots.kinds.distribution.hist import _count, bin_edges

    edges = bin_edges(data.concat("x")[np.isfinite(data.concat("x"))], bins)
    return [_count(series, edges, False, False).tolist() for series in data.series]


HISTS: list[dict[str, Any]] = [
    {"x": "y"},
    {"x": "y", "bins": "37"},
    {"x": "y", "by": "by", "mode": "stacked"},
    {"x": ["x", "y"], "bins": "20"},
    {"x": "y", "density": "1", "cumulative": "1"},
]


@pytest.mark.parametrize("asked", HISTS, ids=str)
def test_a_histogram_counts_every_row(source: Any, asked: dict[str, Any]) -> None:
    """Its bars are as high as those of all rows, of which but a few thousand parts are kept."""
    source("walk", walk())
    asked = {"source": "walk", **asked}
    few = load(read_spec("hist", as_parameters(asked)))
    all_ = load(read_spec("hist", as_parameters(asked | ALL)))
    assert few.rows == COUNT
    assert max(series.x.size for series in few.series) <= 5042 * len(few.series)
    for bins in (int(asked.get("bins", 24)), 1):
        assert counted(few, bins) == counted(all_, bins)
    number = {} if "bins" in asked else {"bins": "24"}
    pictures = [hist_pixels(**asked, **number, **every) for every in ({}, ALL)]
    assert np.array_equal(pictures[0], pictures[1])


def hist_pixels(**parameters: Any) -> Numbers:
    content = render(read_spec("hist", as_parameters(parameters))).content
    return np.asarray(Image.open(BytesIO(content)).convert("RGB")).astype(int)


def test_the_number_of_bins_suits_counted_rows_too(source: Any) -> None:
    source("walk", walk())
    axes = (figure_of("hist", source="walk", x="y", **every).axes[0] for every in ({}, ALL))
    # Of so many bins there is one outline, with two corners for each.
    few, all_ = (
        len(np.unique(np.asarray(ax.collections[0].get_paths()[0].vertices)[:, 0])) - 1
        for ax in axes
    )
    assert 60 < all_ <= few <= 1.3 * all_
    # No part that was counted is cut by the edge of a bin.
    assert HISTOGRAM_BINS % few == 0
    own = hist_pixels(source="walk", x="y")
    assert np.array_equal(own, hist_pixels(source="walk", x="y", bins=str(few), **ALL))


def test_words_of_a_counted_histogram(client: Client, source: Any) -> None:
    source("walk", walk())
    text = client.get("/plot/hist.txt", {"source": "walk", "x": "y"}).content.decode()
    assert "60,000 points" in text
    assert "parts of all 60,000 rows" in text
    assert "highest 3000" in text
    assert "median" not in text


@pytest.mark.django_db(databases=[*settings.DATABASES])
@pytest.mark.parametrize(
    "asked",
    [{"x": "price"}, {"x": "price", "by": "town", "bins": "30"}, {"x": ["count", "price"]}],
    ids=str,
)
def test_a_database_counts_itself(
    database: str, source: Any, fetched: list[Any], asked: dict[str, Any]
) -> None:
    fill(database)
    source("readings", lambda: Reading.objects.using(database).order_by("at"))
    asked = {"source": "readings", "bins": "40", **asked}
    few = load(read_spec("hist", as_parameters(asked)))
    assert len(fetched) <= 100
    all_ = load(read_spec("hist", as_parameters(asked | ALL)))
    bins = int(asked["bins"])
    assert counted(few, bins) == counted(all_, bins)
    assert few.rows and few.rows >= 11_000


def test_weights_are_a_channel(client: Client) -> None:
    def bars(**given: str) -> list[float]:
        boxes = figure_of("hist", bins="3", **given).axes[0].collections[0].get_paths()
        return [round(float(np.ptp(np.asarray(path.vertices)[:, 1])), 6) for path in boxes]

    assert bars(x="1,2,3", weight="5,,2") == [5, 0, 2]
    assert bars(x="1,2,3", weight="5,1,2") == bars(x="1,1,1,1,1,2,3,3")
    response = client.get(
        "/plot/hist.png?x=1,2&weight=1,-1", headers={"accept": "application/json"}
    )
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] == "weight"
