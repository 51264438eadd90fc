"""Fixtures of boards for browser tests."""

from __future__ import annotations

from typing import Any

import pytest

from plots.boards.models import Board, BoardItem
from plots.presets.models import Preset

DATED = {"x": "2020-01-01,2021-01-01,2022-01-01", "y": "1,2,3"}
ENDS = ["xmin", "xmax"]


@pytest.fixture
def board(live_server: Any) -> Board:
    made = Board.objects.create(
        visibility="public",
        title="Three",
        slug="three",
        controls=[*ENDS, "linewidth", "grid", "theme"],
    )
    presets: list[dict[str, Any]] = [
        {"slug": "days", "parameters": DATED, "overrides": [*ENDS, "linewidth"]},
        {"slug": "numbers", "parameters": {"y": "1,3,2"}, "overrides": ["linewidth", "grid"]},
        {"slug": "fixed", "parameters": {"y": "1,3,2"}, "overrides": []},
    ]
    for order, each in enumerate(presets):
        preset = Preset.objects.create(
            visibility="public", title=each["slug"].title(), kind="line", **each
        )
        BoardItem.objects.create(board=made, preset=preset, order=order)
    return made


@pytest.fixture
def url(live_server: Any, board: Board) -> str:
    return f"{live_server.url}{board.get_absolute_url()}"
