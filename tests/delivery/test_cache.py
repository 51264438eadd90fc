"""One drawing for all who ask: the cache, those who ask at once, and caches that fail."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.core.cache import cache as django_cache
from django.core.cache import caches
from django.test import Client, override_settings

import plots
from plots import PlotError
from plots.delivery import cache
from plots.forms.parameters_to_spec import plot_spec
from plots.spec.registry import kinds, sources
from tests.helpers import problems

ROOT = Path(__file__).parents[2]
PLOT = "/plot/counted.png?y=1,2,3"


class Drawings(list[str]):
    """The plots of the kind ``counted`` that were drawn; each waits until ``gate`` is open."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Event()
        self.begun = Event()
        self.gate.set()


@pytest.fixture
def drawings() -> Iterator[Drawings]:
    drawn = Drawings()

    @plots.kind("counted", channels=plots.XY)
    def counted(ax: Any, data: Any) -> None:
        drawn.append(data.series[0].label)
        drawn.begun.set()
        assert drawn.gate.wait(20)
        ax.plot(data.series[0].y)

    yield drawn
    kinds.unregister("counted")


@pytest.fixture
def changing() -> Iterator[list[float]]:
    """The column ``n`` of a source that tells no version."""
    values = [1.0, 2.0, 4.0]
    plots.source("changing")(lambda: {"n": values})
    yield values
    sources.unregister("changing")


def test_all_spellings_of_an_address_share_a_picture(client: Client, drawings: Drawings) -> None:
    first = client.get("/plot/counted.png?y=1,2,3&title=A%20b&width=300")
    for query in ("width=300&title=A+b&y=1,2,3", "y=1%2C2%2C3&w=300&title=A b", "y=1.0,2,3e0&"
                  "title=A b&width=300&v=0123456789ab"):  # fmt: skip
        again = client.get(f"/plot/counted.png?{query}")
        assert again.content == first.content
        assert again["Server-Timing"] == "cache;desc=hit"
    assert client.head("/plot/counted.png?title=A+b&y=1,2,3&width=300").status_code == 200
    assert len(drawings) == 1


def test_each_format_and_each_option_has_a_picture_of_its_own(
    client: Client, drawings: Drawings
) -> None:
    addresses = [PLOT, PLOT.replace("png", "svg"), f"{PLOT}&theme=dark", f"{PLOT}&scale=2"]
    contents = {client.get(address).content for address in addresses}
    assert len(contents) == len(drawings) == 4


def test_a_crowd_gets_one_drawing(drawings: Drawings) -> None:
    drawings.gate.clear()
    with ThreadPoolExecutor(24) as crowd:
        asked = [crowd.submit(Client().get, PLOT) for _ in range(24)]
        assert drawings.begun.wait(20)
        drawings.gate.set()
        answers = [each.result() for each in asked]
    assert len(drawings) == 1
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


def test_all_who_waited_are_told_of_a_failure_and_the_next_draws_again() -> None:
    spec = plot_spec("line", y=[1, 2])
    gate, begun = Event(), Event()

    def fail(_: object) -> Any:
        begun.set()
        assert gate.wait(20)
        raise PlotError("No.", "failed")

    with ThreadPoolExecutor(4) as crowd:
        asked = [crowd.submit(cache.fetch, spec, fail) for _ in range(4)]
        assert begun.wait(20)
        gate.set()
        assert {str(each.exception()) for each in asked} == {"No."}
    assert cache.fetch(spec, draw_as(b"drawn")).content == b"drawn"


def test_what_cost_a_process_is_not_tried_again_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    spec, tried = plot_spec("line", y=[1, 2]), []

    def fail(spec: Any) -> Any:
        tried.append(spec)
        raise PlotError("Too slow.", code)

    for code, tries in (("timed-out", 1), ("crashed", 1), ("failed", 3), ("busy", 3)):
        django_cache.clear()
        tried.clear()
        for _ in range(3):
            with pytest.raises(PlotError, match="Too slow"):
                cache.fetch(spec, fail)
        assert len(tried) == tries, code
    monkeypatch.setattr(cache, "FAILURE_TTL", 0.2)
    code = "crashed"
    with pytest.raises(PlotError):
        cache.fetch(spec, fail)
    Event().wait(0.3)
    assert cache.fetch(spec, draw_as(b"drawn")).content == b"drawn"


def draw_as(content: bytes) -> Callable[[Any], Any]:
    return lambda spec: cache.Picture(content, spec.format)


