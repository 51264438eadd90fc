"""Heat maps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms

import plots
from plots.data.model import Axis
from plots.kinds.shared.colorscale import (
    ColorScaleForm,
    check_colors,
    color_scale,
    count_cells,
    shared_z,
)
from plots.kinds.shared.contrast import black_or_white_on
from plots.kinds.shared.duplicates import add_up, refuse_rows
from plots.kinds.shared.labels import chart_texts
from plots.kinds.shared.notes import add_cells_note, too_many_labels_note
from plots.values.columns import SECONDS, write_seconds
from plots.values.grids import fold
from plots.values.scalars import write_value

if TYPE_CHECKING:
    from plots.data.model import Data
    from plots.kinds.axes import Axes

# Writing one takes two milliseconds, and most pictures have no space for more.
MAX_VALUES = 625
MIN_SIZE = 5.5  # points
MIN_SEPARATED = 12  # points: smaller cells have no line around them


class HeatmapOptions(ColorScaleForm):
    values = forms.BooleanField(
        initial=True,
        required=False,
        help_text="Write the numbers into the cells, if they fit and there are at most 625.",
    )


def transform_heatmap(data: Data, **options: Any) -> Data:
    """Turn the positions of rows and columns into names, in ascending order. Add up a cell."""
    refuse_rows(data, "z", "x", "y")
    data = add_up(data, "z", "x", "y")
    data = check_colors(data, **options)
    (series,) = data.series
    columns, axes = dict(series.columns), dict(data.axes)
    for name in ("x", "y"):
        sort = data.axis(name).dtype
        if sort != "category":
            places = np.unique(data.concat(name))
            known = np.isfinite(columns[name])
            columns[name] = np.where(known, np.searchsorted(places, columns[name]), np.nan)
            known = places[np.isfinite(places)]
            names = tuple(_name(place, data.axis(name)) for place in known)
            axes[name] = Axis("category", names)
    fold(columns["x"], columns["y"], columns["z"])  # raises for too many cells
    if options["values"]:
        data = data.with_notes(too_many_labels_note(columns["z"].size, MAX_VALUES))
    return replace(data, series=(replace(series, columns=columns),), axes=axes)


def _name(place: float, axis: Axis) -> str:
    if axis.dtype == "number":
        return write_value(float(place))
    if axis.dtype in SECONDS:
        return write_seconds(place, axis.dtype)
    place, offset = axis.local(place)
    moment = np.datetime64(round(place * 86_400), "s").item()
    return write_value(moment).removesuffix("T00:00:00").replace("T", " ") + offset


@plots.kind(
    "heatmap",
    title="Heat map",
    aliases={"matplotlib": "imshow, with text", "QuickChart": "matrix"},
    family="Correlation",
    options=HeatmapOptions,
    channels=(
        plots.Channel("x", "Names of the columns of z, or one for each value."),
        plots.Channel("y", "Names of the rows of z, or one for each value."),
        plots.Channel(
            "z",
            "Rows of numbers, from top to bottom: 1,2;3,4. Or a list, with x and y for each value.",
            True,
            dtype="grid",
        ),
    ),
    transform=transform_heatmap,
    fit=add_cells_note,
    marks=count_cells,
    example={
        "x": "8:00,10:00,12:00,14:00,16:00,18:00,20:00",
        "y": "Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday",
        "z": "12,25,38,31,42,57,23;9,22,41,35,39,61,26;14,27,44,33,45,66,31;11,24,40,36,47,72,38;"
        "13,29,46,41,58,89,64;21,48,73,82,77,69,55;,35,62,71,58,,",
        "zlabel": "Visitors",
        "colormap": "Blues",
    },
)
def heatmap(ax: Axes, data: Data, *, values: bool, **scale: Any) -> Any:
    """A table of numbers as coloured cells, each with its number."""
    (series,) = data.series
    x, y, z = fold(series.x, series.y, series.z)
    if not np.isfinite(z).any():
        return None
    # With the rows and columns that have only gaps.
    table = np.full((int(y[-1]) + 1, int(x[-1]) + 1), np.nan)
    table[np.ix_(y.astype(int), x.astype(int))] = z
    height, width = table.shape
    edges = np.arange(width + 1) - 0.5, np.arange(height + 1) - 0.5
    wide, high = ax.panel_size
    parted = min(wide / width, high / height) > MIN_SEPARATED
    cells = ax.pcolormesh(
        *edges,
        np.ma.masked_invalid(table),
        edgecolor=ax.get_facecolor() if parted else "none",
        linewidth=1 if parted else 0,
        **color_scale(shared_z(data, z), **scale),
    )
    ax.set_cell_tooltips(cells, np.arange(1.0 * width), np.arange(1.0 * height), table)
    ax.invert_yaxis()
    if values and table.size * max(1, len(data.panels)) <= MAX_VALUES:
        rows, columns = np.nonzero(np.isfinite(table))
        numbers, every = table[rows, columns], shared_z(data, z)
        texts = chart_texts(every, data.axis("z"), digits=3)
        inks = black_or_white_on(cells.to_rgba(numbers))
        shown = [texts[number] for number in numbers.tolist()]
        _write(ax, columns, rows, shown, inks, sorted(texts.values(), key=len)[-3:])
    return cells


def _write(ax: Axes, x: Any, y: Any, texts: list[str], inks: list[str], longest: list[str]) -> None:
    """Write ``texts`` into the middle of cells, if the ``longest`` fit into one.

    The size of a cell is only known while drawing, so texts are measured then. One Text is moved
    from cell to cell, since thousands of them would take seconds.
    """
    from matplotlib.artist import Artist
    from matplotlib.text import Text

    class Values(Artist):
        def size(self, renderer: Any) -> float:
            """The size of the type in points, or 0 if that would be too small."""
            tick = ax.yaxis.get_major_ticks(1)[0].label1
            corners = ax.transData.transform([(0, 0), (1, 1)])
            width, height = abs(corners[1] - corners[0])
            text = Text(font=tick.get_fontproperties(), parse_math=False, figure=ax.figure)
            boxes = [_extent(text, each, renderer) for each in longest]
            room = min(0.88 * width / max(boxes)[0], 0.8 * height / boxes[0][1])
            size = float(tick.get_fontsize()) * min(1.0, room)
            return size if size >= MIN_SIZE else 0.0

        def fits(self, renderer: Any) -> bool:
            return self.size(renderer) > 0

        def draw(self, renderer: Any) -> None:
            if not (size := self.size(renderer)):
                return
            text = Text(font=ax.tick_font, ha="center", va="center", parse_math=False)
            text.set_figure(ax.figure)
            text.set_clip_box(ax.bbox)
            text.set_fontsize(size)
            places = ax.transData.transform(list(zip(x, y, strict=True)))
            for place, words, ink in zip(places, texts, inks, strict=True):
                text.set(position=place, text=words, color=ink)
                text.draw(renderer)

    ax.add_artist(Values()).set_zorder(3)  # in front of the cells


def _extent(text: Any, words: str, renderer: Any) -> tuple[float, float]:
    text.set_text(words)
    box = text.get_window_extent(renderer)
    return float(box.width), float(box.height)
