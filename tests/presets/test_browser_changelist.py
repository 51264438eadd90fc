"""The changelist, history and import of presets in Chromium."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from plots.presets.models import Preset

NAMES = ("a", "b", "c", "d")


@pytest.fixture
def changelist(live_server: Any, transactional_db: None) -> str:
    """The list's address; four presets, a to d, with the orders 10, 11, 12 and 20."""
    for name, order in zip(NAMES, (10, 11, 12, 20), strict=True):
        Preset.objects.create(
            visibility="public",
            slug=name,
            title=name.upper(),
            kind="line",
            order=order,
            parameters={"y": ["1,2"]},
        )
    return f"{live_server.url}/admin/plots_presets/preset/"


def enter(context: Any, changelist: str) -> None:
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("ada"))
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": changelist}])


@pytest.fixture
def page(browser_page: Page, changelist: str) -> Page:
    enter(browser_page.context, changelist)
    return browser_page


def titles(page: Page) -> list[str]:
    return page.locator("#result_list .field-title").all_inner_texts()


def save(page: Page) -> list[tuple[str, int]]:
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    return [*Preset.objects.values_list("slug", "order")]


def test_drag_a_row(page: Page, changelist: str) -> None:
    page.goto(changelist)
    handle = page.get_by_role("button", name="Move D")
    target = page.get_by_role("button", name="Move B").bounding_box()
    grip = handle.bounding_box()
    assert target and grip
    page.mouse.move(grip["x"] + 5, grip["y"] + 5)
    page.mouse.down()
    page.mouse.move(target["x"] + 5, target["y"] + 60, steps=8)
    page.mouse.move(target["x"] + 5, target["y"] - 5, steps=8)
    page.mouse.up()
    assert titles(page) == ["A", "D", "B", "C"]
    expect(page.get_by_role("status")).to_have_text(
        "D is now at place 2 of 4. Save to keep the order."
    )
    assert Preset.objects.get(slug="d").order == 20
    # No number is free between 10 and 11: those that follow make room, and no others.
    assert save(page) == [("a", 10), ("d", 11), ("b", 12), ("c", 13)]


def test_move_a_row_with_the_keyboard(page: Page, changelist: str) -> None:
    page.goto(changelist)
    page.get_by_role("button", name="Move A").focus()
    page.keyboard.press("ArrowUp")
    assert titles(page) == ["A", "B", "C", "D"]
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    assert titles(page) == ["B", "C", "A", "D"]
    expect(page.get_by_role("button", name="Move A")).to_be_focused()
    # Between 12 and 20 there is room: only the one that moved has another number.
    assert save(page) == [("b", 11), ("c", 12), ("a", 16), ("d", 20)]


def test_rows_sorted_by_another_column_cannot_be_moved(page: Page, changelist: str) -> None:
    page.goto(f"{changelist}?o=-3")
    expect(page.locator(".field-order input")).to_have_count(4)
    expect(page.locator(".handle")).to_have_count(0)


def test_compare_and_restore_a_revision(page: Page, changelist: str) -> None:
    preset = Preset.objects.get(slug="a")
    preset.parameters = {"y": ["3,1"], "title": ["Falls"]}
    preset.save()
    page.goto(f"{changelist}{preset.pk}/change/")
    page.get_by_role("link", name="History").click()
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("tr", has=page.get_by_role("rowheader", name="y"))).to_contain_text("3,1")
    for image in page.locator(".comparison img").all():
        image.evaluate("image => image.decode()")
        assert image.evaluate("image => image.naturalWidth") == 640
    page.get_by_role("button", name="Restore the revision of").click()
    expect(page.get_by_text("A was restored")).to_be_visible()
    assert Preset.objects.get(slug="a").parameters == {"y": ["1,2"]}


def test_an_import_starts_with_a_dry_run(page: Page, changelist: str, tmp_path: Path) -> None:
    file = tmp_path / "presets.json"
    rows: list[dict[str, Any]] = [{"slug": "a", "title": "Renamed"}, {"slug": "b", "title": "B"}]
    file.write_text(json.dumps([*rows, {"slug": "c", "kind": "spiral"}]))
    page.goto(changelist)
    page.get_by_role("link", name="Import").click()
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Preview the changes").click()
    expect(page.get_by_role("alert")).to_contain_text("Row 3, c: kind: There is no kind “spiral”.")
    expect(page.get_by_role("button", name="Import all")).to_have_count(0)
    file.write_text(json.dumps(rows))
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Preview the changes").click()
    expect(page.get_by_role("heading", name="1 changed, 1 unchanged")).to_be_visible()
    expect(page.locator("tr", has_text="Renamed")).to_have_text("TitleARenamed")
    assert Preset.objects.get(slug="a").title == "A"
    page.get_by_role("button", name="Import all").click()
    expect(page.get_by_text("1 preset was imported.")).to_be_visible()
    assert Preset.objects.get(slug="a").title == "Renamed"


def test_copy_buttons(page: Page, changelist: str) -> None:
    preset = Preset.objects.get(slug="a")
    preset.parameters = {"y": ["1,2"], "alt": ['The "best" & last']}
    preset.save()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{changelist}{preset.pk}/change/")
    page.get_by_role("button", name="Copy: HTML image", exact=True).click()
    expect(page.locator("[data-copy=code-html]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert 'alt="The &quot;best&quot; &amp; last"' in copied
    page.get_by_role("button", name="Copy: Django template").click()
    expect(page.locator("[data-copy=code-tag]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == '{% plot_img preset="a" %}'


def test_without_javascript(browser: Browser, changelist: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        enter(context, changelist)
        page = context.new_page()
        page.goto(changelist)
        page.get_by_label("Order of A").fill("15")
        assert [slug for slug, _ in save(page)] == ["b", "c", "a", "d"]
        page.goto(f"{changelist}{Preset.objects.get(slug='a').pk}/history/")
        page.get_by_role("button", name="Restore the revision of").click()
        assert [slug for (slug,) in Preset.objects.values_list("slug")][:2] == ["a", "b"]


@pytest.mark.parametrize(
    "path", ["", "import/", "deleted/", "{pk}/history/", "{pk}/history/compare/"]
)
def test_phone_width(browser: Browser, changelist: str, path: str) -> None:
    preset = Preset.objects.get(slug="a")
    preset.title = "A longer title than before"
    preset.save()
    Preset.objects.get(slug="d").delete()
    with browser.new_context(viewport={"width": 390, "height": 844}) as context:
        enter(context, changelist)
        page = context.new_page()
        page.goto(changelist + path.format(pk=preset.pk))
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
