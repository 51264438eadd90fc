"""From parameters to a spec: ``read_spec`` takes URL parameters, ``plot_spec`` Python values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from plots.permissions import User
from plots.spec.ordering import write_order
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import Kind, Source, kinds, sources

from .binding import Parameters, bind
from .plot_form import PlotForm


def read_spec(
    kind: str, parameters: Parameters, format: str = "png", user: User = None
) -> PlotSpec:
    """Validate ``parameters`` and return the plot that they describe.

    Parameters
    ----------
    kind : str
        Name of a registered kind.
    parameters : mapping of str to sequence
        The values of each parameter, as text or, for channels, Python sequences.
    format : str
        Name of an output format.
    user : User, optional
        Sources that this user may not see are reported as unknown.

    Raises
    ------
    PlotError
        With all errors, if a parameter is unknown or invalid.
    """
    return PlotForm(kinds.get(kind), parameters, format, for_display=False, user=user).spec


def plot_spec(kind: str, format: str = "png", /, **parameters: Any) -> PlotSpec:
    """Return the plot that Python values describe.

    Parameters
    ----------
    kind : str
        Name of a registered kind, such as "line".
    format : str
        Name of an output format, such as "png".
    **parameters
        Parameters of the plot. A channel takes a list, tuple, range, array, Series or flat
        QuerySet, a list of those if the channel is repeated, or text as in a URL.

    Raises
    ------
    PlotError
        If a URL with these parameters would be rejected. Within a ``plot_view``, sources that
        the visitor may not see are reported as unknown.

    Examples
    --------
    >>> spec = plot_spec("line", x=["Mon", "Tue"], y=[12, 19], width=800)
    >>> spec.frame.width
    800
    """
    return read_spec(kind, from_python(kind, parameters), format, sources.reader)


def from_python(kind: str, given: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Convert Python values to parameters: a list of values for each name."""
    channels = {channel.name for channel in kinds.get(kind).accepted_channels}
    if given.get("source"):
        channels = set()  # channels hold names of columns
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


def default_options(entry: Kind | Source) -> dict[str, Any]:
    """Return the default options of a kind or source."""
    return dict(bind(entry.options, {}).cleaned_data)
