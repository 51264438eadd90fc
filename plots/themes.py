"""The themes: closed sets of colours, plain data. ``rendering`` puts them on a Figure.

Nothing in a request names a matplotlib style: a style can be a URL, a file or a module.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """Colours as ``#rrggbb``. Change ``version`` with any of them: it is part of every ETag."""

    name: str
    version: int
    ground: str
    ink: str
    muted: str
    line: str
    grid: str
    palette: tuple[str, ...]


LIGHT = Theme(
    name="light",
    version=1,
    ground="#ffffff",
    ink="#1a2433",
    muted="#55617a",
    line="#8a94a6",
    grid="#e6e9ef",
    palette=(
        "#2f6bdb",
        "#d9480f",
        "#0b8f6a",
        "#a03bb5",
        "#b57a00",
        "#0e87a8",
        "#c92a5e",
        "#5f7f10",
        "#6741d9",
        "#7a5548",
    ),
)
DARK = Theme(
    name="dark",
    version=1,
    ground="#12171f",
    ink="#eef2f8",
    muted="#a3aec2",
    line="#5d687c",
    grid="#252d3a",
    palette=(
        "#74a7ff",
        "#ff9457",
        "#3ecf9f",
        "#d98bec",
        "#f0b93a",
        "#4fc7e8",
        "#ff7fa8",
        "#a9cc4e",
        "#a993ff",
        "#c79f8d",
    ),
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}
