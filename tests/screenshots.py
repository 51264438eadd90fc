"""Pictures of all pages for somebody to look at: `make screenshots`, into screenshots/.

Not collected with the tests, since nothing here can fail by itself.
"""

import json
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import Browser

from plots.models import Preset
from plotsite.management.commands.prepare import STARTERS

FOLDER = Path(__file__).parent.parent / "screenshots"
SIZES = {"wide": (1360, 900), "phone": (390, 844)}
PAGES = {
    "gallery": "/",
    "gallery-empty": "/?q=nothing+of+this+name",
    "preset": "/presets/share-growth/",
    "preset-error": "/presets/share-growth/?linewidth=thick&colour=red&theme=dark",
    "preset-gone": "/presets/gone/",
    "kinds": "/plot/",
    "kind": "/plot/line/",
    "kind-error": "/plot/line/?x=1,2,3&y=1,two&width=9&linewidht=3",
    "normal": "/normal/0_1",
    "missing": "/nowhere/",
    "admin-list": "/admin/plots/preset/",
    "admin-form": "/admin/plots/preset/1/change/",
    "admin-add": "/admin/plots/preset/add/",
    "admin-gone": "/admin/plots/preset/999/change/",
}


@pytest.mark.parametrize("language", ["en", "ko", "zh-hans"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_take(size, scheme, language, browser: Browser, live_server, transactional_db):
    FOLDER.mkdir(exist_ok=True)
    for order, entry in enumerate(json.loads(STARTERS.read_text(encoding="utf-8"))):
        Preset.objects.create(pk=order + 1, order=order, **entry)
    Preset.objects.create(
        pk=999, slug="gone", title="Of a kind that is gone", kind="spiral", visibility="staff"
    )
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("admin"))
    session = client.cookies["sessionid"].value
    width, height = SIZES[size]
    with browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        device_scale_factor=1,
        locale=language,
    ) as context:
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        for name, path in PAGES.items():
            page.goto(live_server.url + path)
            for image in page.locator("img").all():
                image.scroll_into_view_if_needed()
                image.evaluate("image => image.decode().catch(() => {})")
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=FOLDER / f"{name}-{size}-{scheme}-{language}.png", full_page=True)
