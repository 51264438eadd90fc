"""Plots of many rows, compared with drawing each row; run by ``inprocess``."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

ARRAY, TABLE, DATASET = 10_000_000, 1_000_000, 20_000_000
ROOT = Path(__file__).parent.parent
SIZE = {"width": "640", "height": "480"}
Numbers = dict[str, float]


def of_arrays() -> Numbers:
    """Measure a line of ten million points from arrays, in seconds."""
    random = np.random.default_rng(1)
    x = np.arange(ARRAY, dtype=float)
    y = np.cumsum(random.normal(size=ARRAY)) + random.normal(size=ARRAY) * 20
    with _source("rows", lambda: {"x": x, "y": y}):
        return _compare(lambda: (x, y), rounds=3)


def of_points() -> Numbers:
    """Measure a scatter of ten million points from arrays, in seconds."""
    random = np.random.default_rng(3)
    x = random.normal(size=ARRAY)
    y = x / 2 + random.normal(size=ARRAY)
    with _source("rows", lambda: {"x": x, "y": y}):
        return _compare(lambda: (x, y), rounds=1, kind="scatter")


def of_a_table() -> Numbers:
    """Measure a line of a million rows of the default database, and count the fetched rows."""
    from django.core.management import call_command
    from django.db.models.query import ValuesListIterable

    from tests.tables.models import Reading

    call_command("migrate", run_syncdb=True, verbosity=0)
    random = np.random.default_rng(2)
    prices = np.cumsum(random.normal(size=TABLE)).round(2).tolist()
    start = datetime(2020, 1, 1, tzinfo=UTC)
    rows = (Reading(at=start + timedelta(minutes=i), price=price) for i, price in enumerate(prices))
    Reading.objects.all().delete()
    Reading.objects.bulk_create(rows, batch_size=10_000)

    def fetch() -> Any:
        return zip(*Reading.objects.order_by("at").values_list("at", "price"), strict=True)

    sent = 0
    original = ValuesListIterable.__iter__

    def counted(self: Any) -> Iterator[Any]:
        nonlocal sent
        for row in original(self):
            sent += 1
            yield row

    with _source("rows", lambda: Reading.objects.order_by("at")):
        found = _compare(fetch, rounds=1, x="at", y="price")
        ValuesListIterable.__iter__ = counted  # type: ignore[method-assign]  # counts rows
        _ours("at", "price", "line")
    return found | {"sent": sent}


def of_a_dataset() -> Numbers:
    """Measure plots of twenty million rows of Parquet: seconds, and MiB above idle."""
    import duckdb
    from django.core.management import call_command

    from plots.forms.binding import as_parameters
    from plots.forms.parameters_to_spec import read_spec
    from plots.rendering.render import render, warm

    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "walk.parquet"
        walk = f"SELECT i AS t, sin(i / 1e5) + random() AS y FROM range({DATASET}) r(i)"
        duckdb.connect().execute(f"COPY ({walk}) TO '{file}' (COMPRESSION zstd)")
        # In a process of its own, so that its memory does not count.
        command = [sys.executable, "manage.py", "import_dataset", str(file), "--name", "walk"]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    found = {}
    warm()
    idle = _memory()
    for name, kind, given in (
        ("line", "line", {"x": "t", "y": "y"}),
        ("hist", "hist", {"x": "y"}),
        ("scatter", "scatter", {"x": "t", "y": "y"}),
    ):
        query = {"source": "walk", **given, **SIZE}
        found[name] = _timed(lambda: render(read_spec(kind, as_parameters(query))))  # noqa: B023 - runs now
    return found | {"memory": _memory() - idle}


def _memory() -> float:
    """Return the peak memory of this process in MiB."""
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def _source(name: str, rows: Callable[[], Any]) -> Iterator[None]:
    import plots
    from plots.spec.registry import sources

    plots.source(name, version="1", visibility="public")(rows)
    yield
    sources.unregister(name)


def _compare(
    fetch: Callable[[], Any], rounds: int, x: str = "x", y: str = "y", kind: str = "line"
) -> Numbers:
    """Return median seconds of drawing all rows of ``fetch``, and of our rendering."""
    theirs, ours = [], []
    _ours(x, y, kind)
    for _ in range(rounds):
        theirs.append(_timed(lambda: _theirs(kind, *fetch())))
        ours.append(_timed(lambda: _ours(x, y, kind)))
    return {"theirs": median(theirs), "ours": median(ours)}


def _theirs(kind: str, x: Any, y: Any) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    ax = figure.subplots()
    ax.scatter(x, y) if kind == "scatter" else ax.plot(x, y)
    FigureCanvasAgg(figure).print_png(BytesIO())


def _ours(x: str, y: str, kind: str) -> None:
    from plots.forms.binding import as_parameters
    from plots.forms.parameters_to_spec import read_spec
    from plots.rendering.render import render

    render(read_spec(kind, as_parameters({"source": "rows", "x": x, "y": y, **SIZE})))


def _timed(work: Callable[[], object]) -> float:
    begin = perf_counter()
    work()
    return perf_counter() - begin
