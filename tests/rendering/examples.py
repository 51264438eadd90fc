"""Plots for tests of rendering, and what they are drawn with."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.rendering.render import render
from plots.spec.formats import FORMATS

ROOT = Path(__file__).parents[2]
PICTURES = [name for name, format in FORMATS.items() if format.is_picture]
EXAMPLES: dict[str, dict[str, Any]] = {
    "line": {"x": "2026-01-01,2026-02-01,2026-03-01", "y": ["1,3,2", "2,,4"], "title": "A line"},
    "scatter": {"x": "1,2,3", "y": "-5,0.5,12", "xlabel": "x", "ylabel": "y"},
    "bar": {"x": "Ann,Bob,한국", "y": ["3,-2,1", "1,1,1"], "label": ["$5 to $6", "b"]},
    "hist": {"x": "1,2,2,3,3,3,4,4,5,9", "colors": "teal"},
    "normal": {"seed": "3", "n": "50"},
}


def draw(kind: str, format: str = "png", **parameters: Any) -> bytes:
    return render(read_spec(kind, as_parameters(parameters), format)).content


def image(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def run(code: str, **environment: str) -> str:
    """What a fresh process prints."""
    setup = "import sys, django; django.setup()\n"
    done = subprocess.run(
        [sys.executable, "-c", setup + code],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def digest(kind: str, format: str) -> str:
    drawn = draw(kind, format, width="320", height="240", **EXAMPLES[kind])
    return hashlib.sha256(drawn).hexdigest()
