"""Parameters, and the plot or the errors that they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from plots.data.loading import load
from plots.data.model import Data
from plots.errors import PlotError
from plots.forms.plot_form import PlotForm
from plots.http.plot_links import Plot
from plots.permissions import User
from plots.spec.plot_spec import PlotSpec
from plots.values.columns import Column

PlotT = TypeVar("PlotT", bound=Plot)


@dataclass(frozen=True)
class Attempt(Generic[PlotT]):
    """Result of reading parameters: their form and, if it has no errors, its plot and data."""

    form: PlotForm | None = None
    plot: PlotT | None = None
    data: Data = field(default_factory=Data)
    errors: tuple[PlotError, ...] = ()

    @property
    def table(self) -> Mapping[str, Column]:
        return dict(self.data.table)


def attempt(
    viewer: User, make_form: Callable[[], PlotForm], make_plot: Callable[[PlotSpec], PlotT]
) -> Attempt[PlotT]:
    """Return the plot that ``make_plot`` makes of the form's spec as ``viewer`` sees it."""
    form = None
    try:
        form = make_form()
        plot = make_plot(form.spec.seen_by(viewer))
        # A random kind draws other values in its picture than a table loaded here would show.
        return Attempt(form, plot, Data() if plot.spec.is_random else load(plot.spec))
    except PlotError as error:
        return Attempt(form, errors=error.all)
