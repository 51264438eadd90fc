"""The type that pictures are set in: shipped by a package, so that every machine draws the same."""

from __future__ import annotations

import warnings
from pathlib import Path

import font_roboto
from matplotlib.font_manager import FontEntry, FontProperties, fontManager

# Names of our own: another Roboto on the machine must not change a picture's bytes.
REGULAR, MEDIUM = "plots-regular", "plots-medium"
FALLBACK = "DejaVu Sans"  # comes with matplotlib, and has many more symbols

for _family, _file in ((REGULAR, "Roboto-Regular.ttf"), (MEDIUM, "Roboto-Medium.ttf")):
    fontManager.ttflist.append(
        FontEntry(
            fname=str(Path(font_roboto.font_directory) / _file),
            name=_family,
            style="normal",
            variant="normal",
            weight=400,
            stretch="normal",
            size="scalable",
        )
    )

# A glyph that no font has is drawn as a box; one log line for each would drown the log.
warnings.filterwarnings("ignore", message="Glyph .* missing from font")


def font(size: float, face: str = REGULAR) -> FontProperties:
    """``face`` at ``size`` points; matplotlib looks for each glyph in its families in turn."""
    return FontProperties(family=families(face), size=size)


def families(face: str = REGULAR) -> list[str]:
    return [face, FALLBACK]
