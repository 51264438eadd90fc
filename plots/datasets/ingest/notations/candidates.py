"""Guesses of the notation of a column, from some of its values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from .booleans import boolean_notations
from .clocks import CLOCK_TIME, DURATION, clock_notations
from .dates import DATES
from .gaps import GAPS
from .notation import Notation
from .numbers import number_notations

MAX_LENGTH = 90  # characters; no value is longer
# Two days with equal digits match the same notations.
_SHAPES = str.maketrans("123456789", "000000000")
_FIXED = (*DATES, CLOCK_TIME, DURATION)
_GAPS = frozenset(GAPS)


@lru_cache(20_000)
def _fixed_matches(shape: str) -> frozenset[str]:
    """The examples of the notations of dates and times that texts of this shape match."""
    if "0" not in shape:
        return frozenset()
    return frozenset(each.example for each in _FIXED if each.matches(shape))


def candidates(texts: Iterable[str], delimiter: str | None, name: str = "") -> list[Notation]:
    """Return the notations that most of ``texts`` match, the most likely first.

    Parameters
    ----------
    texts : iterable of str
        Some values of a column.
    delimiter : str or None
        The character between the columns of the file.
    name : str
        The name of the column.
    """
    given = [text for text in texts if text not in _GAPS]
    short = [text for text in given if len(text) <= MAX_LENGTH]
    if not short:
        return []
    shapes = Counter(text.translate(_SHAPES) for text in short)
    fixed: Counter[str] = Counter()
    for shape, count in shapes.items():
        fixed.update(dict.fromkeys(_fixed_matches(shape), count))
    clocks = clock_notations(short, name)
    dates = [each for each in DATES if fixed[each.example]]
    numbers = number_notations(shapes, delimiter)
    booleans = boolean_notations(short)
    counts = {each.example: count for each in (*dates, *clocks) if (count := fixed[each.example])}
    for each in numbers:
        counts[each.example] = sum(n for shape, n in shapes.items() if each.matches(shape))
    for each in booleans:
        counts[each.example] = sum(map(each.matches, short))
    best = max(counts.values(), default=0)
    if not best or 2 * best < len(given):
        return []
    order = (*numbers, *dates, *clocks, *booleans)
    likely = [each for each in order if counts.get(each.example) == best]
    if all(map(_is_season, short)):
        return [each for each in likely if each.dtype != "date"]
    return likely


def _is_season(text: str) -> bool:
    """Whether a text such as 2019/20 or 2019-20 is two consecutive years and not a month."""
    first, second = text[:4], text[5:]
    is_pair = len(text) == 7 and text[4] in "/-" and first.isdigit() and second.isdigit()
    return is_pair and (int(first) + 1) % 100 == int(second)
