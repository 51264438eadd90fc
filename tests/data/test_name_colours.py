"""Colours belong to names: the same in all plots of a source, whatever is left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from matplotlib.colors import to_hex

import plots
from plots.boards.models import Board, BoardItem
from plots.data.loading import load
from plots.presets.models import Preset
from plots.rendering.figure import build
from plots.spec.registry import sources
from plots.spec.themes import LIGHT
from tests.datasets.uploads import create_dataset
from tests.measure import axes_of
from tests.tables.models import Reading

pytestmark = pytest.mark.django_db

# Not in the order of their letters.
ROWS = [
    ("d1", "Pear", 4, 9), ("d1", "Apple", 1, 8), ("d1", "Fig", 2, 7),
    ("d2", "Fig", 3, 6), ("d2", "Pear", 5, 5), ("d2", "Apple", 7, 4),
]  # fmt: skip
CSV = "day,fruit,kilos,crates\n" + "".join(",".join(map(str, row)) + "\n" for row in ROWS)
EXPECTED = dict(zip(("Apple", "Fig", "Pear"), LIGHT.palette, strict=False))
QUERIES: list[dict[str, Any]] = [
    {},
    {"filter": "fruit__in:Fig,Pear"},
    {"filter": "fruit:Pear"},
    {"order": "-kilos"},
    {"limit": "2"},
    {"stat": "sum"},
    {"stat": "sum", "filter": "kilos__gt:3"},
]


@pytest.fixture(params=["dataset", "mapping", "rows", "queryset", "frame"])
def source(request: Any, settings: Any, tmp_path: Path) -> Iterator[str]:
    """The name of a source with ROWS."""
    settings.MEDIA_ROOT = tmp_path / "files"
    if request.param == "dataset":
        create_dataset(CSV.encode(), name="fruits", visibility="public")
        yield "fruits"
        return
    columns: Any = dict(
        zip(("day", "fruit", "kilos", "crates"), map(list, zip(*ROWS, strict=True)), strict=True)
    )
    rows = [dict(zip(columns, row, strict=True)) for row in ROWS]
    made: Any = {"mapping": columns, "rows": rows, "queryset": None, "frame": None}[request.param]
    if request.param == "frame":
        made = pytest.importorskip("polars").DataFrame(columns)
    if request.param == "queryset":
        for day, fruit, kilos, crates in ROWS:
            at = datetime(2026, 1, int(day[1]), tzinfo=UTC)
            Reading.objects.create(at=at, town=fruit, number=kilos, count=crates)
        from django.db.models import F

        made = Reading.objects.values(
            day_=F("at"), fruit=F("town"), kilos=F("number"), crates=F("count")
        )
    plots.source("fruits", version="1", visibility="public")(lambda: made)
    yield "fruits"
    sources.unregister("fruits")


def colours_of(ax: Any) -> dict[str, str]:
    """Return the colours of the Artists that have labels."""
    found = {}
    for artist in ax.get_children():
        label = str(artist.get_label())
        if label in EXPECTED:
            face = getattr(artist, "get_facecolor", None) or artist.get_color
            color = face()
            found[label] = to_hex(color[0] if getattr(color, "ndim", 1) == 2 else color)
    return found


def shown(**parameters: Any) -> dict[str, str]:
    return colours_of(axes_of(**parameters))


@pytest.mark.parametrize("query", QUERIES, ids=str)
def test_a_name_has_the_same_colour_whatever_is_left_out(source: str, query: Any) -> None:
    x = "crates"
    found = shown(kind="scatter", source=source, x=x, y="kilos", by="fruit", **query)
    assert found and found == {name: EXPECTED[name] for name in found}
    if "filter" not in query and "limit" not in query:
        assert found == EXPECTED


@pytest.mark.parametrize("kind", ["line", "bar", "stack", "box", "pie", "hist", "ecdf"])
def test_in_every_kind(source: str, kind: str) -> None:
    channels = {"x": "crates", "y": "kilos", "by": "fruit"}
    if kind == "pie":
        channels = {"x": "fruit", "y": "kilos"}
    elif kind in ("hist", "ecdf"):
        channels = {"x": "kilos", "by": "fruit"}
    found = shown(kind=kind, source=source, **channels, filter="fruit__in:Pear,Fig")
    assert found == {name: EXPECTED[name] for name in ("Fig", "Pear")}


def test_names_on_an_axis_too(source: str) -> None:
    """Box plots without x, event plots and diagrams have no legend."""
    some = {"source": source, "filter": "fruit__in:Pear,Fig"}
    box = axes_of("box", y="kilos", by="fruit", **some)
    # In the order of first use: Pear, Fig.
    edges = [to_hex(each.get_edgecolor()[0]) for each in box.collections if len(each.get_paths())]
    assert {EXPECTED["Pear"], EXPECTED["Fig"]} >= set(edges)
    event = axes_of("event", x="kilos", by="fruit", **some)
    inks = {to_hex(each.get_color()[0]) for each in event.collections}
    assert inks == {EXPECTED["Pear"], EXPECTED["Fig"]}
    polar = axes_of("polar", x="fruit", y="kilos", source=source, filter="fruit:Pear", limit="1")
    sectors = [each for each in polar.collections if each.get_paths() and len(each.get_facecolor())]
    assert EXPECTED["Pear"] in {to_hex(each.get_facecolor()[0]) for each in sectors}


def test_columns_have_the_colours_of_their_place(source: str) -> None:
    both = shown_columns(source, ["kilos", "crates"])
    assert shown_columns(source, ["crates", "kilos"]) == both
    assert len(set(both.values())) == 2
    # A single column has the first colour.
    ax = axes_of("line", source=source, x="fruit", y="crates", stat="sum")
    assert to_hex(ax.lines[0].get_color()) == LIGHT.palette[0]


def shown_columns(source: str, names: list[str]) -> dict[str, str]:
    ax = axes_of("line", source=source, x="fruit", y=names, stat="sum", label=names)
    return {str(line.get_label()): to_hex(line.get_color()) for line in ax.lines}


def test_the_controls_of_a_page_show_the_same_colours(source: str, client: Client) -> None:
    query = {"source": source, "x": "crates", "y": "kilos", "by": "fruit", "filter": "fruit:Pear"}
    page = client.get("/plot/scatter/", query).content.decode()
    assert f'data-colors="{EXPECTED["Pear"]}"' in page


def test_given_colours_are_in_the_order_of_the_series(source: str) -> None:
    found = shown(
        kind="scatter", source=source, x="crates", y="kilos", by="fruit", filter="fruit:Pear",
        colors="red,blue",
    )  # fmt: skip
    assert found == {"Pear": "#ff0000"}


def test_tiles_of_a_board_agree(settings: Any, tmp_path: Path, client: Client) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    create_dataset(CSV.encode(), name="fruits", visibility="public")
    board = Board.objects.create(slug="b", title="B", visibility="public")
    tiles = [
        ("bar", {"x": "day", "y": "kilos", "by": "fruit", "stat": "sum"}),
        ("scatter", {"x": "crates", "y": "kilos", "by": "fruit", "filter": "fruit__in:Pear,Fig"}),
        ("pie", {"x": "fruit", "y": "kilos", "filter": "fruit__in:Pear,Apple"}),
    ]
    for place, (kind, parameters) in enumerate(tiles):
        preset = Preset.objects.create(
            slug=f"t{place}", title="T", kind=kind, source="fruits", parameters=parameters,
            visibility="public",
        )  # fmt: skip
        BoardItem.objects.create(board=board, preset=preset, order=place)
    assert client.get("/boards/b/").status_code == 200
    for item in board.items.all():
        spec = item.preset.spec()
        found = colours_of(build(spec, load(spec)).axes[0])
        assert len(found) >= 2 and found == {name: EXPECTED[name] for name in found}


def test_further_names_have_the_colours_that_are_left() -> None:
    """Such as rows without a name."""
    rows = [{"x": 1, "y": 1, "n": None}, {"x": 1, "y": 2, "n": "B"}, {"x": 1, "y": 3, "n": "A"}]
    plots.source("few", version="1", visibility="public")(lambda: rows)
    try:
        ax = axes_of("scatter", source="few", x="x", y="y", by="n")
    finally:
        sources.unregister("few")
    found = {str(each.get_label()): to_hex(each.get_facecolor()[0]) for each in ax.collections}
    assert found == dict(zip(("A", "B", "(none)"), LIGHT.palette, strict=False))


@pytest.mark.parametrize("count", [20, 60, 5000])
def test_of_many_names_no_two_look_alike(count: int) -> None:
    """Names with the same colour have another marker. More than 50 have no lasting colours."""
    columns = {
        "x": list(range(count)), "y": list(range(count)), "n": [f"Name {i}" for i in range(count)],
    }  # fmt: skip
    plots.source("many", version="1", visibility="public")(lambda: columns)
    try:
        names = ",".join(f"Name {i}" for i in (3, 11, 4, 19))
        ax = axes_of("scatter", source="many", x="x", y="y", by="n", filter=f"n__in:{names}")
    finally:
        sources.unregister("many")
    looks = [
        (to_hex(each.get_facecolor()[0]), str(each.get_paths()[0].vertices.tolist()))
        for each in ax.collections
    ]
    assert len(set(looks)) == 4
    colors = [color for color, _ in looks]
    bound = [LIGHT.palette[place % 8] for place in (3, 4, 11, 19)]
    assert colors == (bound if count == 20 else list(LIGHT.palette[:4]))


def test_only_the_first_rows_of_a_table_are_searched(
    django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be huge: a filtered picture must not read all of it."""
    monkeypatch.setattr("plots.sources.reading.MAX_SAMPLED", 3)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for town, number in (("B", 1), ("C", 2), ("B", 3), ("A", 4)):
        Reading.objects.create(at=at, town=town, number=number)
    plots.source("towns_", version="1", visibility="public")(lambda: Reading.objects.all())
    try:
        with django_assert_max_num_queries(3):
            ax = axes_of("scatter", source="towns_", x="id", y="number", by="town", filter="town:C")
    finally:
        sources.unregister("towns_")
    assert to_hex(ax.collections[0].get_facecolor()[0]) == LIGHT.palette[1]
