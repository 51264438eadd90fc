"""Form controls that change several presets of a board at once."""

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
from plots.errors import PlotError
from plots.forms.binding import as_parameters, explain_unknown
from plots.i18n import translate, translate_choices
from plots.spec.plot_spec import Frame, PlotSpec
from plots.spec.registry import kinds
from plots.values.scalars import read_date

from .models import ALWAYS_SHARED, Board
from .tiles import PAIRED_LIMITS, Given, Tile


@dataclass(frozen=True)
class Control:
    """One shared control. An empty control leaves each preset as it was saved.

    ``value`` is the requested value as text. ``is_applied`` is True if at least one preset accepts
    it.
    """

    name: str
    label: str
    help: str
    widget: SafeString
    value: str = ""
    error: PlotError | None = None
    is_applied: bool = False

    @property
    def id(self) -> str:
        return f"id_{self.name}"


def build_controls(board: Board, tiles: Sequence[Tile], given: Given) -> list[Control]:
    """Return the controls of ``board`` in its order, except those that no tile has."""
    having = {name: [tile for tile in tiles if name in tile.fields] for name in board.controls}
    return [_control(name, tiles, given) for name, tiles in having.items() if tiles]


def find_errors(controls: Sequence[Control], given: Given) -> list[PlotError]:
    """Return the errors in ``given``: names without a control, and values that no tile accepts."""
    known = {control.name for control in controls}
    unknown = [
        PlotError(
            _("This parameter cannot be changed here.") + explain_unknown(name, known),
            "",
            name[:50],
        )
        for name in given
        if name not in known
    ]
    return unknown + [
        PlotError(control.error.message, control.error.code, control.label)
        for control in controls
        if control.error
    ]


def ignored_by(tile: Tile, controls: Iterable[Control]) -> list[str]:
    """Return the labels of ``controls`` that have changed other tiles but not this one."""
    applied = [each for each in controls if each.is_applied and tile.plot]
    return [each.label for each in applied if each.name not in tile.applied]


def _control(name: str, tiles: Sequence[Tile], given: Given) -> Control:
    values = list(given.get(name, ()))
    is_applied = any(name in tile.applied for tile in tiles)
    # A value that one tile accepts is valid, even if other tiles have no use for it.
    error = (
        None if is_applied else next((t.rejected[name] for t in tiles if name in t.rejected), None)
    )
    is_date = name in PAIRED_LIMITS and any(_shows_dates(tile, name[0]) for tile in tiles)
    declared = tiles[0].fields[name]
    label, help = translate(declared.label), translate(declared.help_text)
    if is_date:
        is_first = name.endswith("min")
        label = _("From") if is_first else _("To")
        help = _("The first day shown.") if is_first else _("The last day shown.")
        error = _date_error(error, given)
    widget = _widget(name, tiles, values, is_wrong=error is not None, is_date=is_date)
    choices = dict(_choices([declared.field.widget]))
    value = ", ".join(str(choices.get(each, each)) for each in values)
    return Control(name, label, help, widget, value, error, is_applied)


def _widget(
    name: str, tiles: Sequence[Tile], values: list[str], *, is_wrong: bool, is_date: bool
) -> SafeString:
    widgets = [tile.fields[name].field.widget for tile in tiles]
    # One tile may offer a list of choices where another takes text.
    widget = next((each for each in widgets if not isinstance(each, forms.Select)), widgets[0])
    attrs = {
        "id": f"id_{name}",
        "aria-describedby": f"id_{name}_help id_{name}_error",
        "autocomplete": "off",  # the URL alone decides what the controls show
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
        attrs["placeholder"] = _common_value(name, tiles) or empty
        if is_wrong and isinstance(widget, forms.NumberInput):
            widget = forms.TextInput()  # a number input would not show invalid text
    repeats = isinstance(widget, (forms.SelectMultiple, forms.Textarea))
    return widget.render(name, values if repeats else "".join(values[-1:]), attrs)


def _choices(widgets: Iterable[Any]) -> list[tuple[Any, Any]]:
    """Return the choices of all ``widgets``, each once."""
    offered = (translate_choices(getattr(widget, "choices", ())) for widget in widgets)
    return [*dict(choice for choices in offered for choice in choices).items()]


def _common_value(name: str, tiles: Sequence[Tile]) -> str:
    """Return the saved value if all ``tiles`` have the same one, else an empty string."""
    saved = {_saved_by(name, tile) for tile in tiles}
    return saved.pop() if len(saved) == 1 else ""


def _saved_by(name: str, tile: Tile) -> str:
    default = tile.fields[name].initial
    values = as_parameters(tile.preset.parameters).get(name) or ["" if default is None else default]
    return " ".join(f"{each:g}" if isinstance(each, float) else str(each) for each in values)


def _date_error(error: PlotError | None, given: Given) -> PlotError | None:
    """Return ``error``, worded for date pickers if both limits are dates in the wrong order."""
    ends = [given[name][-1] for name in ("xmin", "xmax") if name in given]
    if error and len(ends) == 2 and all(map(_is_day, ends)) and ends[0] >= ends[1]:
        return PlotError(
            _("The first day must be before the last day."), error.code, error.parameter
        )
    return error


def _is_day(text: str) -> bool:
    try:
        return type(read_date(text)) is date
    except (ValueError, OverflowError):
        return False


def _shows_dates(tile: Tile, axis: str) -> bool:
    if tile.plot is None:
        return False
    # Titles and limits do not decide what the axes show.
    spec = replace(tile.plot.spec, frame=Frame(tz=tile.plot.spec.frame.tz), format="txt")
    try:
        return axis in _date_axes(_SpecKey(spec.digest, spec))
    except Exception:  # kinds and sources may raise anything; the image shows the error
        return False


@dataclass(frozen=True)
class _SpecKey:
    """A spec that is compared by its digest."""

    digest: str
    spec: PlotSpec = field(compare=False)


@lru_cache(maxsize=1000)
def _date_axes(key: _SpecKey) -> frozenset[str]:
    """Return which of x and y show dates. Cached, because the data have to be read for it."""
    spec = key.spec
    axes = load(spec).axes
    shown = zip("xy", kinds.get(spec.kind).axis_channels(spec.options), strict=True)
    return frozenset(name for name, channel in shown if dict(axes)[channel].dtype == "date")
