"""Fixtures of the tests of datasets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def empty_storage(settings: Any, tmp_path: Path) -> None:
    """A storage without files for each test."""
    settings.MEDIA_ROOT = tmp_path / "files"
