"""Themes: the colours and the text size of pictures. ``rendering`` applies them to a Figure.

A request never names a matplotlib style, because a style can be a URL, a file or a module. A site
adds themes in ``PLOTS["THEMES"]``. Each is a mapping of what differs from a built-in theme::

    "THEMES": {"brand": {"base": "dark", "ground": "#101820", "palette": ["#ffb81c", "#7fd1ae"]}}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from plots.conf import conf


@dataclass(frozen=True)
class Theme:
    """Colours and text size of a picture. All attributes are part of every digest.

    Attributes
    ----------
    ground : str
        Background colour. All colours are written ``#rrggbb``.
    ink : str
        Colour of titles.
    muted : str
        Colour of labels.
    line : str
        Colour of the axis lines.
    grid : str
        Colour of the grid lines.
    palette : tuple of str
        Colours of the series, in order.
    type : float
        Factor of all text sizes.
    rules : bool
        Whether axis lines and grid lines are drawn.
    """

    ground: str
    ink: str
    muted: str
    line: str
    grid: str
    palette: tuple[str, ...]
    type: float = 1.0
    rules: bool = True

    @property
    def scheme(self) -> str:
        """CSS colour scheme: "light" or "dark"."""
        red, green, blue = (int(self.ground[start : start + 2], 16) for start in (1, 3, 5))
        return "dark" if red + green + blue < 3 * 128 else "light"


# The colours are distinct with any of the common colour vision deficiencies, most of all the first
# ones, and their contrast to the ground is at least 3:1. tests/spec/test_themes.py computes both.
LIGHT = Theme(
    ground="#ffffff",
    ink="#1a2433",
    muted="#55617a",
    line="#8a94a6",
    grid="#e6e9ef",
    palette=(
        "#3b5bf6",
        "#b93826",
        "#167353",
        "#b27915",
        "#9644b4",
        "#1495c6",
        "#6e8971",
        "#92177d",
    ),
)
DARK = Theme(
    ground="#12171f",
    ink="#eef2f8",
    muted="#a3aec2",
    line="#5d687c",
    grid="#252d3a",
    palette=(
        "#7e9bf9",
        "#f383a0",
        "#2cedd7",
        "#ebd840",
        "#bb67bc",
        "#5bc6e4",
        "#c29c4f",
        "#b2cc82",
    ),
)
THEMES: Mapping[str, Theme] = {
    "light": LIGHT,
    "dark": DARK,
    # Greys that stay distinct on paper.
    "print": replace(
        LIGHT,
        ink="#000000",
        muted="#333333",
        line="#555555",
        grid="#dddddd",
        palette=("#1a1a1a", "#949494", "#5e5e5e"),
    ),
    "minimal": replace(LIGHT, rules=False),
    # For a projector.
    "large": replace(LIGHT, ink="#000000", muted="#333333", type=1.6),
}


def themes() -> Mapping[str, Theme]:
    """Return all themes by name: the built-in ones and those of ``PLOTS["THEMES"]``."""
    own = conf.THEMES
    return {**THEMES, **{name: _derive(given) for name, given in own.items()}} if own else THEMES


def _derive(given: Mapping[str, Any]) -> Theme:
    changes = {name: value for name, value in given.items() if name != "base"}
    if "palette" in changes:
        changes["palette"] = tuple(changes["palette"])
    return replace(THEMES[given.get("base", "light")], **changes)


def problem(given: object) -> str | None:
    """Describe what is wrong with ``given`` as the value of ``PLOTS["THEMES"]``, or return None."""
    if not isinstance(given, Mapping):
        return "must be a dict of themes by name"
    for name, theme in given.items():
        if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_-]{0,49}", name):
            return f"has a theme {name!r}; a name is lowercase letters, digits, - and _"
        if name in THEMES:
            return f"has a theme {name!r}, which exists already; choose another name"
        if not isinstance(theme, Mapping):
            return f"has a theme {name!r} that is not a dict"
        if wrong := _theme_problem(theme):
            return f"has a theme {name!r} whose {wrong}"
    return None


_COLOR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def _theme_problem(theme: Mapping[Any, Any]) -> str | None:
    known = {field.name for field in fields(Theme)}
    for key, value in theme.items():
        if key == "base":
            if value not in THEMES:
                return f"base must be one of {', '.join(THEMES)}"
        elif key not in known:
            return f"{key!r} is not one of base, {', '.join(sorted(known))}"
        elif key == "palette":
            if not isinstance(value, (list, tuple)) or not value or not all(map(_is_color, value)):
                return "palette must be a list of colours such as #0a7d6c"
        elif key == "type":
            if not isinstance(value, (int, float)) or not 0.5 <= value <= 3:
                return "type must be a number from 0.5 to 3"
        elif key == "rules":
            if not isinstance(value, bool):
                return "rules must be True or False"
        elif not _is_color(value):
            return f"{key} must be a colour such as #0a7d6c"
    return None


def _is_color(value: object) -> bool:
    return isinstance(value, str) and bool(_COLOR.fullmatch(value))
