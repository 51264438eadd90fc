"""The pool of render processes, asked through the site's addresses as strangers do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client, override_settings

from plots.delivery import renderers
from plots.presets.models import Preset
from plots.spec.formats import FORMATS
from plots.spec.registry import Registry, kinds, sources
from tests.helpers import ask, pixels
from tests.plotsite.test_site import wait_until

ROOT = Path(__file__).parents[2]
GOOD = {"x": "1,2,3", "y": "2,4,8"}


@contextmanager
def pool(processes: int = 1, **changed: Any) -> Iterator[None]:
    """Draw in the pool, with these settings from when it has started; nothing is kept."""
    settings = {**site.PLOTS, "PROCESSES": processes}
    with override_settings(PLOTS=settings):
        assert Client().get("/plot/line.png", GOOD).status_code == 200
    with override_settings(PLOTS=settings | changed):
        yield


@pytest.fixture(scope="module")
def hostile(django_db_setup: None) -> Iterator[None]:
    """The hostile kinds and sources, here and in the render processes, on the tests' database."""
    registries: list[Registry[Any]] = [kinds, sources]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_SETTINGS_MODULE", "tests.hostile.settings")
        name = quote(str(connection.settings_dict["NAME"]))
        environment.setenv("DATABASE_URL", f"sqlite:///{name}")
        module = import_module("tests.hostile.plots")
        hostile = [
            (registry, entry)
            for registry in registries
            for entry in registry
            if entry.function.__module__ == module.__name__
        ]
        yield
        renderers.close()
    for registry, entry in hostile:
        registry.unregister(entry.name)
    del sys.modules[module.__name__]  # for the next to register them again


pytestmark = [pytest.mark.usefixtures("hostile"), pytest.mark.xdist_group("pool")]
DUMMY = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}


@pytest.fixture(autouse=True)
def everything_is_drawn(settings: Any) -> None:
    """Nothing comes from memory or a cache."""
    settings.CACHES = DUMMY
    settings.PLOTS = {**site.PLOTS, "RECALL": 0}


def do(client: Client, deed: str, **parameters: Any) -> Any:
    return ask(client, "/plot/hostile.png", {"deed": deed, **parameters})


def code(answer: Any) -> str:
    return answer.json()["errors"][0]["code"]


def columns(client: Client, kind: str, **query: Any) -> dict[str, list[Any]]:
    """The values that the plot draws, by their headings."""
    answer = client.get(f"/plot/{kind}.json", query)
    assert answer.status_code == 200, answer.content
    return {column["name"]: column["values"] for column in answer.json()["columns"]}


def process(client: Client) -> list[int]:
    """The ids of the process that draws and of its parent."""
    return columns(client, "line", source="process", y="id")["id"]


def is_running(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.fixture
def good(client: Client) -> Callable[[], bool]:
    """Whether a good plot is drawn as it should be."""
    with override_settings(PLOTS={**site.PLOTS, "PROCESSES": 0}):
        wanted = client.get("/plot/line.png", GOOD).content
    return lambda: Client().get("/plot/line.png", GOOD).content == wanted


@dataclass
class Slow:
    """A plot that is being drawn until ``finish`` is called."""

    answer: Future[Any]
    fifo: int

    def finish(self) -> int:
        """The status that it then answers with."""
        os.close(self.fifo)
        return int(self.answer.result(60).status_code)


@pytest.fixture
def start_slow(tmp_path: Path) -> Iterator[Callable[[], Slow]]:
    """Has a plot drawn that is slow; returns when it has begun."""

    def start() -> Slow:
        path = tmp_path / str(next(names))
        os.mkfifo(path)
        answer = threads.submit(Client().get, "/plot/waits.png", {"path": str(path)})
        found: list[int] = []

        def has_reader() -> bool:
            with suppress(OSError):
                found.append(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
            return bool(found)

        wait_until(has_reader, seconds=30)
        return Slow(answer, found[0])

    names = count()
    with ThreadPoolExecutor() as threads:
        yield start


def test_the_pool_draws_the_same_bytes(client):
    addresses = [
        (f"/plot/{kind.name}.{format}", {**kind.example, "seed": "1"} if name == "normal" else {})
        for kind in kinds
        if (name := kind.name) not in ("hostile", "waits")
        for format in FORMATS
    ]
    with pool():
        drawn = [client.get(*address).content for address in addresses]
    assert drawn == [client.get(*address).content for address in addresses]


@pytest.mark.parametrize("deed", ["hang", "spin", "hold"])
def test_what_hangs_is_ended(client, good, deed, caplog):
    with pool(TIMEOUT=0.5):
        answer = do(client, deed)
        assert (answer.status_code, code(answer)) == (504, "timed-out")
        assert "0.5 seconds" in answer["X-Plot-Error"]
        assert answer["Cache-Control"] == "no-store"
        assert "0.5 s" in caplog.text
        assert good()


@pytest.mark.parametrize(
    ("deed", "end"), [("abort", "-6"), ("segfault", "-11"), ("leave", "3"), ("give_up", "0")]
)
def test_what_dies_hurts_itself_alone(client, good, deed, end, caplog):
    with pool():
        answer = do(client, deed)
        assert (answer.status_code, code(answer)) == (500, "crashed")
        assert f"({end})" in caplog.text
        assert good()


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/plot/hostile.png", {"deed": "eat"}),
        ("/plot/line.png", {"source": "glutton", "y": "id"}),
    ],
    ids=["kind", "source"],
)
def test_memory_has_an_end(client, good, path, query):
    with pool(MEMORY=512):
        answer = ask(client, path, query)
        assert (answer.status_code, code(answer)) == (500, "too-much-memory")
        assert "512 MB" in answer["X-Plot-Error"]
        assert good()


