"""The unsaved preset that the data of a form describe: its kind, source and parameters.

After another kind or source is chosen, the form still has the fields of the previous one. Values
that are valid in the new fields are kept. The others are dropped.
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
from plots.presets.overlaps import find_summary, remark

# Posted to get the fields of another kind or source.
REFRESH = "_refresh"
# Posted with the kind and source whose fields the form has.
FIELDS_OF = "_of"
# Posted after the user has edited the statistic.
KEEP = "_keep"
_CHOSEN = "_plots_summary"
# Prefix of posted values that a field had when this kind and source were last chosen.
PREVIOUS = "was_"


def draft_of(request: HttpRequest, preset: Preset | None) -> Preset:
    """Return an unsaved preset from the posted form, the query, or ``preset``.

    If its rows would hide each other, a statistic is chosen. Its images are never cached.
    """
    draft = _given(request, preset)
    if stat := _summary(request, draft):
        draft.parameters = {**draft.parameters, "stat": [stat]}
    return draft


def remark_on(request: HttpRequest, draft: Preset) -> str:
    """Return why ``draft`` has a statistic that was chosen for it, or ""."""
    return remark(draft, request.user) if _chosen(request) else ""


def _summary(request: HttpRequest, draft: Preset) -> str:
    """Return the statistic for ``draft``, unless the user wants the rows as they are."""
    chosen = _chosen(request)
    if chosen is None:
        chosen = ""
        if KEEP not in request.POST:
            chosen = find_summary(draft, request.user, counts_text=True)
        setattr(request, _CHOSEN, chosen)
    return chosen


def _chosen(request: HttpRequest) -> str | None:
    """The statistic that was chosen in this request, which makes its draft several times."""
    found: str | None = getattr(request, _CHOSEN, None)
    return found


def _given(request: HttpRequest, preset: Preset | None) -> Preset:
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
    """Return the parameter form of the draft, or None if its kind is not registered."""
    try:
        return draft.form()
    except PlotError:
        return None


def changed(draft: Preset, form: PlotForm) -> set[str]:
    """Return the names of the fields of ``form`` that do not have their initial value."""
    plain = {field.name: _lines(field.value()) for field in _default_form(draft) or ()}
    return {field.name for field in form if _lines(field.value()) != plain[field.name]}


def _parameters(draft: Preset, data: QueryDict) -> Iterator[tuple[str, list[str]]]:
    """Yield the posted values of the fields of the draft's kind and source."""
    form = _default_form(draft)
    if form is None:
        return
    of = data.get(FIELDS_OF, f"{draft.kind} {draft.source}")
    # Inline values are not names of columns, and names of columns are not values.
    others = () if bool(of.partition(" ")[2]) == bool(draft.source) else form.kind.accepted_channels
    dropped = {"source", *(channel.name for channel in others)}
    for bound in form:
        now, previous = (
            _posted(bound.field, data, each + PREFIX + bound.name) for each in ("", PREVIOUS)
        )
        if REFRESH in data and (bound.name in dropped or not _is_valid(form, bound, now)):
            now = previous if _is_valid(form, bound, previous) else []
        if now and bound.name != "source":
            yield bound.name, now


def _posted(field: forms.Field, data: QueryDict, name: str) -> list[str]:
    if repeats(field):
        # They may be lines of a text area or the choices of a list.
        return [each for each in Lines().value_from_datadict(data, {}, name) if each.strip()]
    text = data.get(name, "")
    return [text] if text.strip() else []


def _is_valid(form: PlotForm, bound: forms.BoundField, values: Sequence[str]) -> bool:
    """Return whether the field accepts ``values``. Text fields accept any, to be fixed."""
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


def _default_form(draft: Preset) -> PlotForm | None:
    return form_of(Preset(kind=draft.kind, source=draft.source))


def _lines(value: Any) -> list[str]:
    given = value if isinstance(value, (list, tuple)) else [value]
    return [str(each) for each in given if each not in (None, "")]
