"""The site in a real browser: pictures arrive, controls work, and caching does what it says."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Browser, Page, expect

from plots.presets.models import Preset
from plotsite.facts import DATA
from plotsite.management.commands.prepare import STARTERS

expect.set_options(timeout=20_000)  # a busy machine draws slowly

PLOT = ".plot img"
PATHS = [
    "/",
    "/presets/share-growth/",
    "/presets/share-growth/?linewidth=thick&since=2010",
    "/plot/",
    "/plot/line/",
    "/plot/scatter/?source=penguins&x=bill_length_mm&y=bill_depth_mm&by=species",
    "/normal/0_1",
    "/nowhere/",
]


@pytest.fixture
def site(live_server) -> str:
    for order, entry in enumerate(json.loads(STARTERS.read_text(encoding="utf-8"))):
        Preset.objects.create(order=order, **entry)
    return live_server.url


def pixels(page: Page, selector: str = PLOT) -> str:
    """What the first picture there shows, pixel by pixel."""
    return page.locator(selector).first.evaluate(
        """async image => {
            await image.decode();
            const canvas = document.createElement("canvas");
            [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
            canvas.getContext("2d").drawImage(image, 0, 0);
            return canvas.toDataURL();
        }"""
    )


def shown(page: Page, selector: str = PLOT) -> str:
    """The address of the picture that the browser chose, once it is there."""
    image = page.locator(selector).first
    image.evaluate("image => image.decode()")
    assert image.evaluate("image => image.naturalWidth") > 100
    return image.evaluate("image => image.currentSrc")


class Network:
    """What became of the requests for pictures, as the browser's own tools see it."""

    def __init__(self, page: Page) -> None:
        self.served: dict[str, str] = {}
        urls: dict[str, str] = {}

        def sent(event: dict[str, Any]) -> None:
            urls[event["requestId"]] = event["request"]["url"]

        def received(event: dict[str, Any]) -> None:
            cached = event["response"].get("fromDiskCache")
            self.served.setdefault(urls[event["requestId"]], "cache" if cached else "network")

        def extra(event: dict[str, Any]) -> None:
            # Elsewhere, the browser gives a 304 as the 200 that it stands for.
            if event["statusCode"] == 304:
                self.served[urls[event["requestId"]]] = "304"

        def from_cache(event: dict[str, Any]) -> None:
            self.served[urls[event["requestId"]]] = "cache"

        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", sent)
        session.on("Network.responseReceived", received)
        session.on("Network.responseReceivedExtraInfo", extra)
        session.on("Network.requestServedFromCache", from_cache)
        session.send("Network.enable")

    def of(self, part: str) -> str:
        """How the one picture whose address has ``part`` in it was served since last asked."""
        (served,) = (how for url, how in self.served.items() if part in url)
        self.served.clear()
        return served


# Pictures


def test_the_gallery_shows_every_picture(browser_page, site):
    browser_page.goto(site)
    images = browser_page.locator(".card img")
    assert images.count() == Preset.objects.filter(visibility="public").count()
    for image in images.all():
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
        assert image.evaluate("image => image.naturalWidth") == 384


def test_nothing_moves_when_pictures_arrive(browser_page, site):
    browser_page.route("**/*.png*", lambda route: route.abort())
    browser_page.goto(site)
    without = browser_page.locator(".card").last.bounding_box()
    browser_page.unroute_all()
    browser_page.goto(site)
    browser_page.locator(".card img").first.evaluate("image => image.decode()")
    assert browser_page.locator(".card").last.bounding_box() == without


def test_a_random_plot_changes_on_reload(browser_page, site):
    browser_page.goto(f"{site}/normal/0_1")
    first = pixels(browser_page)
    network = Network(browser_page)
    browser_page.reload()
    assert pixels(browser_page) != first
    assert network.of("/fig/0_1") == "network"


def test_a_random_preset_is_drawn_anew_by_its_button(browser_page, site):
    browser_page.goto(f"{site}/presets/random-cloud/")
    first = pixels(browser_page)
    with browser_page.expect_navigation():
        browser_page.get_by_role("button", name="Draw").click()
    assert pixels(browser_page) != first


def test_a_deterministic_plot_is_not_sent_twice(browser_page, site):
    browser_page.goto(f"{site}/presets/nile/")
    first = pixels(browser_page)
    network = Network(browser_page)
    browser_page.reload()
    assert pixels(browser_page) == first
    assert network.of("nile.png") in ("cache", "304")
    # Opened by itself, its reload asks the server, which has nothing new to send.
    browser_page.goto(f"{site}/presets/nile.png")
    network.served.clear()
    browser_page.reload()
    assert network.of("nile.png") == "304"


def test_an_admin_edits_a_preset_and_sees_the_new_picture(browser_page, site):
    get_user_model().objects.create_superuser("admin", password="let me in")
    page = browser_page
    page.goto(f"{site}/presets/nile/")
    before, address = pixels(page), shown(page)
    page.goto(f"{site}/admin/login/?next=/presets/nile/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("let me in")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Edit").click()
    page.locator("summary", has_text="Size and colours").click()
    page.locator("#id_plot_colors").fill("crimson")
    page.locator("#id_plot_ylabel").fill("How much water")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(f"{site}/presets/nile/")
    assert shown(page) != address
    assert pixels(page) != before


def test_a_new_preset_gets_the_fields_of_its_kind(browser_page, site):
    get_user_model().objects.create_superuser("admin", password="let me in")
    page = browser_page
    page.goto(f"{site}/admin/login/?next=/admin/plots_presets/preset/add/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("let me in")
    page.get_by_role("button", name="Log in").click()
    page.locator("#id_title").fill("Waits")
    page.locator("#id_kind").select_option("hist")
    page.locator("#id_source").select_option("faithful")
    page.locator("#id_plot_bins").wait_for()
    page.locator("#id_plot_x").select_option("waiting")
    page.locator("#id_plot_bins").fill("12")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    page.goto(f"{site}/presets/waits/")
    assert "waits.png" in shown(page)


# Controls


def test_controls_change_the_picture_and_the_address_and_back_restores(browser_page, site):
    page = browser_page
    page.goto(f"{site}/presets/share-growth/")
    before = pixels(page)
    page.evaluate("window.same = true")
    scale = page.locator("[name=yscale]")
    scale.select_option("linear")
    expect(page).to_have_url(f"{site}/presets/share-growth/?yscale=linear")
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("yscale=linear"))
    expect(page.locator("#code-address")).to_have_value(re.compile("yscale=linear"))
    assert pixels(page) != before
    assert page.evaluate("window.same"), "the page was loaded again, and the focus lost"
    page.locator("[name=since]").fill("2015")
    page.locator("[name=since]").press("Enter")
    expect(page).to_have_url(f"{site}/presets/share-growth/?since=2015&yscale=linear")
    assert page.evaluate("document.activeElement.name") == "since"
    page.go_back()
    expect(page).to_have_url(f"{site}/presets/share-growth/?yscale=linear")
    expect(page.locator("[name=since]")).to_have_value("2005")
    page.go_back()
    expect(page.locator("[name=yscale]")).to_have_value("log")
    assert pixels(page) == before
    page.go_forward()
    expect(page.locator("[name=yscale]")).to_have_value("linear")


def test_a_late_answer_does_not_undo_a_later_change(browser_page, site):
    page, held = browser_page, []
    page.goto(f"{site}/presets/share-growth/")
    page.route(re.compile("/[?]yscale=linear$"), lambda route: held.append(route))
    with page.expect_request(re.compile("/[?]yscale=linear$")):
        page.locator("[name=yscale]").select_option("linear")
    with page.expect_event("requestfailed") as ended:
        page.locator("[name=yscale]").select_option("symlog")
    assert ended.value.url.endswith("yscale=linear")
    expect(page).to_have_url(re.compile("yscale=symlog$"))
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("yscale=symlog"))
    expect(page.locator("main")).not_to_have_attribute("aria-busy", "true")


