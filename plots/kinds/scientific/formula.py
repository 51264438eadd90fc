"""Curves of formulas of x."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

import plots
from plots.conf import conf
from plots.errors import PlotError
from plots.forms.fields import RepeatedField
from plots.forms.options import LINE_STYLES, AlphaField, choices
from plots.values.expressions import NAMES, parse
from plots.values.scalars import MAX_NUMBER

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers
    from plots.kinds.axes import Axes


STEEP = 1.5
MAX_TOOLTIPS = 200  # points with tooltips


class ExpressionsField(RepeatedField):
    """Formulas, at least one, as text."""

    def read(self, values: Iterable[Any]) -> Iterable[str]:
        texts = [str(value).strip() for value in values]
        if not texts:
            message = _("Give a formula, such as sin(x)*exp(-x/5).")
            raise PlotError(message, "required", "expr")
        if len(texts) > conf.MAX_SERIES:
            count = {"count": len(texts), "most": conf.MAX_SERIES}
            message = _("There are %(count)d formulas; at most %(most)d can be drawn.") % count
            raise PlotError(message, "too-many-series", "expr")
        return [parse(text, "expr").text for text in texts]


class FormulaOptions(forms.Form):
    expr = ExpressionsField(
        label="Expression",
        help_text=f"A formula of x; repeat it for more curves. You can use {NAMES}.",
    )
    start = forms.FloatField(
        min_value=-1e9, max_value=1e9, initial=-10, required=False, help_text="The first x."
    )
    stop = forms.FloatField(
        min_value=-1e9, max_value=1e9, initial=10, required=False, help_text="The last x."
    )
    n = forms.IntegerField(
        min_value=2,
        max_value=10_000,
        initial=1000,
        required=False,
        help_text="The number of points at which each formula is computed.",
    )
    linestyle = forms.ChoiceField(
        choices=choices(name for name in LINE_STYLES if name != "none"),
        initial="solid",
        required=False,
        help_text="The style of the curves.",
    )
    linewidth = forms.FloatField(
        min_value=0.25, max_value=20, initial=2, required=False, help_text="Width in points."
    )
    alpha = AlphaField(initial=1)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, stop = cleaned.get("start"), cleaned.get("stop")
        if start is not None and stop is not None and start >= stop:
            raise ValidationError({"start": ValidationError(_("start must be less than stop."))})
        return cleaned


def sample_curves(
    *, expr: Iterable[str], start: float, stop: float, n: int, **unused: object
) -> Any:
    """Return ``n`` x from ``start`` to ``stop``, and the values of each formula."""
    x = np.linspace(start, stop, n)
    curves = {text: parse(text, "expr")(x) for text in expr}
    return {
        "x": x,
        "y": {text: np.where(abs(y) > MAX_NUMBER, np.nan, y) for text, y in curves.items()},
    }


@plots.kind(
    "formula",
    title="Formula",
    family="Scientific",
    options=FormulaOptions,
    channels=[channel for channel in plots.XY if channel.name != "by"],
    generate=sample_curves,
    example={
        "expr": ["sin(x)*exp(-x/5)", "exp(-x/5)", "-exp(-x/5)"],
        "label": ["Oscillation", "Envelope", "Its mirror"],
        "start": "0",
        "stop": "20",
    },
)
def formula(
    ax: Axes, data: Data, *, linestyle: str, linewidth: float, alpha: float, **unused: object
) -> None:
    """Curves of formulas of x, such as sin(x)."""
    style: dict[str, Any] = {"linewidth": linewidth, "alpha": alpha}
    jumps = [_poles(series.y) for series in data.series]
    for series, breaks in zip(data.series, jumps, strict=True):
        x, y = (np.insert(each, breaks + 1, np.nan) for each in (series.x, series.y))
        (curve,) = ax.plot(x, y, label=series.label, linestyle=LINE_STYLES[linestyle], **style)
        # Set tooltips at some points of the curve.
        rows = np.linspace(0, series.x.size - 1, min(series.x.size, MAX_TOOLTIPS // len(jumps)))
        ax.set_point_tooltips(curve, series, rows.round().astype(int))
    y = np.concatenate([series.y for series in data.series])
    if ax.get_yscale() == "linear" and (any(map(len, jumps)) or np.isnan(y).any()):
        _leave_out_poles(ax, y[np.isfinite(y)])


def _poles(y: Numbers) -> Any:
    """Return the indices after which ``y`` returns from the other side of infinity.

    There it changes its sign, and its size grows from both sides. A curve that crosses 0 becomes
    smaller.
    """
    if y.size < 4:
        return np.array([], dtype=int)
    size = abs(y)
    before, left, right, after = (slice(i, y.size - 3 + i) for i in range(4))
    turns = np.sign(y[left]) * np.sign(y[right]) < 0
    # Of 1/x, neighbours beside the pole are at least twice as far from 0 as the next.
    leaves = size[left] > STEEP * size[before]
    returns = size[right] > STEEP * size[after]
    return np.flatnonzero(turns & leaves & returns) + 1


def _leave_out_poles(ax: Axes, y: Numbers) -> None:
    """Set limits without the few points near a pole that would hide all others."""
    if y.size < 20:
        return
    low, high = np.percentile(y, [4, 96])
    room = 0.25 * (high - low)
    if room > 0 and y.max() - y.min() > 20 * (high - low):
        ax.set_ylim(max(y.min(), low - room), min(y.max(), high + room))
