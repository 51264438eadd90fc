"""Widgets for the parameters of a plot that is shown beside them."""

from __future__ import annotations

from math import floor, log10
from typing import Any

from django import forms

from plots.conf import conf
from plots.data.model import Data
from plots.forms.axis_fields import LimitField
from plots.forms.fields import ColorsField, ScaleField, SideField, SwitchField
from plots.kinds.styles import series_styles
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds
from plots.spec.themes import themes
from plots.values.scalars import read_date, read_number

# A slider has at least this many steps, and at most ten times as many.
STEPS = 40


def widget_for(
    field: forms.Field,
    name: str,
    value: Any,
    spec: PlotSpec | None = None,
    data: Data | None = None,
) -> tuple[forms.Widget, dict[str, Any]]:
    """Return a widget for ``field`` that can show ``value``, and its attributes.

    ``spec`` and ``data`` describe the plot beside it, if it can be drawn. The scripts read
    ``data-slider`` and ``data-colors``.
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
    """Return the step of a number field that has a range, and whether it gets a slider."""
    low, high = field.min_value, field.max_value
    if low is None or high is None or callable(low) or callable(high) or not low < high:
        return {}
    step = 10.0 ** floor(log10((high - low) / STEPS))
    if not isinstance(field, forms.FloatField):
        return {"step": 1} | ({"data-slider": "1"} if step <= 1 else {})
    return {"step": f"{step:g}", "data-slider": "1"}


def _limit(field: LimitField, name: str, value: Any, spec: PlotSpec, data: Data) -> forms.Widget:
    """Return a date input for an axis of dates and a number input for one of numbers."""
    kind = kinds.get(spec.kind)
    channel = kind.axis_channels(spec.options)[name[0] == "y"]
    dtype = dict(data.axes)[channel].dtype if channel in dict(data.axes) else ""
    text = "" if value is None else str(value)
    if dtype == "date" and (not text or _is_day(text)):
        return forms.DateInput({"type": "date"})
    if dtype == "number" and (not text or read_number(text) is not None):
        return forms.NumberInput({"step": "any"})
    return field.widget


def _is_day(text: str) -> bool:
    try:
        return read_date(text) is not None and len(text) == len("2026-01-31")
    except (ValueError, OverflowError):
        return False


def _colors(spec: PlotSpec, data: Data) -> list[str]:
    """Return the colours of the series."""
    theme = themes()[spec.frame.theme]
    first = next(iter(data.panels.values()), data.series)
    places = tuple(data.places.get(series.name or series.label) for series in first)
    count = max(1, len(first), len(spec.frame.colors))
    styles = series_styles(places, spec.frame.colors or theme.palette, theme.ground, count)
    return [style.color[:7] for style in styles]
