"""A scatter of a great many rows: counted in cells, wherever the rows are, and drawn as density."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.test import Client, override_settings
from matplotlib.collections import PathCollection, QuadMesh
from PIL import Image

import plots
from plots.data.loading import load
from plots.data.model import Data
from plots.errors import PlotError
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.kinds.shared.density import count_in
from plots.rendering.render import render
from plots.sources import selection
from plots.values.columns import to_numbers
from tests.helpers import ask
from tests.measure import axes_of, panels_of
from tests.sources.test_downsampling import fetched as fetched
from tests.sources.test_downsampling import source as source
from tests.sources.test_orm import COLUMNS, readings
from tests.sources.test_orm import database as database
from tests.sources.test_parquet import written
from tests.tables.models import Reading

COUNT = 40_000
SORTS: Any = {
    "at": "datetime", "day": "date", "number": "number", "count": "number", "price": "number",
    "town": "text", "good": "boolean",
}  # fmt: skip


def cloud(seed: int = 0) -> dict[str, Any]:
    random = np.random.default_rng(seed)
    x = random.normal(size=COUNT)
    y = x / 2 + random.normal(size=COUNT)
    x[:100], y[100:200] = np.nan, np.nan
    x[-1], y[-1] = 9.0, -9.0  # far from all others
    by = np.array(["A", "B"], dtype=object)[random.integers(0, 2, COUNT)]
    return {"x": x, "y": y, "by": by, "size": np.exp(x)}


CLOUD = {"source": "cloud", "x": "x", "y": "y"}
ALL = {"limit": str(COUNT)}  # a limit says exactly which rows are drawn


def loaded(**parameters: Any) -> Data:
    return load(read_spec("scatter", as_parameters(parameters)))


def rows_of(data: Data) -> Counter[tuple[Any, ...]]:
    """How many rows are in each cell, by its middle and names, whatever order they come in."""
    *names, counts = data.table
    found: Counter[tuple[Any, ...]] = Counter()
    columns = [
        [
            f"{value:.6g}" if isinstance(value, float) else str(value)[:16]
            for value in data.table[name]
        ]
        for name in names
    ]
    for *cell, count in zip(*columns, data.table[counts], strict=True):
        found[tuple(cell)] += count
    return found


@pytest.mark.django_db(databases=[*settings.DATABASES])
@pytest.mark.parametrize(
    "asked",
    [
        {"x": "number", "y": "price"},
        {"x": "number", "y": "price", "by": "town"},
        {"x": "number", "y": ["price", "count"], "by": "good", "facet": "town"},
        {"x": "number", "y": "price", "xmin": "-20", "xmax": "10", "ymax": "50"},
        {"x": "number", "y": "price", "xmin": "-200", "xmax": "200"},
        {"x": "price", "y": "number", "filter": "price__gt:0", "xscale": "log"},
        {"x": "number", "y": "price", "xscale": "symlog", "yscale": "symlog"},
        {"x": "town", "y": "price"},
        {"x": "town", "y": "price", "by": "town", "facet": "good"},
        {"x": "at", "y": "price", "by": "town"},
        {"x": "at", "y": "number", "xmin": "2024-04-01", "xmax": "2024-04-05", "tz": "Asia/Tokyo"},
        {"x": "day", "y": "number", "filter": "town:Ulm"},
    ],
    ids=str,
)
def test_database_file_and_memory_count_the_same(
    database: str,
    source: Any,
    fetched: list[Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked: dict[str, Any],
) -> None:
    monkeypatch.setattr(selection, "MAX_MARKERS", 100)
    Reading.objects.using(database).bulk_create(readings(2000))
    held = [*Reading.objects.using(database).order_by("id").values(*COLUMNS)]
    zone = asked.get("tz", "UTC")
    columns = {name: [row[name] for row in held] for name in COLUMNS}
    columns["at"] = [_clock(each, zone) for each in columns["at"]]
    columns["price"] = [None if each is None else float(each) for each in columns["price"]]
    columns["town"] = [each or None for each in columns["town"]]
    source("held", lambda: held)
    source("filed", written(tmp_path / "t.parquet", columns, SORTS))
    source("asked", lambda: Reading.objects.using(database).order_by("id"))
    asked = {"tz": zone, "width": "200", "height": "120", **asked}
    in_memory, filed = (loaded(source=name, **asked) for name in ("held", "filed"))
    fetched.clear()
    from_database = loaded(source="asked", **asked)
    assert in_memory.rows and in_memory.rows > 100
    assert sum(rows_of(in_memory).values()) == in_memory.rows
    assert rows_of(filed) == rows_of(in_memory)
    assert rows_of(from_database) == rows_of(in_memory)
    assert len(fetched) <= from_database.drawn_rows + 50  # and the ends of each group
    for channel, edges in in_memory.edges.items():
        assert filed.edges[channel] == pytest.approx(edges)
        assert from_database.edges[channel] == pytest.approx(edges)


def _clock(moment: Any, zone: str) -> Any:
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("scale", ["linear", "symlog"])
def test_no_row_lies_outside_a_drawn_cell(source: Any, seed: int, scale: str) -> None:
    rows = cloud(seed)
    source("cloud", rows)
    data = loaded(**CLOUD, xscale=scale, yscale=scale)
    known = np.isfinite(rows["x"]) & np.isfinite(rows["y"])
    assert data.rows == known.sum() == COUNT - 200
    edges = [data.edges[name] for name in "xy"]
    wanted = np.histogram2d(rows["x"][known], rows["y"][known], edges)[0].T
    (series,) = data.series
    assert np.array_equal(count_in(series, edges), wanted)


@pytest.mark.parametrize("by", [{}, {"by": "by"}, {"by": "by", "facet": "by"}])
def test_a_lone_row_is_a_marker_and_a_crowd_is_a_density(source: Any, by: dict[str, str]) -> None:
    source("cloud", cloud())
    figure_axes = panels_of(axes_of("scatter", **CLOUD, **by).figure)
    points = [
        tuple(point)
        for ax in figure_axes
        for marks in ax.collections
        if isinstance(marks, PathCollection)
        for point in np.asarray(marks.get_offsets()).tolist()
    ]
    assert any(np.allclose(point, (9, -9), atol=0.1) for point in points)
    assert 1 < len(points) < 200
    meshes = [each for ax in figure_axes for each in ax.collections if isinstance(each, QuadMesh)]
    assert len(meshes) == len(figure_axes) * (2 if by else 1)
    strongest = max(np.asarray(mesh.get_facecolor())[:, 3].max() for mesh in meshes)
    assert strongest == pytest.approx(1)


def test_series_are_mixed_whichever_is_drawn_first(source: Any) -> None:
    """Where they lie upon each other, the picture is the same in either order of drawing."""
    rows = cloud()
    names = rows["by"]
    source("cloud", rows)
    source("turned", {**rows, "by": np.where(names == "A", "B", "A").astype(object)})
    look = {"by": "by", "legend": "none"}
    one = pixels(**CLOUD, **look, colors="ff0000,0000ff")
    other = pixels(**{**CLOUD, "source": "turned"}, **look, colors="0000ff,ff0000")
    inner = np.s_[100:380, 100:560]
    assert (np.abs(one - other)[inner].max(axis=2) <= 4).mean() > 0.999
    assert (one[inner] == [255, 255, 255]).all(axis=2).mean() < 0.9


def pixels(**parameters: Any) -> Any:
    content = render(read_spec("scatter", as_parameters(parameters))).content
    return np.asarray(Image.open(BytesIO(content)).convert("RGB")).astype(int)


def test_panels_count_their_own_rows_in_cells_of_the_same_size(source: Any) -> None:
    rows = cloud()
    source("cloud", rows)
    data = loaded(**CLOUD, facet="by")
    known = np.isfinite(rows["x"]) & np.isfinite(rows["y"])
    assert {title: series[0].count.sum() for title, series in data.panels.items()} == {
        name: (known & (rows["by"] == name)).sum() for name in "AB"
    }


def test_twenty_thousand_rows_are_drawn_one_by_one(source: Any) -> None:
    few = {name: column[:20_000] for name, column in cloud().items()}
    source("cloud", few)
    data = loaded(**CLOUD)
    assert data.rows is None and not data.edges and "count" not in data.table
    assert np.array_equal(pixels(**CLOUD), pixels(**CLOUD, **ALL))


def test_what_is_all_alike_is_counted_too(source: Any) -> None:
    source("cloud", {"x": np.full(COUNT, 7.0), "y": np.zeros(COUNT)})
    assert loaded(**CLOUD).series[0].count.tolist() == [COUNT]
    assert (pixels(**CLOUD) != 255).any()


def test_numbers_at_the_ends_of_floating_point_are_drawn(source: Any) -> None:
    far, near = np.zeros(COUNT), np.ones(COUNT)
    far[0], far[1] = 1e300, -1e300
    near[0] = np.nextafter(1, 2)  # no cell has room between
    source("cloud", {"x": far, "y": far, "near": near})
    assert loaded(**CLOUD).rows == COUNT
    assert loaded(**{**CLOUD, "y": "near"}).rows is None
    for y in ("y", "near"):
        assert (pixels(**{**CLOUD, "y": y}) != 255).any()


def test_words_and_tables_say_so(client: Client, source: Any) -> None:
    source("cloud", cloud())
    text = client.get("/plot/scatter.txt", CLOUD).content.decode()
    assert "39,800 points" in text
    assert "densest around" in text and "highest" not in text
    said = text.splitlines()[-1]
    assert said.startswith("Counted in ") and said.endswith(" cells of all 39,800 rows.")
    table = client.get("/plot/scatter.csv", CLOUD).content.decode().splitlines()
    assert table[0] == f'x,y,count,"{said}"'
    body = client.get("/plot/scatter.json", CLOUD).json()
    assert body["note"] == said
    assert sum(body["columns"][2]["values"]) == 39_800
    beyond = client.get("/plot/scatter.txt", {**CLOUD, "xmin": "0"}).content.decode()
    outside = int(((cloud()["x"] < 0) & np.isfinite(cloud()["y"])).sum())
    assert f"{outside:,} points lie outside the limits" in beyond


@pytest.mark.parametrize("scale", [{"xscale": "log"}, {"yscale": "log"}])
def test_a_log_scale_of_what_is_below_0_is_told(
    client: Client, source: Any, scale: dict[str, str]
) -> None:
    source("cloud", cloud())
    (error,) = ask(client, "/plot/scatter.png", {**CLOUD, **scale}).json()["errors"]
    assert error["parameter"] == next(iter(scale))
    assert "Use symlog" in error["message"]


@override_settings(PLOTS={"MAX_ROWS": 1000})
def test_rows_that_cannot_be_counted_say_what_to_leave_out(
    client: Client, source: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "MAX_MARKERS", 100)
    column = [float(n) for n in range(1500)]
    file = written(
        tmp_path / "t.parquet", {"x": column, "y": column}, {"x": "number", "y": "number"}
    )
    source("cloud", file)
    response = ask(client, "/plot/scatter.png", {**CLOUD, "size": "x", "color": "y"})
    assert response.status_code == 413
    (error,) = response.json()["errors"]
    assert error["parameter"] == "size"
    assert "1,000 rows" in error["message"] and "Without size, color" in error["message"]
    assert client.get("/plot/scatter.png", CLOUD).status_code == 200
    assert client.get("/plot/stem.png", CLOUD).status_code == 413


@pytest.mark.parametrize("name", ["memory", "file"])
def test_more_series_than_are_drawn_are_not_counted(source: Any, tmp_path: Path, name: str) -> None:
    column = [float(n) for n in range(21_000)]
    table: dict[str, Any] = {"x": column, "y": column, "id": [str(n) for n in range(21_000)]}
    dtypes: Any = {"x": "number", "y": "number", "id": "text"}
    source("cloud", table if name == "memory" else written(tmp_path / "t.parquet", table, dtypes))
    with pytest.raises(PlotError) as caught:
        loaded(**CLOUD, by="id")
    assert (caught.value.code, caught.value.parameter) == ("too-many-series", "by")


@pytest.mark.django_db
def test_an_hour_shown_twice_is_one_place(source: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "MAX_MARKERS", 100)
    start = datetime(2024, 10, 26, 22, tzinfo=UTC)  # midnight in Berlin; clocks go back at 3
    times = [start + timedelta(minutes=n) for n in range(600)]
    Reading.objects.bulk_create([Reading(at=at, number=n % 7) for n, at in enumerate(times)])
    source("night", lambda: Reading.objects.all())
    data = loaded(source="night", x="at", y="number", tz="Europe/Berlin")
    assert (np.diff(data.edges["x"]) >= 0).all()
    (series,) = data.series
    counts = count_in(series, [data.edges[name] for name in "xy"]).sum(axis=0)
    hours = np.floor((data.edges["x"][:-1] - data.edges["x"][0]) * 24 + 1e-6)
    assert counts.sum() == 600
    assert counts[hours == 2].sum() == pytest.approx(120, abs=8)
    assert counts[hours == 5].sum() == pytest.approx(60, abs=8)
    assert data.edges["x"][0] == pytest.approx(to_numbers((datetime(2024, 10, 27),))[0])


def test_the_kind_says_that_it_draws_otherwise_than_before() -> None:
    assert plots.spec.registry.kinds.get("scatter").version == 2
