"""Images in a browser: loading, caching, colours and sizes."""

import pytest
from playwright.sync_api import Browser

from plots.presets.models import Preset
from tests.plotsite.browser_pages import PLOT, Network, pixels, shown


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
