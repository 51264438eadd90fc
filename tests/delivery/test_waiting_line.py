"""Clients that wait for a render process are served in turn."""

from __future__ import annotations

from collections import Counter

from plots.delivery.fair_share import WaitingLine


def test_turns_of_waiting_clients() -> None:
    line: WaitingLine[str] = WaitingLine()
    for client in "aaaabc":
        line.append(client)
    served = [line.pop(Counter())[0] for _ in range(6)]
    assert served == ["a", "b", "c", "a", "a", "a"]
    for client in "ab":
        line.append(client)
    assert line.pop(Counter(a=1))[0] == "b"  # has no render process, while the other has one


def test_room_is_made_by_the_client_with_the_most() -> None:
    line: WaitingLine[str] = WaitingLine()
    futures = [line.append(client) for client in "aabaa"]
    assert line.make_room("b") is futures[4]
    assert line.make_room("c") is futures[3]
    assert line.make_room("a") is None
    assert line.make_room("b") is None  # two of a, one of b: one more of b would be no fairer
