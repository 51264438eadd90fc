"""How series are told apart: by a colour, and where colours repeat by a dash, marker or hatch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# Further lines, markers and hatches, in the order in which series with an equal colour get them.
# The hatches are of straight lines: Agg draws one with circles or stars ten times as long.
DASHES: tuple[Any, ...] = (
    "-", "--", ":", "-.",
    (0, (8, 2)), (0, (5, 1.3, 1, 1.3, 1, 1.3)), (0, (2, 1)), (0, (8, 1.5, 3, 1.5)), (0, (1, 3.5)),
    (0, (4, 1.3, 4, 1.3, 1, 1.3)), (0, (12, 3)), (0, (9, 1.3, 1, 1.3)), (0, (3, 1.2, 3, 1.2, 3, 4)),
    (0, (2, 3)), (0, (1, 1.2, 1, 1.2, 1, 4)), (0, (6, 4)), (0, (12, 1.5, 2, 1.5, 2, 1.5)),
)  # fmt: skip
FORMS: tuple[Any, ...] = (
    "o", "s", "^", "D", "X", "v", "P", "*", "<", "p", ">", "d", (4, 1, 0), "h", (3, 1, 0),
    (6, 1, 0), "8",
)  # fmt: skip
HATCHES = (
    "", "///", "\\\\\\", "---", "|||", "xxx", "+++", "//////", "------", "||||||", "\\\\\\\\\\\\",
    "///---", "\\\\\\|||", "///|||", "\\\\\\---", "xxxxxx", "++++++",
)  # fmt: skip
COUNT = len(HATCHES)  # of each; series beyond them also have another tint
MAX_DASHED = 10_000  # dashes are not visible between more points, but take seconds
PALEST = 0.76  # the largest part of the background in a tint
MAX_TRIED = 64  # tints of a colour


@dataclass(frozen=True)
class SeriesStyle:
    """The looks of one series. No two series of a picture have the same.

    Attributes
    ----------
    color : str
        A colour of the theme, or of the parameter ``colors``, as ``#rrggbb`` or ``#rrggbbaa``.
    tint : str
        A colour that no other series has: ``color``, mixed with the background if it repeats.
    repeat : int
        The number of series with the same colour before this one.
    """

    color: str
    tint: str
    repeat: int = 0

    def line(self, first: Any = "-", points: int = 0) -> dict[str, Any]:
        """Return matplotlib's ``color`` and ``linestyle`` of a line with this number of points.

        The line is ``first``, or another one where the colour repeats. Of too many points for
        dashes, it is solid and has a tint.
        """
        if points > MAX_DASHED and first:
            return {"color": self.tint, "linestyle": "-"}
        return {"color": self.color, "linestyle": _take(first, DASHES, self.repeat)}

    def marker(self, first: Any = "o") -> Any:
        """Return matplotlib's ``marker``: ``first``, or another one where the colour repeats."""
        return _take(first, FORMS, self.repeat)

    @property
    def hatch(self) -> str:
        """matplotlib's ``hatch``. ``ax.hatch`` draws it at once for any number of shapes."""
        return HATCHES[self.repeat % COUNT]


def _take(first: Any, others: Sequence[Any], place: int) -> Any:
    """Return ``first`` or one of the ``others``. No choice of a marker stays none."""
    return [first, *(each for each in others if each != first)][place % COUNT] if first else first


@lru_cache(256)
def series_styles(
    places: tuple[int | None, ...], palette: tuple[str, ...], ground: str, most: int
) -> tuple[SeriesStyle, ...]:
    """Return the styles of series at ``places`` of the palette, and further ones up to ``most``.

    A place of None is the first that no other series has. Places beyond the palette begin it anew.
    """
    most = max(most, len(places))
    taken = {place for place in places if place is not None}
    free = (place for place in range(len(taken) + most) if place not in taken)
    found = [next(free) if place is None else place for place in places]
    found += [next(free) for _ in range(most - len(places))]
    colors = [palette[place % len(palette)] for place in found]
    # Of series with the same colour, the one that comes first in the palette has no pattern.
    order = sorted(range(most), key=lambda index: (index >= len(places), found[index]))
    counts: Counter[str] = Counter()
    styles: dict[int, SeriesStyle] = {}
    seen = set(colors)
    for index in order:
        color, repeat = colors[index], counts[colors[index]]
        counts[color] += 1
        # A colour that is almost the background has few tints, or none.
        tints = (_tint(color, ground, place) for place in range(repeat, repeat + MAX_TRIED))
        tint = next((each for each in tints if each not in seen), color) if repeat else color
        seen.add(tint)
        styles[index] = SeriesStyle(_tint(color, ground, repeat // COUNT), tint, repeat)
    return tuple(styles[index] for index in range(most))


def _tint(color: str, ground: str, place: int) -> str:
    """Return a mixture of ``color`` with ``ground``, another one for each ``place`` above 0."""
    part, step = 0.0, 0.5
    while place:  # halves, quarters, eighths, …: near places are far apart
        part, step, place = part + step * (place % 2), step / 2, place // 2
    if not part:
        return color
    return mix(color, ground, PALEST * part)


def mix(color: str, other: str, part: float) -> str:
    """Return ``color`` with a ``part`` of ``other``, each ``#rrggbb``; an opacity is kept."""
    channels = (
        round((1 - part) * int(color[at : at + 2], 16) + part * int(other[at : at + 2], 16))
        for at in (1, 3, 5)
    )
    return "#{:02x}{:02x}{:02x}".format(*channels) + color[7:]
