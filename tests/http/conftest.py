"""Fixtures for tests of requests and responses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client


@pytest.fixture
def still_served(client: Client) -> Iterator[None]:
    """The next plain request is answered, whatever the test sent."""
    yield
    assert client.get("/plot/line.png?y=1,2,3").status_code == 200
