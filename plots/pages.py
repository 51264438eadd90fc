"""What the pages about a plot show of it: its controls, picture, addresses, data and parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import sharing
from .columns import Column, write_value
from .conf import conf
from .data import Data, load
from .errors import PlotError
from .fields import (
    ColorsField,
    ColumnsField,
    LabelsField,
    LimitField,
    OrderField,
    ReferenceField,
    RepeatedField,
    ScaleField,
    SideField,
    SwitchField,
    ZoneField,
)
from .formats import FORMATS
from .forms import PlotForm, rename
from .language import translated, translated_choices
from .models import ALWAYS_ALLOWED, PREFIX, Preset
from .order import ORDERS
from .registry import Kind, Source, sources
from .shortcuts import Plot
from .visibility import User
from .widgets import fitting

TABLE_ROWS = 200
LONGEST = 6000  # characters of an address that every server takes


@dataclass(frozen=True)
class Attempt:
    """What came of parameters: the form they fill and, if it has no errors, its plot and data."""

    form: PlotForm | None = None
    plot: Plot | None = None
    data: Data = field(default_factory=Data)
    errors: tuple[PlotError, ...] = ()

    @property
    def table(self) -> Mapping[str, Column]:
        return dict(self.data.table)


def attempt(
    viewer: User, make: Callable[[], PlotForm], *preset: Any, trusted: bool = False
) -> Attempt:
    """The plot of the form that ``make`` makes, as a view of ``preset`` with its overrides.

    ``viewer`` is who sees it.
    """
    form = None
    try:
        form = make()
        plot = replace(Plot(form.spec.seen_by(viewer), *preset), trusted=trusted)
        # The next picture of a random kind has other values than a table here would have.
        return Attempt(form, plot, Data() if plot.spec.is_random else load(plot.spec))
    except PlotError as error:
        return Attempt(form, errors=error.all)


@dataclass(frozen=True)
class Control:
    """A parameter's control: what it shows, what it would be if left alone, and what is wrong."""

    field: forms.BoundField
    value: Any
    default: str
    errors: tuple[str, ...] = ()
    automatic: bool = False
    shown: Attempt = Attempt()

    @property
    def is_group(self) -> bool:
        """Whether it is several inputs, each with a label of its own."""
        return isinstance(self.field.field, SwitchField)

    @property
    def id(self) -> str:
        return self.field.id_for_label

    @property
    def label(self) -> str:
        return translated(self.field.label)

    @property
    def widget(self) -> SafeString:
        spec = self.shown.plot.spec if self.shown.plot else None
        widget, fit = fitting(self.field.field, self.field.name, self.value, spec, self.shown.data)
        if self.errors and isinstance(widget, forms.NumberInput):
            widget, fit = forms.TextInput(), {}  # the other would not show what is no number
        attrs = fit | {
            "id": self.id,
            "aria-describedby": f"{self.id}_help {self.id}_error",
            "data-default": self.default,
        }
        if not self.is_group:
            attrs["autocomplete"] = "off"  # the address alone says what the controls show
        if self.errors:
            attrs["aria-invalid"] = "true"
        if isinstance(widget, forms.widgets.ChoiceWidget):
            known = translated_choices(widget.choices)
            if self.automatic:
                known = [("", _("automatic")), *(each for each in known if each[0] != "")]
            widget.choices = known
        elif self.automatic:
            attrs["placeholder"] = _("automatic")
        return widget.render(self.field.html_name, self.value, attrs)


