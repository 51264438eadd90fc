"""Several processes with one cache, and caches that fail."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest
from django.core.cache import cache as django_cache
from django.core.cache import caches
from django.test import Client, override_settings

from plots.delivery import cache, shared_cache
from plots.forms.parameters_to_spec import plot_spec
from plots.spec.plot_spec import PlotSpec
from tests.delivery.drawings import draw_as
from tests.processes import FAR, ROOT


def test_waits_for_the_lock_of_another_process() -> None:
    spec = plot_spec("line", y=[1, 2])
    key = f"plots:{spec.digest}"
    django_cache.add(f"{key}:lock", "somebody else", 30)
    other = Thread(target=lambda: django_cache.set(key, (cache.time(), b"theirs"), 30))
    asked = ThreadPoolExecutor(1).submit(cache.fetch, spec, draw_as(b"ours"))
    other.start()
    assert asked.result(FAR).content == b"theirs"
    assert django_cache.get(f"{key}:lock") == "somebody else"


def test_lock_of_a_dead_process_expires() -> None:
    spec = plot_spec("line", y=[1, 2])
    django_cache.add(f"plots:{spec.digest}:lock", "the dead", 0.3)
    assert cache.fetch(spec, draw_as(b"ours")).content == b"ours"
    assert django_cache.get(f"plots:{spec.digest}:lock") is None


def test_the_lock_of_another_process_is_not_deleted() -> None:
    spec = plot_spec("line", y=[1, 2])
    lock = f"plots:{spec.digest}:lock"

    def outlive_the_lock(spec: PlotSpec) -> cache.Picture:
        django_cache.set(lock, "somebody else", 30)
        return cache.Picture(b"ours", spec.format)

    assert cache.fetch(spec, outlive_the_lock).content == b"ours"
    assert django_cache.get(lock) == "somebody else"


DOWN = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache",
                    "LOCATION": "redis://127.0.0.1:9/0"}}  # fmt: skip


@pytest.fixture
def failing_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(shared_cache, "store", shared_cache.FaultTolerantCache())
    with override_settings(CACHES=DOWN):
        yield


def test_failing_cache_is_logged_once(
    client: Client, failing_cache: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "plots"):
        for n in range(5):
            assert client.get(f"/plot/line.png?y=1,2,{n}").status_code == 200
    assert [record.getMessage()[:15] for record in caplog.records] == ["The cache faile"]


def test_failing_cache_is_logged_once_a_minute(
    client: Client,
    failing_cache: None,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = shared_cache.monotonic()
    for minutes in (0, 0.5, 1.5):
        monkeypatch.setattr(shared_cache, "monotonic", lambda m=minutes: start + 60 * m)
        client.get(f"/plot/line.png?y=1,2,{minutes}")
    assert len(caplog.records) == 2


PROCESS = """
import sys, time, pathlib, django
django.setup()
import plots
from plots.delivery.deliver import deliver
from plots.forms.parameters_to_spec import plot_spec
log = pathlib.Path(sys.argv[1])

@plots.kind("counted", channels=plots.XY)
def counted(ax, data):
    with log.open("a") as file:
        file.write("drawn\\n")
    time.sleep(0.5)
    ax.plot(data.series[0].y)

spec = plot_spec("counted", y=[1, 2, 3])
print("ready", flush=True)
sys.stdin.readline()
print(len(deliver(spec).content))
"""


def test_processes_with_a_shared_cache_render_once(tmp_path: Path) -> None:
    url = "redis://127.0.0.1:6379/13"
    try:
        with override_settings(CACHES={"default": DOWN["default"] | {"LOCATION": url}}):
            caches["default"].clear()
    except Exception as missing:  # each driver raises its own
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no Redis answers: {missing}")
    log = tmp_path / "log"
    environment = os.environ | {
        "CACHE_URL": url,
        "DJANGO_SETTINGS_MODULE": "plotsite.settings",
        "RENDER_PROCESSES": "0",  # workers would not know the kind registered here
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, log],
            cwd=ROOT,
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    sizes = {process.communicate(timeout=FAR)[0] for process in processes}
    assert len(sizes) == 1
    assert int(sizes.pop()) > 1000
    assert log.read_text() == "drawn\n"


def test_failed_cache_is_not_used_during_backoff(
    client: Client, failing_cache: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    class Slow:
        def get(self, key: str) -> None:
            asked.append(key)
            raise TimeoutError

    monkeypatch.setattr(shared_cache, "django_cache", Slow())
    start = shared_cache.monotonic()
    for seconds in (0, 1, 4, 6):
        monkeypatch.setattr(shared_cache, "monotonic", lambda s=seconds: start + s)
        assert client.get(f"/plot/line.png?y=1,2,{seconds}").status_code == 200
    assert len(asked) == 2
