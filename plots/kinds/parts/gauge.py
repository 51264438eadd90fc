"""Gauges: one number on a dial, a ring or a bar."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

import plots
from plots.data.model import Series
from plots.description.series import Entry
from plots.errors import PlotError
from plots.forms.options import TextField, as_validation_error, choices
from plots.kinds.shared import notes, polar_axes
from plots.kinds.shared.contrast import shades_of
from plots.kinds.shared.labels import write_short
from plots.values.column_text import read_column
from plots.values.formatting import format_numbers

if TYPE_CHECKING:
    from matplotlib.patches import Patch

    from plots.data.model import Data
    from plots.description.wording import Wording
    from plots.kinds.axes import Axes

# Start and end of each shape, in turns from the top; its lower and upper limits; and the
# baseline of its number.
SHAPES = {
    "half": (-0.25, 0.25, -0.1, 1.0, 0.03),
    "dial": (-0.375, 0.375, -0.76, 1.0, -0.14),
    "ring": (0.0, 1.0, -1.0, 1.0, -0.14),
    "bar": (0.0, 1.0, -0.02, 0.62, 0.32),
}
NUMBER = 1.1, 0.3  # the width and height that the number may take
THINNEST = 1.5  # points: a smaller part would not be seen
RADIUS = 0.35  # about what a dial has, as a part of the shorter side of its picture
INNER = 0.74  # radius of the ring's hole
BAR = 0.22  # height of a bar


class ThresholdsField(forms.CharField):
    """Increasing numbers, comma-separated."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        try:
            numbers: Any = read_column(text, "thresholds", dtype="number") if text else ()
        except PlotError as error:
            raise as_validation_error(error) from None
        if None in numbers or any(a >= b for a, b in pairwise(numbers)):
            raise ValidationError(_("Give increasing numbers, such as 60,80."), code="invalid")
        return text


