"""The preset form in Chromium: preview, fields and conflicts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from threading import Event

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from plots.presets.admin.editor import thumbnails
from plots.presets.models import Preset
from tests.processes import FAR

PANEL, IMAGES = ".preview", ".preview-images img"
PREVIEW, FIELDS = re.compile(r"/preview/$"), re.compile(r"/fields/$")


@pytest.fixture
def preset(transactional_db) -> Preset:
    return Preset.objects.create(visibility="public",
        slug="weekly", title="Weekly", kind="bar", overrides=["title", "mode"],
        parameters={"x": "a,b", "y": ["1,2", "3,4"], "mode": "stacked"},
    )  # fmt: skip


def enter(context: BrowserContext, url: str, name: str = "admin") -> Page:
    """A page of somebody who may do anything."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser(name))
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    return context.new_page()


@pytest.fixture
def editor(browser: Browser, live_server, preset) -> Iterator[Page]:
    """The form of the preset, and nothing that goes wrong in it unseen."""
    with browser.new_context(viewport={"width": 1360, "height": 900}) as context:
        page = enter(context, live_server.url)
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(f"{live_server.url}/admin/plots_presets/preset/{preset.pk}/change/")
        yield page
        assert not wrong


def drawn(page: Page) -> list[str]:
    """The pictures of the form as it is: what is typed now has been answered."""
    expect(page.locator(PANEL)).not_to_have_attribute("aria-busy", "true")
    return page.locator(IMAGES).evaluate_all("images => images.map((image) => image.src)")


def test_the_preview_follows_typing(editor):
    assert all("/presets/weekly.png" in src for src in drawn(editor))
    editor.locator("summary", has_text="Size and colours").click()
    editor.locator("#id_plot_width").fill("500")
    expect(editor.locator(f"{IMAGES}[width='500'][src^='data:']")).to_have_count(2)
    light, dark = drawn(editor)
    assert light != dark
    editor.locator("#id_plot_title").press_sequentially("Sales")
    expect(editor.locator(".preview .alt")).to_contain_text("Sales")
    assert drawn(editor)[0] != light
    field, panel = (editor.locator(each).bounding_box() for each in ("#id_plot_title", PANEL))
    assert panel and field
    assert panel["x"] > field["x"] + field["width"] and 0 <= panel["y"] < 500  # sticky
    assert Preset.objects.get().parameters["y"] == ["1,2", "3,4"]


def test_the_last_response_wins(editor, monkeypatch):
    slow, entered = Event(), Event()
    render = thumbnails.render_draft

    def render_late(draft, *args, **kwargs):
        if draft.parameters.get("title") == ["First"]:
            entered.set()
            assert slow.wait(FAR)
        return render(draft, *args, **kwargs)

    monkeypatch.setattr("plots.presets.admin.editor.preview.render_draft", render_late)
    editor.locator("#id_plot_title").fill("First")
    expect(editor.locator(PANEL)).to_have_attribute("aria-busy", "true")
    while not entered.wait(0.05):
        editor.wait_for_timeout(10)  # lets the browser send
    with editor.expect_event("requestfailed"):  # given up
        editor.locator("#id_plot_title").fill("Second")
    slow.set()
    expect(editor.locator(".preview .alt")).to_contain_text("Second")
    drawn(editor)
    expect(editor.locator(".preview .alt")).to_contain_text("Second")


def test_typing_is_debounced(editor):
    asked: list[str] = []
    editor.on("request", lambda each: asked.append(each.url) if PREVIEW.search(each.url) else None)
    editor.locator("#id_plot_y").press_sequentially(",3,4,5,6,7,8,9,1,2,3,4,5,6,7,8,9", delay=5)
    editor.locator("#id_plot_y").fill("1,7\n3,4")
    expect(editor.locator(".preview .alt")).to_contain_text("highest 7")
    drawn(editor)
    assert 2 <= len(asked) <= 4, asked  # one theme, then the other; not one for each key


