"""The themes: colours and type of pictures, plain data. ``rendering`` puts them on a Figure.

Nothing in a request names a matplotlib style: a style can be a URL, a file or a module. A site's
own themes are in ``PLOTS["THEMES"]``, each a mapping of what differs from a theme of ours::

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
    """Colours as ``#rrggbb``. All of it is part of every digest.

    ``ink`` is for titles, ``muted`` for labels, ``line`` for the axis; ``type`` scales all text;
    without ``rules`` there are no lines but the data's.
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
        """Whether it is a light or a dark theme, as a page would say."""
        red, green, blue = (int(self.ground[place : place + 2], 16) for place in (1, 3, 5))
        return "dark" if red + green + blue < 3 * 128 else "light"


# Told apart with any of the common colour vision deficiencies, the more so the nearer to the front,
# and of a contrast of 3:1 and more against the ground: tests/test_themes.py computes both.
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
    # Greys, which a copier does not mix up.
    "print": replace(
        LIGHT,
        ink="#000000",
        muted="#333333",
        line="#555555",
        grid="#dddddd",
        palette=("#1a1a1a", "#949494", "#5e5e5e"),
    ),
    "minimal": replace(LIGHT, rules=False),
    # Read from the last row.
    "large": replace(LIGHT, ink="#000000", muted="#333333", type=1.6),
}


def themes() -> Mapping[str, Theme]:
    """All themes by name: ours, and those of ``PLOTS["THEMES"]``."""
    own = conf.THEMES
    return {**THEMES, **{name: _made(given) for name, given in own.items()}} if own else THEMES


def _made(given: Mapping[str, Any]) -> Theme:
    changes = {name: value for name, value in given.items() if name != "base"}
    if "palette" in changes:
        changes["palette"] = tuple(changes["palette"])
    return replace(THEMES[given.get("base", "light")], **changes)


def problem(given: object) -> str | None:
    """What is wrong with ``given`` as the value of ``PLOTS["THEMES"]``, or None."""
    if not isinstance(given, Mapping):
        return "must be a dict of themes by name"
    for name, theme in given.items():
        if not isinstance(name, str) or not re.fullmatch(r"[a-z][a-z0-9_-]{0,49}", name):
            return f"has a theme {name!r}; a name is small letters, digits, - and _"
        if name in THEMES:
            return f"has a theme {name!r}, which there is already; take another name"
        if not isinstance(theme, Mapping):
            return f"has a theme {name!r} that is no dict"
        if wrong := _wrong(theme):
            return f"has a theme {name!r} whose {wrong}"
    return None


_COLOR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def _wrong(theme: Mapping[Any, Any]) -> str | None:
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
