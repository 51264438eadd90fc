"""Calling the drawing function of a kind, and checking what it did."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure

from plots.data.model import Data
from plots.errors import PlotError
from plots.spec.registry import Kind

from .axes.axes import PlotAxes

logger = logging.getLogger("plots")


def call_kind(
    kind: Kind, ax: PlotAxes, data: Data, options: Mapping[str, Any]
) -> ScalarMappable | None:
    """Draw ``data`` on ``ax``. Return what a colour bar is to explain, if anything.

    Raise a PlotError if the function returns anything else. With DEBUG, an exception of the
    function is described in a PlotError, too.
    """
    try:
        drawn = kind.function(ax, data, **options)
    except PlotError:
        raise
    except Exception as error:  # a drawing function may raise anything
        if not settings.DEBUG or isinstance(error, MemoryError):
            raise
        logger.exception("The kind %s failed", kind.name)
        raise kind.failure(f"{type(error).__name__}: {error}") from error
    if drawn is not None and not isinstance(drawn, ScalarMappable):
        raise _reported(kind, _problem(drawn))
    has_numbers = drawn is not None and drawn.get_array() is not None
    return drawn if has_numbers else None


def check_drawn(kind: Kind, axes: Iterable[Axes]) -> None:
    """Raise a PlotError if nothing was drawn on any of ``axes``."""
    if all(map(_is_blank, axes)):
        problem = "it drew nothing on the Axes; draw with the methods of ax, such as ax.plot(…)."
        raise _reported(kind, problem)


def _is_blank(ax: Axes) -> bool:
    drawn = (ax.lines, ax.patches, ax.collections, ax.texts, ax.images, ax.artists, ax.tables)
    return not any(drawn) and not ax.child_axes


def _problem(drawn: object) -> str:
    """Describe a wrong return value, and the fix."""
    if isinstance(drawn, Figure):
        return "it returned a Figure; draw on the Axes that it gets as ax, and return nothing."
    if isinstance(drawn, Axes):
        return "it returned an Axes; draw on the Axes that it gets as ax, and return nothing."
    return (
        f"it returned {type(drawn).__name__}; return nothing, or the ScalarMappable that a colour "
        "bar explains."
    )


def _reported(kind: Kind, problem: str) -> PlotError:
    function = kind.function
    where = f"{getattr(function, '__module__', '')}.{getattr(function, '__qualname__', '')}"
    logger.error("The kind %s (%s) failed: %s", kind.name, where, problem)
    return kind.failure(problem)
