"""Render processes that hang, crash, leak or raise."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client

from tests.delivery.pools import code, do, pool, process
from tests.helpers import ask

pytestmark = [pytest.mark.usefixtures("hostile", "no_caches"), pytest.mark.xdist_group("pool")]


@pytest.mark.parametrize("deed", ["hang", "spin", "hold"])
def test_hanging_workers_are_killed(client, good, deed, caplog):
    with pool(TIMEOUT=0.5):
        answer = do(client, deed)
        assert (answer.status_code, code(answer)) == (504, "timed-out")
        assert "0.5 seconds" in answer["X-Plot-Error"]
        assert answer["Cache-Control"] == "no-store"
        assert "0.5 s" in caplog.text
        with pool():
            assert good()


@pytest.mark.parametrize(
    ("deed", "end"), [("abort", "-6"), ("segfault", "-11"), ("leave", "3"), ("give_up", "0")]
)
def test_crash_affects_one_request(client, good, deed, end, caplog):
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
def test_memory_limit(client, good, path, query):
    with pool(MEMORY=512):
        answer = ask(client, path, query)
        assert (answer.status_code, code(answer)) == (500, "too-much-memory")
        assert "512 MB" in answer["X-Plot-Error"]
        assert good()


def test_leaking_workers_are_replaced(client):
    with pool(MEMORY=512):
        assert [do(client, "leak").status_code for _ in range(12)] == [200] * 12


def test_exceptions_are_not_shown(client, good):
    with pool():
        before = process(client)
        answer = do(client, "fail")
        assert (answer.status_code, code(answer)) == (500, "failed")
        assert b"secret" not in answer.content
        assert process(client) == before
        assert good()


def test_plot_errors_come_from_workers(client):
    with pool():
        answer = ask(client, "/plot/line.png", {"x": "a,b", "y": "1,2", "xscale": "log"})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == "xscale"


@pytest.mark.parametrize("which", [0, 1], ids=["process", "server"])
def test_killed_idle_worker_is_replaced(client, good, which):
    with pool():
        killed = process(client)[which]
        os.kill(killed, signal.SIGKILL)
        if which:  # its forks continue until they are replaced
            do(client, "abort")
        assert good()
        assert process(client)[which] != killed


def test_good_plots_among_hostile_ones(good):
    deeds = ["expire", "abort", "segfault", "leave", "eat", "fail", "leak"] * 3
    statuses = {"expire": 504, "leak": 200}

    def hostile(deed: str, number: int) -> bool:
        status = do(Client(), deed, title=number).status_code  # a different plot each time
        return status == statuses.get(deed, 500)

    with pool(2, MEMORY=512, QUEUE=48), ThreadPoolExecutor(8) as threads:
        answers = []
        for number, deed in enumerate(deeds):
            answers += [threads.submit(hostile, deed, number), threads.submit(good)]
        assert [answer.result() for answer in answers] == [True] * 2 * len(deeds)
