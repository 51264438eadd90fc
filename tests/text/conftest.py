"""Fixtures for tests of fonts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plots.rendering.text import matplotlib_fonts
from plots.text import font_fallback
from tests.text.fonts import (
    draw,
    forget,
)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder, which replaces the font folders of the machine."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "none"))
    monkeypatch.setenv("HOME", str(tmp_path / "none"))
    forget()
    yield tmp_path / "fonts"
    forget()


@pytest.fixture
def boxed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """A function that draws with Roboto alone, which draws missing glyphs as boxes."""

    def draw_boxes(*args: Any, **kwargs: Any) -> bytes:
        with monkeypatch.context() as patch:
            patch.setattr(font_fallback, "required_fonts", lambda text, language="": ())
            patch.setattr(matplotlib_fonts, "FALLBACK", matplotlib_fonts.REGULAR)
            return draw(*args, **kwargs)

    return draw_boxes
