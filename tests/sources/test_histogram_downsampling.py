"""Histograms of many rows: counted in bins by every engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.test import Client
from PIL import Image

from plots.data.loading import load
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.rendering.render import render
from tests.measure import figure_of
from tests.sources.rows import ALL, COUNT, Numbers, random_walk
from tests.sources.test_oracle import ENGINES, serve


def counted(data: Any) -> dict[str, list[float]]:
    """What a histogram counts in each of its bins, by series."""
    from plots.kinds.distribution.hist import _count

    return {
        f"{panel}/{series.label}": _count(series, data.bin_edges, False, False).tolist()
        for panel, some in (data.panels or {"": data.series}).items()
        for series in some
    }


def loaded(**parameters: Any) -> Any:
    return load(read_spec("hist", as_parameters(parameters)))


HISTS: list[dict[str, Any]] = [
    {"x": "y"},
    {"x": "y", "bins": "37"},
    {"x": "y", "by": "by", "mode": "stacked"},
    {"x": ["x", "y"], "bins": "20"},
    {"x": "y", "density": "1", "cumulative": "1"},
    {"x": "y", "xmin": "-100", "xmax": "250"},
    {"x": "x", "xscale": "log"},
]


@pytest.mark.parametrize("parameters", HISTS, ids=str)
def test_bins_count_every_row(source: Any, parameters: dict[str, Any]) -> None:
    """The bars are those of all rows, although only one row is kept for each bin."""
    source("walk", random_walk())
    parameters = {"source": "walk", **parameters}
    few, all_ = loaded(**parameters), loaded(**parameters, **ALL)
    assert few.rows == COUNT
    assert max(series.x.size for series in few.series) <= 200 * len(few.series)
    assert few.bin_edges.tolist() == all_.bin_edges.tolist()
    assert counted(few) == counted(all_)
    pictures = [hist_pixels(**parameters, **every) for every in ({}, ALL)]
    assert np.array_equal(pictures[0], pictures[1])


def hist_pixels(**parameters: Any) -> Numbers:
    content = render(read_spec("hist", as_parameters(parameters))).content
    return np.asarray(Image.open(BytesIO(content)).convert("RGB")).astype(int)


def test_description_of_a_counted_histogram(client: Client, source: Any) -> None:
    source("walk", random_walk())
    text = client.get("/plot/hist.txt", {"source": "walk", "x": "y"}).content.decode()
    assert "60,000 values" in text
    assert "All 60,000 rows are counted in" in text
    assert "to 3000" in text


def readings() -> list[dict[str, Any]]:
    random = np.random.default_rng(3)
    begin = datetime(2023, 10, 1, tzinfo=UTC)
    prices = np.round(random.normal(40, 25, size=11_000), 1).tolist()
    days = random.integers(0, 400, size=11_000).tolist()
    return [
        {
            "at": begin + timedelta(minutes=37 * i),
            "day": (begin + timedelta(days=days[i])).date(),
            "number": 1.5**(i % 40) / 7, "count": i % 6 + 1, "price": prices[i] if i % 97 else None,
            "town": ("a", "A", "")[i % 3], "good": i % 2 == 0,
        }
        for i in range(11_000)
    ]  # fmt: skip


QUERIES: list[dict[str, Any]] = [
    {"x": "price"},
    {"x": "price", "by": "town", "bins": "30"},
    {"x": "price", "xmin": "0", "xmax": "100"},
    {"x": ["count", "price"]},
    {"x": "count"},
    {"x": "number", "xscale": "log"},
    {"x": "day"},
    {"x": "day", "bins": "12", "facet": "town", "xmin": "2023-11-15"},
    *({"x": "at", "tz": tz} for tz in ("UTC", "Europe/Berlin", "Asia/Kolkata")),
    {"x": "at", "tz": "America/New_York", "bins": "500"},
    {"x": "at", "tz": "Europe/Berlin", "xmin": "2024-03-30", "xmax": "2024-04-01T12:00"},
]


@pytest.mark.django_db(databases=[*settings.DATABASES])
@pytest.mark.parametrize("engine", ENGINES)
def test_engines_count_the_same_rows(
    source: Any, tmp_path: Path, fetched: list[Any], engine: str
) -> None:
    rows = readings()
    serve(engine, source, rows, tmp_path / "t.parquet")
    source("plain", rows)
    for query in QUERIES:
        fetched.clear()
        few = loaded(source="random", **query)
        assert len(fetched) <= 5000 + 2000, query
        assert few.rows and few.rows > 10_000
        all_ = loaded(source="plain", **query, limit="11000")
        if not all_.axis("x").clock:  # an axis of elapsed time, if clocks are put back
            assert few.bin_edges.tolist() == all_.bin_edges.tolist(), query
        assert counted(few) == counted(all_), query
        inside = [
            value
            for x in ([query["x"]] if isinstance(query["x"], str) else query["x"])
            for value in (row[x] for row in rows)
            if value is not None
        ]
        if not {"xmin", "facet"} & query.keys():
            assert sum(map(sum, counted(few).values())) == len(inside), query


def test_weights(client: Client) -> None:
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
