"""The pool of render processes: queue, replacement and start."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings as site
from django.test import override_settings

from plots.delivery import renderers
from plots.presets.models import Preset
from plots.spec.formats import FORMATS
from plots.spec.registry import kinds
from tests.delivery.pools import GOOD, code, columns, do, is_running, pool, process
from tests.helpers import ask, pixels
from tests.processes import ROOT

pytestmark = [pytest.mark.usefixtures("hostile", "no_caches"), pytest.mark.xdist_group("pool")]


def test_pool_renders_the_same_bytes(client):
    addresses = [
        (f"/plot/{kind.name}.{format}", {**kind.example, "seed": "1"} if name == "normal" else {})
        for kind in kinds
        if (name := kind.name) not in ("hostile", "waits")
        for format in FORMATS
    ]
    with pool():
        drawn = [client.get(*address).content for address in addresses]
    assert drawn == [client.get(*address).content for address in addresses]


def test_much_output_does_not_block(client):
    with pool():
        assert pixels(do(client, "chatter")).size == (640, 480)


def test_full_queue_fails_at_once(client, start_slow, good):
    with pool(QUEUE=0):
        slow = start_slow()
        answer = ask(client, "/plot/line.png", GOOD)
        assert (answer.status_code, code(answer)) == (503, "busy")
        assert answer["Retry-After"] == "1"
        assert slow.finish() == 200
        assert good()


def test_waiting_requests_time_out(client, start_slow, good):
    with pool():
        slow = start_slow()
        with override_settings(PLOTS={**site.PLOTS, "TIMEOUT": 0.2}):
            assert code(ask(client, "/plot/line.png", GOOD)) == "busy"
        assert slow.finish() == 200
        assert good()


def test_waiting_requests_are_served(start_slow, good):
    with pool(), ThreadPoolExecutor() as threads:
        slow = start_slow()
        waiting = [threads.submit(good) for _ in range(4)]
        assert slow.finish() == 200
        assert all(answer.result() for answer in waiting)


def test_two_workers_draw_concurrently(start_slow):
    with pool(2):
        assert [slow.finish() for slow in (start_slow(), start_slow())] == [200, 200]


def test_workers_are_replaced_after_renders(client):
    with pool(RENDERS=2):
        renderers.close()  # start with new workers
        drawn = [process(client)[0] for _ in range(6)]
    assert len(set(drawn)) == 3
    assert drawn[::2] == drawn[1::2]


@pytest.mark.django_db(transaction=True)
def test_workers_query_the_database(client):
    saved = {"source": "saved", "x": "title", "y": "order"}
    with pool():
        preset = Preset.objects.create(
            visibility="public", slug="a", title="First", kind="line", order=1
        )
        assert columns(client, "bar", **saved) == {"title": ["First"], "order": [1]}
        preset.title = "Changed"
        preset.save()
        failed = ask(client, "/plot/line.png", {"source": "broken", "y": "a"})
        assert code(failed) == "failed"
        assert columns(client, "bar", **saved) == {"title": ["Changed"], "order": [1]}


def test_all_processes_end(client):
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


def test_web_process_does_not_load_matplotlib():
    run_python(START + "assert draws() and 'matplotlib' not in sys.modules")


def test_forked_web_process_has_its_own_pool():
    run_python(
        START
        + """
from plots.delivery.renderers import renderer
assert draws()
inherited = renderer()
if (child := os.fork()) == 0:
    assert draws() and renderer() is not inherited
    sys.exit(7)  # runs atexit handlers, as some servers do
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
assert draws() and renderer() is inherited
"""
    )


def test_pool_retries_after_failed_start(client, good, monkeypatch, caplog):
    renderers.close()
    with override_settings(PLOTS={**site.PLOTS, "PROCESSES": 1}):
        with monkeypatch.context() as environment:
            environment.setenv("DJANGO_SETTINGS_MODULE", "no.such.settings")
            assert code(ask(client, "/plot/line.png", GOOD)) == "failed"
            assert "No render process could be started" in caplog.text
        assert good()
