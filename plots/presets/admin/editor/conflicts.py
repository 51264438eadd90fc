"""Two people who edit one preset: what the other has saved meanwhile, beside what one has typed."""

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
    """One field that another has saved otherwise than it stands in the form."""

    label: str
    theirs: str
    yours: str


@dataclass(frozen=True)
class Theirs:
    """A preset as somebody else has saved it."""

    preset: Preset

    @property
    def message(self) -> str:
        editor = self.preset.editor
        message = _(
            "%(who)s has saved this preset since you opened it. Nothing of yours is lost, and "
            "nothing is saved yet: compare below, change what you like, and save again to put "
            "yours in the place of theirs."
        )
        return message % {"who": str(editor) if editor else _("Somebody")}

    def unlike(self, form: ModelForm) -> list[Difference]:
        """The fields that ``form`` wants saved otherwise, in its order."""
        return [each for each in self._fields(form) if each.theirs != each.yours]

    def _fields(self, form: ModelForm) -> Iterator[Difference]:
        saved = {PREFIX + field.name: field.value() for field in form_of(self.preset) or ()}
        chosen = {name: form[name].data or "" for name in ("kind", "source")}
        mine = Preset(**chosen, parameters=form.instance.parameters)
        own = form_of(mine)
        touched = {PREFIX + name for name in changed(mine, own)} if own else set()
        for bound in form:
            name = bound.name
            if name in saved or not name.startswith(PREFIX):
                theirs = saved.get(name, getattr(self.preset, name, None))
                yield Difference(str(bound.label), _text(bound, theirs), _text(bound, bound.data))
            elif name in touched:  # no field of their kind
                yield Difference(str(bound.label), "", _text(bound, bound.data))
        for name, values in as_parameters(self.preset.parameters).items():
            if PREFIX + name not in form.fields:  # no field of this kind
                yield Difference(name, "\n".join(map(str, values)), "")


def since(pk: Any, began: str) -> Theirs | None:
    """What somebody has saved of the preset since the moment ``began``, if anything.

    Its row is locked until the transaction ends, so that of two who save at once one is told.
    """
    if not pk or not began:
        return None
    now = Preset.objects.select_for_update().filter(pk=pk).first()
    return Theirs(now) if now and now.updated.isoformat() != began else None


def _text(bound: BoundField, value: Any) -> str:
    """``value`` as the field shows it."""
    if bound.name == "began":
        return ""
    given = value if isinstance(value, (list, tuple)) else [value]
    if bound.name == "overrides":
        given = sorted(given)  # boxes have no order
    shown = dict(flatten_choices(getattr(bound.field, "choices", ())))
    texts = ("" if each is None else str(shown.get(each, each)) for each in given)
    return "\n".join(texts).replace("\r\n", "\n").strip()
