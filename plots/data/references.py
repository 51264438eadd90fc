"""Reference lines and bands: where they stand on an axis, and why they may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from plots.errors import PlotError, suggestion
from plots.spec.references import REFERENCES, Reference
from plots.values.columns import to_number
from plots.values.scalars import Value

if TYPE_CHECKING:
    from .model import Axis


def positions_of(reference: Reference, axis: Axis) -> tuple[float, ...]:
    """Where on ``axis`` it stands, the lesser end first. A band of names holds them whole."""
    ends = sorted((_number(value, axis), isinstance(value, str)) for value in reference[:-1])
    if len(ends) == 1:
        return (ends[0][0],)
    (low, low_is_name), (high, high_is_name) = ends
    return low - low_is_name / 2, high + high_is_name / 2


def _number(value: Value, axis: Axis) -> float:
    return float(axis.names.index(value)) if isinstance(value, str) else to_number(value or 0.0)


def validate_reference(
    name: str, reference: Reference, axis: Axis | None, scale: str
) -> PlotError | None:
    """Why it cannot stand on ``axis``, which is None where a kind draws as it likes."""
    shown = REFERENCES[name][0]
    for value in reference[:-1]:
        if isinstance(value, str):
            if axis is None or axis.dtype != "category":
                message = _("The %(axis)s axis shows %(shown)s; “%(name)s” is a name.")
                what = axis.shows if axis else _("no names")
                message %= {"axis": shown, "shown": what, "name": value[:40]}
                return PlotError(message, "not-a-name", name)
            if value not in axis.names:
                message = _("“%(name)s” is not on the %(axis)s axis.")
                message %= {"name": value[:40], "axis": shown}
                return PlotError(message + suggestion(value, axis.names), "not-a-name", name)
        elif axis and isinstance(value, float) == (axis.dtype == "date"):
            message = _("The %(axis)s axis shows %(shown)s; give %(name)s as one of them.")
            message %= {"axis": shown, "shown": axis.shows, "name": name}
            return PlotError(message, f"not-a-{axis.dtype}", name)
        elif scale == "log" and isinstance(value, float) and value <= 0:
            return PlotError(_("A log scale begins above 0."), "out-of-range", name)
    return None
