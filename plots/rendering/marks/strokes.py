"""Lines that are at least a pixel wide, in any renderer."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from .device import DPI

POINT = 72  # per inch


class VisibleStrokes:
    """Mixin for renderers that draws no line thinner than a pixel."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # In points: of Agg's own pixels, else of CSS pixels.
        is_vector = self.option_scale_image()  # type: ignore[attr-defined]  # a renderer's
        self.thinnest = POINT / (DPI if is_vector else self.dpi)  # type: ignore[attr-defined]
        # Agg sets some methods on instances.
        for name in ("draw_path", "draw_markers"):
            setattr(self, name, partial(self._with_gc, getattr(self, name)))
        inner = self.draw_path_collection  # type: ignore[has-type]
        self.draw_path_collection = partial(self._with_widths, inner)

    def _with_gc(self, draw: Any, gc: Any, *args: Any, **kwargs: Any) -> None:
        width = gc.get_linewidth()
        if not 0 < width < self.thinnest:
            draw(gc, *args, **kwargs)
            return
        gc.set_linewidth(self.thinnest)
        try:
            draw(gc, *args, **kwargs)
        finally:
            gc.set_linewidth(width)

    def _with_widths(self, draw: Any, *args: Any, **kwargs: Any) -> None:
        faces, edges, widths = args[6:9]
        # Edges in the colour of their shape are no lines.
        if not (np.shape(faces) == np.shape(edges) and np.array_equal(faces, edges)):
            widths = np.asarray(widths, float)
            widths = np.where(widths > 0, np.maximum(widths, self.thinnest), widths)
        draw(*args[:8], widths, *args[9:], **kwargs)
