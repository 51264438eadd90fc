"""What the channels of a kind ask of columns: all that it needs, of one length, numbers or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from .columns import Column, is_date, is_text
from .errors import PlotError
from .registry import Channel

Columns = Mapping[str, Sequence[Column]]


def close(channels: Sequence[Channel], columns: Columns) -> Columns:
    """``columns`` as long as their edges: behind the last edge there is a gap."""
    edges = next((channel.name for channel in channels if channel.edges), None)
    if edges is None:
        return columns
    others = {name: each for name, each in columns.items() if name != edges}
    longest = max((len(column) for each in others.values() for column in each), default=0)
    counted = tuple(float(place) for place in range(longest + 1))
    given = columns.get(edges, [counted])
    length = len(given[0])
    closed: dict[str, Sequence[Column]] = {edges: given}
    for name, each in others.items():
        closed[name] = [(*c, None) if len(c) == length - 1 else c for c in each]
        if any(len(column) != length or column[-1] is not None for column in closed[name]):
            message = f"There are {length} edges for {longest} values; give {longest + 1}."
            raise PlotError(message, "unequal-lengths", edges)
    return closed


def check(channels: Sequence[Channel], columns: Columns, main: str | None) -> None:
    """Raises PlotError for what ``channels`` ask that ``columns`` are not; ``main`` repeats."""
    errors = []
    first = next(iter(columns))
    length = len(columns[first][0])
    for channel in channels:
        given = columns.get(channel.name, ())
        if channel.required and not given:
            errors.append(PlotError("This is needed: " + channel.help, "required", channel.name))
        if main and len(given) not in (0, 1, len(columns[main])):
            message = f"This is given {len(given)} times and {main} {len(columns[main])} times."
            errors.append(PlotError(message, "unequal-lengths", channel.name))
        for column in given:
            if len(column) != length:
                message = f"This has {len(column)} values, and {first} has {length}."
                errors.append(PlotError(message, "unequal-lengths", channel.name))
            if channel.sort in ("number", "grid") and (is_text(column) or is_date(column)):
                odd = next(value for value in column if value is not None)
                message = f"“{odd}” is not a number; {channel.name} takes numbers."
                errors.append(PlotError(message, "not-a-number", channel.name))
    if errors:
        raise PlotError.of(errors)
