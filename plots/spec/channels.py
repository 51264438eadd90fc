"""The column roles that kinds draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    pass

MOST_PANELS = 16


@dataclass(frozen=True)
class Channel:
    """A column role that a kind draws. ``sort`` is what its column may hold.

    A ``grid`` holds numbers in rows and columns; drawing sees it as long columns of x, y and it. A
    ``link`` holds the http and https addresses that marks lead to. Of channels that repeat, those
    given after the first have a column for each of its, or one for all. An x left out counts the
    rows, unless it is not ``counted``. ``edges`` have a value more than the columns between them.
    """

    name: str
    help: str
    required: bool = False
    repeat: bool = False
    dtype: Literal["any", "number", "category", "grid", "link"] = "any"
    default_index: bool = True
    edges: bool = False


BY = Channel("by", "A column of names that splits the rows into series.", dtype="category")
FACET = Channel(
    "facet", "A column of names that splits the rows into panels with the same axes.",
    dtype="category",
)  # fmt: skip
XY = (
    Channel("x", "Positions along x: numbers, dates or names. Left out: 0, 1, 2, …"),
    Channel("y", "Numbers to draw; repeat it for more series.", True, True, "number"),
    BY,
)

LINK = Channel(
    "link", "An http or https address for each row: where its mark in an SVG leads.", dtype="link"
)
# No request fills it: how many rows each that is drawn stands for, where they were counted.
COUNT = Channel("count", "How many rows are there.", dtype="number")
XYZ = (
    Channel("x", "Positions along x, one for each column of z, or beside each value."),
    Channel("y", "Positions along y, one for each row of z, or beside each value."),
    Channel(
        "z",
        "Numbers in rows, the lowest first: 1,2,3;4,5,6. With x and y for each value: a list.",
        True,
        dtype="grid",
    ),
)

# What a stat groups the rows of a source by, and of a grid the y of its rows as well.
GROUPED = ("x", "by", "facet")
