"""Properties of down-sampling that hold for any rows, in memory, in DuckDB and in a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plots.sources import selection
from plots.sources.memory import MemoryTable
from plots.sources.orm.queryset import QuerySetTable
from plots.sources.selection import AxisBinning, Bins, Downsampling, Histogram, Selected, Selection
from plots.values.columns import to_numbers
from tests.sources.rows import write_parquet
from tests.tables.models import Reading

pytestmark = pytest.mark.django_db

BINS = 4
# Few different numbers, so that there are ties; quarters, which all engines add up exactly.
values = st.integers(-40, 40).map(lambda number: number / 4)
steps = st.sampled_from([0.271, 0.313, 0.5, 3.07])
Engine = Callable[[dict[str, list[Any]]], Any]


@pytest.fixture(params=["memory", "file", "database"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """A function that puts the columns ``x`` and ``y`` into a table of an engine."""

    def put(columns: dict[str, list[Any]]) -> Any:
        if request.param == "memory":
            return MemoryTable(columns)
        if request.param == "file":
            types: Any = {"x": "number", "y": "number"}
            return write_parquet(tmp_path / "rows.parquet", columns, types)
        Reading.objects.all().delete()
        Reading.objects.bulk_create(
            Reading(at=datetime(2026, 1, 1, tzinfo=UTC), number=x, price=y, good=True)
            for x, y in zip(columns["x"], columns["y"], strict=True)
        )
        return QuerySetTable(Reading.objects.order_by("id"))

    return put


def select(table: Any, downsampling: Any, *names: str) -> Selected:
    """Select columns by the names that they have in memory."""
    if isinstance(table, QuerySetTable):
        real = {"x": "number", "y": "price"}
        kinds = {name: real[name] for name in names}
        changed = _renamed(downsampling, real)
        found = table.select(Selection("s", tuple(kinds.values()), downsampling=changed))
        back = {value: key for key, value in real.items()}
        keys = {back.get(name, name): column for name, column in found.keys.items()}
        return Selected(keys, found.values, found.rows, found.edges)
    found_: Selected = table.select(Selection("s", names, downsampling=downsampling))
    return found_


def _renamed(request: Any, names: dict[str, str]) -> Any:
    if isinstance(request, Histogram):
        return Histogram(tuple(names[name] for name in request.x), request.bins)
    y = tuple(names[name] for name in request.y)
    if isinstance(request, Downsampling):
        return Downsampling(names[request.x], y, request.bins, request.low, request.high)
    return Bins(names[request.x], y, request.groups, request.x_axis, request.y_axis)


@given(
    ys=st.lists(st.none() | values, min_size=4 * BINS + 1, max_size=120),
    gaps=st.data(),
)
def test_a_line_keeps_extremes_ends_and_gaps(engine: Engine, ys: Any, gaps: st.DataObject) -> None:
    count = len(ys)
    widths = gaps.draw(st.lists(steps, min_size=count, max_size=count))
    first, length = gaps.draw(st.integers(0, count - 1)), gaps.draw(st.integers(0, count))
    ys = [None if first <= row < first + length else y for row, y in enumerate(ys)]
    assume(any(y is not None for y in ys))
    xs = np.cumsum(widths)
    edges = np.linspace(xs[0], xs[-1], BINS + 1)
    assume(not np.isclose(xs[:, None], edges[1:-1]).any())  # engines round in their own ways
    found = select(engine({"x": xs.tolist(), "y": ys}), Downsampling("x", ("y",), BINS), "x", "y")
    assert found.rows in (count, None)  # None if no row is left out
    x, y, all_y = (to_numbers(column) for column in (found.keys["x"], found.keys["y"], ys))
    assert len(x) == len(y) and (np.diff(x) >= 0).all()
    assert len(x) <= 4 * BINS + 8 or found.rows is None
    # A database places extremes in the middle of their pixel column, others where they are.
    assert {*y[~np.isnan(y)]} <= {*all_y[~np.isnan(all_y)]}
    for begin, end in zip(edges[:-1], edges[1:], strict=True):
        within, kept = (each[(at >= begin) & (at <= end)] for each, at in ((all_y, xs), (y, x)))
        if not within.size:
            continue
        assert kept.size, "a pixel column with rows has none"
        if np.isnan(within).all():
            assert np.isnan(kept).all(), "a gap is drawn over"
            continue
        known, shown = within[~np.isnan(within)], kept[~np.isnan(kept)]
        assert (shown.min(), shown.max()) == (known.min(), known.max())
        if not np.isnan(within[[0, -1]]).any():
            assert (shown[0], shown[-1]) == (known[0], known[-1])


@given(st.lists(st.none() | values, min_size=2 * BINS + 1, max_size=60))
def test_a_histogram_counts_every_number(engine: Engine, xs: list[Any]) -> None:
    assume(any(x is not None for x in xs))
    request = Histogram(("x",), BINS)
    found = select(engine({"x": xs, "y": [0.0] * len(xs)}), request, "x")
    known = np.array([x for x in xs if x is not None])
    centres, counts = (to_numbers(found.keys[name]) for name in ("x", ""))
    assert counts.sum() == known.size
    assert (min(centres), max(centres)) == (known.min(), known.max())
    assert found.rows == len(xs) or found.rows == known.size
    # The counts of all engines are those of memory.
    expected = select(MemoryTable({"x": xs}), request, "x")
    assert _counts(found) == pytest.approx(_counts(expected))


def _counts(found: Selected) -> dict[float, float]:
    """Return the counts of a histogram by the centres of its bins."""
    counts: Counter[float] = Counter()
    for centre, count in zip(found.keys["x"], found.keys[""], strict=True):
        counts[round(float(str(centre)), 9)] += int(float(str(count)))
    return {centre: count for centre, count in counts.items() if count}


@pytest.fixture
def few_markers() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(selection, "MAX_MARKERS", 8)
        yield


@pytest.mark.usefixtures("few_markers")
@given(st.lists(st.tuples(values, st.none() | values), min_size=9, max_size=60))
def test_a_density_counts_every_row(engine: Engine, rows: list[Any]) -> None:
    xs, ys = map(list, zip(*rows, strict=True))
    known = [(x, y) for x, y in rows if y is not None]
    assume(len(known) > 8 and len({x for x, _ in known}) > 1 and len({y for _, y in known}) > 1)
    request = Bins("x", ("y",), (), AxisBinning("x", BINS), AxisBinning("y", BINS))
    found = select(engine({"x": xs, "y": ys}), request, "x", "y")
    assert found.rows in (len(rows), len(known), None)
    if found.rows is None:
        assert len(found.keys["x"]) == len(rows)
    else:
        assert to_numbers(found.values[""]).sum() == len(known)
