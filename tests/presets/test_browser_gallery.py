"""The gallery and the theme switch in Chromium."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from plots.presets.models import Preset
from tests.pages import OTHERS, VISITOR, furnish

CARD, PLOT = ".card img", ".plot img"


@pytest.fixture
def site(live_server: Any) -> str:
    furnish()
    return live_server.url


def shown(page: Page, selector: str) -> str:
    """The address of the picture that the browser chose, once it is there."""
    image = page.locator(selector).first
    image.evaluate("image => image.decode()")
    return image.evaluate("image => image.currentSrc")


# Search


def test_search_while_typing(browser_page: Page, site: str) -> None:
    page = browser_page
    page.goto(f"{site}/?kind=line&sort=title")
    page.evaluate("window.same = true")
    field = page.get_by_label("Search the gallery")
    field.press_sequentially("nile", delay=20)
    expect(page.locator(".card h2")).to_have_text(["The Nile before and after 1898"])
    expect(page.get_by_role("status")).to_have_text("1 chart")
    expect(page).to_have_url(f"{site}/?q=nile&kind=line&sort=title")
    expect(page.locator("#tags + ul a").nth(1)).to_have_text("climate 1")
    expect(field).to_be_focused()
    page.get_by_label("Order", exact=True).select_option("newest")
    expect(page).to_have_url(f"{site}/?q=nile&kind=line&sort=newest")
    field.fill("nothing of this name")
    expect(page.get_by_role("heading", name="No charts found")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("0 charts")
    field.fill("")
    expect(page).to_have_url(f"{site}/?kind=line&sort=newest")
    assert page.evaluate("window.same"), "the page was loaded again"


def test_the_last_search_is_shown(browser_page: Page, site: str) -> None:
    page, held = browser_page, []
    page.goto(site)
    page.route(re.compile(r"/\?q=nile$"), lambda route: held.append(route))
    with page.expect_request(re.compile(r"/\?q=nile$")):
        page.get_by_label("Search the gallery").fill("nile")
    page.get_by_label("Search the gallery").fill("kepler")
    expect(page.locator(".card h2")).to_have_text(["Kepler's third law"])
    expect(page).to_have_url(f"{site}/?q=kepler")
    assert held


def test_a_failed_search_is_reported(browser_page: Page, site: str) -> None:
    page = browser_page
    page.goto(site)
    page.route(re.compile(r"/\?q="), lambda route: route.abort())
    page.get_by_label("Search the gallery").fill("nile")
    expect(page.get_by_role("status")).to_contain_text("failed")
    assert page.locator(".card").count() > 10
    page.unroute_all()
    page.get_by_label("Search the gallery").press("Enter")
    expect(page.get_by_role("status")).to_have_text("1 chart")


@pytest.mark.parametrize("scripts", [True, False])
def test_filter_by_kind_and_tag(scripts: bool, browser: Browser, site: str) -> None:
    with browser.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(site)
        page.locator("#tags + ul").get_by_role("link", name="penguins").click()
        expect(page).to_have_url(f"{site}/?tag=penguins")
        page.locator("#kinds + ul").get_by_role("link", name="Hist").click()
        page.get_by_label("Search the gallery").fill("flippers")
        page.get_by_label("Search the gallery").press("Enter")
        expect(page).to_have_url(re.compile(r"/\?q=flippers&kind=hist&tag=penguins"))
        expect(page.locator(".card h2")).to_have_text(["Flippers of three species"])
        page.locator(".card").get_by_role("link", name="biology").click()
        expect(page).to_have_url(f"{site}/?tag=biology")
        expect(page.get_by_role("button", name="Search")).to_be_visible(visible=not scripts)
        expect(page.get_by_role("group", name="Colours")).to_be_visible(visible=scripts)


# Light and dark


@pytest.mark.parametrize(("path", "selector"), [("/", CARD), ("/presets/nile/", PLOT)])
@pytest.mark.parametrize(("system", "choice"), [("light", "Dark"), ("dark", "Light")])
def test_the_theme_switch_changes_page_and_images(
    system: Any, choice: str, path: str, selector: str, browser: Browser, site: str
) -> None:
    with browser.new_context(color_scheme=system) as context:
        page = context.new_page()
        page.goto(site + path)
        assert f"theme={system}" in shown(page, selector)
        page.get_by_role("button", name=choice, exact=True).click()
        expect(page.get_by_role("button", name=choice, exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
        page.wait_for_function(
            "([selector, theme]) => document.querySelector(selector).currentSrc.includes(theme)",
            arg=[selector, f"theme={choice.lower()}"],
        )
        assert f"theme={choice.lower()}" in shown(page, selector)
        assert grounds(page, selector) == [GROUNDS[choice]] * 2

        # The admin looks as the site does, and the other way round.
        page.goto(f"{site}/admin/login/")
        expect(page.locator("html")).to_have_attribute("data-theme", choice.lower())
        page.evaluate("localStorage.setItem('theme', 'auto')")
        page.goto(site + path)
        assert f"theme={system}" in shown(page, selector)


def test_hidden_images_are_not_loaded(browser_page: Page, site: str) -> None:
    page, asked = browser_page, []
    page.add_init_script("localStorage.setItem('theme', 'dark')")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site)
    for image in page.locator(CARD).all():
        image.scroll_into_view_if_needed()
        image.evaluate("image => image.decode()")
    pictures = [url for url in asked if ".png" in url]
    # The first row may be asked for while the browser has read the page and run no script yet.
    assert len([url for url in pictures if "theme=light" in url]) <= 3
    assert len([url for url in pictures if "theme=dark" in url]) == page.locator(CARD).count()


GROUNDS = {"Dark": "rgb(18, 23, 31)", "Light": "rgb(255, 255, 255)"}


def grounds(page: Page, selector: str) -> list[str]:
    """The colours of a picture's corner and of what it lies on."""
    return page.locator(selector).first.evaluate(
        """image => {
            const context = document.createElement("canvas").getContext("2d");
            context.drawImage(image, 0, 0);
            const [red, green, blue] = context.getImageData(1, 1, 1, 1).data;
            const card = getComputedStyle(image.closest(".card, .plot"));
            return [`rgb(${red}, ${green}, ${blue})`, card.backgroundColor];
        }"""
    )


