"""Reference lines and bands, and their labels, placed where they cover the least data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from plots.data.model import Axis
from plots.data.references import positions_of
from plots.rendering.marks.bands import as_band
from plots.rendering.text.matplotlib_fonts import font, suited
from plots.spec.plot_spec import Frame
from plots.spec.references import REFERENCES
from plots.spec.themes import Theme

from .annotations import GAP, SIZE
from .occupancy import GROUND, Drawn

if TYPE_CHECKING:
    from .layout import Layout

PAD = 3.0  # points between a line and its label
EXTREME = 1e250  # with a margin, which is a part of all decades, it would overflow
ROWS = 12  # in which the label of a vertical line is tried
HALO = 2.9  # points; both it and the line are an even number of pixels, with the same middle
THIN_ALPHA = 0.6  # of a band that is about a pixel wide
Where = tuple[tuple[float, float], str, str]  # an offset in points, and alignments

_LINE: dict[str, Any] = {"linewidth": 1.3, "dashes": (5, 3), "zorder": 1.8}


def references_of(frame: Frame, axes: tuple[Axis, Axis]) -> Iterator[tuple[str, Any, str]]:
    """Yield the axis of each reference, its places on that axis, and its label."""
    for name, (axis, _) in REFERENCES.items():
        for reference in getattr(frame, name):
            yield axis, positions_of(reference, axes["xy".index(axis)]), str(reference[-1])


def draw_references(
    ax: Axes, frame: Frame, axes: tuple[Axis, Axis], theme: Theme, is_filled: bool
) -> None:
    """Draw the references, and widen limits that were not given. Bands are behind the data.

    With ``is_filled``, the data fill the Axes, and all references are in front of them.
    """
    for axis, ends, _ in references_of(frame, axes):
        if len(ends) == 1:
            draw: Any = ax.axvline if axis == "x" else ax.axhline
            halo = [withStroke(linewidth=HALO, foreground=theme.ground, alpha=0.7)]
            draw(*ends, color=theme.ink if is_filled else theme.muted, path_effects=halo, **_LINE)
        else:
            draw = ax.axvspan if axis == "x" else ax.axhspan
            order = 1.7 if is_filled else 0.3
            style = {"facecolor": theme.muted, "alpha": 0.16, "linewidth": 0, "label": GROUND}
            as_band(draw(*ends, zorder=order, **style), THIN_ALPHA)
        if not getattr(ax, f"get_autoscale{axis}_on")():  # a kind may set limits
            low, high = sorted(getattr(ax, f"get_{axis}lim")())
            getattr(ax, f"set_{axis}bound")(min(low, *ends), max(high, *ends))
        scale = ax.get_xscale() if axis == "x" else ax.get_yscale()
        if scale != "linear" and any(e and not 1 / EXTREME < abs(e) < EXTREME for e in ends):
            ax.margins(0)


def label_references(layout: Layout, ax: Axes, frame: Frame, axes: tuple[Axis, Axis]) -> None:
    """Write the labels within ``ax``, clear of all other texts. Labels without room are left out.

    Call it after everything else is placed.
    """
    named = [each for each in references_of(frame, axes) if each[2]]
    if not named or not layout.has_words:
        return
    drawn = Drawn(ax)
    legend = ax.get_legend()
    words = [text for text in ax.texts if text.get_visible()]
    taken = [each.get_window_extent(layout.renderer) for each in [*words, legend] if each]
    for axis, ends, label in named:
        text = _write(layout, ax, axis, label)
        best: Any = None
        least = np.inf
        for point, where in _candidates(layout, ax, axis, ends, text):
            _move(text, point, where)
            box = text.get_window_extent(layout.renderer)
            if _is_free(box, ax.bbox, taken, GAP * layout.point):
                covered = drawn.covers(box)
                if covered < least:
                    best, least = (point, where, box), covered
            if not least:
                break
        if best is None:
            text.remove()
        else:
            _move(text, *best[:2])
            taken.append(best[2])


def _write(layout: Layout, ax: Axes, axis: str, label: str) -> Annotation:
    # The halo is drawn as outlines, without the font fallback of the renderer.
    language: str = layout.figure.canvas.language  # type: ignore[attr-defined]  # Agg's
    type = suited(font(SIZE * layout.shrink), label, language)
    transform = ax.get_xaxis_transform() if axis == "x" else ax.get_yaxis_transform()
    return ax.annotate(
        layout.ruler.cut(label, ax.bbox.width * 0.6, type),
        (0, 0),
        (0, 0),
        xycoords=transform,
        textcoords="offset points",
        font=type,
        color=layout.theme.ink,
        parse_math=False,
        path_effects=[withStroke(linewidth=2.5, foreground=layout.theme.ground, alpha=0.85)],
        zorder=4,
    )


def _candidates(
    layout: Layout, ax: Axes, axis: str, ends: Any, text: Annotation
) -> Iterator[tuple[tuple[float, float], Where]]:
    """Yield points for the label, with its offset and alignment, the best first."""
    ends = ends[::-1] if (ax.xaxis if axis == "x" else ax.yaxis).get_inverted() else ends
    pad = PAD * layout.shrink
    row = SIZE * layout.shrink * 1.5
    if axis == "y":
        # Above the right end of a line, or within a band below its upper edge.
        inside, above = ((-pad, -pad), "right", "top"), ((-pad, pad), "right", "bottom")
        first = [(ends[-1], inside)] * (len(ends) - 1) + [(ends[-1], above), (ends[0], inside)]
        for x in (1, 0):
            for y, ((dx, dy), ha, va) in first:
                side = ((dx, dy), ha, va) if x else ((-dx, dy), "left", va)
                yield (x, y), side
        return
    for step in range(ROWS):
        down = -pad - step * row
        if len(ends) == 2:
            low, high = (_clipped(ax, end) for end in ends)
            yield ((low + high) / 2, 1), ((0, down), "center", "top")
        yield (ends[-1], 1), ((pad, down), "left", "top")
        yield (ends[0], 1), ((-pad, down), "right", "top")


def _clipped(ax: Axes, end: float) -> float:
    """Return ``end``, or the nearest visible place."""
    low, high = sorted(ax.get_xlim())
    return min(max(end, low), high)


def _move(text: Annotation, point: tuple[float, float], where: Where) -> None:
    text.xy = point
    text.set(position=where[0], ha=where[1], va=where[2])


def _is_free(box: Any, within: Any, taken: list[Bbox], gap: float) -> bool:
    inside = (box.min >= within.min - 1).all() and (box.max <= within.max + 1).all()
    return bool(inside) and not any(box.padded(gap).overlaps(other) for other in taken)
