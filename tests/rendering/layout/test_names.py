"""Every bar has its name below or beside it, or a note says what is not written."""

from __future__ import annotations

import random
from itertools import product
from typing import Any

import pytest
from django.test import Client

from plots.rendering.figure import notes_of
from tests.measure import axes_of, figure_of, layout_problems, panels_of, tick_texts

WORDS = [
    "Rent", "Agriculture", "and", "of", "Wholesale", "Electricity supply", "IT", "Self-employed",
    "전국 매출", "서울특별시", "北京市海淀区", "Straßenverkehr", "A/B", "x", "Öffentlicher Dienst",
]  # fmt: skip
SIZES = [(160, 100), (320, 240), (640, 480), (1600, 300), (400, 1200)]


def names_of(seed: int) -> list[str]:
    """Return up to 80 different names of one to six words."""
    chosen = random.Random(seed)
    count = chosen.choice([1, 2, 3, 5, 8, 13, 30, 80])
    most = chosen.choice([1, 3, 6])
    return [
        " ".join([*chosen.choices(WORDS, k=chosen.randint(1, most)), str(place)])
        for place in range(count)
    ]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("orientation", ["vertical", "horizontal"])
def test_each_bar_is_named_or_a_note_says_so(seed: int, orientation: str) -> None:
    names = names_of(seed)
    query = {"x": ",".join(names), "y": ",".join(map(str, range(len(names))))}
    for (width, height), scale in product(SIZES, ("1", "2")):
        size = {"width": str(width), "height": str(height), "scale": scale}
        figure = figure_of("bar", **query, **size, orientation=orientation)
        assert layout_problems(figure) == [], size
        ax = figure.axes[0]
        shown = tick_texts(ax.xaxis if orientation == "vertical" else ax.yaxis)
        is_whole = [squeezed(text) for text in shown] == [squeezed(name) for name in names]
        has_ticks = width >= 150 and height >= 90
        assert is_whole == (not notes_of(figure)) or not has_ticks, (size, shown, notes_of(figure))


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("bar", {"y": "1,2,3,4,5,6,7,8"}),
        ("stem", {"y": "1,2,3,4,5,6,7,8"}),
        ("box", {"y": "1,2,3,4,5,6,7,8"}),
        ("violin", {"y": "1,2,3,4,5,6,7,8"}),
        ("heatmap", {"y": "a,b,c,d,e,f,g,h", "z": "1,2,3,4,5,6,7,8"}),
    ],
)
def test_names_of_every_kind_are_whole(kind: str, query: dict[str, str]) -> None:
    names = [f"Department of {name}" for name in ("Art", "Law", "Music", "Physics")]
    names += ["Mathematics", "Education", "Engineering", "Health"]
    figure = figure_of(kind, x=",".join(names), **query)
    assert layout_problems(figure) == [] and notes_of(figure) == ()
    shown = tick_texts(figure.axes[0].xaxis)
    assert [squeezed(text) for text in shown] == [squeezed(name) for name in names]


def test_rows_of_a_timeline_are_named() -> None:
    rows = [f"Work package {n} with a long name of many words" for n in range(12)]
    dates = {"start": ",".join(["2026-01-01"] * 12), "end": ",".join(["2026-02-01"] * 12)}
    figure = figure_of("timeline", y=",".join(rows), **dates)
    assert layout_problems(figure) == []
    assert [squeezed(text) for text in tick_texts(figure.axes[0].yaxis)] == [*map(squeezed, rows)]


def test_panels_are_named() -> None:
    names = ["Agriculture and forestry", "Mining", "Manufacturing", "Construction"]
    query = {"x": ",".join(3 * names), "y": ",".join(map(str, range(12)))}
    query["facet"] = ",".join(each for each in "abc" for _ in names)
    for orientation in ("vertical", "horizontal"):
        figure = figure_of("bar", **query, orientation=orientation)
        assert layout_problems(figure) == []
        corner: Any = panels_of(figure)[0]
        shown = tick_texts(corner.xaxis if orientation == "vertical" else corner.yaxis)
        assert [squeezed(text) for text in shown] == [*map(squeezed, names)]


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Agriculture and forestry", "Agriculture and\nforestry"),
        ("北京市海淀区中关村大街很长很长的名字", "北京市海淀区中关\n村大街很长很长的\n名字"),
        ("전국 매출 현황 서울특별시 강남구", "전국 매출 현황\n서울특별시\n강남구"),
    ],
)
def test_lying_names_have_up_to_three_lines(name: str, lines: str) -> None:
    ax = axes_of("bar", x=f"{name} 1,{name} 2,{name} 3,{name} 4", y="1,2,3,4", width="400")
    assert [text[:-2] for text in tick_texts(ax.xaxis)] == 4 * [lines]


def test_names_take_at_most_45_percent_of_the_width() -> None:
    name = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente" * 3
    figure = figure_of(
        "bar", x=f"{name},b,c,d,e,f", y="1,2,3,4,5,6", orientation="horizontal", height="150"
    )
    assert 0.4 < figure.axes[0].get_position().x0 < 0.5
    assert notes_of(figure) == ("Long names on the y axis are shortened.",)


@pytest.mark.parametrize("format", ["txt", "svg"])
def test_the_description_says_how_many_names_are_written(client: Client, format: str) -> None:
    query = {"x": ",".join(f"Name {n}" for n in range(100)), "y": ",".join(map(str, range(100)))}
    text = client.get(f"/plot/bar.{format}", query).content.decode()
    assert "of the 100 names on the x axis are written, evenly spaced." in text
    few = client.get(f"/plot/bar.{format}", {"x": "a,b,c,d,e,f", "y": "1,2,3,4,5,6"})
    assert "names" not in few.content.decode()
