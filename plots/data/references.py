"""Reference lines and bands on an axis: their positions, and their validation."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from plots.errors import PlotError, suggestion
from plots.spec.references import REFERENCES, Reference
from plots.values.columns import to_number
from plots.values.scalars import Value

from .model import Axis


def positions_of(reference: Reference, axis: Axis) -> tuple[float, ...]:
    """Return the positions of a reference on ``axis``, the smaller one first.

    A band between names covers them entirely: it extends half a place beyond each.
    """
    ends = sorted((_position(value, axis), isinstance(value, str)) for value in reference[:-1])
    if len(ends) == 1:
        return (ends[0][0],)
    (low, low_is_name), (high, high_is_name) = ends
    return low - low_is_name / 2, high + high_is_name / 2


def _position(value: Value, axis: Axis) -> float:
    return float(axis.names.index(value)) if isinstance(value, str) else axis.place(value)


def validate_reference(
    parameter: str, reference: Reference, axis: Axis | None, scale: str
) -> PlotError | None:
    """Return the error of a reference that ``axis`` cannot show, or None.

    ``axis`` is None if a kind without data draws the axis; then any number or date is valid.
    """
    for value in reference[:-1]:
        if isinstance(value, str):
            error = _name_error(parameter, value, axis)
        elif axis and not axis.has_place_for(value):
            message = _("The %(axis)s axis shows %(shown)s; give %(name)s as one of them.")
            message %= {"axis": REFERENCES[parameter][0], "shown": axis.shows, "name": parameter}
            error = PlotError(message, f"not-a-{axis.dtype}", parameter)
        elif scale == "log" and not isinstance(value, date) and to_number(value) <= 0:
            error = PlotError(_("A log scale begins above 0."), "out-of-range", parameter)
        else:
            continue
        if error:
            return error
    return None


def _name_error(parameter: str, name: str, axis: Axis | None) -> PlotError | None:
    shown = REFERENCES[parameter][0]
    if axis is None or axis.dtype != "category":
        message = _("The %(axis)s axis shows %(shown)s; “%(name)s” is a name.")
        what = axis.shows if axis else _("no names")
        message %= {"axis": shown, "shown": what, "name": name[:40]}
        return PlotError(message, "not-a-name", parameter)
    if name not in axis.names:
        message = _("“%(name)s” is not on the %(axis)s axis.")
        message %= {"name": name[:40], "axis": shown}
        return PlotError(message + suggestion(name, axis.names), "not-a-name", parameter)
    return None