def test_an_error_dims_the_last_valid_preview(editor):
    editor.locator("#id_plot_title").fill("Good")
    expect(editor.locator(".preview .alt")).to_contain_text("Good")
    good = drawn(editor)
    wrong = editor.locator("#id_plot_y")
    wrong.fill("1,two")
    expect(editor.locator(".field-plot_y .errorlist")).to_contain_text("“two”")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_attribute("aria-describedby", re.compile("id_plot_y_error"))
    expect(editor.locator(".preview [role=status]")).to_contain_text("“two”")
    assert drawn(editor) == good
    expect(editor.locator(IMAGES).first).to_have_css("opacity", "0.35")
    wrong.fill("1,2")
    expect(editor.locator(".field-plot_y .errorlist")).to_have_count(0)
    expect(wrong).not_to_have_attribute("aria-invalid", "true")
    expect(editor.locator(".preview [role=status]")).to_contain_text("again")
    expect(editor.locator(IMAGES).first).to_have_css("opacity", "1")


def test_a_collapsed_fieldset_with_an_error_opens(editor):
    editor.evaluate("""() => {
        const field = document.getElementById("id_plot_xmin");
        field.value = "soon";
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }""")
    expect(editor.locator(".errorlist", has_text="soon")).to_be_visible()


def test_a_failed_preview_request_is_reported(editor):
    editor.route(PREVIEW, lambda route: route.fulfill(status=502, body="Bad gateway"))
    editor.locator("#id_plot_title").fill("Lost")
    expect(editor.locator(".preview [role=status]")).to_contain_text("could not be loaded")
    expect(editor.locator("#id_plot_title")).to_have_value("Lost")
    editor.unroute(PREVIEW)
    editor.locator("#id_plot_title").fill("Found")
    expect(editor.locator(".preview .alt")).to_contain_text("Found")


def test_changing_the_kind_back_restores_its_values(editor):
    editor.evaluate("window.same = true")
    editor.locator("#id_plot_title").fill("Kept")
    editor.locator("#id_kind").focus()
    editor.locator("#id_kind").select_option("line")
    expect(editor.locator("#id_plot_linestyle")).to_be_visible()
    expect(editor.locator("#id_plot_mode")).to_have_count(0)
    expect(editor.locator("#id_plot_title")).to_have_value("Kept")
    expect(editor.locator("#id_plot_x")).to_have_value("a,b")
    expect(editor.locator("#id_kind")).to_be_focused()
    expect(editor.locator("[name=overrides][value=title]")).to_be_checked()
    expect(editor.locator(".preview .alt")).to_contain_text("Line chart")
    editor.locator("#id_plot_title").fill("Changed")
    editor.locator("#id_kind").select_option("bar")
    expect(editor.locator("#id_plot_mode")).to_have_value("stacked")
    expect(editor.locator("#id_plot_title")).to_have_value("Changed")
    expect(editor.locator("[name=overrides][value=mode]")).to_be_checked()
    editor.locator("#id_source").select_option("nile")
    expect(editor.locator("#id_plot_x")).to_have_value("")
    editor.locator("#id_plot_x").select_option("year")
    editor.locator("#id_source").select_option("")
    expect(editor.locator("#id_plot_x")).to_have_value("a,b")
    editor.locator("#id_source").select_option("nile")
    expect(editor.locator("#id_plot_x")).to_have_value("year")
    assert editor.evaluate("window.same") and Preset.objects.get().kind == "bar"


def test_input_during_a_request_is_kept(editor):
    waiting: list[Route] = []
    editor.route(FIELDS, lambda route: waiting.append(route))
    editor.locator("#id_kind").select_option("line")
    while not waiting:
        editor.wait_for_timeout(10)
    # Not by typing, which would ask anew.
    editor.evaluate("document.getElementById('id_plot_ylabel').value = 'Meanwhile'")
    waiting.pop().continue_()
    expect(editor.locator("#id_plot_linestyle")).to_be_visible()
    expect(editor.locator("#id_plot_ylabel")).to_have_value("Meanwhile")


