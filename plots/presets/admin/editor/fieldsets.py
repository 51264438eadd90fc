"""The groups in which a preset's form shows the fields of its plot: what matters, and the rest."""

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

# The class of the fieldsets that another kind or source changes.
OF_PLOT = "of-plot"

# Channels that most plots do without.
_SELDOM = (FACET.name, LINK.name)
# What stands in one line is written as a tuple. The last group takes what no other has.
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
    """The fieldsets of ``form``; one is folded if it is seldom needed and nothing in it is
    ``changed``."""
    rows = [name for name in QueryForm.base_fields if form.source]
    channels = [name for name in _names(form.data_form) if name not in ("source", *_SELDOM)]
    yield from _fieldset(_("Data"), [*channels, *_names(form.source_form)])
    seldom = [name for name in _names(form.data_form) if name in _SELDOM]
    yield from _fieldset(_("Panels and links"), seldom, folded=not {*seldom} & {*changed})
    yield from _fieldset(_("Rows"), rows, folded=not {*rows} & {*changed})
    options = _names(form.options_form)
    kind = translate(form.kind.title)
    yield from _fieldset(_("Options: %(kind)s") % {"kind": kind}, options)
    left = _names(form.frame_form)
    for place, (heading, matters, lines) in enumerate(_FRAME, start=1):
        shown: list[Any] = []
        for line in lines:
            names = [name for name in ([line] if isinstance(line, str) else line) if name in left]
            left = [name for name in left if name not in names]
            shown += [names] if names else []
        if place == len(_FRAME):
            shown += [[name] for name in left]
        folded = not matters and not {name for line in shown for name in line} & {*changed}
        yield from _fieldset(heading, shown, folded=folded)


def _names(fields: Iterable[Any]) -> list[str]:
    return [field.name for field in fields]


def _fieldset(
    heading: Any, lines: Iterable[str | list[str]], *, folded: bool = False
) -> Iterator[tuple[Any, Any]]:
    fields: list[Any] = []
    for line in lines:
        names = [PREFIX + name for name in ([line] if isinstance(line, str) else line)]
        fields.append(names[0] if len(names) == 1 else (*names,))
    if fields:
        yield heading, {"fields": fields, "classes": [OF_PLOT, *["collapse"] * folded]}
