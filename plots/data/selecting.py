"""What a spec asks of its source: the columns of its channels, and no more rows than it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.sources.reading import read_source
from plots.sources.selection import (
    PARTS,
    AxisBinning,
    Bins,
    Downsampling,
    Histogram,
    Selected,
    Selection,
)
from plots.spec.channels import COUNT, GROUPED, XY
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import Kind, sources
from plots.values.columns import Column, to_number

from .validation import Columns

# The diameter of a marker of which nobody says it, in points.
MARKER = 6.0
# How long the side of a cell is at least, and at most, in CSS pixels.
SIDES = (2.0, 6.0)


def source_columns(spec: PlotSpec, kind: Kind) -> tuple[Columns, Selected]:
    """The columns that ``spec`` names of its source, by channel, and what else is known of them."""
    data: Any = spec.data
    wanted = {name: channel for channel, names in data.columns.items() for name in names}
    stat = data.query.stat
    if not wanted and not stat:
        return {}, Selected({})
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
    try:
        selected = read_source(source, data.options, asked, data.viewer)
    except PlotError as error:
        raise _explained(error, kind, data.columns) from error.__cause__
    found: dict[str, Sequence[Column]] = {
        **{channel: [selected.keys[name] for name in names] for channel, names in keys.items()},
        **{channel: [selected.values[name] for name in names] for channel, names in values.items()},
    }
    if "" in selected.keys:
        found["weight" if kind.downsample == "counts" else "x"] = [selected.keys[""]]
    if "" in selected.values:
        found[COUNT.name if kind.downsample == "bins" and not stat else str(main)] = [
            selected.values[""]
        ]
    return found, selected


def _explained(error: PlotError, kind: Kind, columns: Mapping[str, Any]) -> PlotError:
    """``error``; of too many rows with what to leave out, so that they could be counted."""
    kept = _uncounted(kind, columns)
    if error.code != "too-much" or error.parameter != "source" or not kept:
        return error
    message = _("%(error)s Without %(names)s they could be counted, and drawn as a density.")
    message %= {"error": error.message, "names": ", ".join(kept)}
    return PlotError(message, error.code, kept[0])


def _uncounted(kind: Kind, columns: Mapping[str, Any]) -> list[str]:
    """The channels given that each row has to be drawn for, of a kind that counts them in cells."""
    counted = {"x", "y", *GROUPED}
    return [name for name in columns if name not in counted] if kind.downsample == "bins" else []


def _reduction(spec: PlotSpec, kind: Kind) -> Downsampling | Histogram | Bins | None:
    """What is enough of the source's rows for the picture, if it is known to be."""
    data: Any = spec.data
    query, frame = data.query, spec.frame
    if not kind.downsample or query.stat or query.order or query.limit:
        return None
    xs = data.columns.get("x", ())
    if kind.downsample == "counts":
        has_weight = "weight" in data.columns
        return None if has_weight else Histogram(xs, spec.options.get("bins") or PARTS)
    if kind.downsample == "bins":
        return None if _uncounted(kind, data.columns) else _cells(spec, kind)
    drawn = (names for channel, names in data.columns.items() if channel not in kind.grouped)
    y = tuple(dict.fromkeys(chain(*drawn)))
    if frame.xscale != "linear" or set(xs) & set(y):
        return None
    low, high = (None if end is None else to_number(end) for end in (frame.xmin, frame.xmax))
    return Downsampling("".join(xs[:1]), y, round(frame.width * frame.scale), low, high)


def _cells(spec: PlotSpec, kind: Kind) -> Bins | None:
    """Cells half as wide as a marker, over what the limits show."""
    columns: Any = spec.data.columns
    frame = vars(spec.frame)
    side = (spec.options.get("markersize") or MARKER) * 96 / 72 / 2
    side = min(max(side, SIDES[0]), SIDES[1])

    def along(axis: str, length: int) -> AxisBinning:
        ends = (frame[f"{axis}min"], frame[f"{axis}max"])
        low, high = (None if end is None else to_number(end) for end in ends)
        return AxisBinning(axis, max(1, round(length / side)), low, high, frame[f"{axis}scale"])

    axes = {"x": along("x", spec.frame.width), "y": along("y", spec.frame.height)}
    across, up = (axes[seen] for seen in kind.axis_channels(spec.options))
    x, y = "".join(columns.get("x", ())[:1]), tuple(dict.fromkeys(columns.get("y", ())))
    groups = tuple(dict.fromkeys(chain(columns.get("by", ()), columns.get("facet", ()))))
    if not y or {x, *groups} & {*y}:
        return None
    return Bins(x, y, groups, across, up)
