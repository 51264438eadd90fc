"""Preset pages and embedding in Chromium."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from plots.presets.models import Preset
from tests.plotsite.browser_pages import PLOT, shown
from tests.presets.sharing import codes


@pytest.fixture
def address(live_server) -> str:
    Preset.objects.create(
        visibility="public",
        title="Shares",
        slug="shares",
        kind="line",
        source="stocks",
        parameters={"x": "date", "y": "IBM,AAPL", "since": "2005"},
        overrides=["since", "grid", "colors", "xmin", "linewidth"],
    )
    return f"{live_server.url}/presets/shares/"


@contextmanager
def elsewhere(body: str) -> Iterator[str]:
    """The address of a page with ``body`` at another port, which is another origin."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f"<!doctype html><title>Elsewhere</title>{body}".encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()


@pytest.fixture
def asked(browser_page: Page) -> Callable[[], list[str]]:
    """The queries of pages that were asked for since last looked at."""
    queries: list[str] = []

    def note(request: Request) -> None:
        if "/shares/" in request.url:
            queries.append(request.url.partition("?")[2])

    browser_page.on("request", note)

    def since_last() -> list[str]:
        found = [*queries]
        queries.clear()
        return found

    return since_last


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("window.same = true")  # gone if the page is loaded again


# Controls


def test_typing_is_one_request_and_one_history_entry(browser_page, address, asked):
    page = browser_page
    opened(page, address)
    before = shown(page)
    asked()
    since = page.locator("[name=since]")
    since.press("Control+a")
    since.press_sequentially("2015", delay=30)
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("since=2015"))
    expect(page.get_by_role("status")).to_have_text(re.compile("2015"))
    assert asked() == ["since=2015"]
    since.press("Backspace")
    since.press("8")
    expect(page).to_have_url(f"{address}?since=2018")
    since.press("Enter")
    page.locator("[name=linewidth]").fill("3")
    expect(page).to_have_url(f"{address}?since=2018&linewidth=3")
    page.go_back()
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("since=2018(?!.*linewidth)"))
    expect(page.locator("[name=linewidth]")).to_have_value("2")
    page.go_back()
    expect(page.locator("[name=since]")).to_have_value("2005")
    assert page.url == address and shown(page) == before
    page.go_forward()
    expect(page.locator("[name=since]")).to_have_value("2018")
    assert page.evaluate("window.same")


def test_reset_and_back(browser_page, address):
    page = browser_page
    opened(page, address)
    before = shown(page)
    expect(page.locator("[data-reset]")).to_have_count(0)
    page.locator("label", has_text="no").first.click()  # of grid
    expect(page).to_have_url(f"{address}?grid=0")
    page.get_by_role("link", name="Reset").click()
    expect(page).to_have_url(address)
    expect(page.locator("[name=grid][value='1']")).to_be_checked()
    expect(page.locator("[data-reset]")).to_have_count(0)
    assert shown(page) == before
    page.go_back()
    expect(page.locator("[name=grid][value='0']")).to_be_checked()
    assert page.evaluate("window.same")


def test_sliders_and_swatches_change_their_inputs(browser_page, address):
    page = browser_page
    opened(page, address)
    expect(page.get_by_role("button", name="Update")).to_be_hidden()  # nothing is left for it
    slider = page.get_by_role("slider", name="Since year")
    expect(slider).to_have_value("2005")
    slider.fill("2010")
    expect(page.locator("[name=since]")).to_have_value("2010")
    expect(page).to_have_url(f"{address}?since=2010")
    expect(page.get_by_role("link", name="Reset")).to_be_visible()
    expect(page.get_by_role("button", name="Update")).to_be_hidden()
    page.locator("[name=since]").fill("2012")
    expect(slider).to_have_value("2012")
    swatches = page.locator(".swatches input")
    expect(swatches).to_have_count(2)
    swatches.nth(1).evaluate("swatch => { swatch.same = true }")
    swatches.nth(1).fill("#aa3300")
    expect(page.locator("[name=colors]")).to_have_value("3b5bf6,aa3300")
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("colors=3b5bf6,aa3300"))
    expect(page.get_by_label("Colours 2")).to_have_value("#aa3300")
    assert swatches.nth(1).evaluate("swatch => swatch.same"), "it would close under the pointer"
    page.locator("[name=xmin]").fill("2015-06-01")
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("xmin=2015-06-01"))
    assert page.evaluate("window.same")


