"""The order of category names, as given in a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plots.values.column_text import write_column

if TYPE_CHECKING:
    pass

ORDERS = ("given", "name", "rising", "falling")
Order = str | tuple[str, ...]  # one of ORDERS, or names; those not named follow


def write_order(order: Order) -> str:
    """The text that ``order`` is given as: a name like one of ORDERS in quotes."""
    text = order if isinstance(order, str) else write_column(order)
    return f'"{text}"' if text in ORDERS and not isinstance(order, str) else text
