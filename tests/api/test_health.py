"""``/healthz``: failed checks, timeouts and rate limits."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from django.db import connection, connections
from django.test import Client, override_settings
from django.urls import reverse

from plots.api import health
from plots.api.health import Check
from plots.delivery import fair_share, renderers
from plots.delivery.process_pool import Pool
from plots.errors import PlotError
from plots.spec.plot_spec import PlotSpec
from tests.processes import FAR

WELL = {"database": "ok", "cache": "ok", "renderer": "ok"}


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Replace the checks by new ones, with a long time limit for busy machines."""
    monkeypatch.setattr(health, "LIMIT", 30)
    for name, check in health.CHECKS.items():
        replaced(monkeypatch, name, check.attempt)
    yield
    for check in health.CHECKS.values():
        assert check.done.wait(FAR)


def replaced(monkeypatch: pytest.MonkeyPatch, name: str, attempt) -> None:
    old = health.CHECKS[name]
    new = Check(attempt, old.every, is_needed=old.is_needed, patience=old.patience)
    monkeypatch.setitem(health.CHECKS, name, new)


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
    assert (response["Cache-Control"], response["Retry-After"]) == ("no-store", "30")
    checks = WELL | {"database": "OperationalError"}
    assert response.json() == {"status": "failing", "checks": checks}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("change", "back"),
    [
        ("plots_storedplot RENAME TO plots_away", "plots_away RENAME TO plots_storedplot"),
        ("plots_dataset RENAME revision TO nr", "plots_dataset RENAME nr TO revision"),
    ],
)
def test_tables_are_not_migrated(client: Client, change: str, back: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {change}")
        response = client.get("/healthz")
        cursor.execute(f"ALTER TABLE {back}")
    assert response.status_code == 503
    assert response.json() == {"status": "failing", "checks": WELL | {"database": "NotMigrated"}}


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
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response.json() == {"status": "degraded", "checks": WELL | {"cache": reason}}
    assert "hunter2" not in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_renderer_is_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(spec: object) -> None:
        raise PlotError("The render processes of 10.0.0.7 are gone.", "failed")

    monkeypatch.setattr("plots.delivery.deliver.render", refuse)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["checks"] == WELL | {"renderer": "failed"}
    assert "10.0.0.7" not in response.content.decode()


@pytest.mark.django_db(transaction=True)
def test_full_queue_is_not_a_failure(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless no render process has become free for as long as requests wait."""
    pool = Pool(1)
    monkeypatch.setattr(pool, "warm_up", lambda: None)  # no worker ever starts
    monkeypatch.setattr(renderers, "_pool", lambda: pool)
    with override_settings(PLOTS={"PROCESSES": 1, "QUEUE": 0}):
        response = client.get("/healthz")
        assert response.status_code == 200
        assert response.json() == {"status": "degraded", "checks": WELL | {"renderer": "busy"}}
        replaced(monkeypatch, "renderer", health.CHECKS["renderer"].attempt)
        pool.moved -= 31
        response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json()["checks"] == WELL | {"renderer": "TimeoutError"}


@pytest.mark.django_db(transaction=True)
def test_slow_checks_are_no_failure_at_first(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, end, failing = [1000.0], Event(), [True]
    monkeypatch.setattr(health, "monotonic", lambda: now[0])
    monkeypatch.setattr(health, "LIMIT", 0.1)

    def attempt() -> None:
        end.wait(30)
        if failing[0]:
            raise OSError("no")

    replaced(monkeypatch, "database", attempt)
    for passed, status, result in ((0, 200, "slow"), (9, 200, "slow"), (10, 503, "TimeoutError")):
        now[0] = 1000.0 + passed
        response = client.get("/healthz")
        assert (response.status_code, response.json()["checks"]["database"]) == (status, result)
    end.set()
    assert health.CHECKS["database"].done.wait(30)
    end.clear()
    # The next attempt is slow again, and the last result was a failure.
    now[0] += 1
    assert client.get("/healthz").json()["checks"]["database"] == "OSError"
    failing[0] = False
    end.set()


@pytest.mark.django_db(transaction=True)
def test_hanging_checks_time_out_and_run_once(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "LIMIT", 0.1)
    monkeypatch.setattr(health, "PATIENCE", 0)
    monkeypatch.setattr(fair_share, "longest_render", lambda: -5)
    end, tries = Event(), []

    def hang() -> None:
        tries.append(1)
        end.wait(FAR)

    for name in WELL:
        replaced(monkeypatch, name, hang)
    for _ in range(3):
        response = client.get("/healthz")
        assert response.status_code == 503
        assert response.json()["checks"] == dict.fromkeys(WELL, "TimeoutError")
    assert len(tries) == 3  # one for each check, not for each request
    end.set()
    for check in health.CHECKS.values():
        assert check.done.wait(FAR)
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

    replaced(monkeypatch, "database", attempt)
    assert client.get("/healthz").json()["checks"]["database"] == "OSError"
    broken[0] = False
    assert client.get("/healthz").status_code == 503  # not checked again within a second
    now[0] += 1
    assert client.get("/healthz").json() == {"status": "ok", "checks": WELL}