def test_a_failed_image_keeps_the_last_one(browser_page, address):
    page = browser_page
    opened(page, address)
    before = shown(page)
    page.route(re.compile(r"/\?since"), lambda route: route.abort())
    page.locator("[name=since]").fill("2015")
    status = page.get_by_role("status")
    expect(status).to_have_text(re.compile("could not be updated"))
    expect(status).to_be_visible()
    assert shown(page) == before and page.url == address
    page.unroute_all()
    page.locator("[name=since]").fill("2016")
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("since=2016"))
    expect(status).to_have_class("visually-hidden")


# Size


@pytest.mark.parametrize(
    ("window", "side"),
    [((1920, 960), 1120), ((1920, 700), 832), ((1360, 900), 832), ((1024, 768), 620)],
)
def test_image_size_follows_the_window(window, side, browser: Browser, address):
    with browser.new_context(viewport={"width": window[0], "height": window[1]}) as c:
        page = c.new_page()
        page.goto(address)
        shown(page)
        box = page.locator(PLOT).bounding_box()
        assert box and box["width"] == pytest.approx(side, abs=30)
        assert page.evaluate("document.documentElement.scrollWidth") <= window[0]


def test_the_image_is_sticky_on_a_phone(browser: Browser, address):
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        page = context.new_page()
        page.goto(address)
        shown(page)
        page.locator("[name=linewidth]").focus()
        page.evaluate("scrollBy(0, 300)")
        expect(page.locator(PLOT)).to_be_in_viewport(ratio=0.9)
        page.locator("#embed").scroll_into_view_if_needed()
        covered = page.evaluate(
            """() => {
                const {x, y} = document.querySelector("#embed").getBoundingClientRect();
                return document.elementFromPoint(x + 5, y + 5).id;
            }"""
        )
        assert covered == "embed"


# Embedding


@pytest.mark.parametrize("theme", ["", "dark"])
def test_embed_in_a_page_of_another_origin(theme, browser_page, address, client):
    page = browser_page
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    path = "/presets/shares/?since=2015" + (f"&theme={theme}" if theme else "")
    code = codes(client, path)["iframe"].replace("http://testserver", address[: address.find("/p")])
    with elsewhere(code) as other:
        page.goto(other)
        frame = page.frame_locator("iframe")
        image = frame.locator("img")
        image.evaluate("image => image.decode()")
        assert image.evaluate("image => image.naturalWidth") == 640
        assert "since=2015" in image.evaluate("image => image.currentSrc")
        box = page.locator("iframe").bounding_box()
        assert box and (box["width"], box["height"]) == (640, 528)
        inside = image.evaluate("image => image.ownerDocument.documentElement.scrollHeight")
        assert inside <= 528  # nothing to scroll to
        expect(frame.locator(".with-tooltips title").first).to_be_attached()  # which say its values
        with page.expect_popup() as popup:
            frame.get_by_role("link", name="Shares").click()
        expect(popup.value).to_have_url(re.compile(re.escape(path)))
    assert problems == []


def test_a_staff_only_preset_cannot_be_embedded(browser_page, address, admin_client):
    Preset.objects.update(visibility="staff")
    page = browser_page
    cookie = {"name": "sessionid", "value": admin_client.cookies["sessionid"].value}
    page.context.add_cookies([cookie | {"url": address}])
    page.goto(f"{address}embed/")
    assert shown(page)  # by itself it is
    with elsewhere(f'<iframe src="{address}embed/"></iframe>') as other:
        page.goto(other)
        page.wait_for_load_state("networkidle")
        # The visitor is known there, for a port makes no other site; it is the page that refuses.
        assert page.frames[1].locator("img[src*=shares]").count() == 0
        Preset.objects.update(visibility="unlisted")
        page.reload()
        expect(page.frame_locator("iframe").locator("img[src*=shares]")).to_be_visible()


def test_embed_codes_and_share_button_use_the_current_parameters(browser_page, address):
    page = browser_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.add_init_script("navigator.share = async (given) => { window.given = given }")
    page.goto(address)
    page.locator("[name=since]").fill("2015")
    expect(page.locator("#code-iframe")).to_have_value(re.compile("since=2015"))
    page.get_by_role("button", name="Copy: Frame").click()
    expect(page.locator("[data-copy=code-iframe]")).to_have_text("Copied")
    assert "embed/?since=2015" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Share").click()
    assert page.evaluate("window.given") == {"title": "Shares", "url": f"{address}?since=2015"}


def test_no_share_button_without_browser_support(browser_page, address):
    browser_page.add_init_script("delete Navigator.prototype.share")
    browser_page.goto(address)
    expect(browser_page.get_by_role("button", name="Share")).to_have_count(0)