def page_response(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A page is never shared: it shows what its visitor may see, with the revisions of now."""
    response = render(request, template, context)
    patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response


def asked(given: Mapping[str, Sequence[str]]) -> set[str]:
    """The names of the parameters that an address has values for."""
    return {name for name, values in rename(given).items() if any(values)}


def preset_controls(
    preset: Preset, names: set[str], tried: Attempt, base: Attempt
) -> list[Control]:
    """The controls of what visitors may change of ``preset``; ``base`` is what it is by itself."""
    # An address that asks for what may not be changed is shown beside the preset as it is.
    form, names = (tried.form, names) if tried.form else (base.form, set())
    fields = {each.name: each for each in form or ()}
    saved = {each.name: each.value() for each in base.form or ()}
    shown = tried if tried.plot else base
    return [
        _control(fields[name], names, saved.get(name, fields[name].initial), tried.errors, shown)
        for name in dict.fromkeys([*preset.overrides, *ALWAYS_ALLOWED])
        if name in fields
    ]


def kind_controls(names: set[str], tried: Attempt) -> Iterator[tuple[str, list[Control], bool]]:
    """The controls of all parameters of a kind, by heading, and whether one of them is wrong."""
    for heading, fields in tried.form.groups() if tried.form else ():
        made = [_control(each, names, each.field.initial, tried.errors, tried) for each in fields]
        yield heading, made, any(control.errors for control in made)


def _control(
    field: forms.BoundField,
    names: set[str],
    default: Any,
    errors: Iterable[PlotError],
    shown: Attempt,
) -> Control:
    # How large and in which colours a plot is shown is left to the page until somebody asks.
    automatic = field.name in ALWAYS_ALLOWED
    value = "" if automatic and field.name not in names else field.value()
    if isinstance(field.field, SwitchField) and value:
        value = field.field.to_python(value)  # which may be spelt as a word
    return Control(
        field,
        value,
        "" if automatic else _as_text(default),
        tuple(error.message for error in errors if error.parameter == field.name),
        automatic,
        shown,
    )


def _as_text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def about(request: HttpRequest, shown: Attempt) -> dict[str, Any]:
    """What a page says about a plot besides its picture: where to get it, and its data."""
    plot, table = shown.plot, shown.table
    if plot is None:
        return {}
    formats = [name for name in FORMATS if table or FORMATS[name].is_picture]
    downloads = [(name, plot.url(name)) for name in formats]
    if sharp := plot.sharp():
        downloads.insert(1, ("png 2×", plot.url("png", **sharp)))
    rows: Iterable[tuple[Any, ...]] = zip(*table.values(), strict=True)
    return {
        "alt": plot.alt,
        "address": request.build_absolute_uri(sharing.address(plot)),
        "codes": [*sharing.codes(request, plot)],
        "downloads": downloads,
        "all_rows": plot.url("csv"),
        "words": plot.words,
        "headings": list(table),
        "rows": [[write_value(value) for value in row] for row in islice(rows, TABLE_ROWS)],
        "row_count": max((len(column) for column in table.values()), default=0),
    }


def origin(preset: Preset, user: User) -> Source | None:
    """Where the data of ``preset`` come from, if that is for ``user`` to know."""
    try:
        return sources.get_for(user, preset.source) if preset.source else None
    except PlotError:
        return None


def save_url(plot: Plot | None) -> str:
    """Where the admin would save ``plot`` as a preset; nothing where there is no such page."""
    if plot is None or plot.preset:
        return ""
    given = {PREFIX + name: values for name, values in plot.parameters.items() if name != "source"}
    source = plot.parameters.get("source", [])
    query = urlencode({"kind": plot.spec.kind, "source": source, **given}, doseq=True)
    try:
        return f"{reverse('admin:plots_preset_add')}?{query}" if len(query) < LONGEST else ""
    except NoReverseMatch:
        return ""


def reference(kind: Kind) -> Iterator[tuple[str, list[dict[str, str]]]]:
    """All parameters of ``kind``, by heading: name, what it takes, default and help."""
    for heading, fields in PlotForm(kind, {}).groups():
        yield (
            heading,
            [
                {
                    "name": each.name,
                    "takes": takes(each.field),
                    "default": _as_text(each.field.initial).removesuffix(".0"),
                    "help": translated(each.help_text),
                }
                for each in fields
            ],
        )


COLUMNS = {
    "any": gettext_lazy("numbers, dates or names, comma-separated"),
    "number": gettext_lazy("numbers, comma-separated"),
    "category": gettext_lazy("names, comma-separated"),
    "grid": gettext_lazy("numbers in rows, as 1,2;3,4"),
    "link": gettext_lazy("addresses, comma-separated"),
}


def takes(field: forms.Field) -> str:
    """What may be given for ``field``, in a few words."""
    if isinstance(field, SwitchField):
        return _("1 or 0")
    if isinstance(field, ColumnsField):
        return str(COLUMNS[field.sort])
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
        low, high = getattr(field, "min_value", None), getattr(field, "max_value", None)
        if isinstance(field, SideField):
            low, high = conf.MIN_SIDE, conf.MAX_SIDE
        if isinstance(field, ScaleField):
            low, high = conf.MIN_SCALE, conf.MAX_SCALE
        real = isinstance(field, (forms.FloatField, forms.DecimalField))
        what = _("number") if real else _("integer")
        if low is not None and high is not None:
            low, high = (f"{end:,g}" if high < 1e6 else f"{end:g}" for end in (low, high))
            return _("%(number)s, %(low)s to %(high)s") % {"number": what, "low": low, "high": high}
        if low is not None:
            return _("%(number)s from %(low)s") % {"number": what, "low": f"{low:g}"}
        return what
    return _("text, up to %(count)d characters") % {"count": conf.MAX_TEXT}
