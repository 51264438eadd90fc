"""Specs as values: equality and hashes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from plots.forms.parameters_to_spec import plot_spec
from plots.spec.plot_spec import FromSource, PlotSpec
from plots.spec.query import Query


def test_equal_specs_have_one_hash_and_one_digest() -> None:
    one, other = plot_spec("bar", x=["a"], y=[1], mode="stacked"), None
    other = plot_spec("bar", x="a", y="1", mode="stacked")
    assert one == other and hash(one) == hash(other) and one.digest == other.digest
    assert len({one, other, replace(one, format="svg")}) == 2


def test_a_spec_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        plot_spec("line", y=[1]).kind = "bar"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("stat", "names", "headings"),
    [
        ("", ("total",), ("total",)),
        ("sum", ("total", "tax"), ("Sum of total", "Sum of tax")),
        ("min", ("total",), ("Minimum of total",)),
        ("count", ("total",), ("Count",)),
    ],
)
def test_headings_name_the_stat(
    stat: str, names: tuple[str, ...], headings: tuple[str, ...]
) -> None:
    data = FromSource("orders", {}, {"x": ("day",), "y": names}, query=Query(stat))
    spec = PlotSpec("bar", {}, data)
    assert spec.headings("y") == headings
    assert spec.headings("x") == ("day",)
