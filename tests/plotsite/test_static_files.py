"""Compression and versioned static files."""

import json
import re
from gzip import decompress as gunzip
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command

from plotsite import static_files


@pytest.mark.django_db
def test_text_is_compressed_and_images_are_not(client):
    packed = {"headers": {"accept-encoding": "gzip"}}
    for path in ("/", "/static/plots/plots.css", "/plot/line.svg?y=1,2", "/plot/openapi.json"):
        response = client.get(path, **packed)
        assert response["Content-Encoding"] == "gzip" and "Accept-Encoding" in response["Vary"]
        plain = client.get(path)
        assert not plain.has_header("Content-Encoding")
        assert gunzip(response.getvalue())[:50] == plain.getvalue()[:50]
    svg = client.get("/plot/line.svg?y=1,2", **packed)["ETag"]
    again = client.get("/plot/line.svg?y=1,2", headers={"if-none-match": svg})
    assert svg.startswith("W/") and again.status_code == 304
    png = client.get("/plot/line.png?y=1,2", **packed)
    assert not png.has_header("Content-Encoding") and png["ETag"].startswith('"')
    assert "Accept-Encoding" not in png.get("Vary", "")


@pytest.mark.django_db
def test_static_files_have_versioned_urls(client, monkeypatch):
    sheet = re.search(r'"(/static/plots/plots.css\?v=\w{12})"', client.get("/").content.decode())
    assert sheet
    response = client.get(sheet[1])
    assert response["Cache-Control"] == "max-age=86400, public"
    assert response.getvalue()
    static_files.version.cache_clear()
    monkeypatch.setattr(Path, "read_bytes", lambda path: b"other contents")
    assert sheet[1] not in client.get("/").content.decode()
    static_files.version.cache_clear()


def test_browsers_check_the_imported_module_for_changes(client):
    """Scripts import it by its plain name, which has no version."""
    for name, policy in (("page_parts", "no-cache"), ("gallery", "max-age=86400, public")):
        response = client.get(f"/static/plots/{name}.js")
        assert response["Cache-Control"] == policy
        assert response.getvalue()


@pytest.mark.parametrize("is_aggregated", [False, True])
def test_scripts_work_with_hashed_names(is_aggregated, tmp_path, settings, monkeypatch):
    monkeypatch.setattr(
        ManifestStaticFilesStorage, "support_js_module_import_aggregation", is_aggregated
    )
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    names = json.loads((tmp_path / "staticfiles.json").read_text(encoding="utf-8"))["paths"]
    for name in ("gallery.js", "board.js", "plot_form.js", "preset_editor.js"):
        script = (tmp_path / names[f"plots/{name}"]).read_text(encoding="utf-8")
        (imported,) = re.findall(r'from ["\']\./(page_parts[\w.]*\.js)["\']', script)
        assert (tmp_path / "plots" / imported).exists()
        assert (imported != "page_parts.js") is is_aggregated
