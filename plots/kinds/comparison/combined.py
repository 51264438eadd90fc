"""Series of a bar chart that are drawn as lines over the bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from plots.errors import PlotError, suggestion
from plots.forms.options import TextField, as_validation_error
from plots.kinds.shared.annotations import draw_errors
from plots.values.column_text import read_column

if TYPE_CHECKING:
    from plots.data.model import Data, Series
    from plots.kinds.axes import Axes
    from plots.kinds.styles import SeriesStyle


class LinesField(TextField):
    """Names of series, or their numbers from 1, comma-separated."""

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            names: Any = read_column(text, "lines", dtype="category") if text else ()
        except PlotError as error:
            raise as_validation_error(error) from None
        if None in names:
            raise ValidationError(_("Give names of series, such as Profit,Costs."), code="invalid")
        return text


def line_labels(data: Data, lines: str) -> frozenset[str]:
    """Return the labels of the series that ``lines`` names. Raise a PlotError for unknown ones."""
    labels = list(dict.fromkeys(series.label for series in data.series))
    chosen = set()
    for name in read_column(lines, "lines", dtype="category") if lines else ():
        called = str(name)
        if called not in labels and called.isdecimal() and 0 < int(called) <= len(labels):
            called = labels[int(called) - 1]
        if called not in labels:
            message = _("There is no series “%(name)s”.") % {"name": called[:40]}
            message += suggestion(called, labels)
            raise PlotError(message, "not-a-name", "lines")
        chosen.add(called)
    if chosen and len(chosen) == len(labels):
        message = _("All series would be lines. Leave one out of lines, or draw a line chart.")
        raise PlotError(message, "invalid", "lines")
    return frozenset(chosen)


def draw_line(
    ax: Axes, data: Data, series: Series, look: SeriesStyle, alpha: float, bottom: float
) -> None:
    """Draw ``series`` as a line with markers, and its errors down to the baseline at most."""
    from matplotlib.patheffects import withStroke

    style: dict[str, Any] = {
        **look.line(),
        "alpha": alpha,
        "label": series.label,
        "linewidth": 2,
        "marker": "o",
        "markersize": 6 * ax.marker_scale,
        "path_effects": [withStroke(linewidth=4, foreground=ax.get_facecolor())],
    }
    (line,) = ax.plot(series.x, series.y, **style)
    if "error" in series.columns:
        lows = np.maximum(series.y - series.error, bottom or -np.inf)
        ink = ax.ink
        draw_errors(ax, series.x, lows, series.y + series.error, color=ink)
