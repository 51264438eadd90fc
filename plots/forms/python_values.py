"""Build a spec from Python values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from plots.permissions import SITE
from plots.spec.ordering import write_order
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds

from .plot_form import read_spec

if TYPE_CHECKING:
    pass


def plot_spec(kind: str, format: str = "png", /, **parameters: Any) -> PlotSpec:
    """The plot that Python values describe: ``plot_spec("line", x=days, y=totals, width=800)``.

    A channel takes a list, tuple, range, array, Series or flat QuerySet as it is, or a list of
    such for a repeated channel, or text as in a URL. Raises PlotError for what a URL would refuse.
    """
    return read_spec(kind, from_python(kind, parameters), format, SITE)


def from_python(kind: str, given: Mapping[str, Any]) -> dict[str, list[Any]]:
    """``given`` as parameters: each value in a list, a repeated one's values side by side."""
    channels = {channel.name for channel in kinds.get(kind).accepted_channels}
    if given.get("source"):
        channels = set()  # they name columns then
    parameters: dict[str, list[Any]] = {}
    for name, value in given.items():
        if value is None:
            continue
        nested = isinstance(value, (list, tuple)) and (
            name not in channels
            or any(isinstance(item, Iterable) and not isinstance(item, str) for item in value)
        )
        if name in ("xorder", "yorder") and nested:
            value, nested = write_order(tuple(value)), False
        parameters[name] = list(value) if nested and name != "colors" else [value]
    return parameters
