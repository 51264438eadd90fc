"""Step charts."""

from __future__ import annotations

from django.test import Client

from tests.helpers import problems
from tests.kinds.artists import areas_of
from tests.measure import axes_of


def test_stairs_from_edge_to_edge() -> None:
    ax = axes_of("stairs", x="0,1,4", y="5,7", linewidth="4", alpha="0.5")
    (line,) = ax.lines
    assert line.get_xydata().tolist() == [[0, 5], [1, 7], [4, 7]]
    assert (line.get_drawstyle(), line.get_linewidth(), line.get_alpha()) == ("steps-post", 4, 0.5)


def test_stairs_filled_and_with_a_gap() -> None:
    ax = axes_of("stairs", y="5,,7", fill="1", baseline="2")
    (area,) = areas_of(ax)
    assert [(path[:, 0].min(), path[:, 0].max(), path[:, 1].max()) for path in area] == [
        (0, 1, 5),
        (2, 3, 7),
    ]
    assert ax.get_ylim()[0] == 2


def test_the_edges_of_stairs(client: Client) -> None:
    path = "/plot/stairs.png"
    assert problems(client, path, {"x": "1,2", "y": "1,2"}) == [("x", "unequal-lengths")]
    assert problems(client, path, {"x": "1,2,2", "y": "1,2"}) == [("x", "out-of-order")]
    assert problems(client, path, {"x": "1,,3", "y": "1,2"}) == [("x", "gap")]
    assert problems(client, path, {"x": "1", "y": "1,2"}) == [("x", "unequal-lengths")]
    for y in ("5,7", "5,7,"):  # as a table has it
        rows = client.get("/plot/stairs.csv", {"x": "1,2,4", "y": y}).content.decode().split()
        assert rows == ["x,y", "1,5", "2,7", "4,"]
