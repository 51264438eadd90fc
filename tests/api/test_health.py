"""``/healthz``: failed checks, timeouts and rate limits."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from django.db import connections
from django.test import Client, override_settings
from django.urls import reverse

from plots.api import health
from plots.api.health import Check
from plots.errors import PlotError
from plots.spec.plot_spec import PlotSpec

WELL = {"database": "ok", "cache": "ok", "renderer": "ok"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Replace the checks by new ones, with a long time limit for busy machines."""
    monkeypatch.setattr(health, "LIMIT", 30)
    for name, check in health.CHECKS.items():
        monkeypatch.setitem(health.CHECKS, name, Check(check.attempt, check.every))
    yield
    for check in health.CHECKS.values():
        assert check.done.wait(30)


def replaced(monkeypatch: pytest.MonkeyPatch, name: str, attempt) -> None:
    monkeypatch.setitem(health.CHECKS, name, Check(attempt, health.CHECKS[name].every))


@pytest.mark.django_db(transaction=True)
def test_healthy(client: Client) -> None:
    assert reverse("plots:health") == "/healthz"
    response = client.get("/healthz")
    assert response.json() == {"status": "ok", "checks": WELL}
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    head = client.head("/healthz")
    assert (head.status_code, head.content) == (200, b"")
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_database_is_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # The check's thread opens its own connection with these settings.
    monkeypatch.setitem(connections["default"].settings_dict, "NAME", "/nowhere/hunter2.sqlite3")
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response["Cache-Control"] == "no-store"
    checks = WELL | {"database": "OperationalError"}
    assert response.json() == {"status": "failing", "checks": checks}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("backend", "reason"),
    [
        ("django.core.cache.backends.dummy.DummyCache", "LookupError"),
        ("django.core.cache.backends.redis.RedisCache", "ConnectionError"),
    ],
)
def test_cache_is_down(client: Client, backend: str, reason: str) -> None:
    nobody = {"BACKEND": backend, "LOCATION": "redis://:hunter2@127.0.0.1:1/0"}
    with override_settings(CACHES={"default": nobody}):
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["checks"] == WELL | {"cache": reason}
    assert "hunter2" not in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_renderer_is_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(spec: object) -> None:
        raise PlotError("The render processes of 10.0.0.7 are gone.", "failed")

    monkeypatch.setattr("plots.delivery.deliver.render", refuse)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["checks"] == WELL | {"renderer": "PlotError"}
    assert "10.0.0.7" not in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_hanging_checks_time_out_and_run_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "LIMIT", 0.1)
    end, tries = Event(), []

    def hang() -> None:
        tries.append(1)
        end.wait(30)

    for name in WELL:
        replaced(monkeypatch, name, hang)
    for _ in range(3):
        response = client.get("/healthz")
        assert response.status_code == 503
        assert response.json()["checks"] == dict.fromkeys(WELL, "TimeoutError")
    assert len(tries) == 3  # one for each check, not for each request
    end.set()
    for check in health.CHECKS.values():
        assert check.done.wait(30)
    assert client.get("/healthz").json()["checks"] == WELL


@pytest.mark.django_db(transaction=True)
def test_frequent_requests_render_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    drawn: list[PlotSpec] = []
    monkeypatch.setattr(health, "monotonic", lambda: now[0])
    monkeypatch.setattr("plots.delivery.deliver.render", drawn.append)
    for _ in range(20):
        assert client.get("/healthz").status_code == 200
    assert len(drawn) == 1
    assert (drawn[0].frame.width, drawn[0].frame.height) == (16, 16)
    now[0] += 10
    assert client.get("/healthz").status_code == 200
    assert len(drawn) == 2


@pytest.mark.django_db(transaction=True)
def test_recovery(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    now, broken = [1000.0], [True]
    monkeypatch.setattr(health, "monotonic", lambda: now[0])

    def attempt() -> None:
        if broken[0]:
            raise OSError("no")

    replaced(monkeypatch, "cache", attempt)
    assert client.get("/healthz").json()["checks"]["cache"] == "OSError"
    broken[0] = False
    assert client.get("/healthz").status_code == 503  # not checked again within a second
    now[0] += 1
    assert client.get("/healthz").json() == {"status": "ok", "checks": WELL}
