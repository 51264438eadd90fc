"""Histograms of many rows: counted in bins by every engine."""

from __future__ import annotations

from io import BytesIO
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
from plots.sources.selection import HISTOGRAM_BINS
from tests.measure import figure_of
from tests.sources.rows import ALL, COUNT, Numbers, create_readings, random_walk
from tests.tables.models import Reading


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


@pytest.mark.parametrize("parameters", HISTS, ids=str)
def test_bins_count_every_row(source: Any, parameters: dict[str, Any]) -> None:
    """The bars are those of all rows, although only a few thousand counts are kept."""
    source("walk", random_walk())
    parameters = {"source": "walk", **parameters}
    few = load(read_spec("hist", as_parameters(parameters)))
    all_ = load(read_spec("hist", as_parameters(parameters | ALL)))
    assert few.rows == COUNT
    assert max(series.x.size for series in few.series) <= 5042 * len(few.series)
    for bins in (int(parameters.get("bins", 24)), 1):
        assert counted(few, bins) == counted(all_, bins)
    number = {} if "bins" in parameters else {"bins": "24"}
    pictures = [hist_pixels(**parameters, **number, **every) for every in ({}, ALL)]
    assert np.array_equal(pictures[0], pictures[1])


def hist_pixels(**parameters: Any) -> Numbers:
    content = render(read_spec("hist", as_parameters(parameters))).content
    return np.asarray(Image.open(BytesIO(content)).convert("RGB")).astype(int)


def test_automatic_number_of_bins_divides_the_counted_bins(source: Any) -> None:
    source("walk", random_walk())
    axes = (figure_of("hist", source="walk", x="y", **every).axes[0] for every in ({}, ALL))
    # The outline has two corners for each bin.
    few, all_ = (
        len(np.unique(np.asarray(ax.collections[0].get_paths()[0].vertices)[:, 0])) - 1
        for ax in axes
    )
    assert 60 < all_ <= few <= 1.3 * all_
    # No counted bin is divided between two bars.
    assert HISTOGRAM_BINS % few == 0
    own = hist_pixels(source="walk", x="y")
    assert np.array_equal(own, hist_pixels(source="walk", x="y", bins=str(few), **ALL))


def test_description_of_a_counted_histogram(client: Client, source: Any) -> None:
    source("walk", random_walk())
    text = client.get("/plot/hist.txt", {"source": "walk", "x": "y"}).content.decode()
    assert "60,000 values; from about -304 to 3000, median about -117" in text
    assert "All 60,000 rows are counted in" in text


@pytest.mark.django_db(databases=[*settings.DATABASES])
@pytest.mark.parametrize(
    "parameters",
    [{"x": "price"}, {"x": "price", "by": "town", "bins": "30"}, {"x": ["count", "price"]}],
    ids=str,
)
def test_database_counts_the_rows(
    database: str, source: Any, fetched: list[Any], parameters: dict[str, Any]
) -> None:
    create_readings(database)
    source("readings", lambda: Reading.objects.using(database).order_by("at"))
    parameters = {"source": "readings", "bins": "40", **parameters}
    few = load(read_spec("hist", as_parameters(parameters)))
    assert len(fetched) <= 100
    all_ = load(read_spec("hist", as_parameters(parameters | ALL)))
    bins = int(parameters["bins"])
    assert counted(few, bins) == counted(all_, bins)
    assert few.rows and few.rows >= 11_000


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
