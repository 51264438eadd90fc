"""What the channels of a kind ask of columns: all that it needs, of one length, numbers or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.i18n import translate
from plots.spec.channels import Channel
from plots.values.columns import Column, is_date, is_text
from plots.values.scalars import check_links

Columns = Mapping[str, Sequence[Column]]


def close_edges(channels: Sequence[Channel], columns: Columns) -> Columns:
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
            message = _("There are %(edges)d edges for %(values)d values; give %(needed)d.")
            message %= {"edges": length, "values": longest, "needed": longest + 1}
            raise PlotError(message, "unequal-lengths", edges)
    return closed


def validate_columns(channels: Sequence[Channel], columns: Columns, main: str | None) -> None:
    """Raises PlotError for what ``channels`` ask that ``columns`` are not; ``main`` repeats."""
    errors = []
    first = next(iter(columns))
    length = len(columns[first][0])
    for channel in channels:
        given = columns.get(channel.name, ())
        if channel.required and not given:
            message = _("This is needed: %(help)s") % {"help": translate(channel.help)}
            errors.append(PlotError(message, "required", channel.name))
        if main and len(given) not in (0, 1, len(columns[main])):
            message = _("This is given %(count)d times and %(name)s %(times)d times.")
            message %= {"count": len(given), "name": main, "times": len(columns[main])}
            errors.append(PlotError(message, "unequal-lengths", channel.name))
        for column in given:
            if len(column) != length:
                message = _("This has %(count)d values, and %(name)s has %(length)d.")
                message %= {"count": len(column), "name": first, "length": length}
                errors.append(PlotError(message, "unequal-lengths", channel.name))
            if channel.dtype == "link":
                check_links(column, channel.name)
            if channel.dtype in ("number", "grid") and (is_text(column) or is_date(column)):
                odd = next(value for value in column if value is not None)
                message = _("“%(value)s” is not a number; %(name)s takes numbers.")
                message %= {"value": odd, "name": channel.name}
                errors.append(PlotError(message, "not-a-number", channel.name))
    if errors:
        raise PlotError.of(errors)
