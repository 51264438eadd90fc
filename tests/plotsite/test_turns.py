"""Threads are shared between clients."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from plotsite.buffering.threads import Turns

FIRST, SECOND = "192.0.2.1", "192.0.2.2"


def test_client_waits_for_its_own_requests_only():
    order: list[str] = []

    async def request(turns: Turns, client: str, name: str, finish: asyncio.Event) -> None:
        async with turns.turn(client):
            order.append(name)
            await finish.wait()

    async def check() -> None:
        turns = Turns(2)
        finish = [asyncio.Event() for _ in range(4)]
        slow = [
            asyncio.create_task(request(turns, FIRST, f"first {n}", event))
            for n, event in enumerate(finish)
        ]
        await asyncio.sleep(0)
        for client in (SECOND, "", ""):
            other = asyncio.Event()
            other.set()
            await request(turns, client, f"other {client}", other)
        assert order == ["first 0", "first 1", f"other {SECOND}", "other ", "other "]
        slow[2].cancel()  # a client that has gone gives its turn to the next
        finish[0].set()
        await slow[0]
        with suppress(asyncio.CancelledError):
            await slow[2]
        finish[3].set()
        await slow[3]
        finish[1].set()
        await slow[1]
        assert order[5:] == ["first 3"]
        assert not turns._held and not turns._waiting

    asyncio.run(check())


def test_turn_that_was_given_to_a_cancelled_request_is_passed_on():
    async def check() -> None:
        turns = Turns(1)
        async with turns.turn(FIRST):
            waiting = asyncio.create_task(turns._begin(FIRST))
            await asyncio.sleep(0)
        waiting.cancel()  # after it was given the turn, and before it runs
        with suppress(asyncio.CancelledError):
            await waiting
        assert not turns._held

    asyncio.run(check())
