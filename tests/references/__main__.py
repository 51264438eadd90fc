"""Render all reference images: ``make references``."""

import django
import numpy as np

from plots.rendering.output.png import write_png  # noqa: E402
from plots.rendering.render import render  # noqa: E402 - the apps must be ready first
from tests.references import (
    FOLDER,  # noqa: E402
    path_of,  # noqa: E402
    pixels_of,  # noqa: E402
    references,  # noqa: E402
)

django.setup()

for old in FOLDER.glob("*.png"):
    if old.stem not in references():
        old.unlink()
for name, spec in references().items():
    pixels = pixels_of(render(spec).content)
    # Only what changed is written: the same pixels may be packed in other bytes.
    path = path_of(name)
    if not path.exists() or (pixels_of(path.read_bytes()) != pixels).any():
        path.write_bytes(write_png(np.ascontiguousarray(pixels)))
        print(path.relative_to(FOLDER.parent.parent))
