"""The headings under which the catalogue lists kinds."""

from __future__ import annotations

# In the order of the catalogue. An app may use other headings; they follow these.
FAMILIES = (
    "Comparison", "Change over time", "Parts of a whole", "Distribution", "Correlation", "Flow",
    "Scientific",
)  # fmt: skip
OTHER = "Other"
