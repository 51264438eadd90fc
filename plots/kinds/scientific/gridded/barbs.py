"""Wind barbs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import plots
from plots.errors import PlotError

from .vectors import (
    VECTORS,
    SpeedForm,
    add_margin_for_marks,
    check_count,
    describe_vectors,
    example_vortex,
    finite_vectors,
    speed_colors,
    with_speed,
)

if TYPE_CHECKING:
    from plots.data.model import Data
    from plots.kinds.axes import Axes

MAX_BARBS = 5000  # matplotlib builds them one by one
MAX_FLAGS = 20


class BarbsOptions(SpeedForm):
    flag = forms.FloatField(
        min_value=1e-9,
        max_value=1e300,
        initial=50,
        required=False,
        help_text="The speed of a flag. A long barb is a fifth of it, a short one a tenth.",
    )
    length = forms.FloatField(
        min_value=3,
        max_value=20,
        initial=6.5,
        required=False,
        help_text="Size of the barbs in points. They are smaller in small pictures.",
    )


def count_barbs(count: int) -> str:
    return ngettext("%(count)s barb", "%(count)s barbs", count)


def check_barbs(data: Data, *, flag: float, **unused: Any) -> Data:
    """Raise a PlotError for too many barbs, or too many flags on one."""
    check_count(data, MAX_BARBS, _("There are %(count)s barbs; at most %(most)s can be drawn."))
    u, v = finite_vectors(data.series)[2:]
    most = float(np.hypot(u, v).max(initial=0.0))
    if most > MAX_FLAGS * flag:
        speeds = {"most": MAX_FLAGS, "flag": f"{flag:g}", "speed": f"{most:.4g}"}
        message = _(
            "A barb has at most %(most)d flags of %(flag)s, and the highest speed is %(speed)s. "
            "Raise flag."
        )
        message %= speeds
        raise PlotError(message, "out-of-range", "flag")
    return with_speed(data)


@plots.kind(
    "barbs",
    title="Wind barbs",
    aliases={"matplotlib": "barbs"},
    family="Scientific",
    options=BarbsOptions,
    channels=VECTORS,
    transform=check_barbs,
    describe=describe_vectors,
    marks=count_barbs,
    example=example_vortex(11, 9, size=50, wind=12),
)
def barbs(
    ax: Axes, data: Data, *, colormap: str, flag: float, length: float, **unused: object
) -> Any:
    """Wind speed and direction at places, in the symbols of weather maps."""
    x, y, u, v = finite_vectors(data.series)
    if not u.size:
        return None
    length *= ax.marker_scale
    add_margin_for_marks(ax, 4.5 * length)
    style: dict[str, Any] = {
        "length": length,
        "linewidth": 0.9,
        "barb_increments": {"flag": 50, "full": 10, "half": 5},
        "sizes": {"emptybarb": 0.12},
    }
    along, up = u / flag * 50, v / flag * 50
    if not colormap:
        drawn = ax.barbs(x, y, along, up, color=ax.next_color(), **style)
    else:
        colors = speed_colors(ax, data, u, v, colormap)
        drawn = ax.barbs(x, y, along, up, np.hypot(u, v), **colors, **style)
    ax.set_point_tooltips(drawn, data.series[0])
    return drawn if colormap else None
