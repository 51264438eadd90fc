"""Detect that another user has saved a preset while it was being edited."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.forms import BoundField, ModelForm
from django.utils.choices import flatten_choices
from django.utils.translation import gettext as _

from plots.forms.binding import as_parameters
from plots.presets.models import PREFIX, Preset

from .drafts import changed, form_of


@dataclass(frozen=True)
class Difference:
    """A field whose saved value differs from the value in the form."""

    label: str
    theirs: str
    yours: str


@dataclass(frozen=True)
class SavedByOther:
    """A preset that another user has saved."""

    preset: Preset

    @property
    def message(self) -> str:
        editor = self.preset.editor
        message = _(
            "%(user)s has saved this preset since you opened it. Your changes are not saved yet. "
            "Compare both versions below, change what you like, and save again to replace the "
            "other version."
        )
        return message % {"user": str(editor) if editor else _("Another user")}

    def differences(self, form: ModelForm) -> list[Difference]:
        """Return the fields of ``form`` whose saved value differs, in order."""
        return [each for each in self._fields(form) if each.theirs != each.yours]

    def _fields(self, form: ModelForm) -> Iterator[Difference]:
        saved = {PREFIX + field.name: field.value() for field in form_of(self.preset) or ()}
        chosen = {name: form[name].data or "" for name in ("kind", "source")}
        draft = Preset(**chosen, parameters=form.instance.parameters)
        own = form_of(draft)
        touched = {PREFIX + name for name in changed(draft, own)} if own else set()
        for bound in form:
            name = bound.name
            if name in saved or not name.startswith(PREFIX):
                theirs = saved.get(name, getattr(self.preset, name, None))
                if name == "groups":
                    theirs = [str(group.pk) for group in self.preset.groups.all()]
                yield Difference(str(bound.label), _text(bound, theirs), _text(bound, bound.data))
            elif name in touched:  # the saved kind has no such field
                yield Difference(str(bound.label), "", _text(bound, bound.data))
        for name, values in as_parameters(self.preset.parameters).items():
            if PREFIX + name not in form.fields:  # the kind in the form has no such field
                yield Difference(name, "\n".join(map(str, values)), "")


def saved_since(pk: Any, opened: str) -> SavedByOther | None:
    """Return the preset if another user has saved it since the time ``opened``.

    The row is locked until the transaction ends, so that one of two concurrent saves gets the
    conflict.
    """
    if not pk or not opened:
        return None
    now = Preset.objects.select_for_update().filter(pk=pk).first()
    return SavedByOther(now) if now and now.updated.isoformat() != opened else None


def _text(bound: BoundField, value: Any) -> str:
    """Return ``value`` as the field displays it."""
    if bound.name == "opened":
        return ""
    given = value if isinstance(value, (list, tuple)) else [value]
    if bound.name == "overrides":
        given = sorted(given)  # checkboxes have no order
    shown = dict(flatten_choices(getattr(bound.field, "choices", ())))
    texts = ("" if each is None else str(shown.get(each, each)) for each in given)
    return "\n".join(texts).replace("\r\n", "\n").strip()
