"""Scatters of many rows: counted in cells by every engine, and drawn as density."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from matplotlib.collections import PathCollection, QuadMesh
from PIL import Image

import plots
from plots.data.loading import load
from plots.data.model import Data
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.kinds.shared.density import count_in
from plots.rendering.render import render
from plots.sources import selection
from plots.sources.memory import MemoryTable
from plots.values.columns import to_numbers
from tests.measure import axes_of, panels_of
from tests.sources.rows import ALL, CLOUD, CLOUD_COUNT, COLUMNS, cloud, make_readings, write_parquet
from tests.tables.models import Reading

DTYPES: Any = {
    "at": "datetime", "day": "date", "number": "number", "count": "number", "price": "number",
    "town": "text", "good": "boolean",
}  # fmt: skip


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
    "parameters",
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
def test_all_engines_count_the_same_cells(
    database: str,
    source: Any,
    fetched: list[Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    parameters: dict[str, Any],
) -> None:
    monkeypatch.setattr(selection, "MAX_MARKERS", 100)
    Reading.objects.using(database).bulk_create(make_readings(2000))
    held = [*Reading.objects.using(database).order_by("id").values(*COLUMNS)]
    zone = parameters.get("tz", "UTC")
    columns = {name: [row[name] for row in held] for name in COLUMNS}
    columns["at"] = [_clock(each, zone) for each in columns["at"]]
    columns["price"] = [None if each is None else float(each) for each in columns["price"]]
    columns["town"] = [each or None for each in columns["town"]]
    source("rows", lambda: held)
    source("file", write_parquet(tmp_path / "t.parquet", columns, DTYPES))
    source("queryset", lambda: Reading.objects.using(database).order_by("id"))
    parameters = {"tz": zone, "width": "200", "height": "120", **parameters}
    in_memory, from_file = (loaded(source=name, **parameters) for name in ("rows", "file"))
    fetched.clear()
    from_database = loaded(source="queryset", **parameters)
    assert in_memory.rows and in_memory.rows > 100
    assert sum(rows_of(in_memory).values()) == in_memory.rows
    assert rows_of(from_file) == rows_of(in_memory)
    assert rows_of(from_database) == rows_of(in_memory)
    assert len(fetched) <= from_database.drawn_rows + 50  # and the ends of each group
    for channel, edges in in_memory.edges.items():
        assert from_file.edges[channel] == pytest.approx(edges)
        assert from_database.edges[channel] == pytest.approx(edges)


def _clock(moment: Any, zone: str) -> Any:
    from zoneinfo import ZoneInfo

    return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("scale", ["linear", "symlog"])
def test_every_row_is_inside_a_cell(source: Any, seed: int, scale: str) -> None:
    rows = cloud(seed)
    source("cloud", rows)
    data = loaded(**CLOUD, xscale=scale, yscale=scale)
    known = np.isfinite(rows["x"]) & np.isfinite(rows["y"])
    assert data.rows == known.sum() == CLOUD_COUNT - 200
    edges = [data.edges[name] for name in "xy"]
    expected = np.histogram2d(rows["x"][known], rows["y"][known], edges)[0].T
    (series,) = data.series
    assert np.array_equal(count_in(series, edges), expected)


@pytest.mark.parametrize("by", [{}, {"by": "by"}, {"by": "by", "facet": "by"}])
def test_isolated_rows_are_markers_and_dense_ones_a_density(
    source: Any, by: dict[str, str]
) -> None:
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


def test_order_of_series_does_not_change_the_density(source: Any) -> None:
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


def test_panels_have_cells_of_the_same_size(source: Any) -> None:
    rows = cloud()
    source("cloud", rows)
    data = loaded(**CLOUD, facet="by")
    known = np.isfinite(rows["x"]) & np.isfinite(rows["y"])
    assert {title: series[0].count.sum() for title, series in data.panels.items()} == {
        name: (known & (rows["by"] == name)).sum() for name in "AB"
    }


def test_up_to_twenty_thousand_rows_are_markers(source: Any) -> None:
    few = {name: column[:20_000] for name, column in cloud().items()}
    source("cloud", few)
    data = loaded(**CLOUD)
    assert data.rows is None and not data.edges and "count" not in data.table
    assert np.array_equal(pixels(**CLOUD), pixels(**CLOUD, **ALL))


def test_equal_values_are_counted(source: Any) -> None:
    source("cloud", {"x": np.full(CLOUD_COUNT, 7.0), "y": np.zeros(CLOUD_COUNT)})
    assert loaded(**CLOUD).series[0].count.tolist() == [CLOUD_COUNT]
    assert (pixels(**CLOUD) != 255).any()


def test_extreme_floats_are_drawn(source: Any) -> None:
    far, near = np.zeros(CLOUD_COUNT), np.ones(CLOUD_COUNT)
    far[0], far[1] = 1e300, -1e300
    near[0] = np.nextafter(1, 2)  # no cell has room between
    source("cloud", {"x": far, "y": far, "near": near})
    assert loaded(**CLOUD).rows == CLOUD_COUNT
    assert loaded(**{**CLOUD, "y": "near"}).rows is None
    for y in ("y", "near"):
        assert (pixels(**{**CLOUD, "y": y}) != 255).any()


@pytest.mark.django_db
def test_repeated_hour_in_autumn_is_one_position(
    source: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_version_of_scatter() -> None:
    assert plots.spec.registry.kinds.get("scatter").version == 2


@pytest.mark.parametrize("name", ["rows", "across", "y bin", "c0"])
def test_group_of_a_file_may_have_any_name(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "MAX_MARKERS", 10)
    numbers = [float(n) for n in range(50)]
    columns: dict[str, list[Any]] = {"x": numbers, "y": numbers, name: ["a", "b"] * 25}
    dtypes = {"x": "number", "y": "number", name: "text"}
    axes = (selection.AxisBinning(axis, 5) for axis in "xy")
    bins = selection.Bins("x", ("y",), (name,), *axes)
    request = selection.Selection("s", ("x", "y", name), downsampling=bins)
    found = write_parquet(tmp_path / "t.parquet", columns, dtypes).select(request)
    assert found.keys[name] == ("a",) * 5 + ("b",) * 5
    assert found.values[""] == (5.0,) * 10
    assert found.keys == MemoryTable(columns).select(request).keys
