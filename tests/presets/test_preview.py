"""Previews of the preset form."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from io import BytesIO
from threading import Event, Thread
from time import sleep
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from PIL import Image

from plots.http.stored_plots import StoredPlot
from plots.presets.admin.editor.throttle import LatestWinsLock, Superseded
from plots.presets.models import Preset
from tests.presets.editor import BAR, LIST, ask, bars, change
from tests.processes import FAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def preset() -> Preset:
    return bars()


def seen(client: Client, place: object = "add", **data: Any) -> Any:
    response = ask(client, "preview", BAR | data, place)
    assert response.status_code == 200
    return json.loads(response.content)


def image(picture: dict[str, Any]) -> Image.Image:
    head, _, content = picture["src"].partition(",")
    assert head == "data:image/png;base64"
    return Image.open(BytesIO(b64decode(content)))


def test_preview_of_the_unsaved_form_in_each_theme(admin_client: Client, preset: Preset) -> None:
    first = seen(admin_client, preset.pk, title="Weekly", plot_width="300", plot_height="200")
    (light,) = first["pictures"]
    assert image(light).size == (300, 200) and image(light).convert("RGB").getpixel((0, 0)) == (
        255, 255, 255,
    )  # fmt: skip
    assert (light["theme"], light["width"], light["height"]) == ("light", 300, 200)
    assert first["rest"] == ["dark"] and first["errors"] == {} and first["messages"] == []
    assert "Weekly" in first["alt"]
    (dark,) = seen(admin_client, preset.pk, _themes=first["rest"], _sharp="1")["pictures"]
    assert dark["theme"] == "dark" and dark["width"] == 640
    assert image(dark).size == (1280, 960)
    assert max(image(dark).convert("RGB").getpixel((0, 0))) < 64  # type: ignore[arg-type]
    assert Preset.objects.get().parameters == preset.parameters


def test_the_theme_of_the_preset_comes_first(admin_client: Client) -> None:
    assert [p["theme"] for p in seen(admin_client, plot_theme="print")["pictures"]] == ["print"]
    assert seen(admin_client, plot_theme="print")["rest"] == ["light", "dark"]
    assert seen(admin_client, plot_theme="dark")["rest"] == ["light"]


def test_preview_respects_the_pixel_limit(admin_client: Client) -> None:
    (one,) = seen(admin_client, plot_width="2000", plot_height="1500", _sharp="1")["pictures"]
    assert image(one).size == (2000, 1500)


@pytest.mark.parametrize(
    ("given", "field", "code", "message"),
    [
        ({"plot_y": "1,two\n3,4"}, "plot_y", "not-a-number", "two"),
        ({"plot_y": ""}, "plot_y", "required", "required"),
        ({"plot_colors": "50% grey"}, "plot_colors", "invalid-color", "not a colour"),
        ({"plot_width": "9"}, "plot_width", "out-of-range", "16 to 4096"),
        ({"kind": "bra"}, "kind", "unknown-kind", "Did you mean “bar”"),
        ({"source": "nil", "plot_x": "year"}, "source", "unknown-source", "Did you mean “nile”"),
        ({"source": "nile", "plot_x": "yaer", "plot_y": "flow", "plot_mode": ""},
         "plot_x", "unknown-column", "Did you mean “year”"),
    ],
)  # fmt: skip
def test_errors_name_their_field(
    admin_client: Client, given: dict[str, str], field: str, code: str, message: str
) -> None:
    answer = seen(admin_client, **given)
    (error,) = answer["errors"][field]
    assert message in error["message"] and answer["pictures"] == []
    assert error["code"] == code
    assert any(message in each for each in answer["messages"])


def test_an_exception_in_a_kind_is_logged_and_not_shown(admin_client: Client) -> None:
    with mock.patch(
        "plots.presets.admin.editor.thumbnails.picture_of", side_effect=RuntimeError("secret")
    ):
        answer = seen(admin_client)
    assert answer["errors"] == {} and "logged" in answer["messages"][0]
    assert "secret" not in json.dumps(answer)


def test_drafts_are_not_cached(admin_client: Client) -> None:
    response = ask(admin_client, "preview", BAR | {"plot_title": "Nobody's business" * 9})
    assert "no-store" in response["Cache-Control"] and "private" in response["Cache-Control"]
    with mock.patch.object(cache, "set") as kept, mock.patch.object(cache, "add") as locked:
        long = ",".join(str(n) for n in range(3000))
        assert seen(admin_client, kind="line", plot_x="", plot_y=long, plot_mode="")["pictures"]
    assert not kept.called
    # A place is held while the plot is drawn. There is no lock of a rendering that others share.
    assert all(call.args[0].startswith("plots:place:") for call in locked.call_args_list)
    assert not Preset.objects.exists() and not StoredPlot.objects.exists()


def test_preview_of_random_and_uncached_plots(admin_client: Client, preset: Preset) -> None:
    normal = {"kind": "normal", "source": ""}
    assert json.loads(ask(admin_client, "preview", normal).content)["pictures"]
    assert seen(admin_client, preset.pk, cache="never")["pictures"]
    Preset.objects.update(cache="never")
    assert '<figure data-theme="dark">' in admin_client.get(change(preset)).content.decode()


def test_the_page_shows_the_saved_preset_by_url(
    admin_client: Client, client: Client, preset: Preset
) -> None:
    html = admin_client.get(change(preset)).content.decode()
    found = re.findall(r'<img src="(/presets/weekly\.png[^"]*)" srcset="[^"]* 2x"', html)
    assert len(found) == 2
    for src in found:
        assert client.get(src.replace("&amp;", "&")).status_code == 200
    assert "data:image" not in html


def test_preview_requires_post_and_csrf_token(admin_user: User, preset: Preset) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    for name in ("preview", "fields"):
        assert client.get(f"{LIST}add/{name}/").status_code == 405
        assert ask(client, name, BAR).status_code == 403
        assert ask(client, name, BAR, 99).status_code == 403  # before it is looked for
    client.handler.enforce_csrf_checks = False
    assert ask(client, "preview", BAR, 99).status_code == 404


def test_only_the_latest_request_of_a_page_is_rendered() -> None:
    lock, go, inside = LatestWinsLock(), Event(), Event()
    came: list[str] = []

    def draw(name: str) -> None:
        try:
            with lock.acquire("page"):
                inside.set()
                go.wait(FAR)
                came.append(name)
        except Superseded:
            came.append(f"not {name}")

    first = Thread(target=draw, args=["first"])
    first.start()
    assert inside.wait(FAR)
    second = Thread(target=draw, args=["second"])
    second.start()
    while lock._last["page"] == 0:
        sleep(0.001)
    third = Thread(target=draw, args=["third"])
    third.start()
    second.join(FAR)
    assert came == ["not second"]  # while the first is still being drawn
    with lock.acquire("another page"):
        go.set()
    first.join(FAR)
    third.join(FAR)
    assert came == ["not second", "first", "third"]
    assert not lock._last and not lock._busy
