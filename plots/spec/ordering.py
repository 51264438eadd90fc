"""Order of the names on an axis, as a parameter gives it."""

from __future__ import annotations

from plots.values.column_text import write_column

# As given, alphabetical, or by the sum of the numbers.
ORDERS = ("given", "name", "rising", "falling")
# One of ORDERS, or names that come first. The other names follow.
Order = str | tuple[str, ...]


def write_order(order: Order) -> str:
    """Write ``order`` as a parameter. A name that equals one of ``ORDERS`` is quoted.

    Examples
    --------
    >>> write_order(("Wed", "Mon"))
    'Wed,Mon'
    >>> write_order(("name",))
    '"name"'
    """
    text = order if isinstance(order, str) else write_column(order)
    return f'"{text}"' if text in ORDERS and not isinstance(order, str) else text
