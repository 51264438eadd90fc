"""How the names of bars, boxes and rows are written along an axis, so that each has its own.

Names lie in up to three lines if there is room for all of them. Along x they are slanted
otherwise, or upright, and shortened only if they would take too much of the image. Where even that
leaves too little room, evenly spaced names are written, and a note says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from plots.data.model import Axis
from plots.rendering.axes.extents import center_labels, label_extents, slant_labels
from plots.rendering.axes.ticks import MOST_LABELS, set_names

from .page import LINE, Page

MOST_LINES = 3
LYING = 0.45  # of the width of the image, for names beside the y axis
EARLY = 0.28  # of that width: longer names are broken into lines, if these fit
STANDING = 0.4  # of the height of the image, for names below the x axis
SLANT = 45  # degrees
ASIDE = 0.2  # of the width, for slanted names beyond the left end of the x axis

Texts = Mapping[int, str]


def set_y_names(page: Page, meaning: Axis) -> None:
    """Write names beside the y axis."""
    axis = page.ax.yaxis
    places, slot = _places(axis, meaning, page.ax.bbox.height)
    step = max(1, math.ceil(LINE * page.em / slot), math.ceil(len(places) / MOST_LABELS))
    parts = (EARLY, LYING) if page.panels.columns == 1 else (0.2, 0.3)
    while True:
        shown = places[::step]
        lines = min(MOST_LINES, int(step * slot / (LINE * page.em)))
        texts = _lying(page, meaning, shown, [part * page.width for part in parts], lines)
        set_names(axis, texts)
        center_labels(axis, page.renderer)
        if len(shown) < 2 or not _meet(page, 1):
            break
        step += 1
    _say(page, _("y axis"), step, len(places), texts, meaning)


def _lying(
    page: Page, meaning: Axis, places: Sequence[int], rooms: Sequence[float], lines: int
) -> Texts:
    """Return the names in the narrowest of ``rooms`` that holds all, else cut to the last."""
    for room in rooms:
        if wrapped := _wrapped(page, meaning, places, room, lines):
            return wrapped
    return {place: _cut(page, meaning, place, rooms[-1], lines) for place in places}


def set_x_names(page: Page, meaning: Axis) -> None:
    """Write names below the x axis: lying, slanted or upright."""
    axis = page.ax.xaxis
    places, slot = _places(axis, meaning, page.ax.bbox.width)
    step, angle, texts = 1, 0, _side_by_side(page, meaning, places, slot)
    if texts is None or page.turned:
        step, angle, texts = _turned(page, meaning, places, slot)
    page.turned = max(page.turned, angle)
    for ax in page.panels.axes:
        ax.xaxis.set_tick_params(rotation=angle)
    set_names(axis, texts)
    slant_labels(axis)
    while angle != SLANT and len(texts) > 1 and _meet(page, 0):  # of a tall or wide script
        step += 1
        texts = {place: texts.get(place) or _name(meaning, place) for place in places[::step]}
        set_names(axis, texts)
        slant_labels(axis)
    _say(page, _("x axis"), step, len(places), texts, meaning)


def _side_by_side(page: Page, meaning: Axis, places: Sequence[int], slot: float) -> Texts | None:
    """Return all names in lines as long as the distance of two ticks; None if some do not fit."""
    if len(places) > MOST_LABELS:
        return None
    gap = page.em / 2
    widths = [_width(page, _name(meaning, place)) for place in places]
    pairs = [(one + other) / 2 + gap for one, other in pairwise(widths)]
    if max(pairs, default=0) <= slot and max(widths, default=0) <= LYING * page.width:
        return {place: _name(meaning, place) for place in places}
    return _wrapped(page, meaning, places, min(slot - gap, LYING * page.width), MOST_LINES)


def _turned(
    page: Page, meaning: Axis, places: Sequence[int], slot: float
) -> tuple[int, int, Texts]:
    """Return the step between names, their angle, and the names, slanted, upright or thinned."""
    line, room = LINE * page.em, STANDING * page.height
    step = max(1, math.ceil(line / slot), math.ceil(len(places) / MOST_LABELS))
    longest = max((_width(page, _name(meaning, place)) for place in places[::step]), default=0.0)
    if step > 1:
        lying = math.ceil((longest + page.em / 2) / slot)
        if len(places) >= 8 * lying:
            lying = max(lying, math.ceil(len(places) / MOST_LABELS))
            return lying, 0, {place: _name(meaning, place) for place in places[::lying]}
    part = math.sin(math.radians(SLANT))
    fits = (longest + page.em) * part <= room and longest * part - slot / 2 <= ASIDE * page.width
    if fits and slot * step * part >= line and page.panels.columns == 1 and page.turned <= SLANT:
        return step, SLANT, {place: _name(meaning, place) for place in places[::step]}
    lines = max(1, min(MOST_LINES, int(slot * step / line)))
    return step, 90, _lying(page, meaning, places[::step], [room], lines)


def _places(axis: Any, meaning: Axis, length: float) -> tuple[range, float]:
    """Return the places of the names within the limits, and the pixels between two of them."""
    low, high = sorted(axis.get_view_interval())
    first, last = max(0, math.ceil(low)), min(len(meaning.names) - 1, math.floor(high))
    return range(first, last + 1), length / (high - low)


def _wrapped(
    page: Page, meaning: Axis, places: Sequence[int], room: float, lines: int
) -> Texts | None:
    found: dict[int, str] = {}
    for place in places:
        text = page.ruler.wrap_words(_name(meaning, place), room, lines, page.tick_font)
        if text is None:
            return None
        found[place] = text
    return found


def _cut(page: Page, meaning: Axis, place: int, room: float, lines: int) -> str:
    return page.ruler.wrap(_name(meaning, place), room, max(1, lines), page.tick_font)


def _name(meaning: Axis, place: int) -> str:
    return " ".join(meaning.names[place].split())


def _width(page: Page, text: str) -> float:
    return page.ruler.width(text, page.tick_font)


def _meet(page: Page, dimension: int) -> bool:
    boxes = label_extents((page.ax.xaxis, page.ax.yaxis)[dimension], page.renderer)
    ends = sorted((box[dimension], box[dimension + 2]) for box in boxes)
    return any(a[1] > b[0] for a, b in pairwise(ends))


def _say(page: Page, axis: str, step: int, count: int, texts: Texts, meaning: Axis) -> None:
    """Note what is not written. Each pass over the layout replaces the notes of the last."""
    page.notes[axis] = list(_remarks(axis, step, count, texts, meaning))


def _remarks(axis: str, step: int, count: int, texts: Texts, meaning: Axis) -> Iterator[str]:
    if step > 1 and count > 1:
        shown = {"axis": axis, "step": step, "shown": len(texts), "count": count}
        yield _("%(shown)d of the %(count)d names on the %(axis)s are written, evenly spaced.") % (
            shown
        )
    is_cut = any(
        "".join(text.split()) != "".join(_name(meaning, place).split())
        for place, text in texts.items()
    )
    if is_cut:
        yield _("Long names on the %(axis)s are shortened.") % {"axis": axis}
