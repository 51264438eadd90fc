"""Random points."""

from __future__ import annotations

from django.test import Client
from numpy.testing import assert_allclose

from tests.measure import axes_of


def test_normal_differs_each_time(client: Client) -> None:
    drawn = [client.get("/plot/normal.png") for _ in range(2)]
    assert drawn[0].content != drawn[1].content
    assert "no-store" in drawn[0]["Cache-Control"]


def test_a_seed_repeats_normal(client: Client) -> None:
    one, two, other = (client.get(f"/plot/normal.png?seed={seed}") for seed in (5, 5, 6))
    assert one.content == two.content != other.content
    assert one["ETag"] == two["ETag"] != other["ETag"]


def test_normal_draws_from_its_distribution() -> None:
    ax = axes_of("normal", seed="1", mean="50", variance="4", n="10000", marker="star")
    offsets = ax.collections[0].get_offsets()
    assert offsets.shape == (10_000, 2)
    assert_allclose(offsets.mean(axis=0), 50, atol=0.1)
    assert_allclose(offsets.var(axis=0), 4, atol=0.2)
