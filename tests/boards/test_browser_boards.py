"""Boards in a real browser: their controls, Back, new pictures from time to time, and paper."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model
from playwright.sync_api import Browser, Page, Request, expect

from plots.boards.models import Board, BoardItem
from plots.presets.models import Preset

expect.set_options(timeout=20_000)  # a busy machine draws slowly

DATED = {"x": "2020-01-01,2021-01-01,2022-01-01", "y": "1,2,3"}
ENDS = ["xmin", "xmax"]


@pytest.fixture
def board(live_server: Any) -> Board:
    made = Board.objects.create(
        title="Three", slug="three", controls=[*ENDS, "linewidth", "grid", "theme"]
    )
    told: list[dict[str, Any]] = [
        {"slug": "days", "parameters": DATED, "overrides": [*ENDS, "linewidth"]},
        {"slug": "numbers", "parameters": {"y": "1,3,2"}, "overrides": ["linewidth", "grid"]},
        {"slug": "fixed", "parameters": {"y": "1,3,2"}, "overrides": []},
    ]
    for order, each in enumerate(told):
        preset = Preset.objects.create(title=each["slug"].title(), kind="line", **each)
        BoardItem.objects.create(board=made, preset=preset, order=order)
    return made


@pytest.fixture
def url(live_server: Any, board: Board) -> str:
    return f"{live_server.url}{board.get_absolute_url()}"


def sources(page: Page) -> list[str]:
    """The pictures that the browser chose, once they are there."""
    return page.locator(".tile picture img").evaluate_all(
        """async images => {
            images.forEach(image => image.loading = "eager");
            await Promise.all(images.map(image => image.decode()));
            return images.map(image => image.currentSrc);
        }"""
    )


def said(page: Page, part: str) -> list[bool]:
    return [part in source for source in sources(page)]


def watch(page: Page) -> list[str]:
    """The paths that are asked for from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        path = urlsplit(request.url).path
        if not path.startswith("/static/"):
            asked.append(path)

    page.on("request", note)
    return asked


def done(page: Page) -> None:
    """Waits until all that was asked for is shown."""
    expect(page.locator("main[aria-busy]")).to_have_count(0)


def test_a_control_changes_all_pictures_and_the_address_and_back_restores(
    browser_page: Page, url: str
) -> None:
    page = browser_page
    page.goto(url)
    before = sources(page)
    page.evaluate("window.same = true")
    page.locator("[name=grid]").select_option("0")
    expect(page).to_have_url(f"{url}?grid=0")
    expect(page.locator("[data-done]")).to_have_text("The pictures have changed.")
    assert said(page, "grid=0") == [False, True, False]
    expect(page.locator(".tile", has_text="Fixed")).to_contain_text("not affected by Grid")
    page.get_by_label("From").fill("2020-06-01")
    page.locator("[name=linewidth]").press_sequentially("7")
    expect(page).to_have_url(f"{url}?xmin=2020-06-01&linewidth=7&grid=0")
    done(page)
    assert said(page, "linewidth=7") == [True, True, False]
    assert said(page, "xmin=2020-06-01") == [True, False, False]
    assert page.evaluate("document.activeElement.name") == "linewidth"
    while page.url != url:
        page.go_back()
        page.wait_for_function("address => location.href === address", arg=page.url)
    done(page)
    expect(page.locator("[name=grid]")).to_have_value("")
    expect(page.get_by_label("From")).to_have_value("")
    expect(page.locator(".tile", has_text="not affected")).to_have_count(0)
    assert sources(page) == before
    assert page.evaluate("window.same"), "the page was loaded again"
    page.go_forward()
    expect(page.locator("[name=grid]")).to_have_value("0")
    page.locator("[name=theme]").select_option("dark")  # the new controls are as good as the old
    expect(page).to_have_url(re.compile("theme=dark"))
    done(page)
    assert said(page, "theme=dark") == [True, True, True]


