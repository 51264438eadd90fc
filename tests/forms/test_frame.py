"""What every kind can say around its drawing: read back from the Artists, and through HTTP."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from django.test import Client
from matplotlib.colors import to_hex

from plots.forms.parameters_to_spec import plot_spec, read_spec
from plots.forms.spec_to_parameters import write_parameters
from plots.spec.themes import THEMES
from tests.helpers import ask
from tests.measure import axes_of, figure_of, layout_problems
from tests.rendering.test_render import LONG, SIZES

# Subtitle


def test_a_subtitle_is_beneath_the_title_and_smaller() -> None:
    figure = figure_of("line", y="1,2", title="Orders", subtitle="In thousands, by day")
    title, subtitle = figure.texts
    assert (title.get_text(), subtitle.get_text()) == ("Orders", "In thousands, by day")
    assert float(title.get_fontsize()) > float(subtitle.get_fontsize())
    assert to_hex(subtitle.get_color()) == THEMES["light"].muted
    figure.canvas.draw()
    above, below = title.get_window_extent(), subtitle.get_window_extent()
    assert above.x0 == pytest.approx(below.x0) and above.y0 > below.y1
    assert below.y0 > figure.axes[0].bbox.y1


@pytest.mark.parametrize("title", ["", "T", LONG])
@pytest.mark.parametrize("kind", ["line", "pie"])
def test_a_subtitle_fits_at_every_size(kind: str, title: str) -> None:
    for width, height in SIZES:
        size = {"width": str(width), "height": str(height)}
        figure = figure_of(kind, y=["1,2", "2,1"][: 1 + (kind == "line")], title=title,
                           subtitle="$5 to $6, 매출 " + LONG[:150], **size)  # fmt: skip
        assert layout_problems(figure) == [], size
        shown = [text.get_text() for text in figure.texts]
        assert any(text.startswith("$5 to $6") for text in shown) == (width >= 240 <= height + 90)


def test_a_subtitle_is_told(client: Client) -> None:
    told = client.get("/plot/line.txt?y=1,2&title=T&subtitle=In+thousands").content.decode()
    assert told.splitlines()[1] == "In thousands"
    assert client.get("/plot/line.png?y=1,2&subtitle=" + 201 * "x").status_code == 400


# Reference lines and bands

ORDERS = {"x": "Mon,Tue,Wed,Thu,Fri", "y": "12,19,9,17,22"}
DAYS = {"x": "2026-01-01,2026-02-01,2026-03-01", "y": "10,30,20"}


def lines_of(ax: Any) -> list[tuple[str, float]]:
    """The reference lines: x or y, and where."""
    dashed = [line for line in ax.lines if line.get_linestyle() == "--"]
    ends = [(line.get_xdata(), line.get_ydata()) for line in dashed]
    return [("x", x[0]) if x[0] == x[1] else ("y", y[0]) for x, y in ends]


def bands_of(ax: Any) -> list[tuple[float, float, float, float]]:
    """The bands as x, y, width and height, in data or, where they cross all, in parts."""
    return [patch.get_bbox().bounds for patch in ax.patches if patch.get_alpha() == 0.16]


def words_of(ax: Any) -> dict[str, Any]:
    """Where the words in a drawing stand, in pixels."""
    ax.figure.canvas.draw()
    return {text.get_text(): text.get_window_extent() for text in ax.texts if text.get_visible()}


@pytest.mark.parametrize(
    ("kind", "given", "found"),
    [
        ("line", {"y": "1,2", "hline": "1.5"}, ("y", 1.5)),
        ("line", {"y": "1,2", "hline": "1.5,Target"}, ("y", 1.5)),
        ("line", DAYS | {"vline": "2026-02-03,Launch"}, ("x", 20487)),
        ("line", DAYS | {"vline": "2026-02-03T12:00"}, ("x", 20487.5)),
        ("bar", ORDERS | {"vline": "Wed,Today"}, ("x", 2)),
        ("bar", ORDERS | {"vline": "1.5"}, ("x", 1.5)),
        ("bar", ORDERS | {"hline": "15", "orientation": "horizontal"}, ("y", 15)),
        ("bar", ORDERS | {"hline": "Wed", "orientation": "horizontal"}, ("y", 2)),
        ("bar", ORDERS | {"vline": "15", "orientation": "horizontal"}, ("x", 15)),
        ("scatter", {"y": "1,1000", "hline": "50", "yscale": "log"}, ("y", 50)),
        ("hist", {"x": "1,2,3", "hline": "7"}, ("y", 7)),
        ("heatmap", {"z": "1,2;3,4", "x": "a,b", "y": "p,q", "hline": "q"}, ("y", 1)),
        ("line", {"x": '"1","2"', "y": "1,2", "vline": '"2",Two'}, ("x", 1)),
        ("formula", {"expr": "sin(x)", "hline": "3"}, ("y", 3)),
        ("formula", {"expr": "1/x", "hline": "1e6"}, ("y", 1e6)),  # it sets limits of its own
    ],
)
def test_a_line_is_drawn_at_its_value_and_seen(
    kind: str, given: dict[str, Any], found: tuple[str, float]
) -> None:
    ax = axes_of(kind, **given)
    assert lines_of(ax) == [found]
    low, high = sorted(ax.get_xlim() if found[0] == "x" else ax.get_ylim())
    assert low <= found[1] <= high


def test_bands_are_in_data_coordinates_and_hold_names_whole() -> None:
    ax = axes_of("bar", **ORDERS, hband="14,10,Low", vband=["Tue,Wed", "Fri,Fri"])
    assert bands_of(ax) == [
        pytest.approx((0, 10, 1, 4)),
        pytest.approx((0.5, 0, 2, 1)),
        pytest.approx((3.5, 0, 1, 1)),
    ]
    (month,) = bands_of(axes_of("line", **DAYS, vband="2026-02-01,2026-03-01"))
    assert month == pytest.approx((20485, 0, 28, 1))


def test_the_view_widens_for_them_unless_it_is_told() -> None:
    given = {"y": "1,2,3", "hline": "10", "vband": "5,8"}
    ax = axes_of("line", **given)
    assert ax.get_ylim()[1] > 10 and ax.get_xlim()[1] > 8
    ax = axes_of("line", ymax="4", xmax="2", **given)
    assert (ax.get_ylim()[1], ax.get_xlim()[1]) == (4, 2)


def test_a_label_out_of_the_view_is_not_written() -> None:
    given = {"y": "1,2,3", "hline": "10,Target", "vline": ["1,One", "5,Five"]}
    assert set(words_of(axes_of("line", **given))) == {"Target", "One", "Five"}
    assert set(words_of(axes_of("line", ymax="4", xmax="2", **given))) == {"One"}


def test_labels_stand_at_the_right_end_and_at_the_top() -> None:
    ax = axes_of("line", y="1,9,2,3", hline="6,Target", vline="2,Launch")
    words, area = words_of(ax), ax.bbox
    _, line = ax.transData.transform((0, 6))
    assert 0 < words["Target"].y0 - line < 8 and area.x1 - 8 < words["Target"].x1 <= area.x1
    line, _ = ax.transData.transform((2, 0))
    assert 0 < words["Launch"].x0 - line < 8 and area.y1 - 8 < words["Launch"].y1 <= area.y1


def test_labels_of_bands_are_in_them_whichever_way_the_axis_runs() -> None:
    for orientation in ("vertical", "horizontal"):
        band = {"hband": "Mon,Thu,Best"} if orientation == "horizontal" else {"hband": "3,8,Best"}
        ax = axes_of("bar", orientation=orientation, x="Fri,Mon,Tue,Wed,Thu,Sat", y="9,1,1,1,1,1",
                     **band)  # fmt: skip
        (_, low, _, height) = bands_of(ax)[0]
        (_, one), (_, other) = ax.transData.transform([(0, low), (0, low + height)])
        label = words_of(ax)["Best"]
        assert min(one, other) < label.y0 and label.y1 < max(one, other)


@pytest.mark.parametrize("kind", ["line", "bar", "scatter"])
@pytest.mark.parametrize("size", [(240, 150), (343, 257), (640, 480), (900, 300)])
def test_labels_are_never_clipped_nor_on_each_other(kind: str, size: tuple[int, int]) -> None:
    for orientation in ("vertical", "horizontal")[: 1 + (kind == "bar")]:
        option = {"orientation": orientation, "values": "1"} if kind == "bar" else {}
        given = {
            "hline": [f"{n},Line {n} {LONG[: 9 * n]}" for n in range(5)],
            "vline": [f"{n / 4},Upright {n}" for n in range(5)],
            "hband": ["1,2,Band", "3,3.5,W" + "W" * 150],
            "vband": ["0,1,$5 band", "1,1.2,Narrow one"],
        }
        words = {"width": str(size[0]), "height": str(size[1]), "legend": "upper left"}
        figure = figure_of(kind, y=["3,1,2", "1,1,4"], **given, **words, **option)
        ax = figure.axes[0]
        boxes = words_of(ax)
        assert boxes, "none found room"
        assert layout_problems(figure) == []
        own = {label: box for label, box in boxes.items() if not label.isdigit()}  # the kind's are
        for box in own.values():
            assert ax.bbox.x0 - 1 <= box.x0 and box.x1 <= ax.bbox.x1 + 1
            assert ax.bbox.y0 - 1 <= box.y0 and box.y1 <= ax.bbox.y1 + 1
        others = [legend.get_window_extent() for legend in [ax.get_legend()] if legend]
        for label, box in own.items():
            for other in [*others, *(each for name, each in boxes.items() if name != label)]:
                assert not box.overlaps(other)


def test_a_label_keeps_off_the_data() -> None:
    ax = axes_of("line", x="0,1,2,3", y="0,0,5,5", hline="4.9,Target")  # data run there
    box = words_of(ax)["Target"]
    curve = ax.transData.transform([(n / 100, np.interp(n / 100, [0, 1, 2, 3], [0, 0, 5, 5]))
                                    for n in range(301)])  # fmt: skip
    assert not any(box.contains(x, y) for x, y in curve)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_they_are_seen_apart_from_series(theme: str) -> None:
    drawn = axes_of("line", y="1,2", hline="1.5", theme=theme).lines
    assert to_hex(drawn[-1].get_color()) == THEMES[theme].muted
    assert drawn[-1].get_zorder() < drawn[0].get_zorder()
    with_band = figure_of("mesh", z="1,2;3,4", hband="0,1", vline="1")
    ax = with_band.axes[0]
    (mesh,) = ax.collections
    assert all(each.get_zorder() > mesh.get_zorder() for each in (*ax.patches, *ax.lines))


@pytest.mark.parametrize(
    ("query", "parameter", "code", "hint"),
    [
        ("line.png?y=1,2&hline=Mon", "hline", "not-a-name", "The y axis shows numbers"),
        ("line.png?y=1,2&hline=2026-01-01", "hline", "not-a-number", "y axis shows numbers"),
        ("line.png?x=2026-01-01,2026-01-02&y=1,2&vline=5", "vline", "not-a-date", "shows dates"),
        ("bar.png?x=Mon,Tue&y=1,2&vline=Mno,Today", "vline", "not-a-name", "“Mon”"),
        ("bar.png?x=Mon,Tue&y=1,2&vband=Mon,Wedn", "vband", "not-a-name", "“Wedn”"),
        ("bar.png?x=Mon,Tue&y=1,2&hline=Mon", "hline", "not-a-name", "shows numbers"),
        ("line.png?y=1,2&yscale=log&hline=0", "hline", "out-of-range", "above 0"),
        ("line.png?y=1,2&yscale=log&hband=-1,5", "hband", "out-of-range", "above 0"),
        ("line.png?y=1,2&hline=1,2,3", "hline", "invalid", "100,Target"),
        ("line.png?y=1,2&hline=,Target", "hline", "invalid", "100,Target"),
        ("line.png?y=1,2&hline=nan,Target", "hline", "invalid", "gap"),
        ("line.png?y=1,2&hband=1", "hband", "invalid", "10,20,Normal"),
        ("line.png?y=1,2&hband=5,5", "hband", "invalid", "different"),
        ("line.png?y=1,2&vline=2026-02-30", "vline", "not-a-date", "calendar"),
        ("line.png?y=1,2&hline=1e301", "hline", "out-of-range", "1e300"),
        ('line.png?y=1,2&hline=1,"a', "hline", "invalid-quoting", "quote"),
        ("line.png?y=1,2&hline=1," + 201 * "x", "hline", "too-long-text", "200"),
        ("line.png?y=1,2" + "&hline=1" * 11 + "&vband=1,2" * 10, "vband", "too-many", "20"),
        ("pie.png?y=1,2&hline=1", "hline", "unknown-parameter", "no parameter"),
    ],
)
def test_what_cannot_stand_there_is_refused(
    client: Client, query: str, parameter: str, code: str, hint: str
) -> None:
    (error,) = ask(client, f"/plot/{query}").json()["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code), error
    assert hint in error["message"]


@pytest.mark.parametrize(
    "query",
    [
        "line.png?y=1,2&hline=-1e300&hline=1e300&vline=1e300",
        "line.png?y=1,2&hline=1e-300&hline=1e300&yscale=log",
        "line.png?y=1,2&hline=-1e300&yscale=symlog",
        "line.png?x=2026-01-01,2026-01-02&y=1,2&vline=0001-01-01&vline=9999-12-31",
        "line.png?y=,&hline=1,Target&vband=2,3",
        "bar.svg?x=a&y=1&vband=a,a,Only",
    ],
)
def test_extreme_references_are_drawn(client: Client, query: str) -> None:
    assert client.get(f"/plot/{query}").status_code == 200


def test_references_are_told_and_are_no_points(client: Client) -> None:
    query = "x=Mon,Tue&y=3,5&hline=4,Target&hline=3.5&vband=Mon,Tue,Start&hband=1,2"
    told = client.get(f"/plot/bar.txt?{query}").content.decode()
    assert "2 points" in told
    assert told.splitlines()[3:7] == [
        "Line at y 4: Target.",
        "Line at y 3.5.",
        "Band of y from 1 to 2.",
        "Band of x from Mon to Tue: Start.",
    ]


@pytest.mark.parametrize(
    "given",
    [
        {"hline": ["100,Target", "2e3", '5,"a, ""b"""', '1,"42"']},
        {"vline": ["1.5, spaced "], "hband": ["20,10,Down"], "vband": ["0,1"]},
    ],
)
def test_references_are_written_as_they_are_read(given: dict[str, list[str]]) -> None:
    spec = read_spec("line", {"y": ["1,2,3"], **given})
    assert read_spec("line", write_parameters(spec)) == spec
    day = read_spec("line", {k: [v] for k, v in DAYS.items()} | {"vline": ["2026-02-01T10:00,a"]})
    assert read_spec("line", write_parameters(day)) == day
    named = read_spec("bar", {"x": ['"1",b'], "y": ["1,2"], "vband": ['"1",b,"3"']})
    assert read_spec("bar", write_parameters(named)) == named


def test_tags_take_values_and_pairs() -> None:
    spec = plot_spec("line", y=[1, 2], hline=1.5, vline=[(1, "One"), 0])
    assert (spec.frame.hline, spec.frame.vline) == (((1.5, ""),), ((1.0, "One"), (0.0, "")))