class GaugeOptions(forms.Form):
    min = forms.FloatField(
        min_value=-1e300,
        max_value=1e300,
        initial=0,
        required=False,
        help_text="The start of the scale.",
    )
    max = forms.FloatField(
        min_value=-1e300,
        max_value=1e300,
        initial=100,
        required=False,
        help_text="The end of the scale.",
    )
    thresholds = ThresholdsField(
        max_length=200,
        required=False,
        help_text="Increasing numbers at which the next zone begins, such as 60,80. Zones have "
        "shades of one colour, or the colours that colors gives.",
    )
    unit = TextField(help_text="The unit after the number, such as %.")
    shape = forms.ChoiceField(
        choices=choices(SHAPES),
        initial="half",
        required=False,
        help_text="Half a ring, three quarters of a ring, a whole ring, or a bar.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        low, high = cleaned.get("min"), cleaned.get("max")
        if low is not None and high is not None and low >= high:
            raise ValidationError({"min": ValidationError(_("min must be less than max."))})
        return cleaned


def check_single_value(data: Data, **ends: Any) -> Data:
    """Raise a PlotError unless there is one number."""
    count = data.series[0].value.size
    if count != 1:
        message = _("A gauge shows one number; value has %(count)d.") % {"count": count}
        if data.is_raw:
            message += " " + _("Filter the rows, or add order and limit=1.")
        raise PlotError(message, "too-many", "value")
    return data.with_notes(notes.out_of_range_note(data.series[0].value, ends["min"], ends["max"]))


def describe_reading(
    data: Data, wording: Wording, *, thresholds: str, unit: str, min: float, max: float, **_o: Any
) -> Iterator[Entry]:
    """Yield the number, the ends of the scale, and the zone that the number is in."""
    value = float(data.series[0].value[0])
    ends = scale_ends(thresholds, min, max)
    texts = [with_unit(wording.value("value", each), unit) for each in ends]
    scale = {"first": texts[0], "last": texts[-1]}
    found = [
        with_unit(wording.value("value", value), unit),
        _("on a scale from %(first)s to %(last)s") % scale,
    ]
    if len(ends) > 2:
        zone = bisect_right(ends, value, 1, len(ends) - 1)
        parts: dict[str, Any] = {"zone": zone, "count": len(ends) - 1}
        parts |= {"first": texts[zone - 1], "last": texts[zone]}
        found.append(_("in zone %(zone)d of %(count)d, from %(first)s to %(last)s") % parts)
    yield "", found


def scale_ends(thresholds: str, low: float, high: float) -> list[float]:
    """Return the ends of the zones of a scale."""
    numbers = (float(text) for text in thresholds.split(",") if text)
    return [low, *(number for number in numbers if low < number < high), high]


def with_unit(number: str, unit: str) -> str:
    return number + (unit if unit in ("", "%") else f" {unit}")


@plots.kind(
    "gauge",
    title="Gauge",
    aliases={"QuickChart": "gauge, radialGauge, progressBar"},
    family="Parts of a whole",
    options=GaugeOptions,
    channels=[plots.Channel("value", "The number to show.", True, dtype="number")],
    no_axes=True,
    transform=check_single_value,
    describe=describe_reading,
    marks=lambda count: "",
    example={"value": "72", "thresholds": "60,85", "unit": "%", "title": "Disk space in use"},
)
def gauge(ax: Axes, data: Data, *, thresholds: str, unit: str, shape: str, **ends: float) -> None:
    """One number on a scale: a dial, a ring or a bar."""
    low, high = ends["min"], ends["max"]
    value = float(data.series[0].value[0])
    numbers = scale_ends(thresholds, low, high)
    parts = [(number - low) / (high - low) for number in numbers]
    colors = _zone_colors(ax, len(parts) - 1)
    dial = Dial(ax, shape)
    outer = 1.0 if len(colors) == 1 else 0.92
    ring = dial.fill(0, 1, INNER, outer, ax.theme.grid)
    ax.set_tooltips(ring, Series("", {"y": data.series[0].value}))
    zones = zip(parts, parts[1:], colors, strict=False)
    for start, end, color in sorted(zones, key=lambda zone: zone[1] - zone[0] < dial.thinnest):
        if len(colors) > 1:
            dial.fill(start, end, 0.95, 1, color)  # thin zones in front
    for part, text in zip(parts, format_numbers(numbers), strict=True):
        dial.write(part, text)
    if math.isfinite(value):
        shown = min(max((value - low) / (high - low), 0), 1)
        reached = bisect_right(numbers, value, 1, len(colors)) - 1
        dial.fill(0, shown, INNER, outer, colors[reached])
        dial.write_number(with_unit(write_short(value), unit))


def _zone_colors(ax: Axes, count: int) -> list[Any]:
    """Return the given colours, or shades of one: whether more is better is not known."""
    if ax.palette != ax.theme.palette:
        return [ax.next_color() for _ in range(count)]
    return shades_of(ax, ax.next_color(), count)


class Dial:
    """The shape of a gauge. Positions are parts of its length, radii parts of the ring's: 0 to 1.

    A bar is an unrolled ring.
    """

    def __init__(self, ax: Axes, shape: str) -> None:
        self.ax, self.shape = ax, shape
        self.start, self.end, low, high, self.baseline = SHAPES[shape]
        length = 2 if shape == "bar" else 2 * math.pi * (self.end - self.start)
        self.thinnest = THINNEST / (length * RADIUS * min(ax.panel_size))
        polar_axes.set_circle_limits(ax, low, high)

    def at(self, part: float, radius: float) -> Any:
        if self.shape == "bar":
            return 2 * part - 1, (radius - INNER) / (1 - INNER) * BAR
        return polar_axes.to_xy(self.start + part * (self.end - self.start), radius)

    def fill(self, start: float, end: float, inner: float, outer: float, color: Any) -> Patch:
        """Fill the part from ``start`` to ``end`` with a colour."""
        from matplotlib.patches import Polygon

        if start < end:  # at least a visible part
            end = min(max(end, start + self.thinnest), 1.0)
            start = min(start, end - self.thinnest)
        steps = [start + (end - start) * step / 90 for step in range(91)]
        corners: Any = [self.at(step, outer) for step in steps]
        corners += [self.at(step, inner) for step in reversed(steps)]
        return self.ax.add_patch(Polygon(corners, facecolor=color, linewidth=0))

    def write(self, part: float, text: str) -> None:
        """Write ``text`` at its position: outside, or below at the ends and along a bar."""
        color = self.ax.theme.muted
        style: dict[str, Any]
        if self.shape == "bar":
            across = "left" if part == 0 else "right" if part == 1 else "center"
            place, offset, style = self.at(part, INNER), (0, -3), {"ha": across, "va": "top"}
        elif part in (0, 1):
            if self.shape == "ring":
                return  # start and end are both at the top
            place, offset = self.at(part, (1 + INNER) / 2), (0, -4)
            style = {"ha": "center", "va": "top"}
        else:
            x, y = place = self.at(part, 1.03)
            across = "center" if abs(x) < 0.1 else "left" if x > 0 else "right"
            offset, style = (0, 0), {"ha": across, "va": "bottom" if y > 0 else "top"}
        self.ax.annotate(
            text, place, offset, textcoords="offset points", color=color, annotation_clip=False,
            **style,
        )  # fmt: skip

    def write_number(self, text: str) -> None:
        """Write ``text`` as large as possible: as a path, which scales with the figure."""
        from matplotlib.patches import PathPatch
        from matplotlib.transforms import Affine2D

        path = self.ax.text_path(text)
        box = path.get_extents()
        size = min(NUMBER[0] / box.width, NUMBER[1] / 0.73)  # a digit is 0.73 high at size 1
        left = -1 if self.shape == "bar" else -size * box.width / 2
        place = Affine2D().translate(-box.x0, 0).scale(size).translate(left, self.baseline)
        ink = self.ax.ink
        self.ax.add_patch(PathPatch(place.transform_path(path), facecolor=ink, linewidth=0))
