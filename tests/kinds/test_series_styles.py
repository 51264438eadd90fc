"""Series beyond the colours of a theme: no two series of a picture look alike."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client, override_settings
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D

from plots.kinds.styles import COUNT, DASHES, FORMS, HATCHES, series_styles
from plots.spec.themes import LIGHT, THEMES
from tests.measure import axes_of, figure_of

SERIES = 50  # as many as a picture has by default
NAMES = [f"Name {place + 1}" for place in range(SERIES)]
COLUMNS = [f"{place + 1},{place + 2},{place + 4}" for place in range(SERIES)]
EACH = ",".join(name for name in NAMES for _ in range(3))
ALL = ",".join(COLUMNS)
X = ",".join(["1,2,3"] * SERIES)
XY = {"x": "1,2,3", "y": COLUMNS, "label": NAMES}
# Parameters of every kind whose series have a legend.
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "line": ("line", XY),
    "line of markers": ("line", {**XY, "linestyle": "none", "marker": "square"}),
    "dashed line": ("line", {**XY, "linestyle": "dashed"}),
    "area": ("area", XY),
    "area without lines": ("area", {**XY, "linewidth": "0"}),
    "stairs": ("stairs", {**XY, "x": "1,2,3,4"}),
    "filled stairs": ("stairs", {**XY, "x": "1,2,3,4", "fill": "1"}),
    "sparkline": ("sparkline", {"y": COLUMNS, "label": NAMES}),
    "bar": ("bar", XY),
    "stacked bar": ("bar", {**XY, "mode": "stacked"}),
    "bar with lines": ("bar", {**XY, "lines": ",".join(map(str, range(2, SERIES + 1)))}),
    "radar": ("radar", XY),
    "stem": ("stem", XY),
    "errorbar without markers": ("errorbar", {**XY, "error": ["1,1,1"] * SERIES, "marker": "none"}),
    "errorbar": ("errorbar", {**XY, "error": ["1,1,1"] * SERIES}),
    "scatter": ("scatter", XY),
    "stack": ("stack", XY),
    "hist": ("hist", {"x": COLUMNS, "label": NAMES}),
    "ecdf": ("ecdf", {"x": COLUMNS, "label": NAMES}),
    "box": ("box", {"y": ALL, "x": X, "by": EACH}),
    "violin": ("violin", {"y": ALL, "x": X, "by": EACH}),
    "timeline": ("timeline", {"start": X, "end": ALL.replace("1,", "9,"), "y": X, "by": EACH}),
    "pie": ("pie", {"x": ",".join(NAMES[:24]), "y": ",".join(str(n + 9) for n in range(24))}),
}
OWN = {"one": {"palette": ["#0a7d6c"]}}


def look_of(ax: Any, artist: Any) -> tuple[Any, ...]:
    """What tells ``artist`` from others: its colour and its dash, marker or hatch."""
    if isinstance(artist, Line2D):
        dashes = vars(artist)["_dash_pattern"]
        return to_hex(artist.get_color()), str(dashes), str(artist.get_marker())
    if isinstance(artist, LineCollection):
        color: Any = artist.get_color()
        return to_hex(color[0]), str(artist.get_linestyle())
    colors = np.atleast_2d(artist.get_facecolor()).round(3).tolist()
    shape = ""
    if hasattr(artist, "get_offsets") and len(artist.get_paths()) == 1:
        shape = str(artist.get_paths()[0].vertices.round(3).tolist())
    return (
        str(colors),
        str(ax.hatches.get(artist, {}).get("hatch")),
        shape if not ax.hatches else "",
    )


def looks_of(ax: Any) -> list[tuple[Any, ...]]:
    artists = [each for each in ax.get_children() if str(each.get_label()).startswith("Name ")]
    return [look_of(ax, artist) for artist in artists]


@pytest.mark.parametrize("theme", ["light", "print", "one"])
@pytest.mark.parametrize("name", KINDS)
def test_no_two_series_look_alike(name: str, theme: str) -> None:
    kind, parameters = KINDS[name]
    with override_settings(PLOTS={"THEMES": OWN}):
        looks = looks_of(axes_of(kind, **parameters, theme=theme))
    assert len(looks) == len(set(looks)) == (24 if kind == "pie" else SERIES)


@pytest.mark.parametrize("name", KINDS)
def test_no_two_entries_of_a_legend_look_alike(name: str) -> None:
    kind, parameters = KINDS[name]
    style = {"theme": "print", "legend": "right", "height": 1600, "width": 400}
    figure = figure_of(kind, **parameters, **style)
    figure.canvas.draw()
    image = np.asarray(figure.canvas.buffer_rgba())  # type: ignore[attr-defined]  # Agg's
    (legend,) = figure.legends
    seen = set()
    for text in legend.get_texts():
        box, right = text.get_window_extent(), legend.get_window_extent().x0
        rows = slice(round(1600 - box.y0 - 12), round(1600 - box.y0 + 2))
        seen.add(image[rows, round(right) : round(box.x0) - 2].tobytes())
    assert len(seen) == len(legend.get_texts()) == (24 if kind == "pie" else SERIES)


def test_hatch_of_an_entry_has_the_colour_of_that_in_the_bars() -> None:
    figure = figure_of("bar", y=["1"] * 4, label=list("abcd"), theme="print")
    handle: Any = figure.legends[0].legend_handles[-1]
    found = getattr(handle, "get_hatchcolor", handle.get_edgecolor)()
    assert to_hex(np.atleast_2d(found)[0]) == THEMES["print"].ground


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_tints_differ_for_kinds_that_only_use_colours(theme: Any) -> None:
    styles = series_styles((None,) * SERIES, theme.palette, theme.ground, SERIES)
    assert len({style.tint for style in styles}) == SERIES
    assert [style.tint for style in styles[: len(theme.palette)]] == list(theme.palette)


def test_every_pattern_is_another() -> None:
    for patterns in (DASHES, FORMS, HATCHES):
        assert len(set(patterns)) == len(patterns) == COUNT
    # More series than patterns for each colour have tints.
    styles = series_styles((None,) * 60, ("#123456",), "#ffffff", 60)
    assert len({(style.color, style.hatch) for style in styles}) == 60


def test_a_chosen_line_or_marker_comes_first() -> None:
    lines = axes_of("line", **XY, linestyle="dotted").lines
    assert [line.get_linestyle() for line in lines[:8]] == [":"] * 8
    assert lines[8].get_linestyle() == "-" and lines[16].get_linestyle() == "--"
    markers = axes_of("stem", **XY, marker="diamond").lines
    assert [str(line.get_marker()) for line in markers[:9]] == ["D"] * 8 + ["o"]


def test_lines_of_too_many_points_for_dashes_have_tints() -> None:
    many = ",".join(str(place % 7) for place in range(10_001))
    lines = axes_of("line", y=[many] * 4, theme="print").lines
    assert {line.get_linestyle() for line in lines} == {"-"}
    assert len({line.get_color() for line in lines}) == 4


def test_ten_thousand_hatched_bars_are_one_path() -> None:
    """Agg draws the hatch anew for each path: five seconds of ten thousand bars."""
    y = ",".join(str(place % 9 + 1) for place in range(2_500))
    ax = axes_of("bar", y=[y] * 4, theme="print", mode="stacked")
    (hatched,) = [patch for patch in ax.patches if patch.get_hatch()]
    assert not any(collection.get_hatch() for collection in ax.collections)
    assert len(hatched.get_path().vertices) >= 2_500 * 4


def test_vector_formats_have_hatches_and_dashes(client: Client) -> None:
    four = {"y": ["1,2", "2,1", "3,3", "4,1"], "theme": "print"}
    assert b"<pattern" in client.get("/plot/bar.svg", four).content
    assert b"stroke-dasharray" in client.get("/plot/line.svg", four).content
    three = {**four, "y": four["y"][:3]}
    for kind in ("bar", "line"):
        sizes = [len(client.get(f"/plot/{kind}.pdf", each).content) for each in (three, four)]
        assert sizes[0] < sizes[1]
    assert b"/PatternType" in client.get("/plot/bar.pdf", four).content
    assert b"/PatternType" not in client.get("/plot/bar.pdf", three).content


def test_colours_that_are_given_twice_have_patterns(client: Client) -> None:
    lines = axes_of("line", y=COLUMNS[:3], colors="red,red").lines
    assert [line.get_linestyle() for line in lines] == ["-", "--", ":"]


def test_existing_colours_stay() -> None:
    lines = axes_of("line", y=COLUMNS[:8]).lines
    assert [to_hex(line.get_color()) for line in lines] == list(LIGHT.palette)
    assert {line.get_linestyle() for line in lines} == {"-"}
