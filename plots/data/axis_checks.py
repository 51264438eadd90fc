"""Check limits, scales, orders, formats and reference lines against the axes of the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plots.errors import PlotError
from plots.sources.binning import log_scale_error
from plots.spec.plot_spec import PlotSpec
from plots.spec.references import REFERENCES
from plots.spec.registry import Kind
from plots.values.columns import to_number

from .model import Axis, Data
from .references import validate_reference

Frame = Mapping[str, Any]

_LIMITS = {
    "number": gettext_lazy("The %(axis)s axis shows numbers; give %(limit)s as one of them."),
    "date": gettext_lazy("The %(axis)s axis shows dates; give %(limit)s as one of them."),
    "duration": gettext_lazy(
        "The %(axis)s axis shows durations; give %(limit)s as one of them, such as 00:30:00."
    ),
    "time": gettext_lazy(
        "The %(axis)s axis shows times of day; give %(limit)s as one of them, such as 09:30."
    ),
    "category": gettext_lazy(
        "The %(axis)s axis shows names, counted from 0; give %(limit)s as one of them."
    ),
}
_SCALES = {
    "date": gettext_lazy("The %(axis)s axis shows dates, which have no %(scale)s scale."),
    "time": gettext_lazy("The %(axis)s axis shows times of day, which have no %(scale)s scale."),
    "category": gettext_lazy(
        "The %(axis)s axis shows names, counted from 0, which have no %(scale)s scale."
    ),
}


def axis_errors(spec: PlotSpec, kind: Kind, data: Data) -> Iterator[PlotError]:
    """Yield the errors of frame parameters that do not fit what an axis shows."""
    frame, axes = vars(spec.frame), dict(data.axes)
    # Without an axis of its own, a channel with data shows numbers. A kind without data may draw
    # anything: then limits and references are not checked.
    default = Axis() if data.series else None
    for name, channel in zip("xy", kind.axis_channels(spec.options), strict=True):
        axis = axes.get(channel, default)
        has_edges = any(each.edges and each.name == channel for each in kind.channels)
        yield from _limit_errors(name, axis, frame)
        yield from _scale_errors(name, axis, frame, data, channel)
        yield from _order_errors(name, axis, frame, has_edges=has_edges)
        yield from _format_errors(name, axis or Axis(), frame)
        yield from _reference_errors(name, axis, frame)


def _limit_errors(name: str, axis: Axis | None, frame: Frame) -> Iterator[PlotError]:
    for parameter in (f"{name}min", f"{name}max"):
        limit = frame[parameter]
        if limit is None:
            continue
        if axis and not axis.has_place_for(limit):
            message = str(_LIMITS[axis.dtype]) % {"axis": name, "limit": parameter}
            yield PlotError(message, f"not-a-{axis.dtype}", parameter)
        elif (
            frame[f"{name}scale"] == "log" and not isinstance(limit, date) and to_number(limit) <= 0
        ):
            yield PlotError(_("A log scale begins above 0."), "out-of-range", parameter)


def _scale_errors(
    name: str, axis: Axis | None, frame: Frame, data: Data, channel: str
) -> Iterator[PlotError]:
    scale = frame[f"{name}scale"]
    if axis and axis.dtype in _SCALES and scale != "linear":
        message = str(_SCALES[axis.dtype]) % {"axis": name, "scale": scale}
        yield PlotError(message, "invalid-scale", f"{name}scale")
    elif scale == "log":
        columns = (series.columns.get(channel) for series in data.series)
        if any(column is not None and (column <= 0).any() for column in columns):
            yield log_scale_error(channel, name)


def _order_errors(
    name: str, axis: Axis | None, frame: Frame, *, has_edges: bool
) -> Iterator[PlotError]:
    if frame[f"{name}order"] == "given":
        return
    if has_edges or not axis or axis.dtype != "category":
        message = _("The %(axis)s axis shows %(shown)s; only names can be ordered.")
        message %= {"axis": name, "shown": _("edges") if has_edges else (axis or Axis()).shows}
        yield PlotError(message, "invalid-order", f"{name}order")


def _format_errors(name: str, axis: Axis, frame: Frame) -> Iterator[PlotError]:
    if frame[f"{name}format"] in ("auto", *axis.formats):
        return
    message = _("The %(axis)s axis shows %(shown)s, written as %(formats)s.")
    if not axis.formats:
        message = _("The %(axis)s axis shows %(shown)s; leave the format out.")
    message %= {"axis": name, "shown": axis.shows, "formats": ", ".join(axis.formats)}
    yield PlotError(message, "invalid-format", f"{name}format")


def _reference_errors(name: str, axis: Axis | None, frame: Frame) -> Iterator[PlotError]:
    scale = frame[f"{name}scale"]
    for parameter, (shown, _count) in REFERENCES.items():
        for reference in frame[parameter] if shown == name else ():
            if error := validate_reference(parameter, reference, axis, scale):
                yield error
