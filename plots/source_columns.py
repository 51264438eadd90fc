"""What a spec asks of its source: the columns of its channels, and no more rows than it shows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from .channels import Columns
from .columns import Column, to_number
from .errors import PlotError
from .registry import XY, Kind, sources
from .sources import read
from .sources.selection import PARTS, Reduction, Selection, Tally
from .spec import PlotSpec


def source_columns(spec: PlotSpec, kind: Kind) -> tuple[Columns, int | None]:
    """The columns that ``spec`` names of its source, by channel, and of how many rows they are."""
    data: Any = spec.data
    wanted = {name: channel for channel, names in data.columns.items() for name in names}
    stat = data.query.stat
    if not wanted and not stat:
        return {}, None
    keys = {c: names for c, names in data.columns.items() if not stat or c in kind.grouped}
    values = {c: names for c, names in data.columns.items() if c not in keys}
    main = next((c.name for c in kind.channels or XY if c.name not in kind.grouped), None)
    if stat and (main is None or not (values or stat == "count")):
        message = _("A %(kind)s plot shows rows one by one.") % {"kind": kind.name}
        raise PlotError(message, "invalid-stat", "stat")
    if stat and not keys:
        message = _("Name the column whose equal values are one group.")
        raise PlotError(message, "required", "x")
    asked = Selection(
        data.name,
        tuple(dict.fromkeys(chain(*keys.values()))),
        tuple(dict.fromkeys(chain(*values.values()))),
        data.query,
        "".join(data.columns.get("x", ())[:1]),
        wanted,
        _reduction(spec, kind),
        spec.frame.tz,
    )
    source = sources.get(data.name)
    if isinstance(source.version, str) and source.version != data.revision:
        # What is drawn now would be kept under the name of what was there before.
        message = _("The data have been replaced just now; ask again.")
        raise PlotError(message, "busy", "source")
    selected = read(source, data.options, asked)
    found: dict[str, Sequence[Column]] = {
        **{channel: [selected.keys[name] for name in names] for channel, names in keys.items()},
        **{channel: [selected.values[name] for name in names] for channel, names in values.items()},
    }
    if "" in selected.keys:
        found[COUNTED[kind.reduces]] = [selected.keys[""]]
    if "" in selected.values:
        found[str(main)] = [selected.values[""]]
    return found, selected.rows


# The channel that says what a reduction counted, by what it reduces to.
COUNTED = {"lines": "x", "counts": "weight"}


def _reduction(spec: PlotSpec, kind: Kind) -> Reduction | Tally | None:
    """What is enough of the source's rows for the picture, if it is known to be."""
    data: Any = spec.data
    query, frame = data.query, spec.frame
    if not kind.reduces or query.stat or query.order or query.limit:
        return None
    xs = data.columns.get("x", ())
    if kind.reduces == "counts":
        has_weight = "weight" in data.columns
        return None if has_weight else Tally(xs, spec.options.get("bins") or PARTS)
    drawn = (names for channel, names in data.columns.items() if channel not in kind.grouped)
    y = tuple(dict.fromkeys(chain(*drawn)))
    if frame.xscale != "linear" or set(xs) & set(y):
        return None
    low, high = (None if end is None else to_number(end) for end in (frame.xmin, frame.xmax))
    return Reduction("".join(xs[:1]), y, round(frame.width * frame.scale), low, high)