def test_colours_are_swatches_and_text(editor):
    editor.locator("summary", has_text="Size and colours").click()
    field, swatches = editor.locator("#id_plot_colors"), editor.locator(".swatches input")
    field.fill("teal, 0a7d6c80, nonsense")
    expect(editor.locator(".swatches input:visible")).to_have_count(2)
    expect(swatches.first).to_have_value("#008080")
    expect(swatches.first).to_have_attribute("aria-label", "Colour 1")
    swatches.first.fill("#ff0000")
    expect(field).to_have_value("#ff0000, 0a7d6c80, nonsense")
    field.fill("")
    editor.get_by_role("button", name="Add a colour").click()
    expect(field).to_have_value(re.compile("^#[0-9a-f]{6}$"))
    before = drawn(editor)[0]
    swatches.first.fill("#00ff00")
    expect(editor.locator(IMAGES).first).not_to_have_attribute("src", before)


def test_concurrent_edits(editor, browser, live_server, preset):
    with browser.new_context() as context:
        other = enter(context, live_server.url, "kim")
        other.goto(editor.url)
        other.locator("#id_plot_ylabel").fill("Orders")
        other.get_by_role("button", name="Save", exact=True).first.click()
        expect(other.locator(".messagelist .success")).to_be_visible()
    editor.locator("#id_description").fill("Mine")
    save = editor.get_by_role("button", name="Save", exact=True).first
    save.click()
    expect(editor.locator(".errornote")).to_contain_text("kim has saved this preset")
    row = editor.locator(".conflict tr", has_text="y label")
    expect(row.locator("td").first).to_have_text("Orders")
    expect(editor.locator("#id_description")).to_have_value("Mine")
    assert Preset.objects.get().description == ""
    save.click()
    expect(editor.locator(".messagelist .success")).to_be_visible()
    assert Preset.objects.get().description == "Mine"


def test_without_javascript(browser, live_server, preset):
    with browser.new_context(java_script_enabled=False) as context:
        page = enter(context, live_server.url)
        page.goto(f"{live_server.url}/admin/plots_presets/preset/{preset.pk}/change/")
        page.locator("#id_kind").select_option("line")
        page.get_by_role("button", name="Update fields and preview").first.click()
        expect(page.locator("#id_plot_linestyle")).to_be_visible()
        expect(page.locator(f"{IMAGES}[src^='data:']")).to_have_count(2)
        page.locator("#id_plot_linestyle").select_option("dashed")
        page.get_by_role("button", name="Save", exact=True).first.click()
        expect(page.locator(".messagelist .success")).to_be_visible()
    saved = Preset.objects.get()
    assert saved.kind == "line" and saved.parameters["linestyle"] == ["dashed"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone_width(scheme, browser, live_server, preset):
    with browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, color_scheme=scheme
    ) as context:
        page = enter(context, live_server.url)
        page.goto(f"{live_server.url}/admin/plots_presets/preset/{preset.pk}/change/")
        panel, title = (page.locator(each).bounding_box() for each in (PANEL, "#id_title"))
        assert panel and title and panel["y"] + panel["height"] < title["y"]
        width = "document.scrollingElement.scrollWidth"
        assert page.evaluate(width) <= 390
        page.locator("#id_plot_title").fill("Sharp")
        expect(page.locator(f"{IMAGES}[src^='data:']")).to_have_count(2)
        sharp = page.locator(IMAGES).first.evaluate("image => image.naturalWidth")
        assert sharp == 2 * 640
        assert page.evaluate(width) <= 390


def test_strict_content_security_policy(editor):
    policy = "default-src 'self'; img-src 'self' data:"

    def strictly(route: Route) -> None:
        response = route.fetch()
        headers = response.headers | {"content-security-policy": policy}
        route.fulfill(response=response, headers=headers)

    editor.add_init_script(
        "window.broken = [];"
        "addEventListener('securitypolicyviolation', (each) => broken.push(each.violatedDirective))"
    )
    editor.route("**/change/", strictly)
    editor.reload()
    editor.locator("#id_kind").select_option("line")
    expect(editor.locator("#id_plot_linestyle")).to_be_visible()
    editor.locator("summary", has_text="Size and colours").click()
    editor.locator("#id_plot_colors").fill("teal")
    expect(editor.locator(f"{IMAGES}[src^='data:']")).to_have_count(2)
    assert editor.evaluate("broken") == []
