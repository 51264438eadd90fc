"""System checks of boards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.db import DatabaseError

from plots.checks import check_themes
from plots.errors import PlotError


@checks.register("plots", checks.Tags.database)
def check_boards(databases: Sequence[str] | None = None, **kwargs: Any) -> list[Any]:
    """W004: a fixed setting on a board that its preset does not allow any more."""
    from .models import BoardItem

    fixed = BoardItem.objects.exclude(fixed="").select_related("board", "preset")
    try:
        items = list(fixed.using(databases[0])) if databases and not check_themes() else []
    except DatabaseError:
        return []  # not migrated yet
    warnings = []
    for item in items:
        try:
            item.preset.spec(item.parameters)
        except PlotError as error:
            message = f"The board {item.board.slug!r} cannot show {item.shown_title!r}: {error}"
            hint = (
                "Change the fixed settings on the board, or let visitors change them in the preset."
            )
            warnings.append(checks.Warning(message, hint, item, id="plots.W004"))
    return warnings
