"""Notes about what a picture merges or leaves out, for ``Data.with_notes``; "" for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from plots.data.model import Data, Numbers


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


def add_crowded_note(data: Data, size: tuple[float, float], **options: Any) -> Data:
    """Add a note if more rows than pixels are along x, of a picture of ``size``."""
    along = size[1 if options.get("orientation") == "horizontal" else 0]
    if np.unique(data.concat("x")).size <= along:
        return data
    note = _("Several rows share a pixel; the largest and the smallest of them are drawn.")
    return data.with_notes(note)


def add_cells_note(data: Data, size: tuple[float, float], **unused: object) -> Data:
    """Add a note if a grid has more columns or rows than a picture of ``size`` has pixels."""
    counts = (np.unique(data.concat(name)).size for name in "xy")
    if all(count <= room for count, room in zip(counts, size, strict=True)):
        return data
    note = _("Several cells share a pixel; the number farthest from the median is drawn.")
    return data.with_notes(note)
