"""The statistic that the preset form chooses in Chromium where rows would hide each other."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from plots.presets.models import Preset
from tests.presets.test_browser_editor import PANEL, enter

RAW = "kind=bar&source=penguins&plot_x=species"


def choose(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"#id_{name}").select_option(value)


def test_the_sum_is_chosen_said_and_saved(browser: Browser, live_server, transactional_db) -> None:
    with browser.new_context(viewport={"width": 1360, "height": 900}) as context:
        page = enter(context, live_server.url)
        page.goto(f"{live_server.url}/admin/plots_presets/preset/add/?{RAW}")
        stat, remark = page.locator("#id_plot_stat"), page.locator(".preview .remark")
        expect(remark).to_be_hidden()
        choose(page, plot_y="body_mass_g")
        expect(stat).to_have_value("sum")
        expect(stat).to_be_visible()
        expect(remark).to_contain_text("“Sum” is chosen")
        expect(page.locator(".preview .alt")).to_contain_text("Sum of body_mass_g")
        # The user has the last word.
        choose(page, plot_stat="")
        expect(page.locator("#id_plot_stat_error")).to_contain_text("Add stat=sum")
        expect(stat).to_have_value("")
        expect(remark).to_be_hidden()
        choose(page, plot_stat="mean")
        expect(page.locator(".preview .alt")).to_contain_text("Mean of body_mass_g")
        expect(page.locator(PANEL)).not_to_have_attribute("aria-busy", "true")
        page.locator("#id_title").fill("Weights")
        page.locator("#id_slug").fill("weights")
        page.get_by_role("button", name="Save", exact=True).first.click()
        expect(page.locator(".messagelist .success")).to_be_visible()
    assert Preset.objects.get().parameters["stat"] == ["mean"]
