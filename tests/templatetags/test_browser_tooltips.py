"""Tooltips in a browser, and several inline SVGs in one page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from plots.presets.models import Preset
from tests.markup import show

# The tooltip of the mark, or of the link around a mark, at a point of the window.
UNDER = """([x, y]) => {
    const found = document.elementFromPoint(x, y);
    const title = found && found.querySelector(":scope > title");
    return title && title.textContent;
}"""
CENTRES = """() => Array.from(document.querySelectorAll(".plot-marks title"), title => {
    const box = title.parentElement.getBoundingClientRect();
    return [title.textContent, box.x + box.width / 2, box.y + box.height / 2, box.width];
}).filter(([, , , width]) => width)"""
STRICT = (
    '<!doctype html><meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'none'; img-src data:\">"
)


def centres(page: Any) -> list[tuple[str, float, float]]:
    """Return the tooltip and the centre of each mark on the page."""
    return [(text, x, y) for text, x, y, _ in page.evaluate(CENTRES)]


def tooltips(page: Any) -> list[str]:
    """Return all tooltips, and assert that each is shown at the centre of its mark."""
    found = centres(page)
    for text, x, y in found:
        assert page.evaluate(UNDER, [x, y]) == text
    return sorted(text for text, *_ in found)


@pytest.fixture
def quiet(browser: Browser) -> Any:
    """An empty page that must not log anything to the console."""
    text: list[str] = []
    with browser.new_context(viewport={"width": 1280, "height": 1600}) as context:
        page = context.new_page()
        page.on("console", lambda message: text.append(message.text))
        yield page
    # Chromium requests an icon for a file that is not a page.
    assert [each for each in text if "favicon" not in each and "404" not in each] == []


@pytest.mark.parametrize(
    ("width", "side", "query"),
    [
        (390, 343, ""),
        (900, 640, ""),
        (1280, 832, ""),
        (1280, 500, "?width=500&height=300"),
        (360, 328, "?width=500&height=300"),
    ],
)
def test_marks_cover_the_picture_at_each_window_size(
    width: int, side: int, query: str, live_server: Any, quiet: Page
) -> None:
    Preset.objects.create(
        visibility="public",
        slug="p",
        title="Mine",
        kind="bar",
        parameters={"x": ["a,b"], "y": ["1,3"]},
    )
    quiet.set_viewport_size({"width": width, "height": 1200})
    quiet.goto(f"{live_server.url}/presets/p/{query}")
    image = quiet.locator(".plot img")
    image.evaluate("image => image.decode()")
    box = image.bounding_box()
    assert box
    assert box["width"] == pytest.approx(side, abs=20 if query else 0)
    layer = quiet.locator(".with-tooltips svg")
    expect(layer).to_have_count(1)
    assert layer.bounding_box() == box
    points = float((layer.get_attribute("viewBox") or "").split()[2])
    assert points == pytest.approx(72 / 100 * image.evaluate("image => image.naturalWidth"))
    assert tooltips(quiet) == ["a: 1", "b: 3"]
    # The picture has a bar there, and the background beside it.
    colors = image.evaluate(
        """(image, middles) => {
            const canvas = document.createElement("canvas");
            const context = canvas.getContext("2d", {willReadFrequently: true});
            canvas.width = image.naturalWidth;
            canvas.height = image.naturalHeight;
            context.drawImage(image, 0, 0);
            const box = image.getBoundingClientRect(), scale = image.naturalWidth / box.width;
            return middles.map(([, x, y]) => String(context.getImageData(
                Math.round((x - box.x) * scale), Math.round((y - box.y) * scale), 1, 1).data));
        }""",
        [*centres(quiet), ["ground", box["x"] + 1, box["y"] + 1]],
    )
    assert colors[0] == colors[1] != colors[2]


def test_a_changed_picture_has_tooltips(live_server: Any, quiet: Page) -> None:
    quiet.goto(f"{live_server.url}/plot/line/?y=1,2")
    expect(quiet.locator(".with-tooltips title")).to_have_count(2)
    assert tooltips(quiet) == ["0: 1", "1: 2"]
    quiet.locator("[name=y]").fill("5,6")
    quiet.locator("[name=y]").press("Tab")
    expect(quiet.locator(".plot img")).to_have_attribute("src", re.compile("y=5,6"))
    expect(quiet.locator(".with-tooltips title")).to_have_text(["0: 5", "1: 6"])
    assert tooltips(quiet) == ["0: 5", "1: 6"]


def test_marks_follow_the_window_and_only_presets_have_links(live_server: Any, quiet: Page) -> None:
    given = {"x": ["a,b"], "y": ["1,3"], "link": [f"{live_server.url}/plot/,"]}
    Preset.objects.create(visibility="public", slug="p", title="Mine", kind="bar", parameters=given)
    quiet.goto(f"{live_server.url}/presets/p/")
    expect(quiet.get_by_role("group", name="Links").get_by_role("link")).to_have_count(1)
    before = quiet.locator(".with-tooltips svg").get_attribute("viewBox")
    quiet.set_viewport_size({"width": 390, "height": 1200})
    expect(quiet.locator(".with-tooltips svg")).not_to_have_attribute("viewBox", before or "")
    assert tooltips(quiet) == ["a: 1", "b: 3"]
    quiet.goto(f"{live_server.url}/plot/bar/?y=1,2&link={live_server.url}/plot/,")
    expect(quiet.locator(".with-tooltips title")).to_have_count(2)
    expect(quiet.locator(".with-tooltips a")).to_have_count(0)


@pytest.mark.parametrize("tag", ["iframe src", "object data"])
def test_an_svg_in_a_frame_has_tooltips(tag: str, live_server: Any, quiet: Page) -> None:
    address = f"{live_server.url}/plot/scatter.svg?x=1,2,3&y=1,3,2&size=1,9,4"
    quiet.goto(address)
    expected = ["1: 1; size 1", "2: 3; size 9", "3: 2; size 4"]
    assert tooltips(quiet) == expected
    # A page of another site: ours have no objects.
    body = f'<{tag}="{address}" width=640 height=480></{tag.split()[0]}>'
    quiet.route("**/page", lambda route: route.fulfill(content_type="text/html", body=body))
    quiet.goto(f"{live_server.url}/page")
    quiet.wait_for_load_state("networkidle")
    (frame,) = quiet.frames[1:]
    frame.wait_for_selector(".plot-marks", state="attached")
    assert tooltips(frame) == expected


def test_an_opened_svg_shows_its_embedded_image(live_server: Any, quiet: Page) -> None:
    quiet.goto(f"{live_server.url}/plot/hist2d.svg?x=1,1,2&y=1,1,2&bins=2")
    assert quiet.locator("image").count() > 0  # ``quiet`` asserts that no policy blocked them


def alone(page: Page, svg: str) -> bytes:
    page.set_content(STRICT + svg)
    return page.locator("svg").screenshot()


def test_inline_svgs_do_not_clash_under_a_strict_policy(quiet: Page) -> None:
    """Each is drawn as in a page of its own, although the page's policy forbids all styles."""
    tags = [
        '{% plot_inline "line" x=x y=y width=300 height=200 marker="circle" %}',
        '{% plot_inline "line" x=x y=y width=300 height=200 marker="circle" %}',
        '{% plot_inline "scatter" x=n y=y size=y width=320 height=200 theme="dark" xmax=3 %}',
        '{% plot_inline "heatmap" z="1,2;3,4" width=300 height=220 %}',
        '{% plot_inline "bar" x=x y=y width=300 height=200 theme="print" title="Äpfel & <b>" %}',
        '{% plot_inline "pie" x=x y=y width=200 height=200 class="chart" %}',
    ]
    values = {"x": ["a", "b", "c", "d"], "y": [3, 1, 4, 2], "n": [1, 2, 3, 4]}
    html = STRICT + show("<p>".join(tags), **values)
    quiet.set_content(html)
    drawn = quiet.locator("svg")
    assert drawn.count() == len(tags)
    together = [drawn.nth(place).screenshot() for place in range(len(tags))]
    assert len(tooltips(quiet)) == 4 + 4 + 3 + 4 + 4 + 4
    for place, picture in enumerate(together):
        quiet.set_content(html)
        drawn.evaluate_all(
            "(all, place) => all.forEach((svg, at) => at === place || svg.replaceChildren())", place
        )
        assert drawn.nth(place).screenshot() == picture


def test_an_inline_svg_looks_like_its_file(live_server: Any, quiet: Page) -> None:
    tag = '{% plot_inline "bar" x=x y=y %}'
    inline = alone(quiet, show(tag, x=["a", "b"], y=[1, 2]))
    quiet.goto(f"{live_server.url}/plot/bar.svg?x=a,b&y=1,2")
    assert quiet.locator("svg").screenshot() == inline


def test_links_are_followed_from_a_page_and_from_an_opened_svg(
    live_server: Any, browser_page: Page
) -> None:
    page, goal = browser_page, f"{live_server.url}/plot/"
    page.goto(f"{live_server.url}/plot/bar.svg?x=a,b&y=1,2&link={goal},")
    ((_, x, y),) = [found for found in centres(page) if found[0] == "a: 1"]
    page.mouse.click(x, y)
    expect(page).to_have_url(goal)
    svg = show('{% plot_inline "bar" x=x y=y link=to %}', x=["a", "b"], y=[1, 2], to=[goal, None])
    page.goto(f"{live_server.url}/plot/line/")
    page.set_content(svg)
    page.get_by_role("link", name="a: 1").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(goal)
