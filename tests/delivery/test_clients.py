"""The address of a client, behind proxies and without them."""

from __future__ import annotations

import logging

import pytest
from django.test import Client, override_settings

from plots.delivery import clients
from plots.delivery.clients import client_address


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "1.1.1.1", "9.9.9.9"),  # not trusted
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 5.5.5.5", "1.1.1.1"),
        (2, "1.1.1.1", "9.9.9.9"),  # too short
        (1, "", "9.9.9.9"),
        (1, "unknown", "9.9.9.9"),
        (1, "1.1.1.1:4711", "1.1.1.1"),
        (1, "[2001:db8:1:2:3::4]:4711", "2001:db8:1:2::"),
        (1, "2001:db8:1:2:3::4", "2001:db8:1:2::"),
        (1, "::ffff:1.1.1.1", "1.1.1.1"),
        (1, "fe80::1%eth0", "fe80::"),
        (1, "1.1.1.1\x00", "9.9.9.9"),
    ],
)
def test_client_address(proxies: int, forwarded: str, address: str) -> None:
    settings = {"CLIENT_IP_HEADER": "X-Forwarded-For", "TRUSTED_PROXIES": proxies}
    with override_settings(PLOTS=settings if proxies else {}):
        meta = {"REMOTE_ADDR": "9.9.9.9", "HTTP_X_FORWARDED_FOR": forwarded}
        assert client_address(meta) == address
        assert client_address({"REMOTE_ADDR": ""}) == ""


@pytest.mark.django_db(transaction=True)
def test_untrusted_header_is_noted_once(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(clients, "untrusted_headers", set())
    monkeypatch.setattr("plots.api.health.untrusted_headers", clients.untrusted_headers)
    assert "notes" not in client.get("/healthz").json()
    with caplog.at_level(logging.WARNING, "plots"):
        for number in range(3):
            url = f"/plot/line.png?y=1,{number}"
            assert client.get(url, headers={"x-forwarded-for": "1.1.1.1"}).status_code == 200
    assert ["X-Forwarded-For" in record.getMessage() for record in caplog.records] == [True]
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["notes"]) == (200, ["untrusted-proxy-header"])
