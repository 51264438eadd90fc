"""Build the Figure of a spec."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import Collection, PathCollection, QuadMesh
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from plots.data.model import Axis, Data, Series
from plots.i18n import resolve_language
from plots.rendering.axes.axes import PlotAxes
from plots.rendering.axes.colorbar import ColorBar, share_colors
from plots.rendering.axes.date_ticks import FIRST_DAY, LAST_DAY, DateLocator
from plots.rendering.axes.panels import Panels
from plots.rendering.layout.annotations import style_annotations
from plots.rendering.layout.layout import Layout
from plots.rendering.layout.no_data import has_limits, has_numbers, write_messages
from plots.rendering.layout.occupancy import GROUND
from plots.rendering.layout.reference_lines import draw_references, label_references
from plots.rendering.marks.visible import keep_visible
from plots.rendering.output.svg_tooltips import find_marks
from plots.rendering.text.matplotlib_fonts import families
from plots.spec.plot_spec import Frame, PlotSpec
from plots.spec.references import REFERENCES
from plots.spec.registry import kinds
from plots.spec.themes import Theme, themes
from plots.text.font_fallback import language_of

from . import figure_pool
from .kind_call import call_kind, check_drawn

# Marks, or ten points of an outline each, that SVG and PDF hold as shapes. More are embedded as an
# image: 100,000 of them are 11 MB, too much for browsers.
MOST_MARKS = 5000
# Fewer and shorter names, in characters, fit into images with words.
MANY, LONG = 4, 8
FIELDS = ("u", "v", "z")  # channels of what is drawn at x and y


def build(spec: PlotSpec, data: Data) -> Figure:
    """Return the Figure of ``spec`` with ``data``, in its theme and laid out."""
    frame, theme, kind = spec.frame, themes()[spec.frame.theme], kinds.get(spec.kind)
    figure, ax = figure_pool.take(frame)
    figure.canvas.language = _language(frame, data)  # type: ignore[attr-defined]  # Agg's
    figure.set_facecolor(theme.ground)
    axes = _axes(spec, data)
    panels = Panels(figure, ax, [*data.panels])
    mapped = [
        _draw(each, spec, part) for each, part in zip(panels.axes, data.iter_panels(), strict=True)
    ]
    if any(map(has_numbers, data.iter_panels())):
        check_drawn(kind, panels.axes)
    mappable = share_colors([each for each in mapped if each is not None])
    _bound_marks(panels.axes)
    # Colours fill the drawing, unless they are those of markers.
    is_filled = mappable is not None and not isinstance(mappable, PathCollection)
    if not kind.no_axes and not data.is_blank:
        for each in panels.axes:
            draw_references(each, frame, axes, theme, is_filled)
    panels.share()
    if frame.transparent and spec.format != "jpg":
        figure.patch.set_visible(False)
    if kind.no_axes:
        ax.set_axis_off()
    else:
        _set_limits(panels.corner, spec, axes)
        if not is_filled:
            _draw_rules(panels, spec, axes)
    bar = None
    if mappable is not None:
        bar = ColorBar(figure, mappable, theme, _bar_label(spec), data.axis("z"))
    _lay_out(Layout(figure, panels, frame, theme, bar), spec, data)
    return figure


def _lay_out(layout: Layout, spec: PlotSpec, data: Data) -> None:
    """Lay out the Figure, and write the texts that depend on what is where."""
    axes, kind, panels = _axes(spec, data), kinds.get(spec.kind), layout.panels
    channels = kind.axis_channels(spec.options)
    layout.whole = tuple(_is_whole(panels.axes, data, channel) for channel in channels)
    layout.legend.sizes_name = "".join(spec.headings("size")[:1])
    layout.arrange(data, axes, _axis_labels(spec, data))
    write_messages(layout, data, spec.frame, layout.theme)
    style_annotations(layout)
    layout.figure.canvas.notes = layout.all_notes  # type: ignore[attr-defined]  # Agg's
    if not kind.no_axes and not data.is_blank:
        for each in panels.axes:
            label_references(layout, each, spec.frame, axes)


def notes_of(figure: Figure) -> tuple[str, ...]:
    """Return sentences about the texts that ``figure`` has no room for."""
    notes: tuple[str, ...] = figure.canvas.notes  # type: ignore[attr-defined]  # Agg's
    return notes


def is_partial(spec: PlotSpec, data: Data) -> bool:
    """Return whether the Figure may show a part of ``data``, its names or its values only."""
    if spec.options.get("values") not in (None, False, "", "none"):
        return True
    if kinds.get(spec.kind).no_axes:
        return False
    names = [axis.names for axis in _axes(spec, data)]
    is_long = any(len(each) > MANY or max(map(len, each), default=0) > LONG for each in names)
    return is_long or has_limits(spec.frame)


def _language(frame: Frame, data: Data) -> str:
    """Return the language of all texts together: a name in Chinese characters is ambiguous."""
    names = [name for axis in dict(data.axes).values() for name in axis.names]
    labels = [*(series.label for series in data.series), *data.panels]
    labels += [str(each[-1]) for name in REFERENCES for each in getattr(frame, name)]
    text = "".join([frame.title, frame.subtitle, frame.xlabel, frame.ylabel, *labels, *names])
    if text.isascii() and frame.lang in ("", "en"):
        return ""
    default = resolve_language(frame.lang)
    return language_of(text, default if default in ("ko", "ja", "zh-hans", "zh-hant") else "")


def _draw(ax: PlotAxes, spec: PlotSpec, data: Data) -> ScalarMappable | None:
    """Draw ``data`` on one panel. Return the ScalarMappable whose colours stand for numbers."""
    frame, theme, kind = spec.frame, themes()[spec.frame.theme], kinds.get(spec.kind)
    ax.theme, ax.lang = theme, resolve_language(frame.lang)
    _style_axes(ax, theme)
    ax.data = data
    ax.set_palette(frame.colors or theme.palette)
    _set_scales(ax, frame.xscale, frame.yscale, data)
    for axis, meaning in zip((ax.xaxis, ax.yaxis), _axes(spec, data), strict=True):
        if meaning.dtype == "date":
            axis.set_major_locator(DateLocator())  # it bounds the margins of dates
    mappable = None if data.is_blank else call_kind(kind, ax, data, spec.options)
    keep_visible(ax)
    if spec.format == "svg":
        find_marks(ax, data)
    if ax.get_facecolor() == ax.figure.get_facecolor():
        ax.patch.set_visible(False)  # it would paint the same colour again
    ax.drawn = ax.get_children()
    return mappable


def _axes(spec: PlotSpec, data: Data) -> tuple[Axis, Axis]:
    x, y = kinds.get(spec.kind).axis_channels(spec.options)
    return data.axis(x), data.axis(y)


def _axis_labels(spec: PlotSpec, data: Data) -> tuple[str, str]:
    """Return the labels of x and y: the author's, else names of columns, but not those of dates."""
    x, y = (
        each[0] if len(each := spec.headings(axis)) == 1 and data.axis(axis).dtype != "date" else ""
        for axis in ("x", "y")
    )
    if kinds.get(spec.kind).is_transposed(spec.options):
        x, y = y, x
    return spec.frame.xlabel or x, spec.frame.ylabel or y


