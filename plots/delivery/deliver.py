"""Render a spec once, with the renderer that the settings select."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from plots import metrics
from plots.i18n import override_language
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec

from . import cache, fair_share
from .renderers import renderer

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def deliver(spec: PlotSpec) -> Picture:
    """Return the image of ``spec``, cached unless the kind is random."""
    return render(spec) if spec.is_random else cache.fetch(spec, render)


def render(spec: PlotSpec) -> Picture:
    """Render ``spec`` now, bypassing the cache, and record the result in the metrics.

    Error messages are in the language of the plot because they may be cached under its digest.
    """
    try:
        with (
            fair_share.place(),
            override_language(spec.frame.lang),
            metrics.track_render(spec),
        ):
            picture = renderer().render(spec)
    except Exception as error:
        metrics.record_failure(spec, error)
        raise
    metrics.record_render(spec, picture.seconds)
    return picture


def describe(spec: PlotSpec, *, never: bool = False) -> list[str]:
    """Return the description of ``spec`` as lines; the first one is a summary.

    Parameters
    ----------
    spec : PlotSpec
        The plot to describe.
    never : bool
        Bypass the cache.

    Raises
    ------
    PlotError
        If the plot cannot be drawn.
    """
    spec = replace(spec, format="txt")
    return (render if never else deliver)(spec).content.decode().splitlines()


def deliver_figure(figure: Figure, format: str) -> Picture:
    """Return the image of a Figure that a view has built."""
    # Imported here because a process that never renders must not load matplotlib.
    from plots.rendering.render import render_figure

    with fair_share.place():
        return render_figure(figure, format)