def test_a_control_that_is_wrong_says_so_until_it_is_right(browser_page, site):
    page = browser_page
    page.goto(f"{site}/presets/share-growth/")
    page.locator("[name=legend]").select_option("none")
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("legend=none"))
    before, address = page.locator(PLOT).get_attribute("src"), page.url
    since = page.locator("[name=since]")
    since.fill("20")
    expect(page.get_by_role("status")).to_have_text(re.compile("greater than or equal to 1990"))
    expect(page.locator("#id_since_error")).to_contain_text("greater than or equal to 1990")
    expect(since).to_have_attribute("aria-invalid", "true")
    # What was good still stands, and the address says what is shown.
    assert (page.locator(PLOT).get_attribute("src"), page.url) == (before, address)
    since.fill("2010")
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("since=2010"))
    expect(page.locator("#id_since_error")).to_be_empty()
    expect(page.get_by_role("status")).to_have_text(re.compile("Line chart of five shares"))
    expect(since).not_to_have_attribute("aria-invalid", "true")
    page.locator("[name=xmin]").fill("2012-01-31")  # a calendar's, since the axis has dates
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("xmin=2012-01-31"))


def test_the_playground_draws_what_is_typed(browser_page, site):
    page = browser_page
    page.goto(f"{site}/plot/line/")
    page.locator("[name=x]").fill("")
    page.locator("[name=label]").fill("")
    page.locator("[name=y]").fill("1,2,4\n4,2,1")
    expect(page).to_have_url(f"{site}/plot/line/?y=1,2,4&y=4,2,1&marker=circle")
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile(r"\?y=1,2,4&y=4,2,1&marker"))
    assert shown(page)
    page.locator("[name=source]").select_option("faithful")
    expect(page.locator("#id_y_error")).not_to_be_empty()


