"""Sankey diagrams."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.kinds.flow.sankey_layout import Layout, find_cycle
from plots.spec.registry import kinds
from plots.spec.themes import LIGHT
from tests.helpers import messages, picture_of, problems
from tests.measure import axes_of, drawn, figure_of, words_apart, words_of

# a and b flow into c, which flows into d; a flows into d as well, by c's column.
FLOWS = {"x": "a,b,c,a", "y": "c,c,d,d", "value": "3,1,4,2"}


def paths_of(areas: PolyCollection) -> Any:
    return areas.get_paths()


def parts_of(ax: Any) -> tuple[list[Any], list[Any]]:
    """Return the outlines of the bands and of the nodes."""
    areas = [each for each in ax.collections if isinstance(each, PolyCollection)]
    bands, *nodes = ([path.vertices[:-1] for path in paths] for paths in map(paths_of, areas))
    return bands, [outline for (outline,) in nodes]


def height(outline: Any) -> float:
    return float(np.ptp(np.asarray(outline)[:, 1]))


def text_of(client: Client, kind: str, **query: Any) -> str:
    answer = client.get(f"/plot/{kind}.txt", query)
    assert answer.status_code == 200, answer["X-Plot-Error"]
    return str(answer.content.decode())


def test_heights_of_nodes_and_bands() -> None:
    bands, nodes = parts_of(axes_of("sankey", **FLOWS))
    unit = height(nodes[2])  # b, which is 1
    assert_allclose([height(node) / unit for node in nodes], [5, 4, 1, 6])
    for band, size in zip(bands, (3, 1, 4, 2), strict=True):
        upper, lower = np.split(band, 2)
        assert_allclose(lower[::-1] - upper, np.tile([0, size * unit], (len(upper), 1)), atol=1e-9)
    lefts = [node[:, 0].min() for node in nodes]
    assert lefts[0] == lefts[2] == 0
    assert_allclose(lefts[1] + 0.011, 0.5)
    assert_allclose(nodes[3][:, 0].max(), 1)


def test_bands_begin_and_end_at_their_nodes_beside_each_other() -> None:
    bands, (a, c, b, d) = parts_of(axes_of("sankey", **FLOWS))
    for node, row, end in ((a, (0, 3), 0), (b, (1,), 0), (c, (0, 1), -1), (d, (2, 3), -1)):
        spans = []
        for band in (bands[each] for each in row):
            upper, lower = np.split(band, 2)
            spans.append((upper[end][1], lower[::-1][end][1]))
            assert_allclose(upper[end][0], node[:, 0].max() if end == 0 else node[:, 0].min())
        spans.sort()
        assert_allclose(spans[0][0], node[:, 1].min())
        assert_allclose(spans[-1][1], node[:, 1].max())
        assert all(abs(one[1] - other[0]) < 1e-9 for one, other in pairwise(spans))


def test_nodes_and_passing_bands_do_not_overlap() -> None:
    layout = Layout([("a", "c", 3.0), ("b", "c", 1.0), ("c", "d", 4.0), ("a", "d", 2.0)])
    assert layout.columns == {"a": 0, "c": 1, "b": 0, "d": 2}
    assert layout.ways[3] == [("a", 0), (3, 1), ("d", 2)]
    for column in layout.rows:
        ends = [(layout.tops[p], layout.tops[p] + layout.heights[p]) for p in column]
        assert ends[0][0] >= -1e-9 and ends[-1][1] <= 1 + 1e-9
        assert all(one[1] < other[0] for one, other in pairwise(ends))


def test_nodes_are_ordered_to_avoid_crossings() -> None:
    layout = Layout([("a", "x", 1.0), ("b", "y", 1.0), ("c", "x", 1.0)])
    assert [name for name, _ in layout.rows[0]] in (["a", "c", "b"], ["b", "a", "c"])


def test_bands_leave_a_node_in_the_order_of_their_ends() -> None:
    layout = Layout([("b", "x", 1.0), ("b", "y", 1.0), ("a", "y", 1.0), ("a", "x", 1.0)])
    to_y, to_x = ([leaves for _, _, leaves in band][0] for band in layout.bands()[2:])
    assert (to_x < to_y) == (layout.tops["x", 1] < layout.tops["y", 1])


def test_bands_have_the_colour_of_their_start() -> None:
    ax = axes_of("sankey", **FLOWS, alpha="0.3")
    bands, a, c, b, _ = ax.collections
    colors = [to_hex(color) for color in bands.get_facecolors()]
    assert colors == [to_hex(each.get_facecolor()[0]) for each in (a, b, c, a)]
    assert bands.get_alpha() == 0.3
    assert {to_hex(each.get_facecolor()[0]) for each in ax.collections[1:]} == set(
        LIGHT.palette[:4]
    )


def test_names_are_written_with_values() -> None:
    assert words_of(axes_of("sankey", **FLOWS)) == ["a", "c", "b", "d"]
    assert words_of(axes_of("sankey", **FLOWS, values="1")) == ["a 5", "c 4", "b 1", "d 6"]
    numbers = axes_of("sankey", x="2024-01-01,2024-01-02", y="7,8", value="1,2")
    assert words_of(numbers) == ["2024-01-01", "7", "2024-01-02", "8"]


@pytest.mark.parametrize("size", [(640, 480), (343, 260), (200, 120)])
def test_names_never_overlap(size: tuple[int, int]) -> None:
    x = ",".join(f"a beginning that is long {i}" for i in range(20))
    flows = {"y": ",".join(["middle"] * 20) + ",an end", "value": ",".join("1" * 21)}
    width, height = map(str, size)
    figure = figure_of("sankey", x=f"{x},middle", **flows, width=width, height=height)
    assert words_apart(figure)


def test_rows_of_one_flow_are_one_band_and_gaps_are_noted(client: Client) -> None:
    given = {"x": "a,a,b,", "y": "c,c,c,c", "value": "1,2,,4"}
    bands, nodes = parts_of(axes_of("sankey", **given))
    assert len(bands) == 1 and len(nodes) == 2
    told = text_of(client, "sankey", **given)
    assert "Rows without a start, an end or a number are left out." in told
    assert "Rows with the same start and end are added up to one band." in told
    assert "a to c: 3" in told


def test_descriptions_name_the_total_and_the_largest_flows(client: Client) -> None:
    told = text_of(client, "sankey", **FLOWS, title="Water")
    # What c passes on is counted where it comes in.
    assert "total 6, largest flows: c to d: 4; a to c: 3; a to d: 2." in told
    assert "nan" not in text_of(client, "sankey", x="a", y="b", value="nan")


def test_bands_and_nodes_have_tooltips_and_links(client: Client) -> None:
    links = "https://example.org/1,,,"
    svg = client.get("/plot/sankey.svg", {**FLOWS, "link": links}).content.decode()
    assert "<title>a to c: 3</title>" in svg and "<title>a: 5</title>" in svg
    assert 'href="https://example.org/1"' in svg


def test_invalid_flows_are_refused(client: Client) -> None:
    def refused(**given: str) -> list[tuple[str, str]]:
        return problems(client, "/plot/sankey.png", given)

    assert refused(x="a,b", y="b,c", value="1,-1") == [("value", "out-of-range")]
    assert refused(x="a,b", y="b,c", value="0,0") == [("value", "out-of-range")]
    assert refused(x="a", y="a", value="1") == [("y", "invalid")]
    assert refused(x="a", y="b") == [("value", "required")]
    names = ",".join(f"n{i}" for i in range(50))
    assert refused(x=names, y=",".join("e" * 50), value=names.replace("n", "")) == [
        ("x", "too-many")
    ]
    pairs = [(i, j) for i in range(25) for j in range(25, 50)][:501]
    x, y = (",".join(f"n{pair[side]}" for pair in pairs) for side in (0, 1))
    ones = ",".join(["1"] * 501)
    assert refused(x=x, y=y, value=ones) == [("value", "too-many")]
    cut = {"x": x, "y": y, "value": ones}
    picture_of(client, "sankey", **{name: each.rsplit(",", 1)[0] for name, each in cut.items()})
    told = messages(client, "sankey", x="s,a,b,c,c", y="a,b,c,a,e", value="1,1,1,1,1")
    assert "back to its start: a → b → c → a." in told["y"]


def test_find_cycle_ignores_ways_into_and_out_of_it() -> None:
    assert find_cycle([("s", "a", 1.0), ("a", "e", 1.0), ("a", "b", 1.0), ("b", "a", 1.0)]) in (
        ["a", "b", "a"], ["b", "a", "b"],
    )  # fmt: skip
    assert find_cycle([("a", "b", 1.0), ("a", "c", 1.0), ("b", "c", 1.0)]) == []


@pytest.mark.parametrize("values", ["1e300,1e300", "1e-320,1e-320", "1e300,1e-300", "0,1"])
def test_extremes(client: Client, values: str) -> None:
    picture_of(client, "sankey", x="a,b", y="b,c", value=values)


def test_a_long_chain_with_every_way_is_drawn(client: Client) -> None:
    pairs = [(i, j) for i in range(50) for j in range(i + 1, 50)][:500]
    x, y = (",".join(f"n{pair[side]:02}" for pair in pairs) for side in (0, 1))
    picture_of(client, "sankey", x=x, y=y, value=",".join(["1"] * 500))


def test_names_with_a_halo_use_fallback_fonts() -> None:
    """Not the box of a missing glyph."""
    one, other = (drawn(kinds.get("sankey"), {"x": c, "y": "b", "value": "1"}) for c in "한국")
    assert one != other
