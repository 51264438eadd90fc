"""From a spec to the bytes of its picture, through whatever renderer the site uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..picture import Picture
from ..spec import PlotSpec
from .renderers import renderer

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def deliver(spec: PlotSpec) -> Picture:
    """The picture of ``spec``."""
    return renderer().render(spec)


def deliver_figure(figure: Figure, format: str) -> Picture:
    """The picture of a Figure that somebody else built."""
    from ..rendering import render_figure

    return render_figure(figure, format)


def deliver_notice(heading: str, message: str, format: str) -> Picture:
    """A small picture that says what went wrong."""
    from ..rendering import render_notice

    return render_notice(heading, message, format)
