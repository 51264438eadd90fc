"""A live site with the starter presets."""

import json

import pytest

from plots.presets.models import Preset
from plotsite.management.commands.prepare import STARTERS


@pytest.fixture
def site(live_server) -> str:
    for order, entry in enumerate(json.loads(STARTERS.read_text(encoding="utf-8"))):
        Preset.objects.create(order=order, **entry)
    return live_server.url