def test_a_click_copies_a_code(browser_page, site):
    page = browser_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/presets/nile/")
    page.get_by_role("button", name="Copy: Address").click()
    expect(page.locator("[data-copy=code-address]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/presets/nile.png"


def test_everything_works_without_javascript(browser, site):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site)
        page.get_by_label("Search the gallery").fill("shares became")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="What 100 dollars").click()
        page.locator("[name=yscale]").select_option("linear")
        page.get_by_role("button", name="Draw").click()
        expect(page).to_have_url(re.compile("yscale=linear"))
        assert "theme=light" not in page.url  # still as the system has it
        source = page.locator(PLOT).get_attribute("src")
        assert source and "yscale=linear" in source
        expect(page.locator("[name=yscale]")).to_have_value("linear")
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(page.get_by_role("button", name="Copy: Address")).to_be_hidden()
        assert context.request.get(site + source).headers["content-type"] == "image/png"


# Reading


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_page_is_wider_than_the_window(path, width, browser_page, site):
    browser_page.set_viewport_size({"width": width, "height": 740})
    browser_page.goto(site + path)
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_page_is_used_by_keyboard_alone(browser_page, site):
    page = browser_page
    page.goto(f"{site}/presets/share-growth/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[name=since]")).to_be_focused()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Tab")
    expect(page.locator("[name=yscale]")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page).to_have_url(re.compile("yscale=linear"))
    expect(page.locator("[name=yscale]")).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "selector"),
    [("/", ".card img"), ("/presets/nile/", PLOT), ("/plot/", ".card img"), ("/plot/bar/", PLOT)],
)
def test_the_picture_has_the_colours_of_the_system(scheme, path, selector, browser: Browser, site):
    with browser.new_context(color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(site + path)
        assert ("theme=dark" in shown(page, selector)) is (scheme == "dark")
        corner = page.locator(selector).first.evaluate(
            """image => {
                const context = document.createElement("canvas").getContext("2d");
                context.drawImage(image, 0, 0);
                const [red, green, blue] = context.getImageData(1, 1, 1, 1).data;
                const card = getComputedStyle(image.closest(".card, .plot"));
                return [`rgb(${red}, ${green}, ${blue})`, card.backgroundColor];
            }"""
        )
        assert corner[0] == corner[1]


def test_a_colour_that_was_asked_for_wins(browser: Browser, site):
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(f"{site}/presets/nile/?theme=light")
        assert "theme=light" in shown(page)


@pytest.mark.parametrize("ratio", [1, 2])
def test_the_picture_is_as_sharp_as_the_screen(ratio, browser: Browser, site):
    with browser.new_context(
        device_scale_factor=ratio, viewport={"width": 390, "height": 800}
    ) as context:
        page = context.new_page()
        page.goto(f"{site}/presets/nile/")
        assert ("scale=2" in shown(page)) is (ratio == 2)
        assert page.locator(PLOT).evaluate("image => image.clientWidth") == 343


def test_pages_are_quiet_and_ask_nobody_else(browser_page, site):
    said, hosts = [], set()
    browser_page.on("console", lambda message: said.append(message.text))
    browser_page.on("pageerror", lambda error: said.append(str(error)))
    browser_page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    for path in PATHS:
        browser_page.goto(site + path, wait_until="networkidle")
    browser_page.goto(f"{site}/presets/nile/")
    browser_page.locator("[name=marker]").select_option("star")
    expect(browser_page.locator(PLOT)).to_have_attribute("src", re.compile("marker=star"))
    # Chromium itself reports that /nowhere/ is a 404, which it is.
    assert [text for text in said if "404" not in text] == []
    assert hosts == {urlsplit(site).netloc}


def test_a_newcomer_uploads_chooses_saves_and_shares(
    site: str, browser_page: Page, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    get_user_model().objects.create_superuser("new", password="comer")
    page = browser_page
    page.goto(f"{site}/admin/plots_datasets/dataset/add/")
    page.fill("#id_username", "new")
    page.fill("#id_password", "comer")
    page.click("[type=submit]")
    page.set_input_files("#id_upload", DATA / "penguins.csv")
    page.fill("#id_title", "My penguins")
    page.click("[name=_save]")
    expect(page.locator(".preview")).to_contain_text("344 rows, 6 columns")
    page.click("[name=_save]")
    page.click("a[title=Scatter]")
    before = pixels(page)
    page.select_option("[name=by]", "species")
    page.wait_for_url(re.compile("by=species"))
    assert pixels(page) != before
    page.select_option("[name=source]", "nile")  # its columns are others: the controls follow
    page.wait_for_url(re.compile("source=nile"))
    expect(page.locator("textarea[name=x]")).to_be_visible()
    page.go_back()
    expect(page.locator("select[name=x]")).to_be_visible()
    page.get_by_role("link", name="Save as a preset").click()
    page.fill("#id_title", "Bills")
    page.click("[name=_save]")
    expect(page.locator(".messagelist")).to_contain_text("Bills")
    page.goto(f"{site}/presets/bills/")
    assert "/presets/bills.png" in shown(page)
