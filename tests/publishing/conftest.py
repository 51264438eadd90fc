"""Fixtures of the tests of publishing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.publishing.site import furnish


@pytest.fixture(autouse=True)
def furnished(db: None, settings: Any, tmp_path: Path) -> None:
    """The objects of ``furnish``, with files in an empty storage."""
    settings.MEDIA_ROOT = tmp_path / "files"
    furnish()
