"""Timelines."""

from __future__ import annotations

from typing import Any

from django.test import Client
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from plots.spec.themes import LIGHT
from tests.helpers import messages, picture_of, problems
from tests.kinds.artists import DAYS, candles_of
from tests.measure import axes_of, tick_texts, words_of

PLAN = {"start": "1,2,6", "end": "5,4,9", "y": "one,two,one"}


def bars_of(ax: Any) -> dict[str, list[list[float]]]:
    return candles_of(ax)


def test_timeline_draws_bars_on_rows_the_first_on_top() -> None:
    ax = axes_of("timeline", **PLAN, barheight="0.5")
    (bars,) = bars_of(ax).values()
    assert_allclose(bars, [(1, 5, -0.25, 0.25), (2, 4, 0.75, 1.25), (6, 9, -0.25, 0.25)])
    assert ax.yaxis.get_inverted()
    assert tick_texts(ax.yaxis) == ["one", "two"]


def test_timeline_of_dates_and_of_rows_by_number() -> None:
    ax = axes_of("timeline", start=DAYS, end="2026-02-01,2026-02-01T12:00,2026-02-02", y="7,3,7")
    (bars,) = bars_of(ax).values()
    assert_allclose([bar[:2] for bar in bars], [(20454, 20485), (20455, 20485.5), (20456, 20486)])
    assert tick_texts(ax.yaxis) == ["3", "7"]
    assert tick_texts(ax.xaxis)[0] == "Jan 1\n2026"
    assert (
        axes_of(
            "timeline", start="2026-01-01", end="2026-02-01", y="a", xmin="2026-01-15"
        ).get_xlim()[0]
        == 20468
    )


def test_timeline_by_name() -> None:
    ax = axes_of("timeline", **PLAN, by="u,v,u", alpha="0.5")
    assert {label: len(bars) for label, bars in bars_of(ax).items()} == {"u": 2, "v": 1}
    colors = [to_hex(each.get_facecolor()[0]) for each in ax.collections]
    assert colors == list(LIGHT.palette[:2])
    assert {each.get_alpha() for each in ax.collections} == {0.5}


def test_a_bar_without_length_is_a_diamond() -> None:
    ax = axes_of("timeline", start="1,3", end="2,3", y="a,b", by="bar,moment")
    (diamond,) = [line for line in ax.lines if len(line.get_xdata())]
    assert (diamond.get_xydata().tolist(), diamond.get_marker()) == ([[3, 1]], "D")
    legend = ax.figure.legends[0]
    assert [text.get_text() for text in legend.get_texts()] == ["bar", "moment"]


def test_timeline_writes_text_that_fits() -> None:
    given = PLAN | {"text": "short,words that are much too long for so short a bar as this one is,"}
    ax = axes_of("timeline", **given)
    assert words_of(ax) == ["short"]
    (words,) = [text for text in ax.texts if text.get_visible()]
    assert words.xy == (3, 0)
    # A later bar covers the second half of this one: the words stand in the first.
    ax = axes_of("timeline", start="0,5", end="10,15", y="a,a", text="1,2")
    assert [(text.xy[0], text.get_text()) for text in ax.texts] == [(2.5, "1"), (10, "2")]
    many = ",".join(map(str, range(501)))
    assert not axes_of("timeline", start=many, end=many, y=many, text=many).texts


def test_timeline_with_a_gap_and_with_nothing(client: Client) -> None:
    (bars,) = bars_of(axes_of("timeline", start="1,,3", end="2,3,", y="a,b,c")).values()
    assert_allclose(bars, [(1, 2, -0.31, 0.31)])
    assert words_of(axes_of("timeline", start="1", end="nan", y="a")) == ["No data"]
    for start, end in (("-1e300", "1e300"), ("5", "5"), ("0", "1e-323")):
        picture_of(client, "timeline", start=start, end=end, y="a")
    picture_of(client, "timeline", start="0001-01-01", end="9999-12-31", y="a")
    table = client.get("/plot/timeline.csv", PLAN).content.decode()
    assert table.splitlines()[:2] == ["start,end,y", "1,5,one"]


def test_timeline_refuses(client: Client) -> None:
    def wrong(**query: Any) -> list[tuple[str, str]]:
        return problems(client, "/plot/timeline.png", PLAN | query)

    assert wrong(end="5,1,9") == [("end", "out-of-range")]
    days = messages(client, "timeline", start="2026-01-02", end="2026-01-01", y="a")
    assert days["end"] == "The end 2026-01-01 is before its start, 2026-01-02."
    assert wrong(end=DAYS) == [("end", "not-a-number")]
    assert wrong(start=DAYS) == [("end", "not-a-date")]
    assert wrong(start="a,b,c") == [("start", "not-a-date")]
    assert wrong(y="") == [("y", "required")]
    assert wrong(start="0,1,2", xscale="log") == [("xscale", "invalid-scale")]
    assert wrong(yscale="log") == [("yscale", "invalid-scale")]
    assert wrong(xmin="2026-01-01") == [("xmin", "not-a-number")]
    picture_of(client, "timeline", **PLAN, xscale="log")
