"""Numbers as colours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plots.errors import PlotError
from plots.forms.options import DIVERGING, CenterField, ColormapField, TextField, choices
from plots.values.formatting import NUMBER_FORMATS
from plots.values.scalars import MAX_NUMBER

from . import notes
from .duplicates import average

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers


class ColorScaleForm(forms.Form):
    """The options of a kind whose colours stand for z."""

    colormap = ColormapField(initial="auto")
    center = CenterField()
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
    data: Data, *, norm: str, vmin: float | None, vmax: float | None, **options: Any
) -> Data:
    """Average z at each position. Raise a PlotError if z cannot be shown on a log scale."""
    if norm == "log" and any((series.z <= 0).any() for series in data.series):
        message = _(
            "z has numbers of 0 or less, which a log scale cannot show. Set norm to linear."
        )
        raise PlotError(message, "invalid-scale", "norm")
    signs = signs_note(
        data.concat("z"), options["colormap"], options["center"], norm=norm, vmin=vmin, vmax=vmax
    )
    cut = "".join(notes.out_of_range_note(series.z, vmin, vmax) for series in data.series)
    return average(data, ("x", "y"), "z").with_notes(cut, signs)


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


def resolve_colormap(
    z: Numbers, *, colormap: Any, center: str = "none", norm: str = "linear", **limits: Any
) -> Any:
    """Return the colormap for ``z``, of which the limits may leave numbers out.

    ``auto`` is a diverging one if there are numbers on both sides of the centre.
    """
    if colormap != "auto":
        return colormap
    if center == "none" or norm == "log" or not np.isfinite(z).any():
        return "viridis"
    low, high = color_limits(z, norm=norm, **limits)
    below, above = float(center) - low, high - float(center)
    # A rounding error is no sign.
    return DIVERGING[0] if min(below, above) > 1e-6 * max(below, above) else "viridis"


def color_scale(
    z: Numbers, *, colormap: Any, center: str = "none", **options: Any
) -> dict[str, Any]:
    """Return ``cmap`` and ``norm`` for ``z`` under the options of a ColorScaleForm.

    The middle of a diverging colormap is at ``center``, and its colours are as strong at the same
    distance on both sides. Limits that are given cut the colormap off.
    """
    from matplotlib.colors import LogNorm, Normalize

    colormap = resolve_colormap(z, colormap=colormap, center=center, **options)
    low, high = color_limits(z, **options)
    is_log = options["norm"] == "log"
    if not is_log and center != "none" and getattr(colormap, "name", colormap) in DIVERGING:
        middle = float(center)
        half = max(abs(low - middle), abs(high - middle))
        low = middle - half if options["vmin"] is None else low
        high = middle + half if options["vmax"] is None else high
        ends = (0.5 + (end / half - middle / half) / 2 for end in (low, high))
        colormap = _part(colormap, *ends)
    return {"cmap": colormap, "norm": (LogNorm if is_log else Normalize)(low, high)}


def _part(colormap: Any, start: float, end: float) -> Any:
    """Return the part of a colormap between two places of 0 to 1."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    if (start, end) == (0, 1):
        return colormap
    whole = colormaps[colormap] if isinstance(colormap, str) else colormap
    return ListedColormap(whole(np.linspace(start, end, 256)), name=whole.name)


def signs_note(z: Numbers, colormap: str, center: str, **options: Any) -> str:
    """Return a note about a diverging colormap: what its colours mean, or that few are used."""
    known = z[np.isfinite(z)]
    if not known.size or options["norm"] == "log" or center == "none":
        return ""
    chosen = resolve_colormap(z, colormap=colormap, center=center, **options)
    if colormap == "auto" and chosen in DIVERGING:
        return _("Red is below %(center)s, blue is above it.") % {"center": center}
    low, high = known.min() - float(center), known.max() - float(center)
    is_aside = (low > 0 or high < 0) and high - low < max(abs(low), abs(high)) / 2
    if colormap in DIVERGING and is_aside:
        message = _(
            "All numbers are on one side of %(center)s, the middle of the colours. Set center to a "
            "number among them, or to none."
        )
        return message % {"center": center}
    return ""
