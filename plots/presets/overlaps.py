"""Presets whose rows would hide each other, and the statistic that makes one of such rows."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from copy import copy
from threading import Thread
from typing import Any

from django.db import connections, router, transaction
from django.utils.translation import gettext as _

from plots.data.loading import load
from plots.data.selecting import separating_column
from plots.errors import PlotError
from plots.forms.binding import as_parameters
from plots.i18n import translate
from plots.permissions import User
from plots.sources.reading import columns_of
from plots.spec.query import OVERLAP, STATS
from plots.spec.registry import kinds

logger = logging.getLogger("plots")

# Statistics that do not change the meaning of a picture of rows, the best one first.
CANDIDATES = ("sum", "count")
NUMBERS = {"number", "boolean", "duration"}
# Seconds for the presets of a site in `migrate` and `check`, and for one of them. The rest is not
# examined: a source may be slow or not available.
BUDGET, PATIENCE = 20.0, 5.0


def find_summary(preset: Any, viewer: User = None, *, counts_text: bool = False) -> str:
    """Return the statistic that a preset needs because several of its rows are at one place.

    Parameters
    ----------
    preset : Preset
    viewer : User, optional
        The user for whom a personal source is read.
    counts_text : bool
        Whether rows are counted if the main column holds no numbers, or no column does.

    Returns
    -------
    str
        One of CANDIDATES. Empty if the preset needs none, or has errors that no statistic fixes.
    """
    if not preset.source or any(as_parameters(preset.parameters).get("stat", ())):
        return ""
    error = _error_of(preset, viewer)
    if error is None:
        return ""
    if error.code != OVERLAP and not (counts_text and _lacks_numbers(preset, error)):
        return ""
    summary = copy(preset)
    for stat in CANDIDATES:
        summary.parameters = {**preset.parameters, "stat": [stat]}
        if _error_of(summary, viewer) is None:
            return stat
    return ""


def _lacks_numbers(preset: Any, error: PlotError) -> bool:
    """Return whether the error is that the main column holds no numbers, or that there are none."""
    if error.parameter != kinds.get(preset.kind).measured:
        return False
    if error.code != "required":
        return error.code == "not-a-number"
    form = preset.form()
    if not form.source or form.source_form.errors:
        return False
    columns = columns_of(form.source, form.source_form.cleaned_data)
    return columns is not None and not NUMBERS & {*columns.values()}


def add_summary(preset: Any) -> str:
    """Add the statistic that ``preset`` needs to its parameters, and return it or ""."""
    if stat := find_summary(preset):
        preset.parameters = {**preset.parameters, "stat": [stat]}
    return stat


def _error_of(preset: Any, viewer: User) -> PlotError | None:
    try:
        load(preset.spec().seen_by(viewer))
    except PlotError as error:
        return error
    return None


def remark(preset: Any, viewer: User = None) -> str:
    """Explain to the author of a preset that its statistic was chosen, and what else is possible.

    ``preset`` has the statistic that ``find_summary`` returned.
    """
    (stat,) = as_parameters(preset.parameters)["stat"]
    parts = [
        _("Several rows would be drawn at the same place, so the statistic “%(stat)s” is chosen.")
    ]
    if stat == "count":
        parts = [_("There are no numbers to draw, so the statistic “%(stat)s” is chosen.")]
    parts.append(_("You can change it in the field “Stat”."))
    spec = preset.spec().seen_by(viewer)
    if stat != "count" and (name := separating_column(spec, kinds.get(preset.kind))):
        parts.append(_("To draw the rows as series, choose “%(name)s” for “By” instead."))
    else:
        name = ""
    return " ".join(parts) % {"stat": translate(STATS[stat]), "name": name}


class Budget:
    """Time for reading the sources of many presets, which may be slow or not available."""

    def __init__(self) -> None:
        self.end = time.monotonic() + BUDGET

    def call(self, preset: Any, function: Callable[[Any], str]) -> str | None:
        """Return what ``function`` returns for ``preset``: "" if its rows cannot hide each other.

        Returns
        -------
        str or None
            None if ``function`` fails, or does not end in time. It runs in a thread, which is then
            left behind.
        """
        if not may_overlap(preset):
            return ""
        found: list[str] = []

        def run() -> None:
            try:
                found.append(function(preset))
            except Exception:  # sources may raise anything
                logger.exception("The rows of the preset %s could not be read", preset.slug)
            finally:
                connections.close_all()

        left = min(PATIENCE, self.end - time.monotonic())
        if left <= 0:
            return None
        thread = Thread(target=run, daemon=True)
        thread.start()
        thread.join(left)
        return found[0] if found else None


def may_overlap(preset: Any) -> bool:
    """Return whether rows of ``preset`` may hide each other. Nothing is read."""
    try:
        kind = kinds.get(preset.kind)
    except PlotError:
        return False
    return bool(preset.source and kind.accepted_channels and not kind.downsample)


def summarise_after_migration(
    sender: Any, plan: Iterable[Any] = (), using: str = "", verbosity: int = 0, **kwargs: Any
) -> None:
    """Add the statistic that presets of earlier versions need, after the migration 0003."""
    model: Any = sender.get_model("Preset")
    mark = (sender.label, "0003_summaries")
    is_due = any((each.app_label, each.name) == mark for each, backwards in plan if not backwards)
    if not is_due or using != router.db_for_write(model):
        return
    written = write_summaries(model.objects.using(using).exclude(source=""))
    if written and verbosity:
        print(f"  Rows of presets overlap; added a statistic to: {', '.join(written)}")


def write_summaries(presets: Iterable[Any]) -> list[str]:
    """Save the statistic that ``presets`` of earlier versions need. Return their slugs.

    This never fails. What cannot be decided in time is left to the check ``plots.W013``.
    """
    budget, written = Budget(), []
    for preset in [*presets]:
        try:
            stat = budget.call(preset, find_summary)
            if not stat:
                continue
            preset.parameters = {**preset.parameters, "stat": [stat]}
            with transaction.atomic(using=preset._state.db):
                preset.save()
        except Exception:
            logger.exception("No statistic could be added to the preset %s", preset.slug)
        else:
            written.append(preset.slug)
    return written
