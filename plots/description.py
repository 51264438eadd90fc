"""A plot in words."""

from __future__ import annotations

from .registry import kinds
from .spec import FromSource, PlotSpec


def describe(spec: PlotSpec) -> str:
    """One line that says what the picture shows: the author's words, else made of the spec."""
    frame = spec.frame
    if frame.alt:
        return frame.alt
    head = f"{kinds.get(spec.kind).title} plot"
    if frame.title:
        return f"{head}: {frame.title}"
    names = spec.data.columns if isinstance(spec.data, FromSource) else {}
    drawn = ", ".join(spec.labels) or frame.ylabel or ", ".join(names.get("y", ()))
    along = frame.xlabel or ", ".join(names.get("x", ()))
    return head + (f" of {drawn}" if drawn else "") + (f" by {along}" if along else "")
