"""The column roles that kinds draw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MOST_PANELS = 16


@dataclass(frozen=True)
class Channel:
    """A column role that a kind draws, such as x, y or size.

    Parameters
    ----------
    name : str
        The name of the parameter, and of the column in ``series.columns``.
    help : str
        A sentence about it for the catalogue.
    required : bool, optional
        Whether a request without it is an error.
    repeat : bool, optional
        Whether the parameter may be repeated for more series. Further channels that repeat have
        one column for each of the first's, or one for all.
    dtype : {"any", "ordered", "number", "category", "grid", "link"}, optional
        What the column may hold. ``"any"`` is numbers, dates or names, ``"ordered"`` numbers or
        dates; a ``"grid"`` is numbers in rows and columns, which the kind gets as three columns of
        one length: x, y and the grid's; a ``"link"`` is http and https URLs, to which marks in an
        SVG lead.
    default_index : bool, optional
        Whether a missing x counts the rows: 0, 1, 2, …
    edges : bool, optional
        Whether the column has one value more than those between which it lies.
    colored : bool, optional
        Whether each of its names has a colour: the same in all plots of a source.

    Examples
    --------
    >>> Channel("size", "Numbers that are shown as areas.", dtype="number").required
    False
    """

    name: str
    help: str
    required: bool = False
    repeat: bool = False
    dtype: Literal["any", "ordered", "number", "category", "grid", "link"] = "any"
    default_index: bool = True
    edges: bool = False
    colored: bool = False


BY = Channel(
    "by", "A column of names that splits the rows into series.", dtype="category", colored=True
)
FACET = Channel(
    "facet", "A column of names that splits the rows into panels with the same axes.",
    dtype="category",
)  # fmt: skip
XY = (
    Channel("x", "Positions along x: numbers, dates or names. Left out: 0, 1, 2, …"),
    Channel("y", "Numbers to draw. Repeat it for more series.", True, True, "number"),
    BY,
)
LINK = Channel(
    "link", "An http or https URL for each row, which its mark in an SVG links to.", dtype="link"
)
# Filled by downsampling, not by requests.
COUNT = Channel("count", "The number of rows that each row stands for.", dtype="number")
XYZ = (
    Channel("x", "Positions along x, one for each column of z, or one for each value."),
    Channel("y", "Positions along y, one for each row of z, or one for each value."),
    Channel(
        "z",
        "Rows of numbers, from bottom to top: 1,2,3;4,5,6. Or a list, with x and y for each value.",
        True,
        dtype="grid",
    ),
)

# What a stat groups the rows of a source by. For a grid, also y.
GROUPED = ("x", "by", "facet")