def test_what_is_wrong_is_told_and_pictures_and_address_stay(browser_page: Page, url: str) -> None:
    page = browser_page
    page.goto(f"{url}?grid=0")
    before = sources(page)
    width = page.locator("[name=linewidth]")
    width.fill("9999")
    expect(page.locator("#id_linewidth_error")).not_to_be_empty()
    expect(page.get_by_role("alert")).to_contain_text("Linewidth")
    expect(width).to_have_attribute("aria-invalid", "true")
    expect(page).to_have_url(f"{url}?grid=0")
    assert sources(page) == before
    width.fill("3")
    expect(page).to_have_url(f"{url}?linewidth=3&grid=0")
    expect(page.locator("#id_linewidth_error")).to_be_empty()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(width).not_to_have_attribute("aria-invalid", "true")
    width.fill("9999")
    expect(page.get_by_role("alert")).to_have_count(1)
    width.fill("3")  # as it is shown already
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_late_answer_does_not_undo_a_later_change(browser_page: Page, url: str) -> None:
    page, held = browser_page, []
    page.goto(url)
    page.route(re.compile(r"/[?]grid=0$"), lambda route: held.append(route))
    with page.expect_request(re.compile(r"/[?]grid=0$")):
        page.locator("[name=grid]").select_option("0")
    page.locator("[name=theme]").select_option("print")
    expect(page).to_have_url(f"{url}?grid=0&theme=print")
    done(page)
    held[0].abort()
    assert said(page, "theme=print") == [True, True, True]
    expect(page).to_have_url(f"{url}?grid=0&theme=print")


