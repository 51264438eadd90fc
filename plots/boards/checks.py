"""System checks of boards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.core import checks
from django.db import DatabaseError

from plots.checks import check_themes
from plots.errors import PlotError


@checks.register("plots", checks.Tags.database)
def check_boards(databases: Sequence[str] | None = None, **kwargs: Any) -> list[Any]:
    """W004: a fixed setting on a board that its preset does not allow any more."""
    from .models import BoardItem

    if not databases or check_themes():
        return []
    fixed = BoardItem.objects.exclude(fixed="").select_related("board", "preset")
    try:
        return [warning for item in fixed.using(databases[0]) for warning in _warnings(item)]
    except DatabaseError:
        return []  # not migrated yet


def _warnings(item: Any) -> Iterator[checks.Warning]:
    try:
        item.preset.spec(item.parameters)
    except PlotError as error:
        message = f"The board {item.board.slug!r} cannot show {item.shown_title!r}: {error}"
        hint = "Change the fixed settings on the board, or let visitors change them in the preset."
        yield checks.Warning(message, hint, item, id="plots.W004")
