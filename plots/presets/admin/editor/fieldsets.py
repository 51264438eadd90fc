"""The fieldsets of a preset's form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plots.forms.plot_form import PlotForm
from plots.forms.query import QueryForm
from plots.i18n import translate
from plots.presets.models import PREFIX
from plots.spec.channels import FACET, LINK
from plots.spec.references import REFERENCES

# CSS class of the fieldsets that depend on the kind and source.
PLOT_FIELDS = "plot-fields"

# Channels that few plots use.
_RARE = (FACET.name, LINK.name)
# Heading, whether it is open at first, and the fields; a tuple is one line. The last fieldset gets
# all fields that are in no other.
_FRAME: tuple[tuple[Any, bool, tuple[Any, ...]], ...] = (
    (gettext_lazy("Title and labels"), True, ("title", "subtitle", "xlabel", "ylabel", "alt")),
    (
        gettext_lazy("Size and colours"),
        False,
        ("colors", "theme", ("width", "height", "scale"), "transparent"),
    ),
    (
        gettext_lazy("Axes and legend"),
        False,
        (
            ("xmin", "xmax"), ("ymin", "ymax"), ("xscale", "yscale"), ("xformat", "yformat"),
            "xorder", "yorder", "grid", "legend",
        ),
    ),
    (gettext_lazy("Lines and bands"), False, (*REFERENCES,)),
    (gettext_lazy("Time and language"), False, ("tz", "lang")),
)  # fmt: skip


def plot_fieldsets(form: PlotForm, changed: Collection[str]) -> Iterator[tuple[Any, Any]]:
    """Yield the fieldsets of ``form``. Rare ones without ``changed`` fields are collapsed."""
    rows = [name for name in QueryForm.base_fields if form.source]
    channels = [name for name in _names(form.data_form) if name not in ("source", *_RARE)]
    yield from _fieldset(_("Data"), [*channels, *_names(form.source_form)])
    rare = [name for name in _names(form.data_form) if name in _RARE]
    yield from _fieldset(_("Panels and links"), rare, collapsed=not {*rare} & {*changed})
    yield from _fieldset(_("Rows"), rows, collapsed=not {*rows} & {*changed})
    options = _names(form.options_form)
    kind = translate(form.kind.title)
    yield from _fieldset(_("Options: %(kind)s") % {"kind": kind}, options)
    remaining = _names(form.frame_form)
    for place, (heading, is_open, lines) in enumerate(_FRAME, start=1):
        shown: list[Any] = []
        for line in lines:
            names = [
                name for name in ([line] if isinstance(line, str) else line) if name in remaining
            ]
            remaining = [name for name in remaining if name not in names]
            shown += [names] if names else []
        if place == len(_FRAME):
            shown += [[name] for name in remaining]
        collapsed = not is_open and not {name for line in shown for name in line} & {*changed}
        yield from _fieldset(heading, shown, collapsed=collapsed)


def _names(fields: Iterable[Any]) -> list[str]:
    return [field.name for field in fields]


def _fieldset(
    heading: Any, lines: Iterable[str | list[str]], *, collapsed: bool = False
) -> Iterator[tuple[Any, Any]]:
    fields: list[Any] = []
    for line in lines:
        names = [PREFIX + name for name in ([line] if isinstance(line, str) else line)]
        fields.append(names[0] if len(names) == 1 else (*names,))
    if fields:
        yield heading, {"fields": fields, "classes": [PLOT_FIELDS, *["collapse"] * collapsed]}
