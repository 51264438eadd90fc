"""Marks of an SVG have tooltips, and targets at the right places."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

import plots
from plots.description.tooltips import MOST_MARKS
from plots.forms.binding import as_parameters
from plots.forms.parameters_to_spec import read_spec
from plots.rendering.render import render
from plots.spec.registry import kinds
from tests.description.svg_marks import NASTY, SVG, drawn, marks, words


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        (
            "line",
            {"x": "2024-03-05,2024-03-06", "y": ["1234,12345.678", "1,2"], "label": ["A", "B"]},
            {
                "A, March 5, 2024: 1234",
                "A, March 6, 2024: 12,346",
                "B, March 5, 2024: 1",
                "B, March 6, 2024: 2",
            },
        ),
        ("line", {"x": "Mon,Tue,Wed", "y": "1,,3"}, {"Mon: 1", "Wed: 3"}),
        ("line", {"x": "1,2", "y": "1,2", "steps": "after", "marker": "none"}, {"1: 1", "2: 2"}),
        (
            "bar",
            {"x": "a,b", "y": ["1,2", "3,"], "label": ["A", "B"], "mode": "stacked"},
            {"A, a: 1", "A, b: 2", "B, a: 3"},
        ),
        (
            "bar",
            {"x": "2020,2021", "y": ["1,2", "3,2"], "mode": "percent", "orientation": "horizontal"},
            {
                "Series 1, 2020: 25.0%",
                "Series 2, 2020: 75.0%",
                "Series 1, 2021: 50.0%",
                "Series 2, 2021: 50.0%",
            },
        ),
        (
            "bar",
            {"x": "a", "y": "5", "error": "0.5", "values": "1"},
            {"a: 5; error ± 0.5"},
        ),
        ("hist", {"x": "10,12,15,20,29,30", "bins": "2"}, {"10 to 20: 3", "20 to 30: 3"}),
        (
            "hist",
            {"x": ["0,1,10", "10,,"], "bins": "2", "mode": "stacked"},
            {"Series 1, 0 to 5: 2", "Series 1, 5 to 10: 1"}
            | {"Series 2, 0 to 5: 0", "Series 2, 5 to 10: 1"},
        ),
        ("pie", {"x": "Hydro,Wind", "y": "30,10"}, {"Hydro: 30; 75.0%", "Wind: 10; 25.0%"}),
        ("doughnut", {"y": "3,1"}, {"3; 75.0%", "1; 25.0%"}),
        (
            "scatter",
            {"x": "1,2", "y": "3,4", "size": "10,20", "color": "0.5,0.25", "marker": "square"},
            {"1: 3; size 10; colour 0.5", "2: 4; size 20; colour 0.25"},
        ),
        (
            "scatter",
            {"x": "1,2,3", "y": "3,4,5", "size": "10,,20", "color": "1,2,"},
            {"1: 3; size 10; colour 1"},
        ),
        ("scatter", {"x": "1,,3", "y": "3,4,5"}, {"1: 3", "3: 5"}),
        ("scatter", {"x": "1,1", "y": "3,3", "by": "A,B"}, {"A, 1: 3\nB, 1: 3"}),
        (
            "heatmap",
            {"x": "Mon,Tue", "y": "Night,Day", "z": "1,2;,4"},
            {"Mon, Night: 1", "Tue, Night: 2", "Tue, Day: 4"},
        ),
        ("mesh", {"x": "1,2", "y": "5", "z": "7,8"}, {"1, 5: 7", "2, 5: 8"}),
        ("image", {"z": "1,2;3,4"}, {"0, 0: 1", "1, 0: 2", "0, 1: 3", "1, 1: 4"}),
        ("contourf", {"z": "1,2;3,4"}, {"0, 0: 1", "1, 0: 2", "0, 1: 3", "1, 1: 4"}),
        ("hist2d", {"x": "0,0,10", "y": "0,0,10", "bins": "2"}, {"2.5, 2.5: 2", "7.5, 7.5: 1"}),
        (
            "candlestick",
            {"x": "2026-03-02", "open": "1", "high": "4", "low": "0.5", "close": "3"},
            {"March 2, 2026: open 1; high 4; low 0.5; close 3"},
        ),
        (
            "timeline",
            {"start": "2026-01-05,2026-05-29", "end": "2026-01-30,2026-05-29", "y": "A,B"}
            | {"text": "Talks,Start"},
            {"A: Jan. 5, 2026 to Jan. 30, 2026; Talks", "B: May 29, 2026; Start"},
        ),
        (
            "box",
            {"y": "1,2,3,4,5,100", "label": "All"},
            {"All: median 3.5; first quartile 2.25; third quartile 4.75; low 1; high 5"}
            | {"All: 100"},
        ),
        (
            "violin",
            {"y": "1,2,3,4,5", "x": "a,a,a,a,a", "orientation": "horizontal"},
            {"a: median 3; first quartile 2; third quartile 4"},
        ),
        ("ecdf", {"x": "3,1"}, {"1: 0.5", "3: 1"}),
        ("event", {"x": ["1,2", "3,"], "label": ["A", "B"]}, {"A: 1", "A: 2", "B: 3"}),
        ("errorbar", {"x": "1", "y": "5", "low": "4", "high": "7"}, {"1: 5; low 4; high 7"}),
        ("stack", {"x": "1,2", "y": ["1,2", "3,4"]}, {"Series 1, 1: 1", "Series 1, 2: 2"}
         | {"Series 2, 1: 3", "Series 2, 2: 4"}),
        ("stairs", {"x": "0,1,5", "y": "3,4"}, {"0 to 1: 3", "1 to 5: 4"}),
        ("stem", {"x": "1,2", "y": "3,"}, {"1: 3"}),
        ("area", {"y": "1,2", "y2": "0,1"}, {"0: 1; from 0", "1: 2; from 1"}),
        ("sparkline", {"y": "1,2"}, {"0: 1", "1: 2"}),
        ("radar", {"x": "a,b,c", "y": "1,2,3", "label": "A"}, {"A, a: 1", "A, b: 2", "A, c: 3"}),
        ("polar", {"x": "a,b", "y": "1,2"}, {"a: 1", "b: 2"}),
        ("gauge", {"value": "72"}, {"72"}),
        (
            "quiver", {"x": "0", "y": "1", "dx": "2", "dy": "3"},
            {"0, 1: along x 2; along y 3; speed 3.606"},
        ),
        ("tripcolor", {"x": "0,1,0", "y": "0,0,1", "z": "1,2,3"}, {"2"}),
    ],
)  # fmt: skip
def test_every_mark_has_a_tooltip(kind: str, given: Any, said: set[str]) -> None:
    assert set(words(kind, **given)) == said


@pytest.mark.parametrize("kind", [kind.name for kind in kinds])
def test_every_kind_has_a_description(kind: str) -> None:
    said = words(kind, **kinds.get(kind).example)
    assert said and all(said)
    assert not any("nan" in each for each in said)


def test_a_curve_has_tooltips_for_some_points() -> None:
    said = words("formula", expr="2*x", start="0", stop="1", n="5000")
    assert {"2*x, 0: 0", "2*x, 1: 2"} <= set(said) and len(said) == 200


def test_tooltips_are_in_front_of_their_marks() -> None:
    """Read back from the drawing: a bar's box, a marker's middle."""
    (first, second) = marks("bar", x="a,b", y="1,3")
    sides = {each.findtext(f"{SVG}title"): re.findall(r"[\d.]+", each.get("d", "")) for each in
             (first, second)}  # fmt: skip
    tops = {said: min(float(d[1]), float(d[3])) for said, d in sides.items() if said}
    grounds = {said: max(float(d[1]), float(d[3])) for said, d in sides.items() if said}
    assert grounds["a: 1"] == grounds["b: 3"]
    assert grounds["b: 3"] - tops["b: 3"] == pytest.approx(
        3 * (grounds["a: 1"] - tops["a: 1"]), 0.01
    )
    root = drawn("line", x="0,1,2", y="1,5,2", marker="circle")
    used = [each for each in root.iter(f"{SVG}use") if each.get("x")]
    circles = [(float(c.get("cx", 0)), float(c.get("cy", 0))) for c in root.iter(f"{SVG}circle")]
    at = [(float(u.get("x", 0)), float(u.get("y", 0))) for u in used]
    for middle in circles:
        assert min(abs(middle[0] - x) + abs(middle[1] - y) for x, y in at) < 0.2


def test_no_target_covers_the_middle_of_another() -> None:
    circles = marks("line", x=",".join(map(str, range(500))), y=",".join("12" * 250))
    places = [tuple(float(c.get(name, 0)) for name in ("cx", "cy", "r")) for c in circles]
    assert len(places) == 500
    for place, (x, y, reach) in enumerate(places):
        others = places[:place] + places[place + 1 :]
        assert all(abs(x - a) + abs(y - b) > reach - 0.11 for a, b, _ in others)


def test_a_small_mark_is_in_front_of_a_large_one() -> None:
    """What is drawn last would hide the others, as bins of one series those of another."""
    said = words("hist", x=["0,9,9", "0,0,9"], bins="2", label=["A", "B"])
    assert set(said[:2]) == {"A, 4.5 to 9: 2", "B, 0 to 4.5: 2"}
    assert set(said[2:]) == {"A, 0 to 4.5: 1", "B, 4.5 to 9: 1"}
    given = {"x": "1,1.01,2", "y": "1,1,2", "size": "1,400,9", "markersize": "40"}
    sizes = [float(each.get("r", 0)) for each in marks("scatter", **given)]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > 2 * sizes[-1]


def test_marks_beyond_the_limits_have_no_tooltips() -> None:
    assert words("line", x="1,2,3", y="1,2,3", xmin="1.5", xmax="2.5") == ["2: 2"]
    (bar,) = marks("bar", x="a", y="9", ymax="3")
    ends = [float(end) for end in re.findall(r"[MV][\d.]+ ?([\d.]*)", bar.get("d", "")) if end]
    heights = [float(end) for end in re.findall(r"V([\d.]+)", bar.get("d", ""))]
    assert all(0 <= each <= 345.6 for each in ends + heights)


def test_of_many_marks_none_speaks() -> None:
    count = MOST_MARKS
    numbers = ",".join(str(n) for n in range(count))
    assert len(words("line", y=numbers)) == count
    assert words("line", y=f"{numbers},1") == []
    assert words("scatter", x=f"{numbers},1", y=f"{numbers},2") == []


def test_other_formats_have_no_tooltips() -> None:
    for format in ("png", "pdf"):
        content = render(read_spec("bar", {"y": ["1,2"]}, format)).content
        assert b"plot-marks" not in content


def test_tooltips_of_a_kind_without_calls() -> None:
    """Any line or markers at the x and y of a series; a kind may say the rest itself."""

    @plots.kind("own", channels=plots.XY)
    def own(ax: Any, data: Any) -> None:
        for series in data.series:
            ax.plot(series.x, series.y)
        ax.plot([0, 1], [5, 5])

    try:
        assert words("own", x="a,b", y="1,2") == ["a: 1", "b: 2"]
    finally:
        kinds.unregister("own")


@pytest.mark.parametrize("given", [{"label": NASTY}, {"title": NASTY}, {"alt": NASTY}])
def test_words_of_strangers_stay_words(given: dict[str, str]) -> None:
    content = render(
        read_spec("line", as_parameters({"y": "1,2", **given}), "svg")
    ).content.decode()
    root = ElementTree.fromstring(content)
    assert not list(root.iter(f"{SVG}script")) and "<script" not in content
    assert not re.search(r"=(\"[^\"]*<|'[^']*<)", content)
    assert NASTY in "".join(root.itertext())
    # What is no markup has no bare quote either, so that none is taken for an attribute.
    assert '"' not in re.sub(r"<[^>]*>", "", content)


def test_names_of_rows_stay_words() -> None:
    x = '"' + NASTY.replace('"', '""') + '",b'
    assert f"{NASTY}: 1" in words("bar", x=x, y="1,2")
