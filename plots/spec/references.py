"""Reference lines and bands, as given in parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plots.values.scalars import Value

if TYPE_CHECKING:
    pass

# One or two values of an axis, and a label last, which may be empty.
Reference = tuple[Value, ...]
# Each parameter's axis, and how many values it takes.
REFERENCES = {"hline": ("y", 1), "vline": ("x", 1), "hband": ("y", 2), "vband": ("x", 2)}
MOST = 20  # in one picture
