"""Pages in a browser: layout, keyboard, network and the admin."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from plotsite.data.facts import DATA
from tests.plotsite.browser_pages import PATHS, PLOT, pixels, shown


def test_edited_preset_has_a_new_image(browser_page, site):
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


def test_fields_of_a_new_preset(browser_page, site):
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


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_pages_fit_the_window(path, width, browser_page, site):
    browser_page.set_viewport_size({"width": width, "height": 740})
    browser_page.goto(site + path)
    assert browser_page.evaluate("document.documentElement.scrollWidth") <= width


def test_keyboard_navigation(browser_page, site):
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


def test_no_console_messages_and_no_external_requests(browser_page, site):
    said, hosts = [], set()
    browser_page.on("console", lambda message: said.append(message.text))
    browser_page.on("pageerror", lambda error: said.append(str(error)))
    browser_page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    for path in PATHS:
        browser_page.goto(site + path, wait_until="networkidle")
    browser_page.goto(f"{site}/presets/nile/")
    browser_page.locator("[name=marker]").select_option("star")
    expect(browser_page.locator(PLOT)).to_have_attribute("src", re.compile("marker=star"))
    # Chromium reports the expected 404 of /nowhere/.
    assert [text for text in said if "404" not in text] == []
    assert hosts == {urlsplit(site).netloc}


def test_upload_to_shared_preset(
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
    page.click("a[title='Scatter plot']")
    before = pixels(page)
    page.select_option("[name=by]", "species")
    page.wait_for_url(re.compile("by=species"))
    assert pixels(page) != before
    page.select_option("[name=source]", "nile")  # the controls change with the columns
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
