"""Names that have an order are in it: those of series, panels and legends."""

from __future__ import annotations

import random

import pytest
from django.utils.translation import override

from plots.data.ordering import sort_names
from tests.measure import axes_of, figure_of, panels_of

ORDERED = [
    ["2", "10", "100"],
    ["-1.5", "0", "2e3"],
    ["2025-12-31", "2026-01-01"],
    ["Monday", "Tuesday", "Saturday", "Sunday"],
    ["Mon", "Wed", "Fri"],
    ["January", "March", "May", "December"],
    ["Jan", "Feb", "Sep", "Oct"],
    ["XS", "S", "M", "L", "XL", "2XL"],
    ["Low", "Medium", "High"],
    ["Q3 2025", "Q4 2025", "Q1 2026"],
    ["2024 Q1", "2024 Q2", "2025 Q1"],
    ["Week 2", "Week 10"],
    ["<18", "18-24", "25-34", "65+"],
    ["1st class", "2nd class", "3rd class"],
    ["2024-09", "2024-10", "2025-01"],
    ["09:30", "10:15"],
]


@pytest.mark.parametrize("names", ORDERED, ids=str)
def test_names_with_an_order_are_sorted(names: list[str]) -> None:
    mixed = names[:]
    random.Random(4).shuffle(mixed)
    assert sort_names(mixed) == names
    ax = axes_of("scatter", y=",".join("1" * len(names)), by=",".join(mixed))
    assert [str(each.get_label()) for each in ax.collections] == names


@pytest.mark.parametrize(
    "names",
    [["Pear", "Apple"], ["Mon", "Mars"], ["S", "F"], ["Group A", "Group 2"], ["9" * 5000, "a"]],
)
def test_other_names_have_none(names: list[str]) -> None:
    assert sort_names(names) is None


def test_names_in_the_language_of_the_picture() -> None:
    with override("ko"):
        assert sort_names(["수요일", "월요일"]) == ["월요일", "수요일"]


def test_others_keep_the_order_of_first_use_and_gaps_are_last() -> None:
    ax = axes_of("scatter", y="1,2,3", by="Pear,Apple,Fig")
    assert [str(each.get_label()) for each in ax.collections] == ["Pear", "Apple", "Fig"]
    ax = axes_of("scatter", y="1,2,3", by=",10,9")
    assert [str(each.get_label()) for each in ax.collections] == ["9", "10", "(none)"]


def test_panels_too() -> None:
    figure = figure_of("scatter", y="1,2,3", facet="Wed,Mon,Tue")
    assert [ax.get_title("left") for ax in panels_of(figure)] == ["Mon", "Tue", "Wed"]