def test_new_images_have_the_chosen_theme(browser_page: Page, site: str) -> None:
    page = browser_page
    page.goto(f"{site}/presets/nile/")
    page.get_by_role("button", name="Dark", exact=True).click()
    page.locator("[name=marker]").select_option("star")
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("marker=star"))
    assert re.search("marker=star.*theme=dark", shown(page, PLOT))
    page.goto(f"{site}/presets/nile/?theme=light")  # asked for by the address
    assert "theme=light" in shown(page, PLOT)


def test_the_theme_switch_works_without_storage(browser_page: Page, site: str) -> None:
    said: list[str] = []
    browser_page.on("pageerror", lambda error: said.append(str(error)))
    browser_page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    )
    browser_page.goto(site)
    browser_page.get_by_role("button", name="Dark", exact=True).click()
    expect(browser_page.locator("html")).to_have_attribute("data-theme", "dark")
    assert said == []


# Size and width


def test_a_full_gallery_is_small_and_loads_only_from_this_site(
    browser_page: Page, site: str
) -> None:
    presets = [*Preset.objects.filter(visibility="public")]
    for number in range(24 - len(presets)):
        twin = presets[number % len(presets)]
        twin.pk, twin.slug = None, f"{twin.slug}-{number}"
        twin.save()
    received: dict[str, int] = {}
    hosts = set()

    def count(response: Any) -> None:
        hosts.add(urlsplit(response.url).netloc)
        if response.request.resource_type in ("document", "stylesheet", "script"):
            received[response.url] = len(response.body())

    browser_page.on("response", count)
    browser_page.goto(site, wait_until="networkidle")
    assert browser_page.locator(CARD).count() == 24
    assert len(received) == 5  # the page, its style sheet, three scripts
    assert sum(received.values()) < 100_000, received
    assert hosts == {urlsplit(site).netloc}


def test_no_page_is_wider_than_a_phone(browser_page: Page, site: str) -> None:
    browser_page.set_viewport_size({"width": 360, "height": 740})
    browser_page.route(re.compile(r"\.png"), lambda route: route.abort())
    for path in {**VISITOR, **OTHERS}.values():
        browser_page.goto(site + path)
        assert browser_page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_images_are_loaded_lazily(browser_page: Page, site: str) -> None:
    browser_page.set_viewport_size({"width": 1280, "height": 700})
    browser_page.goto(site, wait_until="networkidle")
    loading = browser_page.locator(CARD).evaluate_all("all => all.map(image => image.loading)")
    assert loading[:4] == ["eager", "eager", "eager", "lazy"] and set(loading[3:]) == {"lazy"}
    shifts = browser_page.evaluate(
        """() => new Promise(resolve => new PerformanceObserver(list =>
            resolve(list.getEntries().length)).observe({type: "layout-shift", buffered: true})
            || setTimeout(() => resolve(0), 300))"""
    )
    assert shifts == 0
