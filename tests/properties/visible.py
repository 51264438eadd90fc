"""Where marks are in a picture, and whether their pixels have their colour."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from random import Random
from typing import Any

import numpy as np
from django.test import Client
from PIL import Image

from tests.measure import figure_of

SIZES = ((160, 60), (320, 240), (640, 480), (1600, 300))
SCALES = ("0.5", "1", "2")
RED, BLUE = (214, 0, 0), (0, 0, 214)


@dataclass
class Seen:
    """A decoded picture, with the Axes that it shows."""

    pixels: Any
    ax: Any

    def at(self, x: Any, y: Any) -> Any:
        """Return columns and rows (n, 2) of the picture, as fractions, of data coordinates."""
        places = self.ax.transData.transform(np.column_stack([x, y]))
        return places * (1, -1) + (0, len(self.pixels))

    def shows(self, color: tuple[int, int, int], column: float, row: float, near: int = 1) -> bool:
        """Return whether a pixel within ``near`` of a place has about ``color``."""
        column, row = int(np.floor(column)), int(np.floor(row))
        part = self.pixels[
            max(row - near, 0) : row + near + 1, max(column - near, 0) : column + near + 1
        ].astype(int)
        return bool((np.abs(part - color).max(axis=2) < 110).any())


def see(client: Client, kind: str, format: str = "png", **parameters: Any) -> Seen:
    """Request a picture. A PDF is drawn in CSS pixels."""
    if format == "pdf":
        parameters = {**parameters, "scale": "1"}
    response = client.get(f"/plot/{kind}.{format}", parameters)
    assert response.status_code == 200, response.get("X-Plot-Error")
    if format == "pdf":
        import pypdfium2

        page = pypdfium2.PdfDocument(response.content)[0]
        image = page.render(scale=100 / 72).to_pil()
    else:
        image = Image.open(BytesIO(response.content))
    figure = figure_of(kind, **parameters)
    figure.canvas.draw()
    return Seen(np.asarray(image.convert("RGB")), figure.axes[0])


def frame(random: Random) -> dict[str, str]:
    """Return a random size."""
    width, height = random.choice(SIZES)
    scale = random.choice(SCALES)
    return {"width": str(width), "height": str(height), "scale": scale, "grid": "0"}


def write(values: Any) -> str:
    return ",".join("" if value != value else f"{value:.9g}" for value in values)
