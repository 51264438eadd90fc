"""The preset form as a browser submits it."""

from __future__ import annotations

from typing import Any

from django.test import Client

from plots.presets.models import Preset

LIST = "/admin/plots_presets/preset/"


def bars() -> Preset:
    preset = Preset(visibility="public",
        slug="weekly", title="Weekly", kind="bar", order=7, overrides=["title"],
        parameters={"x": "a,b", "y": ["1,2", "3,4"], "label": ["p", "q"], "mode": "stacked"},
    )  # fmt: skip
    preset.full_clean()
    preset.save()
    return preset


def change(preset: Preset) -> str:
    return f"{LIST}{preset.pk}/change/"


def form(client: Client, url: str) -> Any:
    response = client.get(url)
    assert response.status_code == 200
    return response.context["adminform"].form


def filled(form: Any) -> dict[str, Any]:
    """What a browser would send of ``form`` as it stands."""
    data = {}
    for field in form:
        value = field.value()
        if value is None:
            continue
        text = isinstance(value, (list, tuple)) and field.name not in ("overrides", "groups")
        data[field.name] = "\n".join(value) if text else value
    return data


BAR = {"kind": "bar", "source": "", "plot_x": "a,b", "plot_y": "1,2\n3,4", "plot_mode": "stacked"}


def ask(client: Client, name: str, data: dict[str, Any], place: object = "add") -> Any:
    return client.post(f"{LIST}{place}/{name}/", data)
