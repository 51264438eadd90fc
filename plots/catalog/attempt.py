"""The plot that given parameters describe, or the errors in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from plots.data.loading import load
from plots.data.model import Data
from plots.errors import PlotError
from plots.forms.plot_form import PlotForm
from plots.http.plot_links import Plot
from plots.permissions import User
from plots.values.columns import Column


@dataclass(frozen=True)
class Attempt:
    """What came of parameters: the form they fill and, if it has no errors, its plot and data."""

    form: PlotForm | None = None
    plot: Plot | None = None
    data: Data = field(default_factory=Data)
    errors: tuple[PlotError, ...] = ()

    @property
    def table(self) -> Mapping[str, Column]:
        return dict(self.data.table)


def attempt(
    viewer: User, make: Callable[[], PlotForm], *preset: Any, trusted: bool = False
) -> Attempt:
    """The plot of the form that ``make`` makes, as a view of ``preset`` with its overrides.

    ``viewer`` is who sees it.
    """
    form = None
    try:
        form = make()
        plot = replace(Plot(form.spec.seen_by(viewer), *preset), trusted=trusted)
        # The next picture of a random kind has other values than a table here would have.
        return Attempt(form, plot, Data() if plot.spec.is_random else load(plot.spec))
    except PlotError as error:
        return Attempt(form, errors=error.all)
