"""The axes of a plot and its reference lines, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from django.utils.translation import gettext as _

from plots.data.model import Data
from plots.spec.plot_spec import PlotSpec
from plots.spec.references import REFERENCES
from plots.spec.registry import kinds

from .phrases import join_names
from .wording import Wording

MOST_NAMES = 20  # of the categories of an axis
_SCALES = frozenset(("log", "symlog"))


def extent_along_dates(data: Data, wording: Wording) -> str:
    """Return the range of x if these are dates, for the summary."""
    ends = wording.ends("x")
    if wording.axis("x").dtype != "date" or ends is None:
        return ""
    low, high = _within(ends, wording.limits.get("x", (np.nan, np.nan)))
    return wording.range("x", low, high) if low <= high else ""


def _within(ends: tuple[float, float], limits: tuple[float, float]) -> tuple[float, float]:
    return float(np.fmax(ends[0], limits[0])), float(np.fmin(ends[1], limits[1]))


def axis_lines(spec: PlotSpec, data: Data, wording: Wording) -> Iterator[str]:
    """Yield what each axis shows: names, or the range of its values."""
    kind, frame = kinds.get(spec.kind), vars(spec.frame)
    if not data.series:
        return
    for seen, channel in zip("xy", kind.axis_channels(spec.options), strict=True):
        ends = wording.ends(channel)
        if ends is None:
            continue
        name, label = seen, frame[f"{seen}label"]
        if label and label != seen:
            name = _("%(axis)s (%(label)s)") % {"axis": seen, "label": label}
        axis = wording.axis(channel)
        if kind.no_axes and axis.dtype != "category":
            continue
        if axis.dtype == "category":
            if not any(axis.names):
                continue
            rest = ["…"] if len(axis.names) > MOST_NAMES else []
            names = join_names([*axis.names[:MOST_NAMES], *rest])
            yield _("%(axis)s: %(names)s.") % {"axis": name, "names": names}
            continue
        shown = wording.range(channel, *ends)
        if frame[f"{seen}scale"] in _SCALES:
            shown = _("%(range)s, on a logarithmic scale") % {"range": shown}
        yield _("%(axis)s: %(range)s.") % {"axis": name, "range": shown}
        yield from _limit_lines(seen, channel, ends, wording)


def _limit_lines(
    seen: str, channel: str, data_ends: tuple[float, float], wording: Wording
) -> Iterator[str]:
    """Yield which part of an axis is shown, if its limits hide another part."""
    low, high = wording.limits.get(channel, (np.nan, np.nan))
    if not (low > data_ends[0] or high < data_ends[1]):
        return
    ends = {"axis": seen}
    ends["first"], ends["last"] = (
        "" if each != each else wording.value(channel, each) for each in (low, high)
    )
    if ends["first"] and ends["last"]:
        yield _("The %(axis)s axis is shown from %(first)s to %(last)s.") % ends
    elif ends["first"]:
        yield _("The %(axis)s axis is shown from %(first)s.") % ends
    elif ends["last"]:
        yield _("The %(axis)s axis is shown up to %(last)s.") % ends


def reference_lines(spec: PlotSpec, wording: Wording) -> Iterator[str]:
    """Yield a sentence about each reference line and band."""
    channels = dict(zip("xy", kinds.get(spec.kind).axis_channels(spec.options), strict=True))
    for name, (axis, _ends) in REFERENCES.items():
        for *ends, label in getattr(spec.frame, name):
            values = [
                each
                if isinstance(each, str)
                else wording.value(channels[axis], wording.axis(channels[axis]).place(each))
                for each in ends
            ]
            parts = {"axis": axis, "value": values[0], "last": values[-1], "label": label}
            if len(values) == 1 and label:
                yield _("Line at %(axis)s %(value)s: %(label)s.") % parts
            elif len(values) == 1:
                yield _("Line at %(axis)s %(value)s.") % parts
            elif label:
                yield _("Band of %(axis)s from %(value)s to %(last)s: %(label)s.") % parts
            else:
                yield _("Band of %(axis)s from %(value)s to %(last)s.") % parts
