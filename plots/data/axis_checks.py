"""Check limits, scales, formats and reference lines against the axes of the data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plots.errors import PlotError
from plots.sources.binning import no_place
from plots.spec.plot_spec import PlotSpec
from plots.spec.references import REFERENCES
from plots.spec.registry import Kind

from .model import Axis, Data, Series
from .references import validate_reference

if TYPE_CHECKING:
    pass


def axis_errors(spec: PlotSpec, kind: Kind, data: Data) -> Iterator[PlotError]:
    """What the frame asks of an axis that cannot be done with what the axis shows."""
    frame, axes = vars(spec.frame), dict(data.axes)
    other = Axis() if data.series else None  # a kind counts numbers, unless it draws as it likes
    for name, channel in zip("xy", kind.axis_channels(spec.options), strict=True):
        axis, scale = axes.get(channel, other), frame[f"{name}scale"]
        ends = {end: frame[end] for end in (f"{name}min", f"{name}max") if frame[end] is not None}
        for end, limit in ends.items():
            if axis and isinstance(limit, date) != (axis.dtype == "date"):
                message = str(_LIMITS[axis.dtype]) % {"axis": name, "limit": end}
                yield PlotError(message, f"not-a-{axis.dtype}", end)
            elif scale == "log" and isinstance(limit, float) and limit <= 0:
                yield PlotError(_("A log scale begins above 0."), "out-of-range", end)
        if axis and axis.dtype != "number" and scale != "linear":
            message = str(_SCALES[axis.dtype]) % {"axis": name, "scale": scale}
            yield PlotError(message, "invalid-scale", f"{name}scale")
        elif scale == "log" and any(_reaches_zero(series, channel) for series in data.series):
            yield no_place(channel, name)
        has_edges = any(each.edges and each.name == channel for each in kind.channels)
        if frame[f"{name}order"] != "given" and (has_edges or not axis or axis.dtype != "category"):
            message = _("The %(axis)s axis shows %(shown)s; only names can be ordered.")
            message %= {"axis": name, "shown": _("edges") if has_edges else (axis or Axis()).shows}
            yield PlotError(message, "invalid-order", f"{name}order")
        style, styles = frame[f"{name}format"], (axis or Axis()).formats
        if style not in ("auto", *styles):
            message = _("The %(axis)s axis shows %(shown)s, written as %(formats)s.")
            if not styles:
                message = _("The %(axis)s axis shows %(shown)s; leave the format out.")
            message %= {
                "axis": name, "shown": (axis or Axis()).shows, "formats": ", ".join(styles)
            }  # fmt: skip
            yield PlotError(message, "invalid-format", f"{name}format")
        for given in (given for given, (shown, _n) in REFERENCES.items() if shown == name):
            yield from filter(
                None, (validate_reference(given, each, axis, scale) for each in frame[given])
            )


_LIMITS = {
    "number": gettext_lazy("The %(axis)s axis shows numbers; give %(limit)s as one of them."),
    "date": gettext_lazy("The %(axis)s axis shows dates; give %(limit)s as one of them."),
    "category": gettext_lazy(
        "The %(axis)s axis shows names, counted from 0; give %(limit)s as one of them."
    ),
}
_SCALES = {
    "date": gettext_lazy("The %(axis)s axis shows dates, which have no %(scale)s scale."),
    "category": gettext_lazy(
        "The %(axis)s axis shows names, counted from 0, which have no %(scale)s scale."
    ),
}


def _reaches_zero(series: Series, channel: str) -> bool:
    column = series.columns.get(channel)
    return column is not None and bool((column <= 0).any())
