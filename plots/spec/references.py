"""Reference lines and bands, as parameters give them."""

from __future__ import annotations

from plots.values.scalars import Value

# One value for a line or two for a band, then the label, which may be empty.
Reference = tuple[Value, ...]
# The axis and the number of values of each parameter.
REFERENCES = {"hline": ("y", 1), "vline": ("x", 1), "hband": ("y", 2), "vband": ("x", 2)}
MOST = 20  # in one picture