def test_a_source_without_a_version_is_read_again_after_its_age(
    client: Client, changing: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "/plot/line.png?source=changing&y=n"
    first = client.get(url)
    changing.append(5.0)
    assert client.get(url).content == first.content
    now = cache.time()
    monkeypatch.setattr(cache, "time", lambda: now + 61)
    second = client.get(url, headers={"if-none-match": first["ETag"]})
    assert second.status_code == 200
    assert second.content != first.content
    assert client.get(url, headers={"if-none-match": second["ETag"]}).status_code == 304


def test_past_its_age_a_picture_is_shown_while_one_draws_it_anew(
    monkeypatch: pytest.MonkeyPatch, changing: list[float]
) -> None:
    spec = plot_spec("line", source="changing", y="n")
    assert not spec.is_pinned
    cache.fetch(spec, draw_as(b"old"))
    now = cache.time()
    monkeypatch.setattr(cache, "time", lambda: now + 61)
    gate, begun = Event(), Event()

    def draw(spec: Any) -> Any:
        begun.set()
        assert gate.wait(20)
        return cache.Picture(b"new", spec.format)

    with ThreadPoolExecutor(1) as other:
        redrawn = other.submit(cache.fetch, spec, draw)
        assert begun.wait(20)
        shown = cache.fetch(spec, draw)
        assert (shown.content, shown.cache) == (b"old", "stale")
        gate.set()
        assert redrawn.result().content == b"new"
    assert cache.fetch(spec, draw).cache == "hit"


def test_another_process_that_draws_is_waited_for() -> None:
    spec = plot_spec("line", y=[1, 2])
    key = f"plots:{spec.digest}"
    django_cache.add(f"{key}:lock", "somebody else", 30)
    other = Thread(target=lambda: django_cache.set(key, (cache.time(), b"theirs"), 30))
    asked = ThreadPoolExecutor(1).submit(cache.fetch, spec, draw_as(b"ours"))
    other.start()
    assert asked.result(20).content == b"theirs"
    assert django_cache.get(f"{key}:lock") == "somebody else"


def test_a_lock_whose_holder_died_expires() -> None:
    spec = plot_spec("line", y=[1, 2])
    django_cache.add(f"plots:{spec.digest}:lock", "the dead", 0.3)
    assert cache.fetch(spec, draw_as(b"ours")).content == b"ours"
    assert django_cache.get(f"plots:{spec.digest}:lock") is None


DOWN = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache",
                    "LOCATION": "redis://127.0.0.1:9/0"}}  # fmt: skip


@pytest.fixture
def failing_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(cache, "_cache", cache.FaultTolerantCache())
    with override_settings(CACHES=DOWN):
        yield


def test_without_a_cache_pictures_are_drawn_and_one_warning_is_given(
    client: Client, failing_cache: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "plots"):
        for n in range(5):
            assert client.get(f"/plot/line.png?y=1,2,{n}").status_code == 200
    assert [record.getMessage()[:15] for record in caplog.records] == ["The cache faile"]


def test_a_warning_a_minute(
    client: Client,
    failing_cache: None,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = cache.monotonic()
    for minutes in (0, 0.5, 1.5):
        monkeypatch.setattr(cache, "monotonic", lambda m=minutes: start + 60 * m)
        client.get(f"/plot/line.png?y=1,2,{minutes}")
    assert len(caplog.records) == 2


def test_a_bad_request_is_not_kept(client: Client) -> None:
    for _ in range(2):
        assert problems(client, "/plot/line.png?y=a") == [("y", "not-a-number")]
    assert not caches["default"]._cache  # type: ignore[attr-defined]  # local memory's


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

spec = plot_spec("counted", y=[1, 2, 3])
print("ready", flush=True)
sys.stdin.readline()
print(len(deliver(spec).content))
"""


def test_processes_that_share_a_cache_draw_once(tmp_path: Path) -> None:
    url = "redis://127.0.0.1:6379/13"
    try:
        with override_settings(CACHES={"default": DOWN["default"] | {"LOCATION": url}}):
            caches["default"].clear()
    except Exception as missing:  # a driver's own
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no Redis answers: {missing}")
    log = tmp_path / "log"
    environment = os.environ | {
        "CACHE_URL": url,
        "DJANGO_SETTINGS_MODULE": "plotsite.settings",
        "RENDER_PROCESSES": "0",  # which would not know a kind that is registered here
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
    sizes = {process.communicate(timeout=60)[0] for process in processes}
    assert len(sizes) == 1
    assert int(sizes.pop()) > 1000
    assert log.read_text() == "drawn\n"


def test_a_cache_that_failed_is_left_alone_for_a_while(
    client: Client, failing_cache: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    class Slow:
        def get(self, key: str) -> None:
            asked.append(key)
            raise TimeoutError

    monkeypatch.setattr(cache, "django_cache", Slow())
    start = cache.monotonic()
    for seconds in (0, 1, 4, 6):
        monkeypatch.setattr(cache, "monotonic", lambda s=seconds: start + s)
        assert client.get(f"/plot/line.png?y=1,2,{seconds}").status_code == 200
    assert len(asked) == 2
