"""Contour levels, for grids and for scattered points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plots.description.numbers import write_number
from plots.description.phrases import join_names
from plots.description.series import Entry, series_facts
from plots.errors import PlotError
from plots.values.formatting import format_numbers

from .colorscale import (
    ColorScaleForm,
    check_colors,
    color_limits,
    color_scale,
    resolve_colormap,
    shared_z,
)
from .contrast import black_or_white_on, legible_colors

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes

MAX_LEVELS = 50
# Corners of lines and bands in SVG and PDF; contours with more are rasterized.
MAX_CORNERS = 50_000
# Placing a label takes a millisecond.
MAX_LABELLED = 300


class LevelsForm(ColorScaleForm):
    """The options of a kind that draws contours of z."""

    levels = forms.IntegerField(
        min_value=1,
        max_value=MAX_LEVELS,
        initial=10,
        required=False,
        help_text="About how many levels, at round numbers.",
    )


class LinesForm(LevelsForm):
    linewidth = forms.FloatField(
        min_value=0.25, max_value=20, initial=1.5, required=False, help_text="Width in points."
    )
    labels = forms.BooleanField(
        initial=False,
        required=False,
        help_text="Write the numbers along the lines instead of a colour bar, if there are at most "
        "300 lines.",
    )


def levels_between(low: float, high: float, *, norm: str, levels: int, **unused: Any) -> Numbers:
    """Return at most about ``levels`` round numbers that enclose ``low`` and ``high``."""
    from matplotlib.ticker import MaxNLocator

    # The locator makes no steps below 1e-13, so small numbers are scaled up for it.
    largest = max(abs(low), abs(high))
    unit = 1.0 if largest > 1e-6 else 10.0 ** max(np.floor(np.log10(largest or 1.0)), -300)
    locator = MaxNLocator(levels, steps=[1, 2, 2.5, 5, 10], min_n_ticks=1)
    even = unit * np.array(locator.tick_values(low / unit, high / unit))
    # Remove rounding errors, which could put the first level above the smallest number.
    even = np.round(even, np.clip(2 - int(np.floor(np.log10(even[1] - even[0]))), 0, 305))
    if norm != "log":
        return even
    decades = np.floor(np.log10(low)), np.ceil(np.log10(high))
    count = int(decades[1] - decades[0])
    step = -(-count // levels)
    digits = next((d for d in ((1, 2, 5), (1, 3)) if len(d) * count <= levels), (1,))
    powers = np.arange(decades[0], decades[1] + step, step).clip(-305, 305)
    steps = np.unique(np.outer(10.0**powers, digits))
    first, last = np.searchsorted(steps, low, "right") - 1, np.searchsorted(steps, high)
    steps = steps[max(first, 0) : last + 1]
    # Within about a decade, even steps give more levels than 1, 2 and 5.
    return even if len(steps) < len(even) and even[0] > 0 else steps


def check_lines(data: Data, z: Numbers, **options: Any) -> Data:
    """Check that there is a contour line in ``z``, or in a panel. Raise a PlotError otherwise."""
    data = check_colors(data, **options)
    z = shared_z(data, z)
    if np.isfinite(z).any():
        _lines_within(z, options)
    return data


def _lines_within(z: Numbers, options: dict[str, Any]) -> tuple[Numbers, Numbers]:
    """Return all levels, and those between the smallest and the largest ``z``."""
    low, high = np.nanmin(z), np.nanmax(z)
    levels = levels_between(*color_limits(z, **options), **options)
    within = levels[(levels > low) & (levels < high)]
    if not within.size:
        limit = next((name for name in ("vmin", "vmax") if options[name] is not None), "z")
        message = _(
            "There is no contour line between %(low)s and %(high)s, the smallest and the largest "
            "z. Raise levels, or draw filled contours."
        ) % {"low": f"{low:g}", "high": f"{high:g}"}
        raise PlotError(message, "no-lines", limit)
    return levels, within


def describe_lines(data: Data, wording: Wording, **options: Any) -> Iterator[Entry]:
    """Yield facts about z, and the levels of the lines."""
    for series in data.series:
        found = [*series_facts(data, wording, series)]
        z = shared_z(data, series.z[wording.complete(series)])
        if z[np.isfinite(z)].size:
            found.append(_levels_phrase(wording, _lines_within(z, options)[1], "line"))
        yield "", found


def describe_bands(data: Data, wording: Wording, **options: Any) -> Iterator[Entry]:
    """Yield facts about z, and the levels between which the bands are."""
    for series in data.series:
        found = [*series_facts(data, wording, series)]
        z = shared_z(data, series.z[wording.complete(series)])
        if z[np.isfinite(z)].size:
            levels = levels_between(*color_limits(z, **options), **options)
            found.append(_levels_phrase(wording, levels, "band"))
        yield "", found


def _levels_phrase(wording: Wording, levels: Numbers, mark: str) -> str:
    """Return the number of lines or bands, and their levels."""
    step = float(np.diff(levels).min(initial=np.inf))
    style = wording.axis("z").format
    texts = [write_number(each, style, step if step < np.inf else 0) for each in levels.tolist()]
    if mark == "line":
        count = ngettext(
            "%(count)d line at %(levels)s", "%(count)d lines at %(levels)s", len(texts)
        )
        return count % {"count": len(texts), "levels": _write_levels(levels, texts)}
    count = ngettext(
        "%(count)d band between %(levels)s", "%(count)d bands between %(levels)s", len(texts) - 1
    )
    return count % {"count": len(texts) - 1, "levels": _write_levels(levels, texts)}


def _write_levels(levels: Numbers, texts: list[str]) -> str:
    """Return a few levels, or of many even ones the first, the second and the last."""
    steps = np.diff(levels)
    is_even = len(texts) > 4 and bool(np.allclose(steps, steps[0], rtol=1e-6, atol=0))
    if not is_even:
        return join_names(texts)
    return join_names([texts[0], texts[1], "…", texts[-1]])


def draw_lines(
    ax: Axes,
    data: Data,
    contour: Callable[..., Any],
    *where: Any,
    linewidth: float,
    labels: bool,
    **options: Any,
) -> Any:
    """Draw lines with ``contour(*where, …)`` and return what a colour bar explains.

    z is the last of ``where``. All panels have the same levels.
    """
    from matplotlib.cm import ScalarMappable

    z = np.ma.masked_invalid(where[-1])
    if not z.count():
        return None
    levels, within = _lines_within(shared_z(data, np.ma.filled(z, np.nan)), options)
    if not ((z.min() < within) & (within < z.max())).any():
        return None  # this panel lies between two levels
    chosen = resolve_colormap(shared_z(data, np.ma.filled(z, np.nan)), **options)
    options["colormap"] = legible_colors(chosen, ax.get_facecolor())
    colors = color_scale(levels, **_free(options))
    lines = contour(*where[:-1], z, levels=within, linewidths=linewidth, **colors)
    _bound(lines)
    if not labels:
        if len(within) > 1:
            return lines
        alone = ScalarMappable(**colors)  # a colour bar of lines needs two lines
        alone.set_array(within)
        return alone
    drawn = [path for path in lines.get_paths() if path.codes is not None]
    count = sum(int((path.codes == path.MOVETO).sum()) for path in drawn)
    if count <= MAX_LABELLED:
        _label(ax, lines, within, options["zformat"])
    return None


def _label(ax: Axes, lines: Any, levels: Numbers, style: str) -> None:
    """Write numbers on the lines, without those that are cut off or overlap."""
    width, height = ax.panel_size
    if width < 180 or height < 112:
        return  # too small for labels
    texts = dict(zip(levels, format_numbers(levels.tolist(), style), strict=True))
    (ink,) = black_or_white_on([ax.get_facecolor()])
    size = 9 * max(0.8, ax.marker_scale)
    taken: list[Any] = []
    for text in lines.clabel(fmt=texts, fontsize=size, colors=ink, inline=False):
        text.set(fontfamily=ax.tick_font.get_family(), parse_math=False)
        text.set_bbox({"facecolor": ax.get_facecolor(), "linewidth": 0, "pad": 1.5})
        box = text.get_window_extent()
        inside = ax.bbox.x0 < box.x0 and box.x1 < ax.bbox.x1
        if inside and ax.bbox.y0 < box.y0 and box.y1 < ax.bbox.y1 and not box.count_overlaps(taken):
            taken.append(box)
        else:
            text.remove()


def fill_levels(data: Data, contourf: Callable[..., Any], *where: Any, **options: Any) -> Any:
    """Draw bands with ``contourf(*where, …)`` and return what a colour bar explains."""
    z = np.ma.masked_invalid(where[-1])
    if not z.count():
        return None
    every = shared_z(data, np.ma.filled(z, np.nan))
    levels = levels_between(*color_limits(every, **options), **options)
    beyond = np.nanmin(every) < levels[0], np.nanmax(every) > levels[-1]
    extend = {(0, 0): "neither", (1, 0): "min", (0, 1): "max", (1, 1): "both"}[beyond]
    options["colormap"] = resolve_colormap(every, **options)
    colors = color_scale(levels, **_free(options))
    bands = contourf(*where[:-1], z, levels=levels, extend=extend, **colors)
    _bound(bands)
    return bands


def _bound(contours: Any) -> None:
    corners = sum(len(path) for path in contours.get_paths())
    contours.set_rasterized(corners > MAX_CORNERS)


def _free(options: dict[str, Any]) -> dict[str, Any]:
    """Return ``options`` with colours from the first level to the last."""
    return options | {"vmin": None, "vmax": None}
