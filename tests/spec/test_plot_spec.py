"""Specs as values: equality and hashes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest
from django.test import Client

from plots.forms.parameters_to_spec import plot_spec
from plots.http import response_cache
from plots.spec.plot_spec import FromSource, PlotSpec
from plots.spec.query import Query
from plots.text import font_fallback


def test_equal_specs_have_one_hash_and_one_digest() -> None:
    one, other = plot_spec("bar", x=["a"], y=[1], mode="stacked"), None
    other = plot_spec("bar", x="a", y="1", mode="stacked")
    assert one == other and hash(one) == hash(other) and one.digest == other.digest
    assert len({one, other, replace(one, format="svg")}) == 2


@pytest.mark.parametrize(
    ("query", "may_change"),
    [
        ("y=1,2", False),
        ("y=1,2&title=Plain", False),
        ("y=1,2&lang=en", False),
        ("y=1,2&lang=ko", True),
        ("y=1,2&lang=zh-hans", True),
        ("x=서울,Ulm&y=1,2", True),
        ("y=1,2&title=年間", True),
        ("source=nile&x=year&y=flow", True),
    ],
)
def test_other_fonts_change_what_they_may_draw(
    client: Client, monkeypatch: pytest.MonkeyPatch, query: str, may_change: bool
) -> None:
    """Texts of other languages and of sources may need a font of the system."""
    before = client.get(f"/plot/line.png?{query}")
    assert before.status_code == 200
    response_cache.response_cache.clear()
    monkeypatch.setattr(font_fallback, "fonts_version", lambda: "other fonts")
    after = client.get(f"/plot/line.png?{query}", headers={"if-none-match": before["ETag"]})
    assert after.status_code == (200 if may_change else 304)


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
