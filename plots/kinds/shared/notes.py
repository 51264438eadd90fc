"""Notes about what a picture merges or leaves out, for ``Data.with_notes``; "" for nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from plots.data.model import Numbers, Series


def duplicates_note(series: Iterable[Series], *channels: str) -> str:
    """Return a note if several rows of a series have the same ``channels`` (one or two)."""
    for each in series:
        first, *second = (each.columns[name] for name in channels)
        if second and _are_rows(first, second[0]):
            continue
        places = first + 1j * second[0] if second else first
        places = places[np.isfinite(places)]
        if np.unique(places).size < places.size:
            return _("Several rows share a position; the last one is drawn.")
    return ""


def _are_rows(x: Numbers, y: Numbers) -> bool:
    """Return whether the positions are a grid's, row by row. This is faster than sorting."""
    width = int(np.argmax(y != y[:1])) or y.size
    if not width or y.size % width:
        return False
    x, y = x.reshape(-1, width), y.reshape(-1, width)
    apart = np.unique(x[0]).size == width and np.unique(y[:, 0]).size == len(y)
    return bool(apart and (x == x[0]).all() and (y == y[:, :1]).all())


def too_many_labels_note(count: int, most: int) -> str:
    """Return a note if ``count`` labels are more than ``most``."""
    if count <= most:
        return ""
    return _("The values are not written, because there are more than %(most)d.") % {"most": most}


def out_of_range_note(values: Numbers, low: float | None, high: float | None) -> str:
    """Return a note if some ``values`` are below ``low`` or above ``high``."""
    below = low is not None and (values < low).any()
    above = high is not None and (values > high).any()
    return _("Some numbers are outside the range that is shown.") if below or above else ""
