"""Text that no font has is reported to authors."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.test import Client

from plots.presets.models import Preset
from plots.text import font_fallback
from tests.text.fonts import (
    RUNIC,
    forget,
    make_font,
)


@pytest.fixture
def preset(db: None) -> Preset:
    parameters = {"y": ["1,2"], "title": ["한국 " + RUNIC], "label": ["ᛟ"], "alt": ["ᛝ"]}
    return Preset.objects.create(
        visibility="public", slug="runes", title="Runes", kind="line", parameters=parameters
    )


def test_w002_a_preset_with_text_that_no_font_has(machine: Path, preset: Preset) -> None:
    Preset.objects.create(
        visibility="public",
        slug="ok",
        title="한국",
        kind="line",
        parameters={"y": "1", "title": "한"},
    )
    (warning,) = run_checks(tags=["plots"], databases=["default"])
    assert warning.id == "plots.W002" and warning.obj == preset
    assert "'runes'" in warning.msg
    assert "title: “ᚠ” (U+16A0), “ᚢ” (U+16A2), “ᚦ” (U+16A6); label: “ᛟ” (U+16DF)" in warning.msg
    make_font(machine / "runes.ttf", RUNIC + "ᛟ")
    forget()
    assert run_checks(tags=["plots"], databases=["default"]) == []


def test_saving_such_a_preset_warns(machine: Path, admin_client: Client, preset: Preset) -> None:
    url = f"/admin/plots_presets/preset/{preset.pk}/change/"
    data = {
        "title": "Runes", "slug": "runes", "kind": "line", "source": "", "visibility": "public",
        "cache": "default", "order": "1", "plot_y": "1,2", "plot_title": "ᚠ 한국",
    }  # fmt: skip
    response = admin_client.post(url, data, follow=True)
    assert Preset.objects.get().parameters["title"] == ["ᚠ 한국"]
    shown = [str(message) for message in response.context["messages"]]
    assert "title: no installed font has “ᚠ” (U+16A0). They appear as boxes." in shown
    response = admin_client.post(url, data | {"plot_title": "한국"}, follow=True)
    assert not [m for m in response.context["messages"] if "no installed font" in str(m)]


def test_a_long_list_of_characters_is_shortened() -> None:
    assert font_fallback.character_names("abcdefgh").endswith("“e” (U+0065), …")
    assert font_fallback.character_names("ᚠ") == "“ᚠ” (U+16A0)"
