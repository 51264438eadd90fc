"""Bind parameters to forms. A missing parameter has its default; each mistake is a PlotError."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from plots.errors import PlotError, suggestion
from plots.spec.registry import kinds, sources
from plots.values.scalars import read_number, write_value

from .fields import RepeatedField, SwitchField

Parameters = Mapping[str, Sequence[Any]]

# Names that other chart services use.
ALIASES = {"devicePixelRatio": "scale", "w": "width", "h": "height"}
# Parameters of a URL that do not describe the plot: its revision, its signature, and the time at
# which the signature expires.
REVISION, SIGNATURE, UNTIL = RESERVED = ("v", "sig", "until")
# Parameters that newsletters, advertisements and social networks add to links.
TRACKING = re.compile(r"(?:utm|mc)_.+|fbclid|gclid|msclkid|_ga|igshid")
# The rest of an HTML entity in the name of a parameter: a link copied from HTML has "&amp;".
_ENTITY = re.compile(r"(?:amp;)+")
# What a query string has if ``read_query`` may change it. "," and ";" may be encoded.
_MAY_CHANGE = re.compile(r"(?:utm|mc)(?:_|%5F)|clid|_ga|%5Fga|igshid|amp(?:;|%3B)", re.IGNORECASE)


def read_query(given: Parameters, kind: str = "", source: str = "") -> dict[str, list[Any]]:
    """Return the parameters of a URL without what was added while the URL was passed on.

    Tracking parameters are left out unless the kind or the source declares an option of that
    name, and "&amp;" between parameters means "&". All views read their query by this function.

    Parameters
    ----------
    given : mapping of str to sequence of str
        The parameters in the URL.
    kind, source : str
        Names of the kind and of the source that declare the options. The default of ``source``
        is the parameter of that name.

    Examples
    --------
    >>> read_query({"y": ["1,2"], "amp;title": ["Sales"], "utm_source": ["news"]})
    {'y': ['1,2'], 'title': ['Sales']}
    """
    query: dict[str, list[Any]] = {}
    for name, values in given.items():
        entity = _ENTITY.match(name)
        query.setdefault(name[entity.end() :] if entity else name, []).extend(values)
    if tracking := {name for name in query if TRACKING.fullmatch(name)}:
        tracking -= _declared_options(kind, source or next(iter(query.get("source", ())), ""))
    return {name: values for name, values in query.items() if name not in tracking}


def query_key(query: str, kind: str = "", source: str = "") -> str:
    """Return the part of a cache key for a query string, which ``read_query`` reads."""
    if _MAY_CHANGE.search(query) is None:
        return query.replace("%2C", ",")  # as in a ``srcset``
    given = parse_qs(query, keep_blank_values=True)
    return urlencode(read_query(given, kind, source), doseq=True, safe=",:;")


def _declared_options(kind: str, source: str) -> set[str]:
    names = set(kinds.get(kind).options.base_fields) if kind in kinds else set()
    try:
        return names | set(sources.get(source).options.base_fields) if source else names
    except PlotError:  # the form reports the unknown source
        return names


def resolve_aliases(parameters: Parameters) -> dict[str, list[Any]]:
    """Return ``parameters`` under their canonical names, without the reserved ones."""
    given: dict[str, list[Any]] = {}
    for name, values in parameters.items():
        if name not in RESERVED:
            given.setdefault(ALIASES.get(name, name), []).extend(values)
    return given


def last_value(parameters: Parameters, name: str, default: str = "") -> str:
    """Return the last value of the parameter ``name``, or ``default``."""
    return str([default, *parameters.get(name, ())][-1])


def as_parameters(given: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    """Return parameters from a JSON-like mapping, in which only repeated ones are lists."""
    return {name: value if isinstance(value, list) else [value] for name, value in given.items()}


def bind(form_class: type[forms.Form], given: Parameters) -> forms.Form:
    """Bind ``form_class`` to ``given``. A missing or empty parameter has its initial value."""
    form = form_class(MultiValueDict())
    form.fields = {name: _as_parameter(field) for name, field in form.fields.items()}
    return _fill(form, given)


def bind_shared(form_class: type[forms.Form], given: Parameters) -> forms.Form:
    """Bind like ``bind``, with fields that all such forms share and nobody may change."""
    if form_class.__init__ is not forms.Form.__init__:
        return bind(form_class, given)  # the form may change its fields
    bare, fields = _split_fields(form_class)
    form = bare(MultiValueDict())
    form.fields = fields
    return _fill(form, given)


@lru_cache(maxsize=256)
def _split_fields(form_class: type[forms.Form]) -> tuple[type[forms.Form], dict[str, forms.Field]]:
    """Split ``form_class`` into a form without fields, which Django copies slowly, and them."""
    bare: Any = type(form_class.__name__, (form_class,), {})
    bare.base_fields = {}
    return bare, {name: _as_parameter(field) for name, field in form_class.base_fields.items()}


def _fill(form: forms.Form, given: Parameters) -> forms.Form:
    values: Any = form.data
    fields = form.fields
    for name, field in fields.items():
        own = [value for value in given.get(name, ()) if not _is_blank(value)]
        if not own and field.initial is not None:
            default = field.initial() if callable(field.initial) else field.initial
            own = list(default) if isinstance(default, (list, tuple)) else [default]
        values.setlist(name, own if repeats(field) else [_as_text(value) for value in own])
    form.full_clean()
    for name, field in fields.items():
        if isinstance(field, (forms.IntegerField, forms.DecimalField)):
            text = values.get(name)
            if text is not None and read_number(text) is None:
                form.errors.pop(name, None)  # Django's message does not quote the value
                message = _("“%(value)s” is not a number.") % {"value": text[:40]}
                form.add_error(name, ValidationError(message, code="invalid"))
            elif isinstance(number := form.cleaned_data.get(name), float):
                form.cleaned_data[name] = number + 0.0  # -0.0 is written as 0 and drawn alike
    return form


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return write_value(value) if isinstance(value, float) else str(value).strip()


def _as_parameter(field: forms.Field) -> forms.Field:
    """Replace a checkbox by a switch: a URL cannot distinguish "off" from "not given"."""
    if type(field) is not forms.BooleanField:
        return field
    return SwitchField(initial=bool(field.initial), label=field.label, help_text=field.help_text)


def explain_unknown(name: str, known: Iterable[str]) -> str:
    """Return a hint to append to the message that there is no parameter ``name``."""
    if re.fullmatch(r"[\w-]*", name):
        return suggestion(name, known)
    return " " + _(
        "Names of parameters have only letters, digits and “_”. The URL was probably changed when "
        "it was copied. Copy it again as plain text, with “&” between its parameters."
    )


def repeats(field: forms.Field) -> bool:
    """Whether the parameter of ``field`` may be repeated."""
    return isinstance(field, RepeatedField) or getattr(
        field.widget, "allow_multiple_selected", False
    )


def may_repeat(field: forms.Field) -> bool:
    """Whether a URL may have the parameter of ``field`` several times; a grid has it for rows."""
    is_single = getattr(field, "most", None) == 1 and getattr(field, "dtype", "") != "grid"
    return repeats(field) and not is_single


def errors_of(form: forms.Form) -> Iterator[PlotError]:
    """Yield the errors of a bound form as PlotErrors."""
    for name, errors in form.errors.as_data().items():
        field = form.fields.get(name)
        for error in errors:
            message = " ".join(error.messages)
            if error.code == "invalid_choice" and isinstance(field, forms.ChoiceField):
                value = str(form.data.get(name))
                known = [str(key) for key, label in field.widget.choices if key != ""]
                message = _("“%(value)s” is not a choice here.") % {"value": value[:40]}
                message += suggestion(value, known)
            yield PlotError(message, error.code or "invalid", None if field is None else name)
