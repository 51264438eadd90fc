"""Subtitles: their place, size and description."""

from __future__ import annotations

import pytest
from django.test import Client
from matplotlib.colors import to_hex

from plots.spec.themes import THEMES
from tests.measure import LONG, SIZES, figure_of, layout_problems


def test_a_subtitle_is_below_the_title_and_smaller() -> None:
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


def test_a_subtitle_is_described(client: Client) -> None:
    lines = client.get("/plot/line.txt?y=1,2&title=T&subtitle=In+thousands").content.decode()
    assert lines.splitlines()[1] == "In thousands"
    assert client.get("/plot/line.png?y=1,2&subtitle=" + 201 * "x").status_code == 400
