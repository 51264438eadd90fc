"""Presets that several test modules use."""

import pytest

from plots.presets.models import Preset
from tests.presets.sharing import NASTY


@pytest.fixture
def preset(db: None) -> Preset:
    return Preset.objects.create(
        visibility="public",
        title="Two points",
        slug="two",
        kind="line",
        description="Up,\nand on.",
        tags="one, two",
        parameters={"y": "1,2"},
        overrides=["linewidth", "title"],
    )


@pytest.fixture
def nasty(db: None) -> Preset:
    return Preset.objects.create(
        visibility="public",
        title=NASTY,
        slug="nasty",
        description=NASTY,
        tags=NASTY,
        kind="line",
        parameters={"y": "1,2", "alt": NASTY},
        overrides=["title"],
    )