def test_one_that_leaks_is_replaced_before_it_fails(client):
    with pool(MEMORY=512):
        assert [do(client, "leak").status_code for _ in range(12)] == [200] * 12


def test_what_raises_says_nothing_to_strangers(client, good):
    with pool():
        before = process(client)
        answer = do(client, "fail")
        assert (answer.status_code, code(answer)) == (500, "failed")
        assert b"secret" not in answer.content
        assert process(client) == before
        assert good()


def test_what_prints_much_is_drawn(client):
    with pool():
        assert pixels(do(client, "chatter")).size == (640, 480)


def test_a_plot_that_cannot_be_drawn_as_asked_says_so_from_there(client):
    with pool():
        answer = ask(client, "/plot/line.png", {"x": "a,b", "y": "1,2", "xscale": "log"})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == "xscale"


def test_a_full_queue_answers_at_once(client, start_slow, good):
    with pool(QUEUE=0):
        slow = start_slow()
        answer = ask(client, "/plot/line.png", GOOD)
        assert (answer.status_code, code(answer)) == (503, "busy")
        assert answer["Retry-After"] == "1"
        assert slow.finish() == 200
        assert good()


def test_nobody_waits_for_ever(client, start_slow, good):
    with pool():
        slow = start_slow()
        with override_settings(PLOTS={**site.PLOTS, "TIMEOUT": 0.2}):
            assert code(ask(client, "/plot/line.png", GOOD)) == "busy"
        assert slow.finish() == 200
        assert good()


def test_those_who_wait_are_served_when_one_is_free(start_slow, good):
    with pool(), ThreadPoolExecutor() as threads:
        slow = start_slow()
        waiting = [threads.submit(good) for _ in range(4)]
        assert slow.finish() == 200
        assert all(answer.result() for answer in waiting)


def test_two_processes_draw_at_once(start_slow):
    with pool(2):
        assert [slow.finish() for slow in (start_slow(), start_slow())] == [200, 200]


def test_processes_are_replaced_in_time(client):
    with pool(RENDERS=2):
        renderers.close()  # so that none of them has drawn yet
        drawn = [process(client)[0] for _ in range(6)]
    assert len(set(drawn)) == 3
    assert drawn[::2] == drawn[1::2]


@pytest.mark.parametrize("which", [0, 1], ids=["process", "server"])
def test_one_that_was_killed_while_idle_is_replaced(client, good, which):
    with pool():
        killed = process(client)[which]
        os.kill(killed, signal.SIGKILL)
        if which:  # the processes it forked go on until they are replaced
            do(client, "abort")
        assert good()
        assert process(client)[which] != killed


def test_every_good_plot_is_right_among_hostile_ones(good):
    deeds = ["hang", "hold", "abort", "segfault", "leave", "eat", "fail", "leak"] * 3
    # A busy machine may take longer to eat than there is time.
    statuses = {"hang": [504], "hold": [504], "leak": [200], "eat": [500, 504]}

    def hostile(deed: str, number: int) -> bool:
        status = do(Client(), deed, title=number).status_code  # each a plot of its own
        return status in statuses.get(deed, [500])

    limits = {"MEMORY": 512, "QUEUE": 48, "TIMEOUT": 2}
    with pool(2, **limits), ThreadPoolExecutor(8) as threads:
        answers = []
        for number, deed in enumerate(deeds):
            answers += [threads.submit(hostile, deed, number), threads.submit(good)]
        assert [answer.result() for answer in answers] == [True] * 48


@pytest.mark.django_db(transaction=True)
def test_sources_ask_the_database_from_there(client):
    saved = {"source": "saved", "x": "title", "y": "order"}
    with pool():
        preset = Preset.objects.create(slug="a", title="First", kind="line", order=1)
        assert columns(client, "bar", **saved) == {"title": ["First"], "order": [1]}
        preset.title = "Changed"
        preset.save()
        failed = ask(client, "/plot/line.png", {"source": "broken", "y": "a"})
        assert code(failed) == "failed"
        assert columns(client, "bar", **saved) == {"title": ["Changed"], "order": [1]}


def test_no_process_is_left(client):
    with pool():
        drawing, server = process(client)
        renderers.close()
    assert not is_running(drawing)
    assert not is_running(server)


def run_python(program: str) -> None:
    environment = {**os.environ, "RENDER_PROCESSES": "1", "DATABASE_URL": "sqlite://:memory:"}
    arguments = [sys.executable, "-c", program]
    done = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


START = f"""
import os, sys, django
django.setup()
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS = ["testserver"]
def draws():
    return Client().get("/plot/line.png", {GOOD}).content[:4] == b"\\x89PNG"
"""


def test_the_web_process_never_loads_matplotlib():
    run_python(START + "assert draws() and 'matplotlib' not in sys.modules")


def test_a_forked_web_process_has_a_pool_of_its_own():
    run_python(
        START
        + """
from plots.delivery.renderers import renderer
assert draws()
inherited = renderer()
if (child := os.fork()) == 0:
    assert draws() and renderer() is not inherited
    sys.exit(7)  # as some servers end their workers: with all that is to be done at exit
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
assert draws() and renderer() is inherited
"""
    )


def test_a_pool_that_cannot_start_says_so_and_tries_again(client, good, monkeypatch, caplog):
    renderers.close()
    with override_settings(PLOTS={**site.PLOTS, "PROCESSES": 1}):
        with monkeypatch.context() as environment:
            environment.setenv("DJANGO_SETTINGS_MODULE", "no.such.settings")
            assert code(ask(client, "/plot/line.png", GOOD)) == "failed"
            assert "No render process could be started" in caplog.text
        assert good()
