"""Import of presets while the site fails."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from plots.presets.models import Preset
from tests.presets.test_import_export import NEW, send

pytestmark = pytest.mark.django_db


def test_server_errors_are_logged_and_not_shown(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OSError(28, "No space left on device", "/srv/site/db.sqlite3")

    monkeypatch.setattr(Preset, "full_clean", fail)
    html = send(admin_client, [NEW]).content.decode()
    assert "could not be imported because of a server error" in html and "/srv" not in html
    assert "/srv/site/db.sqlite3" in caplog.text