def _is_whole(axes: Sequence[PlotAxes], data: Data, channel: str) -> bool:
    """Return whether all values of ``channel`` are whole numbers: as given, or as counted."""
    values = [each.columns[channel] for each in data.all_series if channel in each.columns]
    if not values:
        marks = [marks.series.columns for ax in axes for marks in ax.marks.values()]
        values = [columns[channel] for columns in marks if channel in columns]
    numbers = np.concatenate([np.empty(0), *values])
    numbers = numbers[np.isfinite(numbers)]
    return bool(numbers.size and (numbers == np.floor(numbers)).all())


def _bar_label(spec: PlotSpec) -> str:
    """Return the label of the colour bar: the author's, else the name of column z."""
    return str(spec.options.get("zlabel", "")) or "".join(spec.headings("z")[:1])


def _style_axes(ax: Axes, theme: Theme) -> None:
    ax.set_facecolor(theme.ground)
    ax.set_axisbelow(True)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.title.set_color(theme.ink)
    ax.spines["bottom"].set(color=theme.line, linewidth=0.8, visible=theme.rules)
    ax.tick_params(
        axis="both", which="both", color=theme.line, labelcolor=theme.muted, width=0.8,
        labelfontfamily=families(), grid_color=theme.grid,
    )  # fmt: skip
    ax.tick_params(axis="x", length=4, pad=4)
    ax.tick_params(axis="y", length=0, pad=6)


