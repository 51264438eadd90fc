"""No way to change what strangers see without the right to publish."""

from __future__ import annotations

import pytest

from tests.publishing.site import WAYS, editor, seen_by_strangers


@pytest.mark.parametrize("name", WAYS)
def test_only_publishers_change_what_strangers_see(name: str) -> None:
    url, way = WAYS[name]
    before = seen_by_strangers(url)
    refused = way(editor(publishes=False))
    assert refused.status_code in (200, 302, 403)
    assert seen_by_strangers(url) == before
    way(editor(publishes=True))
    assert seen_by_strangers(url) != before, "this way changes nothing, so it tests nothing"
