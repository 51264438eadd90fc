"""Images in a browser: loading, caching, colours and sizes."""

import pytest
from playwright.sync_api import Browser

from plots.presets.models import Preset
from tests.plotsite.browser_pages import PLOT, Network, pixels, shown


def test_gallery_loads_every_image(browser_page, site):
    browser_page.goto(site)
    images = browser_page.locator(".card img")
    assert images.count() == Preset.objects.filter(visibility="public").count()
    for image in images.all():
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
        assert image.evaluate("image => image.naturalWidth") == 384


def test_layout_is_stable_while_images_load(browser_page, site):
    browser_page.route("**/*.png*", lambda route: route.abort())
    browser_page.goto(site)
    without = browser_page.locator(".card").last.bounding_box()
    browser_page.unroute_all()
    browser_page.goto(site)
    browser_page.locator(".card img").first.evaluate("image => image.decode()")
    assert browser_page.locator(".card").last.bounding_box() == without


def test_random_plot_changes_on_reload(browser_page, site):
    browser_page.goto(f"{site}/normal/0_1")
    first = pixels(browser_page)
    network = Network(browser_page)
    browser_page.reload()
    assert pixels(browser_page) != first
    assert network.of("/fig/0_1") == "network"


def test_button_redraws_random_preset(browser_page, site):
    browser_page.goto(f"{site}/presets/random-cloud/")
    first = pixels(browser_page)
    with browser_page.expect_navigation():
        browser_page.get_by_role("button", name="Draw").click()
    assert pixels(browser_page) != first


def test_deterministic_plot_is_cached_by_the_browser(browser_page, site):
    browser_page.goto(f"{site}/presets/nile/")
    first = pixels(browser_page)
    network = Network(browser_page)
    browser_page.reload()
    assert pixels(browser_page) == first
    assert network.of("nile.png") in ("cache", "304")
    # Reloading the image itself sends a conditional request.
    browser_page.goto(f"{site}/presets/nile.png")
    network.served.clear()
    browser_page.reload()
    assert network.of("nile.png") == "304"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("path", "selector"),
    [("/", ".card img"), ("/presets/nile/", PLOT), ("/plot/", ".card img"), ("/plot/bar/", PLOT)],
)
def test_image_follows_the_color_scheme(scheme, path, selector, browser: Browser, site):
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


def test_theme_parameter_overrides_the_color_scheme(browser: Browser, site):
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(f"{site}/presets/nile/?theme=light")
        assert "theme=light" in shown(page)


@pytest.mark.parametrize("ratio", [1, 2])
def test_image_follows_the_device_pixel_ratio(ratio, browser: Browser, site):
    with browser.new_context(
        device_scale_factor=ratio, viewport={"width": 390, "height": 800}
    ) as context:
        page = context.new_page()
        page.goto(f"{site}/presets/nile/")
        assert ("scale=2" in shown(page)) is (ratio == 2)
        assert page.locator(PLOT).evaluate("image => image.clientWidth") == 343
