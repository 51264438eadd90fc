"""The widgets that fit the values of a plot's parameters, on the page that shows the plot."""

from __future__ import annotations

from math import floor, log10
from typing import Any

from django import forms

from plots.conf import conf
from plots.data.model import Data
from plots.forms.axis_fields import LimitField
from plots.forms.fields import ColorsField, ScaleField, SideField, SwitchField
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds
from plots.spec.themes import themes
from plots.values.scalars import read_date, read_number

# A slider has at least so many steps, and at most ten times as many.
STEPS = 40


def widget_for(
    field: forms.Field,
    name: str,
    value: Any,
    spec: PlotSpec | None = None,
    data: Data | None = None,
) -> tuple[forms.Widget, dict[str, Any]]:
    """A widget for ``field`` that can show ``value``, and attributes for it.

    ``spec`` and ``data`` are those of the plot beside it, if it could be drawn: what stands on its
    axes and which colours it has. ``data-slider`` and ``data-colors`` are for plots.js.
    """
    if isinstance(field, SwitchField):
        choices: Any = field.choices
        return forms.RadioSelect(choices=choices), {}
    if isinstance(field, LimitField) and spec and data:
        return _limit(field, name, value, spec, data), {}
    if isinstance(field, ColorsField) and spec and data:
        return field.widget, {"data-colors": ",".join(_colors(spec, data))}
    if isinstance(field, SideField):
        return field.widget, {"min": conf.MIN_SIDE, "max": conf.MAX_SIDE}
    if isinstance(field, ScaleField):
        return field.widget, {"min": conf.MIN_SCALE, "max": conf.MAX_SCALE, "step": 0.5}
    if isinstance(field, (forms.IntegerField, forms.FloatField)):
        return field.widget, _steps(field)
    return field.widget, {}


def _steps(field: forms.IntegerField | forms.FloatField) -> dict[str, Any]:
    """Steps that lead through the whole of a number's range."""
    low, high = field.min_value, field.max_value
    if low is None or high is None or callable(low) or callable(high) or not low < high:
        return {}
    step = 10.0 ** floor(log10((high - low) / STEPS))
    if not isinstance(field, forms.FloatField):
        return {"step": 1} | ({"data-slider": "1"} if step <= 1 else {})
    return {"step": f"{step:g}", "data-slider": "1"}


def _limit(field: LimitField, name: str, value: Any, spec: PlotSpec, data: Data) -> forms.Widget:
    """What is chosen from a calendar where the axis shows days, and a number on one of numbers."""
    kind = kinds.get(spec.kind)
    channel = kind.axis_channels(spec.options)[name[0] == "y"]
    sort = dict(data.axes)[channel].dtype if channel in dict(data.axes) else ""
    text = "" if value is None else str(value)
    if sort == "date" and (not text or _is_day(text)):
        return forms.DateInput({"type": "date"})
    if sort == "number" and (not text or read_number(text) is not None):
        return forms.NumberInput({"step": "any"})
    return field.widget


def _is_day(text: str) -> bool:
    try:
        return read_date(text) is not None and len(text) == len("2026-01-31")
    except (ValueError, OverflowError):
        return False


def _colors(spec: PlotSpec, data: Data) -> list[str]:
    """The colours that its series have."""
    palette = spec.frame.colors or themes()[spec.frame.theme].palette
    first = next(iter(data.panels.values()), data.series)
    count = max(1, len(first), len(spec.frame.colors))
    return [palette[place % len(palette)][:7] for place in range(count)]
