"""The controls that the presets of a board share, made from their declarations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plots.data.loading import load
from plots.errors import PlotError, suggestion
from plots.forms.plot_form import as_parameters
from plots.i18n import translate, translate_choices
from plots.spec.plot_spec import Frame, PlotSpec
from plots.spec.registry import kinds
from plots.values.columns import read_date

from .models import ALWAYS_SHARED, Board
from .tiles import ENDS, Given, Tile


@dataclass(frozen=True)
class Control:
    """What visitors change in several presets at once: empty, each is as it was saved.

    ``value`` is what they asked for, in words, and ``is_taken`` whether a preset took it.
    """

    name: str
    label: str
    help: str
    widget: SafeString
    value: str = ""
    error: PlotError | None = None
    is_taken: bool = False

    @property
    def id(self) -> str:
        return f"id_{self.name}"


def controls_of(board: Board, tiles: Sequence[Tile], given: Given) -> list[Control]:
    """The controls of ``board`` in its order, without those that no tile has."""
    having = {name: [tile for tile in tiles if name in tile.fields] for name in board.controls}
    return [_control(name, tiles, given) for name, tiles in having.items() if tiles]


def errors_of(controls: Sequence[Control], given: Given) -> list[PlotError]:
    """What is ``given`` and cannot be had: names that are no control, values that none takes."""
    known = {control.name for control in controls}
    unknown = [
        PlotError(_("This cannot be changed here.") + suggestion(name, known), "", name[:50])
        for name in given
        if name not in known
    ]
    return unknown + [
        PlotError(control.error.message, control.error.code, control.label)
        for control in controls
        if control.error
    ]


def ignored_by(tile: Tile, controls: Iterable[Control]) -> list[str]:
    """The labels of those ``controls`` that have changed other tiles, and not this one."""
    taken = [each for each in controls if each.is_taken and tile.plot]
    return [each.label for each in taken if each.name not in tile.taken]


def _control(name: str, tiles: Sequence[Tile], given: Given) -> Control:
    values = list(given.get(name, ()))
    is_taken = any(name in tile.taken for tile in tiles)
    # What one takes is right, though others may have no use for it.
    error = None if is_taken else next((t.refused[name] for t in tiles if name in t.refused), None)
    is_date = name in ENDS and any(_shows_dates(tile, name[0]) for tile in tiles)
    declared = tiles[0].fields[name]
    label, help = translate(declared.label), translate(declared.help_text)
    if is_date:
        is_first = name.endswith("min")
        label = _("From") if is_first else _("To")
        help = _("The first day shown.") if is_first else _("The last day shown.")
        error = _as_days(error, given)
    widget = _widget(name, tiles, values, is_wrong=error is not None, is_date=is_date)
    choices = dict(_choices([declared.field.widget]))
    value = ", ".join(str(choices.get(each, each)) for each in values)
    return Control(name, label, help, widget, value, error, is_taken)


def _widget(
    name: str, tiles: Sequence[Tile], values: list[str], *, is_wrong: bool, is_date: bool
) -> SafeString:
    widgets = [tile.fields[name].field.widget for tile in tiles]
    # What some choose from a list, others may only take as text.
    widget = next((each for each in widgets if not isinstance(each, forms.Select)), widgets[0])
    attrs = {
        "id": f"id_{name}",
        "aria-describedby": f"id_{name}_help id_{name}_error",
        "autocomplete": "off",  # the address alone says what the controls show
    }
    if is_wrong:
        attrs["aria-invalid"] = "true"
    empty = _("automatic") if name in ALWAYS_SHARED else _("as saved")
    if isinstance(widget, forms.SelectMultiple):
        widget.choices = _choices(widgets)
    elif isinstance(widget, forms.Select):
        widget.choices = [("", empty), *(each for each in _choices(widgets) if each[0] != "")]
    elif is_date and all(_is_day(value) for value in values):
        widget = forms.DateInput({"type": "date"})
    else:
        attrs["placeholder"] = _saved(name, tiles) or empty
        if is_wrong and isinstance(widget, forms.NumberInput):
            widget = forms.TextInput()  # the other would not show what is no number
    repeats = isinstance(widget, (forms.SelectMultiple, forms.Textarea))
    return widget.render(name, values if repeats else "".join(values[-1:]), attrs)


def _choices(widgets: Iterable[Any]) -> list[tuple[Any, Any]]:
    """What any of ``widgets`` offers, each choice once."""
    offered = (translate_choices(getattr(widget, "choices", ())) for widget in widgets)
    return [*dict(choice for choices in offered for choice in choices).items()]


def _saved(name: str, tiles: Sequence[Tile]) -> str:
    """What all ``tiles`` have by themselves, if that is the same."""
    saved = {_own(name, tile) for tile in tiles}
    return saved.pop() if len(saved) == 1 else ""


def _own(name: str, tile: Tile) -> str:
    default = tile.fields[name].initial
    values = as_parameters(tile.preset.parameters).get(name) or ["" if default is None else default]
    return " ".join(f"{each:g}" if isinstance(each, float) else str(each) for each in values)


def _as_days(error: PlotError | None, given: Given) -> PlotError | None:
    """``error`` about the ends of a time, as one who sees calendars expects it."""
    ends = [given[name][-1] for name in ("xmin", "xmax") if name in given]
    if error and len(ends) == 2 and all(map(_is_day, ends)) and ends[0] >= ends[1]:
        return PlotError(_("The first day must be before the last."), error.code, error.parameter)
    return error


def _is_day(text: str) -> bool:
    try:
        return type(read_date(text)) is date
    except (ValueError, OverflowError):
        return False


def _shows_dates(tile: Tile, axis: str) -> bool:
    if tile.plot is None:
        return False
    # Neither its words nor its limits matter to what its axes show.
    spec = replace(tile.plot.spec, frame=Frame(tz=tile.plot.spec.frame.tz), format="txt")
    try:
        return axis in _axes_of_dates(_Named(spec.digest, spec))
    except Exception:  # a kind or source may raise whatever it likes: its picture will say so
        return False


@dataclass(frozen=True)
class _Named:
    digest: str
    spec: PlotSpec = field(compare=False)


@lru_cache(maxsize=1000)
def _axes_of_dates(named: _Named) -> frozenset[str]:
    """Those of x and y that show dates, by the digest of the plot, or its data would be read."""
    spec = named.spec
    axes = load(spec).axes
    shown = zip("xy", kinds.get(spec.kind).axis_channels(spec.options), strict=True)
    return frozenset(name for name, channel in shown if dict(axes)[channel].dtype == "date")
