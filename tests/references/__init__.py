"""Reference images of the example of every kind, and how to render and compare them."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds
from plots.spec.themes import THEMES

FOLDER = Path(__file__).parent
SIZE = {"width": "280", "height": "210"}
# Drawn in every theme, and in the dark one: kinds that read their colours from it in ways of
# their own.
THEMED = ("bar",)
DARKENED = (
    "box", "candlestick", "contour", "gauge", "heatmap", "pie", "quiver", "radar", "sankey",
    "violin",
)  # fmt: skip


def references() -> Mapping[str, PlotSpec]:
    """Return the spec of each reference image: every kind's example, some in more themes."""
    wanted = {kind.name: (kind.name, "light") for kind in kinds}
    wanted |= {
        f"{name}-{theme}": (name, theme) for name in THEMED for theme in THEMES if theme != "light"
    }
    wanted |= {f"{name}-dark": (name, "dark") for name in DARKENED}
    return {reference: _spec(*chosen) for reference, chosen in wanted.items()}


def _spec(kind: str, theme: str) -> PlotSpec:
    parameters: dict[str, Any] = {**kinds.get(kind).example, **SIZE, "theme": theme}
    return read_spec(kind, as_parameters(parameters))


def path_of(reference: str) -> Path:
    return FOLDER / f"{reference}.png"


def pixels_of(png: bytes) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Return the decoded image, of shape (height, width, 4)."""
    return np.asarray(Image.open(BytesIO(png)).convert("RGBA"))
