"""Lines of many rows: the rows that are kept fill the same pixels as all rows."""

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
from tests.sources.rows import ALL, COUNT, Numbers, create_readings, random_walk
from tests.tables.models import Reading


def pixels(**parameters: Any) -> Numbers:
    content = render(read_spec("line", as_parameters(parameters))).content
    return np.asarray(Image.open(BytesIO(content)).convert("RGB")).astype(int)


def share_that_differs(few: Numbers, all_: Numbers) -> float:
    return float((np.abs(few - all_).max(axis=2) > 32).mean())


WALK = {"source": "walk", "x": "x", "y": "y"}


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
def test_pixels_are_those_of_all_rows(source: Any, look: dict[str, str]) -> None:
    source("walk", random_walk())
    few, all_ = pixels(**WALK, **look), pixels(**WALK, **look, **ALL)
    assert share_that_differs(few, all_) < 0.02
    data = load(read_spec("line", as_parameters({**WALK, **look})))
    width = int(look.get("width", 640)) * int(look.get("scale", 1))
    assert all(series.y.size <= 4 * width + 8 for series in data.series)
    assert data.rows == COUNT


@pytest.mark.parametrize("seed", range(5))
def test_extremes_of_every_pixel_column_are_kept(source: Any, seed: int) -> None:
    rows = random_walk(seed)
    source("walk", rows)
    data = load(read_spec("line", as_parameters(WALK)))
    (drawn,) = data.series
    edges = np.linspace(rows["x"][0], rows["x"][-1], 641)
    for low, high in zip(edges, edges[1:], strict=False):
        there = rows["y"][(rows["x"] >= low) & (rows["x"] < high)]
        kept = drawn.y[(drawn.x >= low) & (drawn.x < high)]
        assert np.isnan(there).all() or np.nanmax(kept) == np.nanmax(there)
        assert np.isnan(there).all() or np.nanmin(kept) == np.nanmin(there)


def test_wide_gaps_are_kept(source: Any) -> None:
    rows = random_walk()
    source("walk", rows)
    (drawn,) = load(read_spec("line", as_parameters(WALK))).series
    inside = (drawn.x > rows["x"][20_200]) & (drawn.x < rows["x"][22_800])
    assert inside.any() and np.isnan(drawn.y[inside]).all()


def test_x_is_the_number_of_the_row_without_a_column(source: Any) -> None:
    source("walk", random_walk())
    (drawn,) = load(read_spec("line", as_parameters({"source": "walk", "y": "y"}))).series
    assert drawn.x[0] == 0
    assert drawn.x[-1] == COUNT - 1
    assert 3000 in drawn.y


def test_line_with_descending_x_is_kept_whole(source: Any) -> None:
    turn = np.linspace(0, 40 * np.pi, COUNT)
    source("spiral", {"x": turn * np.cos(turn), "y": turn * np.sin(turn)})
    data = load(read_spec("line", as_parameters({"source": "spiral", "x": "x", "y": "y"})))
    assert data.series[0].x.size == COUNT
    assert data.rows is None


def test_few_rows_are_kept(source: Any) -> None:
    rows = {name: column[:2000] for name, column in random_walk().items()}
    source("few", rows)
    data = load(read_spec("line", as_parameters({"source": "few", "x": "x", "y": "y"})))
    assert data.series[0].x.size == 2000
    assert data.rows is None


def test_descriptions_and_tables_mention_it(client: Client, source: Any) -> None:
    source("walk", random_walk())
    note = "60,000 rows are drawn: the first, last, lowest and highest of each column of pixels."
    text = client.get("/plot/line.txt", WALK).content.decode()
    assert note in text
    assert "60,000 points" in text
    table = client.get("/plot/line.csv", WALK).content.decode().splitlines()
    assert note in table[0]
    assert all(line.endswith(",") and line.count(",") == 2 for line in table[1:])
    assert note in client.get("/plot/line.json", WALK).json()["note"]
    few = {**WALK, "limit": "10"}
    assert "rows" not in client.get("/plot/line.txt", few).content.decode()
    assert client.get("/plot/line.csv", few).content.decode().splitlines()[0] == "x,y"


@pytest.mark.django_db(databases=[*settings.DATABASES])
@pytest.mark.parametrize("x", ["number", "at", "count"])
@pytest.mark.parametrize("by", [{}, {"by": "town"}])
def test_database_returns_only_what_is_drawn(
    database: str, source: Any, fetched: list[Any], x: str, by: dict[str, str]
) -> None:
    create_readings(database)
    source("readings", lambda: Reading.objects.using(database).order_by("at"))
    parameters = {"source": "readings", "x": x, "y": "price", "width": "400", **by}
    few = pixels(**parameters)
    lines = 2 if by else 1
    assert len(fetched) <= lines * (4 * 400 + 2)
    assert share_that_differs(few, pixels(**parameters, **ALL)) < 0.02
    data = load(read_spec("line", as_parameters(parameters)))
    assert data.rows == 12_000
    assert max(np.nanmax(series.y) for series in data.series) == 5000
    zoomed = {**parameters, **({"xmin": "2024-01-03", "xmax": "2024-01-05"} if x == "at" else
                          {"xmin": "2000", "xmax": "4000"})}  # fmt: skip
    assert share_that_differs(pixels(**zoomed), pixels(**zoomed, **ALL)) < 0.02


@pytest.mark.django_db(databases=[*settings.DATABASES])
def test_database_with_too_many_lines_is_not_read(
    database: str, source: Any, fetched: list[Any], client: Client
) -> None:
    create_readings(database)
    source("readings", lambda: Reading.objects.using(database).all())
    given = {"source": "readings", "x": "at", "y": "price", "by": "count"}
    response = client.get("/plot/line.png", given, headers={"accept": "application/json"})
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["parameter"] == "by"
    assert "50" in error["message"]
    assert len(fetched) < 1000
