"""Colours that are legible on others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from plots.forms.options import DIVERGING
from plots.kinds.styles import mix

if TYPE_CHECKING:
    from plots.data.model import Numbers
    from plots.kinds.axes import Axes
    from plots.kinds.styles import SeriesStyle


def text_color_on(ax: Axes, color: Any, alpha: float = 1) -> Any:
    """Return the theme's background or text colour, whichever is easier to read on ``color``."""
    from matplotlib.colors import to_rgb

    background, ink = to_rgb(ax.get_facecolor()), to_rgb(ax.ink)
    below = alpha * np.array(to_rgb(color)) + (1 - alpha) * np.array(background)
    first, second, base = _luminance(np.array([background, ink, below])) + 0.05
    contrasts = (max(each, base) / min(each, base) for each in (first, second))
    return background if next(contrasts) >= next(contrasts) else ink


def text_style_on(ax: Axes, look: SeriesStyle, alpha: float = 1) -> dict[str, Any]:
    """Return the style of a text on an area of a series: the text hides the hatch around it."""
    from matplotlib.patheffects import withStroke

    style: dict[str, Any] = {"color": text_color_on(ax, look.color, alpha)}
    if look.hatch:
        style["path_effects"] = [withStroke(linewidth=3, foreground=look.color)]
    return style


def shades_of(ax: Axes, color: str, count: int) -> list[str]:
    """Return ``count`` shades of ``color`` in steps of equal lightness, the last the strongest.

    The contrast of all to the theme's grid colour is at least 3 to 1, if that of ``color`` is.
    """
    if count == 1:
        return [color]
    theme, parts = ax.theme, np.linspace(0, 1, 51)
    path = [mix(color, theme.ground, 1 - part) for part in parts]
    path += [mix(color, theme.ink, 0.7 * part) for part in parts[1:]]
    lights, base = _luminance(path) + 0.05, _luminance([theme.grid]) + 0.05
    legible = np.maximum(lights, base) >= 3 * np.minimum(lights, base)
    first = max(int(np.argmax(legible)), 1) if legible.any() else len(parts) - 1
    steps = np.cbrt(lights[first:])
    wanted = np.linspace(steps[0], steps[-1], count)
    return [path[first + int(np.abs(steps - each).argmin())] for each in wanted]


def black_or_white_on(backgrounds: Any) -> list[str]:
    """Return black or white for each of ``backgrounds`` (n colours), whichever is easier to read.

    The contrast is at least 4.5 to 1.
    """
    return ["#000000" if light else "#ffffff" for light in _luminance(backgrounds) > 0.179]


def legible_colors(colormap: str, background: Any) -> Any:
    """Return the colours of ``colormap`` with a contrast of at least 3 to 1 on ``background``."""
    from matplotlib import colormaps
    from matplotlib.colors import ListedColormap

    colors = colormaps[colormap](np.linspace(0, 1, 256))
    light, dark = _luminance(colors) + 0.05, _luminance([background]) + 0.05
    legible = np.maximum(light, dark) >= 3 * np.minimum(light, dark)
    if colormap in DIVERGING:
        legible &= legible[::-1]  # the centre stays in the middle
    return ListedColormap(colors[legible], name=colormap)


def _luminance(colors: Any) -> Numbers:
    """Return WCAG's relative luminance of each of ``colors`` (n)."""
    from matplotlib.colors import to_rgba_array

    rgb = to_rgba_array(colors)[:, :3]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    luminance: Numbers = linear @ [0.2126, 0.7152, 0.0722]
    return luminance
