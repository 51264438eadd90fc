"""Validate columns against the channels of a kind: which are required, lengths, data types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.i18n import translate
from plots.spec.channels import Channel
from plots.values.columns import Column, dtype_of_column
from plots.values.scalars import check_links

from .model import Data

Columns = Mapping[str, Sequence[Column]]


def pad_to_edges(channels: Sequence[Channel], columns: Columns) -> Columns:
    """Append a gap to each column of a kind with edges, so that all are as long as the edges.

    Edges that are left out count from 0.

    Raises
    ------
    PlotError
        If there is not one edge more than values.
    """
    edges = next((channel.name for channel in channels if channel.edges), None)
    if edges is None:
        return columns
    others = {name: each for name, each in columns.items() if name != edges}
    longest = max((len(column) for each in others.values() for column in each), default=0)
    counted = tuple(float(place) for place in range(longest + 1))
    given = columns.get(edges, [counted])
    length = len(given[0])
    padded: dict[str, Sequence[Column]] = {edges: given}
    for name, each in others.items():
        padded[name] = [(*c, None) if len(c) == length - 1 else c for c in each]
        if any(len(column) != length or column[-1] is not None for column in padded[name]):
            message = _("There are %(edges)d edges for %(values)d values; give %(needed)d.")
            message %= {"edges": length, "values": longest, "needed": longest + 1}
            raise PlotError(message, "unequal-lengths", edges)
    return padded


# Of times from 2000 to 2100, as other programs count them.
_SINCE_1970 = {"ms": (946_684_800_000, 4_102_444_800_000), "s": (946_684_800, 4_102_444_800)}


def epoch_note(data: Data) -> str:
    """Return a remark if the numbers along x look like times since 1970, or else ""."""
    if data.axis("x").dtype != "number":
        return ""
    numbers = data.concat("x")
    numbers = numbers[np.isfinite(numbers)]
    if not numbers.size or numbers.min() == numbers.max() or (numbers % 1).any():
        return ""
    units = (
        unit
        for unit, (low, high) in _SINCE_1970.items()
        if low <= numbers.min() and numbers.max() <= high
    )
    found = next(units, "")
    if not found:
        return ""
    unit = _("milliseconds") if found == "ms" else _("seconds")
    message = _(
        "The numbers of x look like %(unit)s since 1970. Give times such as 2026-01-31T12:30:00Z "
        "for an axis of dates."
    )
    return message % {"unit": unit}


def validate_columns(channels: Sequence[Channel], columns: Columns, repeated: str | None) -> None:
    """Check that ``columns`` have what ``channels`` require.

    Parameters
    ----------
    channels : sequence of Channel
        The channels of the kind.
    columns : mapping of str to sequence of Column
        The columns of each channel.
    repeated : str or None
        The channel whose columns are the series. Others have one column, or one for each of them.

    Raises
    ------
    PlotError
        With all errors.
    """
    errors: list[PlotError] = []
    for channel in channels:
        given = columns.get(channel.name, ())
        if channel.required and not given:
            message = _("This is required: %(help)s") % {"help": translate(channel.help)}
            errors.append(PlotError(message, "required", channel.name))
        if repeated and len(given) not in (0, 1, len(columns[repeated])):
            message = _("This is given %(count)d times, but %(name)s %(times)d times.")
            message %= {"count": len(given), "name": repeated, "times": len(columns[repeated])}
            errors.append(PlotError(message, "unequal-lengths", channel.name))
        for column in given:
            errors += _column_errors(channel, column, columns)
    if errors:
        raise PlotError.of(errors)


def _column_errors(channel: Channel, column: Column, columns: Columns) -> Iterator[PlotError]:
    first = next(iter(columns))
    length = len(columns[first][0])
    if len(column) != length:
        message = _("This has %(count)d values, but %(name)s has %(length)d.")
        message %= {"count": len(column), "name": first, "length": length}
        yield PlotError(message, "unequal-lengths", channel.name)
    if channel.dtype == "link":
        check_links(column, channel.name)
    if channel.dtype in ("number", "grid") and dtype_of_column(column) in ("text", "date"):
        wrong = next(value for value in column if value is not None)
        message = _("“%(value)s” is not a number; %(name)s takes numbers.")
        message %= {"value": wrong, "name": channel.name}
        yield PlotError(message, "not-a-number", channel.name)
    if channel.dtype == "ordered" and dtype_of_column(column) == "text":
        message = _("%(name)s has names. Give numbers or dates.") % {"name": channel.name}
        yield PlotError(message, "not-a-number", channel.name)
