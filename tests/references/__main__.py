"""Render all reference images: ``make references``."""

import django
import numpy as np

django.setup()  # before anything that needs the apps is imported

from plots.rendering.output.png import write_png  # noqa: E402
from plots.rendering.render import render  # noqa: E402
from tests.references import FOLDER, path_of, pixels_of, references  # noqa: E402

for old in FOLDER.glob("*.png"):
    if old.stem not in references():
        old.unlink()
for name, spec in references().items():
    pixels = pixels_of(render(spec).content)
    # Only changed images are written: equal pixels may be compressed to other bytes.
    path = path_of(name)
    if not path.exists() or (pixels_of(path.read_bytes()) != pixels).any():
        path.write_bytes(write_png(np.ascontiguousarray(pixels)))
        print(path.relative_to(FOLDER.parent.parent))
