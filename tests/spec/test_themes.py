"""Themes: distinct colours with enough contrast, and their effect on a picture."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from django.core.checks import run_checks
from django.test import Client, override_settings
from matplotlib.colors import to_hex, to_rgb

from plots.forms.parameters_to_spec import plot_spec
from plots.spec.themes import LIGHT, THEMES, Theme
from tests.helpers import pixels, problems
from tests.measure import axes_of, figure_of

# Colours as seen without one type of cones, in linear light: G. M. Machado, M. M. Oliveira and
# L. A. F. Fernandes, IEEE Transactions on Visualization and Computer Graphics 15, 2009, table 1.
VISION = {
    "all cones": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
# B. Ottosson's OKLab, in which equal distances look equally different; 0.02 is just noticeable.
LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
MIN_DISTANCE = 0.08


def linear(color: str) -> Any:
    values = np.array(to_rgb(color))
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2's contrast ratio."""
    dark, bright = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (bright + 0.05) / (dark + 0.05)


def distance(one: str, other: str, vision: Any) -> float:
    seen = [np.clip(np.array(vision) @ linear(color), 0, 1) for color in (one, other)]
    a, b = (LAB @ np.cbrt(LMS @ each) for each in seen)
    return float(np.linalg.norm(a - b))


def corner(image: Any) -> str:
    """The background colour in a corner of ``image``."""
    return "#{:02x}{:02x}{:02x}".format(*image.convert("RGB").getpixel((2, 2)))


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_the_colours_of_series_are_distinct(theme: Theme, vision: str) -> None:
    near = {pair: distance(*pair, VISION[vision]) for pair in combinations(theme.palette, 2)}
    assert min(near.values()) >= MIN_DISTANCE, min(near, key=near.__getitem__)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_everything_contrasts_with_the_ground(theme: Theme) -> None:
    for color in theme.palette:
        assert contrast(color, theme.ground) >= 3, color
    for color in (theme.ink, theme.muted):
        assert contrast(color, theme.ground) >= 4.5, color


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_sets_the_colours_of_a_picture(client: Client, theme: str) -> None:
    ax = axes_of("line", y=["1,2", "2,1"], theme=theme, title="Title")
    assert [to_hex(line.get_color()) for line in ax.lines] == list(THEMES[theme].palette[:2])
    assert to_hex(ax.figure.texts[0].get_color()) == THEMES[theme].ink
    image = pixels(client.get(f"/plot/line.png?y=1,2&theme={theme}"))
    assert corner(image) == THEMES[theme].ground


def test_minimal_has_no_lines_and_large_has_large_text() -> None:
    plain, minimal, large = (
        axes_of("line", y="1,2", theme=theme, title="Title")
        for theme in ("light", "minimal", "large")
    )
    assert plain.spines["bottom"].get_visible() and not minimal.spines["bottom"].get_visible()
    assert [ax.yaxis.style["gridOn"] for ax in (plain, minimal)] == [True, False]
    sizes = [ax.figure.texts[0].get_fontsize() for ax in (plain, large)]
    assert sizes[1] == pytest.approx(1.6 * sizes[0])


@pytest.mark.parametrize("format", ["png", "webp"])
def test_transparent_has_no_background(client: Client, format: str) -> None:
    image = pixels(client.get(f"/plot/bar.{format}?y=1,2&transparent=1"))
    assert image.mode == "RGBA"
    assert image.getchannel("A").getpixel((2, 2)) == 0
    assert image.getchannel("A").getextrema() == (0, 255)
    assert pixels(client.get(f"/plot/bar.{format}?y=1,2&transparent=0")).mode == "RGB"


def test_transparent_svg_has_no_background_and_jpg_that_of_its_theme(client: Client) -> None:
    svg = "/plot/line.svg?y=1,2&theme=dark"
    ground = f'fill="{THEMES["dark"].ground}"'.encode()
    assert ground in client.get(svg).content
    assert ground not in client.get(svg + "&transparent=1").content
    image = pixels(client.get("/plot/line.jpg?y=1,2&theme=dark&transparent=1"))
    assert contrast(corner(image), THEMES["dark"].ground) < 1.1


OWN = {"brand": {"base": "dark", "ground": "#102040", "palette": ["#ffb81c", "#7fd1ae"]}}


@pytest.mark.django_db
def test_a_site_can_add_themes(client: Client) -> None:
    url = "/plot/line.png?y=1,2&theme=brand"
    assert problems(client, url) == [("theme", "invalid_choice")]
    with override_settings(PLOTS={"THEMES": OWN}):
        assert corner(pixels(client.get(url))) == "#102040"
        before = plot_spec("line", y=[1, 2], theme="brand").digest
        assert 'value="brand"' in client.get("/plot/line/").content.decode()
        ax = figure_of("line", y="1,2", theme="brand").axes[0]
        assert to_hex(ax.lines[0].get_color()) == "#ffb81c"
    with override_settings(PLOTS={"THEMES": {"brand": OWN["brand"] | {"ink": "#ffffff"}}}):
        assert plot_spec("line", y=[1, 2], theme="brand").digest != before


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"light": {}}, "which exists already"),
        ({"A b": {}}, "lowercase letters"),
        ({"a": 3}, "not a dict"),
        ({"a": {"base": "solarized"}}, "base must be one of light"),
        ({"a": {"grund": "#000000"}}, "'grund' is not one of base, grid, ground"),
        ({"a": {"ground": "red"}}, "ground must be a colour such as"),
        ({"a": {"palette": []}}, "palette must be a list of colours"),
        ({"a": {"type": 9}}, "type must be a number from 0.5 to 3"),
        ({"a": {"rules": 1}}, "rules must be True or False"),
    ],
)
def test_e007_an_invalid_theme(given: Any, message: str) -> None:
    with override_settings(PLOTS={"THEMES": given}):
        (error,) = (each for each in run_checks(tags=["plots"]) if each.id == "plots.E007")
        assert message in error.msg
    with override_settings(PLOTS={"THEMES": OWN}):
        assert not run_checks(tags=["plots"])
    assert LIGHT is THEMES["light"]
