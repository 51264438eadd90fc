"""Controls of pages in a browser."""

import re

from playwright.sync_api import expect

from tests.plotsite.browser_pages import PLOT, pixels, shown


def test_controls_update_image_and_url(browser_page, site):
    page = browser_page
    page.goto(f"{site}/presets/share-growth/")
    before = pixels(page)
    page.evaluate("window.same = true")
    scale = page.locator("[name=yscale]")
    scale.select_option("linear")
    expect(page).to_have_url(f"{site}/presets/share-growth/?yscale=linear")
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("yscale=linear"))
    expect(page.locator("#code-url")).to_have_value(re.compile("yscale=linear"))
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


def test_late_responses_are_ignored(browser_page, site):
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


def test_error_of_a_control(browser_page, site):
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
    # The previous image and its URL are still shown.
    assert (page.locator(PLOT).get_attribute("src"), page.url) == (before, address)
    since.fill("2010")
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("since=2010"))
    expect(page.locator("#id_since_error")).to_be_empty()
    expect(page.get_by_role("status")).to_have_text(re.compile("Line chart of five shares"))
    expect(since).not_to_have_attribute("aria-invalid", "true")
    page.locator("[name=xmin]").fill("2012-01-31")  # a date field, because the axis has dates
    expect(page.locator(PLOT)).to_have_attribute("src", re.compile("xmin=2012-01-31"))


def test_playground(browser_page, site):
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


def test_copy_button(browser_page, site):
    page = browser_page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/presets/nile/")
    page.get_by_role("button", name="Copy: Image URL").click()
    expect(page.locator("[data-copy=code-url]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/presets/nile.png"


def test_without_javascript(browser, site):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site)
        page.get_by_label("Search the gallery").fill("shares became")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="What 100 dollars").click()
        page.locator("[name=yscale]").select_option("linear")
        page.get_by_role("button", name="Update").click()
        expect(page).to_have_url(re.compile("yscale=linear"))
        assert "theme=light" not in page.url  # still the system's theme
        source = page.locator(PLOT).get_attribute("src")
        assert source and "yscale=linear" in source
        expect(page.locator("[name=yscale]")).to_have_value("linear")
        expect(page.get_by_role("alert")).to_have_count(0)
        expect(page.get_by_role("button", name="Copy: Image URL")).to_be_hidden()
        assert context.request.get(site + source).headers["content-type"] == "image/png"
