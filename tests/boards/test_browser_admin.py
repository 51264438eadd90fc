"""The admin of boards in Chromium."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from playwright.sync_api import Page, expect

from plots.boards.models import Board


def test_move_and_add_items(browser_page: Page, board: Board, live_server: Any) -> None:
    get_user_model().objects.create_superuser("admin", password="let me in")
    page, path = browser_page, f"/admin/plots_boards/board/{board.pk}/change/"
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
    rows.last.get_by_label("Fixed settings").fill("grid=0")
    page.get_by_role("button", name="Save", exact=True).first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    saved = [(item.preset.slug, item.fixed) for item in board.items.all()]
    assert saved == [("fixed", ""), ("numbers", ""), ("days", ""), ("numbers", "grid=0")]
