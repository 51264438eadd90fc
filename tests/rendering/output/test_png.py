"""Our own PNG: matplotlib's pixels, in no more bytes, and the same bytes in every process."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from matplotlib.backends import backend_agg
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from PIL import Image

from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.rendering.marks.strokes import VisibleStrokes
from plots.rendering.output.png import write_png
from plots.rendering.render import render, render_figure
from plots.rendering.text.matplotlib_fonts import AnyScript
from plots.spec.registry import kinds
from tests.measure import figure_of
from tests.random_specs import random_plots
from tests.rendering.examples import run

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def decoded(content: bytes) -> Pixels:
    image = Image.open(BytesIO(content))
    image.load()  # checks every chunk's sum too
    return np.asarray(image.convert("RGBA"))


def by_matplotlib(figure: Figure, description: str | None = None) -> bytes:
    """By its own canvas, in the fonts that ours takes, with lines of at least a pixel."""
    out = BytesIO()
    language = getattr(figure.canvas, "language", "")
    theirs = type("Renderer", (AnyScript, VisibleStrokes, RendererAgg), {"language": language})
    with patch.object(backend_agg, "RendererAgg", theirs):
        FigureCanvasAgg(figure).print_png(out, metadata={"Description": description})
    return out.getvalue()


@pytest.mark.parametrize("seed", range(5))
def test_the_pixels_are_matplotlibs_and_the_bytes_no_more(seed: int) -> None:
    for kind, parameters in random_plots(50, seed=seed, sizes=(60, 420)):
        ours = render(read_spec(kind, as_parameters(parameters))).content
        said = Image.open(BytesIO(ours)).info["Description"]
        theirs = by_matplotlib(figure_of(kind, **parameters), said)
        assert np.array_equal(decoded(ours), decoded(theirs)), (kind, parameters)
        assert len(ours) <= len(theirs), (kind, parameters)


@pytest.mark.parametrize("kind", [kind.name for kind in kinds])
@pytest.mark.parametrize("look", [{}, {"theme": "dark", "width": "1200", "height": "150"}])
def test_no_kind_has_more_bytes_than_matplotlibs(kind: str, look: dict[str, str]) -> None:
    parameters = {**kinds.get(kind).example, **look}
    ours = render(read_spec(kind, as_parameters(parameters))).content
    said = Image.open(BytesIO(ours)).info["Description"]
    assert len(ours) <= len(by_matplotlib(figure_of(kind, **parameters), said))


def test_noise_has_no_more_bytes_than_matplotlibs() -> None:
    y = ",".join(f"{value:.3f}" for value in np.random.default_rng(1).normal(size=200))
    for scale in ("1", "2"):
        ours = render(read_spec("line", as_parameters({"y": y, "scale": scale}))).content
        said = Image.open(BytesIO(ours)).info["Description"]
        assert len(ours) <= len(by_matplotlib(figure_of("line", y=y, scale=scale), said))


def test_another_figure_has_matplotlibs_pixels_too() -> None:
    """Text at all angles, at any size, as maths, without smoothing, in another language."""
    figure = Figure(figsize=(5, 4), dpi=90, facecolor="none")
    ax = figure.subplots()
    ax.plot([1, 3, 2], "o--", label="$x^2$")
    ax.set_title("Wörter 한국 fi", fontsize=17.3)
    for angle in range(0, 360, 17):
        ax.text(0.3 + angle / 300, 2, f"AV {angle}°", rotation=angle, fontsize=5 + angle / 30)
    ax.text(0, 1.2, "edgy", antialiased=False)
    ax.text(0, 1.4, "Език", language="bg")
    ax.legend()
    ours, theirs = render_figure(figure, "png").content, by_matplotlib(figure)
    assert np.array_equal(decoded(ours), decoded(theirs))
    assert len(ours) <= len(theirs)


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 1), (7, 5)])
@pytest.mark.parametrize("alpha", [0, 254, 255])
def test_any_pixels(shape: tuple[int, int], alpha: int) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (*shape, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    pixels[-1, -1, 3] = alpha
    written = write_png(pixels)
    assert np.array_equal(decoded(written), pixels)
    assert Image.open(BytesIO(written)).mode == ("RGB" if alpha == 255 else "RGBA")


DIGESTS = "from tests.rendering.output.test_png import digests; print(digests())"


def digests() -> str:
    return " ".join(
        hashlib.sha256(render(read_spec(kind, as_parameters(each))).content).hexdigest()
        for kind, each in random_plots(20, seed=9, sizes=(60, 300))
    )


def test_the_bytes_are_the_same_in_every_process() -> None:
    here = digests()
    assert len(set(here.split())) == 20
    assert run(DIGESTS, PYTHONHASHSEED="3").strip() == here
