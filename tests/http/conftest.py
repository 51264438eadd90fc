"""Fixtures for tests of requests and responses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client


@pytest.fixture
def still_served(client: Client) -> Iterator[None]:
    """Check that the server still responds after the test."""
    yield
    assert client.get("/plot/line.png?y=1,2,3").status_code == 200
