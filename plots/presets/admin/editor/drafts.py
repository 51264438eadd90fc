"""The plot that a form on the page stands for, saved or not: its kind, source and parameters.

Of a form whose kind or source was just chosen anew, the fields are still those of the old one.
What the new fields can show of it is carried over; the rest falls away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict

from plots.errors import PlotError
from plots.forms.binding import repeats
from plots.forms.columns import ColumnNamesField, drawable_columns
from plots.forms.fields import Lines
from plots.forms.plot_form import PlotForm
from plots.presets.models import PREFIX, Preset

# Posted beside a form: that its fields are to become those of its kind and source, …
REFRESH = "_refresh"
# … whose fields they still are, …
OF = "_of"
# … and, before a field's name, what it said when these kind and source were shown last.
WAS = "was_"


def draft_of(request: HttpRequest, preset: Preset | None) -> Preset:
    """What the form in ``request`` says, else what an address wants added, else ``preset``.

    It is not saved, nor is anything that is made of it kept.
    """
    posted, given = request.POST, request.GET
    if "kind" in posted:
        draft = Preset(kind=posted["kind"], source=posted.get("source", ""))
        draft.parameters = dict(_parameters(draft, posted))
    elif preset:
        draft = Preset(kind=preset.kind, source=preset.source, parameters=preset.parameters)
    else:
        draft = Preset(kind=given.get("kind", "line"), source=given.get("source", ""))
        draft.parameters = {
            name.removeprefix(PREFIX): values
            for name, values in given.lists()
            if name.startswith(PREFIX)
        }
    draft.title = posted.get("title") or (preset.title if preset else "")
    draft.cache = Preset.Cache.NEVER
    return draft


def form_of(draft: Preset) -> PlotForm | None:
    """The fields of its kind and source, with its values; None if there is no such kind."""
    try:
        return draft.form()
    except PlotError:
        return None


def changed(draft: Preset, form: PlotForm) -> set[str]:
    """The names of the fields of ``form`` that do not say what they would by themselves."""
    plain = {field.name: _lines(field.value()) for field in _blank(draft) or ()}
    return {field.name for field in form if _lines(field.value()) != plain[field.name]}


def _parameters(draft: Preset, data: QueryDict) -> Iterator[tuple[str, list[str]]]:
    """What ``data`` says of each field of the draft's kind and source."""
    form = _blank(draft)
    if form is None:
        return
    of = data.get(OF, f"{draft.kind} {draft.source}")
    # Values are no names of columns, nor the other way round.
    others = () if bool(of.partition(" ")[2]) == bool(draft.source) else form.kind.accepted_channels
    misread = {"source", *(channel.name for channel in others)}
    for bound in form:
        now, was = (_posted(bound.field, data, each + PREFIX + bound.name) for each in ("", WAS))
        if REFRESH in data and (bound.name in misread or not _fits(form, bound, now)):
            now = was if _fits(form, bound, was) else []
        if now and bound.name != "source":
            yield bound.name, now


def _posted(field: forms.Field, data: QueryDict, name: str) -> list[str]:
    if repeats(field):
        # Whether they come as lines or as choices of a list.
        return [each for each in Lines().value_from_datadict(data, {}, name) if each.strip()]
    text = data.get(name, "")
    return [text] if text.strip() else []


def _fits(form: PlotForm, bound: forms.BoundField, values: Sequence[str]) -> bool:
    """Whether the field can show ``values``: text shows any, so that it can be mended."""
    field: Any = bound.field
    if not values:
        return False
    if isinstance(field, ColumnNamesField):
        known = form.source and form.source.columns
        channel = next(each for each in form.kind.accepted_channels if each.name == bound.name)
        return not known or {*field.read(values)} <= {*drawable_columns(channel, known)}
    if not isinstance(field, (forms.ChoiceField, forms.IntegerField, forms.DateField)):
        return True
    try:
        field.clean([*values] if repeats(field) else values[0])
    except ValidationError:
        return False
    return True


def _blank(draft: Preset) -> PlotForm | None:
    return form_of(Preset(kind=draft.kind, source=draft.source))


def _lines(value: Any) -> list[str]:
    given = value if isinstance(value, (list, tuple)) else [value]
    return [str(each) for each in given if each not in (None, "")]
