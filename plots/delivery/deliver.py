"""From a spec to the bytes of its picture, once, through whatever renderer the site uses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from plots import metrics
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec

from . import cache
from .renderers import renderer

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def deliver(spec: PlotSpec) -> Picture:
    """The picture of ``spec``; one that may be kept is drawn once for all who ask for it."""
    return render(spec) if spec.is_random else cache.fetch(spec, render)


def render(spec: PlotSpec) -> Picture:
    """The picture of ``spec``, drawn now."""
    try:
        with metrics.track_render(spec):
            picture = renderer().render(spec)
    except Exception as error:
        metrics.record_failure(spec, error)
        raise
    metrics.record_render(spec, picture.seconds)
    return picture


def describe(spec: PlotSpec, *, never: bool = False) -> list[str]:
    """``spec`` in words, line by line; the first says it all in short. A PlotError as drawing.

    With ``never`` they are not kept.
    """
    spec = replace(spec, format="txt")
    return (render if never else deliver)(spec).content.decode().splitlines()


def deliver_figure(figure: Figure, format: str) -> Picture:
    """The picture of a Figure that somebody else built."""
    from plots.rendering.render import render_figure

    return render_figure(figure, format)