def _set_scales(ax: Axes, xscale: str, yscale: str, data: Data) -> None:
    for set_scale, scale in ((ax.set_xscale, xscale), (ax.set_yscale, yscale)):
        if scale == "log":
            set_scale("log", nonpositive="clip")
        elif scale == "symlog":
            set_scale("symlog", linthresh=1)
    if (xscale, yscale) != ("linear", "linear") and any(map(_is_extreme, data.all_series)):
        ax.margins(0)


def _is_extreme(series: Series) -> bool:
    """Return whether a margin of a twentieth of all decades could overflow."""
    sizes = np.abs(np.concatenate(list(series.numbers.values())))
    return bool((sizes > 1e250).any() or ((sizes > 0) & (sizes < 1e-250)).any())


def _bound_marks(axes: Sequence[Axes]) -> None:
    artists = [artist for ax in axes for artist in ax.get_children()]
    marked = {artist: marks for artist in artists if (marks := _marks(artist))}
    if sum(marked.values()) > MOST_MARKS:
        for artist in marked:
            artist.set_rasterized(True)


def _marks(artist: Artist) -> int:
    if isinstance(artist, QuadMesh):
        return np.asarray(artist.get_array()).size  # get_paths() would make each path
    if isinstance(artist, Collection):
        paths = artist.get_paths()
        points = sum(len(np.asarray(path.vertices)) for path in paths)
        return max(len(np.asarray(artist.get_offsets())), len(paths), points // 10)
    if isinstance(artist, Line2D) and artist.get_marker() not in ("", "None", None):
        return len(np.asarray(artist.get_xdata()))
    return 0


def _set_limits(ax: Axes, spec: PlotSpec, axes: tuple[Axis, Axis]) -> None:
    frame = spec.frame
    for axis, meaning, low, high in (
        (ax.xaxis, axes[0], frame.xmin, frame.xmax),
        (ax.yaxis, axes[1], frame.ymin, frame.ymax),
    ):
        first, last = sorted(axis.get_view_interval())
        is_inverted = axis.get_inverted()
        if meaning.dtype == "date":
            # A margin must not leave the calendar.
            first, last = max(first, FIRST_DAY), min(last, LAST_DAY)
        first = first if low is None else meaning.place(low)
        last = last if high is None else meaning.place(high)
        if first >= last:
            # One limit is beyond all data: the other is set on its far side.
            before, after = _around(last if low is None else first, meaning, axis.get_scale())
            first, last = (before, last) if low is None else (first, after)
        set_limits: Any = ax.set_xlim if axis is ax.xaxis else ax.set_ylim
        set_limits(*((last, first) if is_inverted else (first, last)))


def _around(place: float, meaning: Axis, scale: str) -> tuple[float, float]:
    """Return a place before and one after ``place`` on its axis."""
    if scale == "log":
        return place / 10, place * 10
    room = 1.0 if meaning.dtype == "date" else abs(place) or 1.0
    return place - room, place + room


def _set_grid(ax: Axes, theme: Theme, axes: tuple[Axis, Axis]) -> None:
    """Draw grid lines at numbers and durations, or at dates if there are none; never at names."""
    dtypes = {meaning.dtype for meaning in axes} - {"category"}
    lined = dtypes & {"number", "duration"} or dtypes
    for axis, meaning in zip((ax.xaxis, ax.yaxis), axes, strict=True):
        if meaning.dtype in lined:
            axis.grid(True, color=theme.grid, linewidth=0.8, linestyle="-")


def _draw_rules(panels: Panels, spec: PlotSpec, axes: tuple[Axis, Axis]) -> None:
    """Draw the grid, and a stronger line at 0 across each axis whose values have both signs."""
    theme, kind = panels.corner.theme, kinds.get(spec.kind)
    if spec.frame.grid and theme.rules:
        for ax in panels.axes:
            _set_grid(ax, theme, axes)
    if any(channel.name in FIELDS for channel in kind.channels):
        return  # x and y are positions of a field
    of_values = int(not kind.is_transposed(spec.options))
    is_both = kind.family == "Correlation" or kind.generate
    for dimension in (0, 1) if is_both else (of_values,):
        ends = np.array([ax.dataLim.get_points()[:, dimension] for ax in panels.axes])
        if axes[dimension].dtype in ("number", "duration") and ends.min() < 0 < ends.max():
            for ax in panels.axes:
                draw: Any = ax.axhline if dimension else ax.axvline
                style = {"color": theme.line, "linewidth": 0.8, "zorder": 1.5}
                draw(0, label=GROUND, **style)
