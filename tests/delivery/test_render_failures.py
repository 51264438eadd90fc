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


def test_a_plot_that_cannot_be_drawn_as_asked_says_so_from_there(client):
    with pool():
        answer = ask(client, "/plot/line.png", {"x": "a,b", "y": "1,2", "xscale": "log"})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["parameter"] == "xscale"


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
