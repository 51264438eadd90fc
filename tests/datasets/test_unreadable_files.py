"""Datasets whose file is missing or damaged: every view says so without the path."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from plots.datasets import storage
from plots.presets.models import Preset
from tests.datasets.uploads import LIST, create_dataset

pytestmark = pytest.mark.django_db
PICTURE = "/plot/bar.{}?source=towns&x=town&y=people"


def remove(path: Path) -> None:
    path.unlink()


def damage(path: Path) -> None:
    path.write_bytes(b"PAR1" + path.read_bytes()[:99])


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("break_file", "status"), [(remove, 503), (damage, 500), (replace_by_folder, 503)]
)
def test_dataset_whose_file_cannot_be_read(
    break_file: Any,
    status: int,
    client: Client,
    admin_client: Client,
    settings: Any,
    caplog: pytest.LogCaptureFixture,
) -> None:
    dataset = create_dataset(visibility="public")
    preset = Preset.objects.create(
        slug="t", title="Tea", visibility="public", kind="bar", source="towns",
        parameters={"x": "town", "y": "people"},
    )  # fmt: skip
    break_file(storage.local_path(str(dataset.file.name)))
    for url in (*map(PICTURE.format, ("png", "svg", "csv", "json", "txt")), "/presets/t.png"):
        answer = client.get(url)
        assert answer.status_code == status, url
        assert answer.has_header("Retry-After") == (status == 503)
        for text in (answer.content.decode(errors="replace"), *answer.headers.values()):
            assert str(settings.MEDIA_ROOT) not in text and ".parquet" not in text, url
    assert client.get("/presets/t/").status_code == 200
    change = f"/admin/plots_presets/preset/{preset.pk}/change/"
    data = {"title": "Tea", "slug": "t", "kind": "bar", "source": "towns"}
    data |= {"plot_x": "town", "plot_y": "people", "visibility": "public", "cache": "default"}
    saved = admin_client.post(change, {**data, "order": "0"})
    action = {"action": "render_now", "_selected_action": [preset.pk]}
    rendered = admin_client.post("/admin/plots_presets/preset/", action, follow=True)
    shown = admin_client.get(f"{LIST}{dataset.pk}/change/")
    for page in (saved, rendered, shown):
        html = page.content.decode()
        assert page.status_code == 200 and str(settings.MEDIA_ROOT) not in html
    assert "The data " in saved.content.decode() and "The data " in rendered.content.decode()
    assert ".parquet" in caplog.text
    assert caplog.records[-1].levelno >= logging.WARNING
