"""Take screenshots of all pages: ``make screenshots``. They are for people to look at.

The screenshots in README.md are saved in docs/images. pytest does not collect this module.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import font_roboto
import noto_cjk_sans_otc
import pytest
from django.template.loader import render_to_string
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.pages import ADMIN, OTHERS, VISITOR, furnish, log_in

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "screenshots"
SHOWN = ROOT / "docs/images"
WIDE, PHONE = {"width": 1360, "height": 900}, {"width": 390, "height": 844}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": WIDE, "color_scheme": "light"},
    "dark": {"viewport": WIDE, "color_scheme": "dark"},
    "phone": {"viewport": PHONE, "color_scheme": "light"},
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
    "ko": {"viewport": WIDE, "color_scheme": "light", "locale": "ko"},
    "zh-hans": {"viewport": WIDE, "color_scheme": "light", "locale": "zh-hans"},
}
ERRORS = ("400", "403", "403_csrf", "500", "plots/503")
# The screenshots in README.md, in light and dark, of the visible part of a page.
FOR_README = {"gallery": "gallery", "preset": "preset", "board": "board", "admin-form": "editor"}

# The font that Chromium uses for system-ui.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <include>/etc/fonts/fonts.conf</include>
  <dir>{latin}</dir>
  <dir>{cjk}</dir>
  <match target="pattern">
    <test qual="any" name="family" compare="contains"><string>sans</string></test>
    <edit name="family" mode="prepend" binding="strong"><string>Roboto</string></edit>
  </match>
  <match target="pattern">
    <test qual="any" name="family"><string>system-ui</string></test>
    <edit name="family" mode="prepend" binding="strong"><string>Roboto</string></edit>
  </match>
</fontconfig>"""


@pytest.fixture(scope="session", autouse=True)
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Use Roboto and Noto, as phones do, independent of the system fonts."""
    file = tmp_path_factory.mktemp("fonts") / "fonts.conf"
    latin, cjk = (Path(each.__file__).parent for each in (font_roboto, noto_cjk_sans_otc))
    file.write_text(FONTS.format(latin=latin, cjk=cjk))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("FONTCONFIG_FILE", str(file))
        yield


@pytest.mark.parametrize("look", LOOKS)
def test_take(look: str, browser: Browser, live_server: Any, transactional_db: None) -> None:
    FOLDER.mkdir(exist_ok=True)
    furnish()
    with browser.new_context(**LOOKS[look]) as context:
        page = context.new_page()
        for name, path in {**VISITOR, **OTHERS}.items():
            take(page, live_server.url + path, f"{name}-{look}")
        for name in ERRORS:
            url = f"{live_server.url}/error/{name}/"
            html = render_to_string(f"{name}.html")
            page.route(url, lambda route, _, html=html: route.fulfill(body=html))
            take(page, url, f"{Path(name).name}-{look}")
        log_in(context, live_server.url)
        for name, path in ADMIN.items():
            take(page, live_server.url + path, f"{name}-{look}")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_take_those_for_the_readme(
    look: str, browser: Browser, live_server: Any, transactional_db: None
) -> None:
    furnish()
    with browser.new_context(**LOOKS[look], device_scale_factor=2) as context:
        page = context.new_page()
        for page_name, name in FOR_README.items():
            if page_name in ADMIN:
                log_in(context, live_server.url)
            path = {**VISITOR, **ADMIN}[page_name]
            page.goto(live_server.url + path, wait_until="networkidle")
            shot = Image.open(BytesIO(page.screenshot()))
            small = shot.resize((WIDE["width"], WIDE["height"]), Image.Resampling.LANCZOS)
            small.save(SHOWN / f"{name}-{look}.webp", quality=82, method=6)


def take(page: Page, url: str, name: str) -> None:
    page.goto(url)
    for image in page.locator("img").all():
        if image.is_visible():
            image.scroll_into_view_if_needed()
            image.evaluate("image => image.decode().catch(() => {})")
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=FOLDER / f"{name}.png", full_page=True)
