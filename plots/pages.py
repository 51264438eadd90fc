"""What the pages about a plot show of it: its controls, picture, addresses, data and parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .columns import Column, write_value
from .conf import conf
from .data import load
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
from .forms import REVISION, PlotForm, rename
from .language import translated, translated_choices
from .models import ALWAYS_ALLOWED, PREFIX, Preset
from .order import ORDERS
from .registry import Kind
from .shortcuts import Plot

TABLE_ROWS = 200
LONGEST = 6000  # characters of an address that every server takes
_MARKUP, _ESCAPED = re.compile(r"([][\\])"), r"\\\1"  # what ends the alt of a Markdown image


@dataclass(frozen=True)
class Attempt:
    """What came of parameters: the form they fill and, if it has no errors, its plot and data."""

    form: PlotForm | None = None
    plot: Plot | None = None
    table: Mapping[str, Column] = field(default_factory=dict)
    errors: tuple[PlotError, ...] = ()


def attempt(make: Callable[[], PlotForm], *preset: Any, trusted: bool = False) -> Attempt:
    """The plot of the form that ``make`` makes, as a view of ``preset`` with its overrides."""
    form = None
    try:
        form = make()
        plot = replace(Plot(form.spec, *preset), trusted=trusted)
        # The next picture of a random kind has other values than a table here would have.
        return Attempt(form, plot, {} if plot.spec.is_random else dict(load(plot.spec).table))
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

    @property
    def id(self) -> str:
        return self.field.id_for_label

    @property
    def label(self) -> str:
        return translated(self.field.label)

    @property
    def widget(self) -> SafeString:
        widget = self.field.field.widget
        attrs = {
            "id": self.id,
            "aria-describedby": f"{self.id}_help {self.id}_error",
            "autocomplete": "off",  # the address alone says what the controls show
            "data-default": self.default,
        }
        if self.errors:
            attrs["aria-invalid"] = "true"
            if isinstance(widget, forms.NumberInput):
                widget = forms.TextInput()  # the other would not show what is no number
        if isinstance(widget, forms.Select):
            known = translated_choices(widget.choices)
            if self.automatic:
                known = [("", _("automatic")), *(each for each in known if each[0] != "")]
            widget.choices = known
        elif self.automatic:
            attrs["placeholder"] = _("automatic")
        return widget.render(self.field.html_name, self.value, attrs)


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
    return [
        _control(fields[name], names, saved.get(name, fields[name].initial), tried.errors)
        for name in dict.fromkeys([*preset.overrides, *ALWAYS_ALLOWED])
        if name in fields
    ]


def kind_controls(names: set[str], tried: Attempt) -> Iterator[tuple[str, list[Control], bool]]:
    """The controls of all parameters of a kind, by heading, and whether one of them is wrong."""
    for heading, fields in tried.form.groups() if tried.form else ():
        made = [_control(each, names, each.field.initial, tried.errors) for each in fields]
        yield heading, made, any(control.errors for control in made)


def _control(
    field: forms.BoundField, names: set[str], default: Any, errors: Iterable[PlotError]
) -> Control:
    # How large and in which colours a plot is shown is left to the page until somebody asks.
    automatic = field.name in ALWAYS_ALLOWED
    return Control(
        field,
        "" if automatic and field.name not in names else field.value(),
        "" if automatic else _as_text(default),
        tuple(error.message for error in errors if error.parameter == field.name),
        automatic,
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
    frame = plot.spec.frame
    downloads = [(name, plot.url(name)) for name in FORMATS if table or FORMATS[name].is_picture]
    scale = 2 * frame.scale
    if scale <= conf.MAX_SCALE and frame.width * frame.height * scale**2 <= conf.MAX_PIXELS:
        downloads.insert(1, ("png 2x", plot.url("png", scale=scale)))
    rows: Iterable[tuple[Any, ...]] = zip(*table.values(), strict=True)
    return {
        "alt": plot.alt,
        **codes(request, plot),
        "downloads": downloads,
        "words": plot.words,
        "headings": list(table),
        "rows": [[write_value(value) for value in row] for row in islice(rows, TABLE_ROWS)],
        "row_count": max((len(column) for column in table.values()), default=0),
    }


def codes(request: HttpRequest, plot: Plot) -> dict[str, str]:
    """What puts ``plot`` into other pages: its address, as HTML, as Markdown, and its tag."""
    url, frame = request.build_absolute_uri(address(plot)), plot.spec.frame
    img = '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">'
    return {
        "address": url,
        "html": format_html(img, url, frame.width, frame.height, plot.alt),
        "markdown": f"![{_MARKUP.sub(_ESCAPED, plot.alt)}]({url})",
        "tag": _tag(plot),
    }


def address(plot: Plot, format: str | None = None) -> str:
    """The address to hand on. Without a revision, or the picture would be kept for a year."""
    path, _, query = plot.url(format).partition("?")
    kept = "&".join(each for each in query.split("&") if not each.startswith(f"{REVISION}="))
    return f"{path}?{kept}".rstrip("?")


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


def _tag(plot: Plot) -> str:
    """The template tag of ``plot``, or nothing for one whose values only fit an address."""
    named = f'preset="{plot.preset.slug}"' if plot.preset else f'"{plot.spec.kind}"'
    given = plot.parameters
    if any(len(values) > 1 or '"' in values[0] for values in given.values()):
        return ""
    arguments = "".join(f' {name}="{values[0]}"' for name, values in given.items())
    return f"{{% plot_img {named}{arguments} %}}"


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
