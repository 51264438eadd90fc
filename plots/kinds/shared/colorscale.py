"""Numbers as colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plots.errors import PlotError
from plots.forms.options import ColormapField, TextField, choices
from plots.values.formatting import NUMBER_FORMATS
from plots.values.scalars import MAX_NUMBER

from . import notes
from .duplicates import average

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers


class ColorScaleForm(forms.Form):
    """The options of a kind whose colours stand for z."""

    colormap = ColormapField()
    norm = forms.ChoiceField(
        choices=[("linear", "linear"), ("log", "log")],
        initial="linear",
        required=False,
        help_text="Scale of the colours.",
    )
    vmin = forms.FloatField(
        min_value=-MAX_NUMBER,
        max_value=MAX_NUMBER,
        required=False,
        help_text="The number of the first colour. Left out: the smallest z.",
    )
    vmax = forms.FloatField(
        min_value=-MAX_NUMBER,
        max_value=MAX_NUMBER,
        required=False,
        help_text="The number of the last colour. Left out: the largest z.",
    )
    zlabel = TextField(label="z label", help_text="What the colours mean, with the unit.")
    zformat = forms.ChoiceField(
        label="z format",
        choices=choices(("auto", *NUMBER_FORMATS)),
        initial="auto",
        required=False,
        help_text="How the numbers are written. percent: 0.25 is 25%; of-100: 25 is 25%.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        low, high = cleaned.get("vmin"), cleaned.get("vmax")
        if low is not None and high is not None and low >= high:
            self.add_error("vmin", _("vmin must be less than vmax."))
        for name, limit in (("vmin", low), ("vmax", high)):
            if limit is not None and limit <= 0 and cleaned.get("norm") == "log":
                self.add_error(name, _("A log scale needs a number above 0."))
        return cleaned


def count_cells(count: int) -> str:
    """Return what a text calls ``count`` cells."""
    return ngettext("%(count)s cell", "%(count)s cells", count)


def check_colors(
    data: Data, *, norm: str, vmin: float | None, vmax: float | None, **unused: Any
) -> Data:
    """Average z at each position. Raise a PlotError if z cannot be shown on a log scale."""
    if norm == "log" and any((series.z <= 0).any() for series in data.series):
        message = _(
            "z has numbers of 0 or less, which a log scale cannot show. Set norm to linear."
        )
        raise PlotError(message, "invalid-scale", "norm")
    cut = "".join(notes.out_of_range_note(series.z, vmin, vmax) for series in data.series)
    return average(data, ("x", "y"), "z").with_notes(cut)


def shared_z(data: Data, z: Numbers) -> Numbers:
    """Return the numbers that decide about the colours: those of all panels, or ``z``."""
    return data.concat("z") if data.panels else z


def color_limits(
    z: Numbers, *, norm: str, vmin: float | None, vmax: float | None, **unused: Any
) -> tuple[float, float]:
    """Return the numbers of the first and the last colour. ``z`` has at least one number."""
    known = z[np.isfinite(z)]
    low = float(known.min()) if vmin is None else vmin
    high = float(known.max()) if vmax is None else vmax
    if low < high:
        return low, high
    # All numbers are equal, or a limit is beyond them: add some range on the free sides.
    place = high if vmin is None else low
    before, after = (place / 2, place * 2) if norm == "log" else _around(place)
    return (before if vmin is None else vmin), (after if vmax is None else vmax)


def _around(place: float) -> tuple[float, float]:
    room = abs(place) / 10 or 1.0
    return place - room, place + room


def color_scale(z: Numbers, *, colormap: Any, **options: Any) -> dict[str, Any]:
    """Return ``cmap`` and ``norm`` for ``z`` under the options of a ColorScaleForm."""
    from matplotlib.colors import LogNorm, Normalize

    scale = LogNorm if options["norm"] == "log" else Normalize
    return {"cmap": colormap, "norm": scale(*color_limits(z, **options))}
