"""Reference of a kind's parameters."""

from __future__ import annotations

from collections.abc import Iterator

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plots.conf import conf
from plots.forms.axis_fields import LimitField, OrderField, ReferenceField, ZoneField
from plots.forms.columns import ColumnsField, LabelsField
from plots.forms.fields import ColorsField, RepeatedField, ScaleField, SideField, SwitchField
from plots.forms.plot_form import PlotForm
from plots.i18n import translate
from plots.spec.ordering import ORDERS
from plots.spec.registry import Kind

from .controls import as_text


def parameter_reference(kind: Kind) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """Yield each heading of ``kind`` with its parameters: name, accepted values, default, help."""
    for heading, fields in PlotForm(kind, {}).groups():
        yield (
            heading,
            [
                {
                    "name": each.name,
                    "accepts": accepted_values(each.field),
                    "default": as_text(each.field.initial).removesuffix(".0"),
                    "help": translate(each.help_text),
                }
                for each in fields
            ],
        )


ACCEPTED_COLUMNS = {
    "any": gettext_lazy("numbers, dates or names, comma-separated"),
    "ordered": gettext_lazy("numbers or dates, comma-separated"),
    "number": gettext_lazy("numbers, comma-separated"),
    "category": gettext_lazy("names, comma-separated"),
    "grid": gettext_lazy("rows of numbers, such as 1,2;3,4"),
    "link": gettext_lazy("URLs, comma-separated"),
}


def accepted_values(field: forms.Field) -> str:
    """Describe the values that ``field`` accepts."""
    if isinstance(field, SwitchField):
        return _("1 or 0")
    if isinstance(field, ColumnsField):
        return str(ACCEPTED_COLUMNS[field.dtype])
    if isinstance(field, LabelsField):
        return _("text; repeat it for more")
    if isinstance(field, ReferenceField):
        if field.ends == 2:
            return _("two values and a label; repeat it for more")
        return _("a value and a label; repeat it for more")
    if isinstance(field, RepeatedField):
        return _("names of columns")
    if isinstance(field, ColorsField):
        return _("colours, comma-separated")
    if isinstance(field, OrderField):
        return _("%(orders)s, or names") % {"orders": ", ".join(ORDERS)}
    if isinstance(field, ZoneField):
        return _("a time zone")
    if isinstance(field, LimitField):
        return _("a number or an ISO date")
    if known := getattr(field.widget, "choices", ()):
        return ", ".join(str(name) for name, _ in known if name != "")
    if isinstance(field, forms.IntegerField):
        return _accepted_numbers(field)
    return _("text, up to %(count)d characters") % {"count": conf.MAX_TEXT}


def _accepted_numbers(field: forms.IntegerField) -> str:
    """Describe the range of a number field."""
    low, high = getattr(field, "min_value", None), getattr(field, "max_value", None)
    if isinstance(field, SideField):
        low, high = conf.MIN_SIDE, conf.MAX_SIDE
    if isinstance(field, ScaleField):
        low, high = conf.MIN_SCALE, conf.MAX_SCALE
    is_real = isinstance(field, (forms.FloatField, forms.DecimalField))
    number = _("number") if is_real else _("integer")
    if low is not None and high is not None:
        low, high = (f"{end:,g}" if high < 1e6 else f"{end:g}" for end in (low, high))
        return _("%(number)s, %(low)s to %(high)s") % {"number": number, "low": low, "high": high}
    if low is not None:
        return _("%(number)s from %(low)s") % {"number": number, "low": f"{low:g}"}
    return number