def test_a_board_works_without_javascript(browser: Browser, url: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(url)
        page.get_by_label("To", exact=True).fill("2021-06-01")
        page.locator("[name=grid]").select_option("0")
        page.get_by_role("button", name="Draw").click()
        expect(page).to_have_url(re.compile("xmax=2021-06-01&linewidth=&grid=0"))
        links = page.locator(".tile h2 a")
        assert [link.get_attribute("href") for link in links.all()] == [
            "/presets/days/?xmax=2021-06-01",
            "/presets/numbers/?grid=0",
            "/presets/fixed/",
        ]
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(page.get_by_role("button", name="Print")).to_be_hidden()
        links.first.click()
        expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("width", [360, 500, 639, 760, 880, 1010, 1130, 1240, 1400])
def test_pictures_have_the_size_of_their_place_in_every_window(
    width: int, browser_page: Page, url: str
) -> None:
    for span, item in enumerate(BoardItem.objects.order_by("order"), 1):
        BoardItem.objects.filter(pk=item.pk).update(width=span)
    page = browser_page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(url)
    sources(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for image in page.locator(".tile picture img").all():
        shown, drawn = image.evaluate("image => [image.clientWidth, image.naturalWidth]")
        # At 360 the window is smaller than the smallest picture.
        assert shown == drawn or width == 360
        room = image.evaluate("image => image.closest('.tile').clientWidth") - shown
        assert room < 150, "the place is much larger than its picture"


def test_nothing_moves_when_pictures_arrive(browser_page: Page, url: str) -> None:
    browser_page.route("**/*.png*", lambda route: route.abort())
    browser_page.goto(url)
    without = browser_page.locator(".tile").last.bounding_box()
    browser_page.unroute_all()
    browser_page.goto(url)
    sources(browser_page)
    assert browser_page.locator(".tile").last.bounding_box() == without


# New pictures from time to time


def test_only_pictures_that_changed_are_asked_for_again(
    browser_page: Page, board: Board, url: str
) -> None:
    Board.objects.update(refresh=Board.Refresh.HALF_A_MINUTE)
    Preset.objects.filter(slug="fixed").update(cache="never")  # another one at each look
    page = browser_page
    page.clock.install()
    page.goto(url)
    before = sources(page)
    expect(page.locator("[data-refreshed]")).to_have_text(re.compile("Refreshed at .*:"))
    asked = watch(page)
    Preset.objects.filter(slug="numbers").update(parameters={"y": "9,1,9"})
    with page.expect_response(re.compile("/presets/fixed.png")):
        page.clock.run_for(31_000)
    changed = "before => document.querySelectorAll('.tile picture img')[1].currentSrc !== before"
    page.wait_for_function(changed, arg=before[1])
    assert sources(page)[0] == before[0]
    assert {*asked} == {"/boards/three/", "/presets/numbers.png", "/presets/fixed.png"}


def test_refreshing_pauses_when_told_to_and_where_nobody_looks(
    browser_page: Page, board: Board, url: str
) -> None:
    Board.objects.update(refresh=Board.Refresh.HALF_A_MINUTE)
    page = browser_page
    page.clock.install()
    page.goto(url)
    asked = watch(page)
    page.get_by_role("button", name="Pause refreshing").click()
    expect(page.locator("[data-refreshed]")).to_contain_text("Paused")
    page.clock.run_for(65_000)
    assert asked == []
    with page.expect_response(url):
        page.get_by_role("button", name="Resume refreshing").click()
    expect(page.locator("[data-refreshed]")).to_contain_text("Refreshed")

    hide = """hidden => {
        Object.defineProperty(document, "hidden", {get: () => hidden, configurable: true});
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    page.evaluate(hide, True)
    asked.clear()
    page.clock.run_for(65_000)
    assert asked == []
    with page.expect_response(url):
        page.evaluate(hide, False)

    page.route(url, lambda route: route.abort())
    page.clock.run_for(31_000)
    expect(page.locator("[data-refreshed]")).to_contain_text("Could not be refreshed")
    assert len(sources(page)) == 3


def test_a_board_is_left_alone_unless_its_admin_chose_otherwise(
    browser_page: Page, url: str
) -> None:
    page = browser_page
    page.clock.install()
    page.goto(url)
    asked = watch(page)
    page.clock.run_for(4_000_000)
    assert asked == []
    expect(page.locator("[data-pause]")).to_have_count(0)


# The admin


def test_an_admin_moves_plots_and_adds_one(
    browser_page: Page, board: Board, live_server: Any
) -> None:
    get_user_model().objects.create_superuser("admin", password="let me in")
    page, path = browser_page, f"/admin/plots/board/{board.pk}/change/"
    page.goto(f"{live_server.url}/admin/login/?next={path}")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("let me in")
    page.get_by_role("button", name="Log in").click()
    rows = page.locator("tr.form-row:not(.empty-form)")
    page.get_by_role("button", name="Move up").nth(1).click()  # numbers, days, fixed
    page.locator(".sort-handle").nth(2).drag_to(rows.first, target_position={"x": 40, "y": 3})
    page.locator(".add-row a").click()
    rows.last.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("numb")
    page.locator(".select2-results__option", has_text="Numbers").click()
    rows.last.get_by_label("Fixed here").fill("grid=0")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    saved = [(item.preset.slug, item.fixed) for item in board.items.all()]
    assert saved == [("fixed", ""), ("numbers", ""), ("days", ""), ("numbers", "grid=0")]


# Reading


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_boards_keep_nothing_from_anybody(scheme: Any, browser: Browser, url: str) -> None:
    Board.objects.update(refresh=Board.Refresh.HOUR)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    with browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        for address in (url, f"{url}?linewidth=9999&grid=0", url.replace("three/", "")):
            page.goto(address)
            found = Axe().run(page, options={"runOnly": tags}).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []


# Paper


@pytest.mark.parametrize(("landscape", "pages"), [(False, 3), (True, 2)])
def test_a_board_prints_light_and_whole(
    landscape: bool, pages: int, browser: Browser, board: Board, url: str
) -> None:
    preset = Preset.objects.get(slug="numbers")
    for order in range(4, 10):
        BoardItem.objects.create(board=board, preset=preset, order=order, width=1 + order % 2)
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{url}?linewidth=3")
        assert not [each for each in asked if ".svg?" in each], "read before it is needed"
        content = page.pdf(format="A4", landscape=landscape, print_background=True)
    drawn = [each for each in asked if ".svg?" in each]
    assert len({*drawn}) > 3 and all(
        "theme=light" in each for each in drawn if "/static/" not in each
    )
    paper = pypdfium2.PdfDocument(BytesIO(content))
    assert len(paper) == pages
    text = " ".join(each.get_textpage().get_text_range() for each in paper)
    assert "Three" in text and "As of" in text and "Linewidth: 3" in text
    for unwanted in ("Gallery", "Draw", "Theme", "Print"):
        assert unwanted not in text
    for each in paper:
        picture = each.render(scale=1).to_pil().convert("L")
        histogram = picture.histogram()
        assert sum(histogram[200:]) > 0.9 * sum(histogram), "there is a dark ground"
