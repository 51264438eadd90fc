"""System checks of boards."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from django.core import checks

from plots.checks import check_rows
from plots.errors import PlotError


@checks.register("plots", checks.Tags.database)
def check_boards(databases: Collection[str] | None = None, **kwargs: Any) -> list[Any]:
    """W004: a fixed setting on a board that its preset does not allow any more."""
    from .models import BoardItem

    fixed = BoardItem.objects.exclude(fixed="").select_related("board", "preset")
    return check_rows(fixed, databases, _warnings)


def _warnings(item: Any) -> Iterator[checks.Warning]:
    try:
        item.preset.spec(item.parameters)
    except PlotError as error:
        message = f"The board {item.board.slug!r} cannot show {item.shown_title!r}: {error}"
        hint = "Change the fixed settings on the board, or let visitors change them in the preset."
        yield checks.Warning(message, hint, item, id="plots.W004")
