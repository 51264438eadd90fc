"""No client holds more than half of the places of plots that wait while others wait."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache as django_cache
from django.test import Client, override_settings

from plots.delivery import cache, fair_share, renderers, shared_cache
from plots.forms.parameters_to_spec import plot_spec
from plots.http.response_cache import response_cache
from plots.spec.plot_spec import PlotSpec
from tests.delivery.drawings import Drawings, draw_as
from tests.delivery.pools import DUMMY, pool
from tests.delivery.test_shared_cache import DOWN
from tests.helpers import ask
from tests.processes import FAR, wait_until

FIRST, SECOND, THIRD = "10.0.0.1", "10.0.0.2", "10.0.0.3"
LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


class Flood:
    """Requests in threads, for plots of the kind ``counted`` that wait until ``finish``."""

    def __init__(self, drawings: Drawings, threads: ThreadPoolExecutor) -> None:
        self.drawings, self.threads = drawings, threads
        self.answers: list[Future[Any]] = []
        drawings.gate.clear()

    def start(self, address: str, label: str, **headers: str) -> None:
        """Start a request and wait until it holds a place."""
        before = held()
        query = {"y": "1,2", "label": label}
        client = Client(REMOTE_ADDR=address, headers=headers)
        self.answers.append(self.threads.submit(client.get, "/plot/counted.png", query))
        wait_until(lambda: held() > before)

    def finish(self) -> list[int]:
        self.drawings.gate.set()
        return [answer.result(60).status_code for answer in self.answers]


def held() -> int:
    """Return how many places are held in this process."""
    return len(fair_share._local.get_many([f"plots:place:{n}" for n in range(300)]))


@pytest.fixture
def flood(drawings: Drawings) -> Iterator[Flood]:
    """Four places: two are a share."""
    settings = {"PROCESSES": 0, "QUEUE": 3}
    with override_settings(PLOTS=settings), ThreadPoolExecutor(16) as threads:
        flood = Flood(drawings, threads)
        yield flood
        flood.finish()
    assert held() == 0


def draw(address: str, accept: str = "application/json", **kwargs: Any) -> Any:
    """Request a plot. If it gets a place that it should not get, it waits for the others."""
    client, threads = Client(REMOTE_ADDR=address), ThreadPoolExecutor(1)
    url, headers = f"/plot/bar.png?y=3,4&title={address}", {"accept": accept, **kwargs}
    answer = threads.submit(client.get, url, headers=headers)
    threads.shutdown(wait=False)
    return answer.result(60)


@pytest.mark.parametrize("caches", [LOCAL, DUMMY, DOWN], ids=["memory", "dummy", "away"])
def test_share_of_a_client(caches: Any, flood: Flood, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_cache, "store", shared_cache.FaultTolerantCache())
    with override_settings(CACHES=caches):
        flood.start(SECOND, "b")
        flood.start(FIRST, "a")
        flood.start(FIRST, "c")
        answer = draw(FIRST)
        assert answer.status_code == 429
        assert (answer["Retry-After"], answer["Cache-Control"]) == ("1", "no-store")
        assert answer.json()["errors"][0]["code"] == "too-many-requests"
        image = draw(FIRST, "image/png")
        assert (image.status_code, image["Content-Type"]) == (429, "image/png")
        flood.drawings.gate.set()
        assert draw(THIRD).status_code == 200
        assert flood.finish() == [200, 200, 200]
        assert draw(FIRST).status_code == 200


def test_requests_that_wait_for_a_rendering_hold_no_place(flood: Flood) -> None:
    flood.start(SECOND, "b")
    flood.start(FIRST, "a")
    flight = [*cache._flights.values()][-1]
    flood.start(FIRST, "c")
    waits = Event()
    result = flight.result
    flight.result = lambda *args: (waits.set(), result(*args))[1]  # type: ignore
    query = {"y": "1,2", "label": "a"}
    client = Client(REMOTE_ADDR=FIRST)
    flood.answers.append(flood.threads.submit(client.get, "/plot/counted.png", query))
    assert waits.wait(FAR)
    assert draw(FIRST).status_code == 429
    assert flood.finish() == [200] * 4


def test_client_alone_may_hold_all_places(flood: Flood) -> None:
    for label in "abcd":
        flood.start(FIRST, label)
    answer = draw(FIRST)
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (503, "busy")
    assert flood.finish() == [200] * 4


def test_other_client_is_counted_when_all_places_are_held(flood: Flood) -> None:
    for label in "abcd":
        flood.start(FIRST, label)
    second = flood.threads.submit(draw, SECOND)
    wait_until(lambda: "address 10.0.0.2" in str(places_of(django_cache)))
    assert draw(FIRST).status_code == 429
    flood.finish()
    assert second.result(60).status_code == 200


def places_of(store: Any) -> Counter[str]:
    found = store.get_many([f"plots:place:{n}" for n in range(fair_share.places())])
    return Counter(client for client, _token in found.values())


def test_places_are_counted_over_processes(flood: Flood) -> None:
    other_process = [fair_share._take(django_cache, f"address {FIRST}") for _ in "ab"]
    assert places_of(django_cache) == {f"address {FIRST}": 2}
    flood.start(SECOND, "b")
    assert draw(FIRST).status_code == 429
    flood.drawings.gate.set()
    for place in other_process:
        fair_share._release(django_cache, place)
    assert draw(FIRST).status_code == 200


def test_place_of_a_dead_process_expires(flood: Flood) -> None:
    seconds = []

    class Store(fair_share._local.__class__):
        def add(self, key: str, value: Any, timeout: float) -> bool:
            seconds.append(timeout)
            return bool(super().add(key, value, timeout))

    fair_share._take(Store("test", {}), "address 10.0.0.9")
    assert seconds == [45]  # the longest rendering, and a margin


def test_hit_and_304_hold_no_place(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []
    take = fair_share._take

    def count(store: Any, name: str) -> Any:
        taken.append(name)
        return take(store, name)

    monkeypatch.setattr(fair_share, "_take", count)
    url = "/plot/line.png?y=1,2"
    etag = client.get(url)["ETag"]
    assert taken == ["address 127.0.0.1"] * 2  # in this process and in the shared cache
    client.get(url)
    response_cache.clear()
    assert client.get(url)["Server-Timing"].startswith("cache;desc=hit")
    assert client.get(url, headers={"if-none-match": etag}).status_code == 304
    assert client.get("/plot/line.png?y=1,2,3,x").status_code == 400
    assert len(taken) == 2


@pytest.mark.parametrize(
    "send",
    [
        lambda c: c.post("/plot/bar.png", {"y": [7, 8]}, content_type="application/json"),
        lambda c: c.get("/plot/normal.png"),  # random, never cached
        lambda c: c.get("/sine.png"),  # a view that hands over a Figure
        lambda c: c.get("/plot.png?x=1,2&y=3,4"),  # a view that hands over a spec
        lambda c: c.get("/plot/bar.txt?y=7,8"),
    ],
)
def test_what_counts(send: Callable[[Client], Any], flood: Flood) -> None:
    settings = {"PROCESSES": 0, "QUEUE": 3, "POST": "anyone"}
    flood.start(SECOND, "b")
    flood.start(FIRST, "a")
    flood.start(FIRST, "c")
    with override_settings(PLOTS=settings):
        assert send(Client(REMOTE_ADDR=FIRST)).status_code == 429
        flood.drawings.gate.set()
        assert send(Client(REMOTE_ADDR=THIRD)).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_page_is_shown_when_its_plot_is_refused(flood: Flood) -> None:
    flood.start(SECOND, "b")
    flood.start(FIRST, "a")
    flood.start(FIRST, "c")
    assert Client(REMOTE_ADDR=FIRST).get("/plot/line/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_logged_in_users_do_not_share_an_address(flood: Flood) -> None:
    flood.start(SECOND, "b")
    flood.start(FIRST, "a")
    flood.start(FIRST, "c")
    client = Client(REMOTE_ADDR=FIRST)
    client.force_login(User.objects.create(username="ada"))
    answer = client.get("/plot/bar.csv?y=3,4")  # a table is written while a figure is drawn
    assert answer.status_code == 200
    assert "Cookie" not in answer.get("Vary", "")
    assert draw(FIRST).status_code == 429


def test_requests_without_an_address_are_not_limited(flood: Flood) -> None:
    flood.start(SECOND, "b")
    flood.threads.submit(draw, "")
    flood.drawings.gate.set()
    assert [draw("").status_code for _ in range(5)] == [200] * 5


def test_header_of_a_trusted_proxy(flood: Flood) -> None:
    settings = {"PROCESSES": 0, "QUEUE": 3, "CLIENT_IP_HEADER": "X-Forwarded-For"}
    with override_settings(PLOTS=settings):
        flood.start("127.0.0.1", "b", **{"x-forwarded-for": SECOND})
        flood.start("127.0.0.1", "a", **{"x-forwarded-for": f"{SECOND}, {FIRST}"})
        flood.start("127.0.0.1", "c", **{"x-forwarded-for": FIRST})
        forged = draw("127.0.0.1", **{"x-forwarded-for": f"1.1.1.1, {FIRST}"})
        assert forged.status_code == 429
        flood.drawings.gate.set()
        assert draw("127.0.0.1", **{"x-forwarded-for": SECOND}).status_code == 200


def render(spec: PlotSpec) -> cache.Picture:
    with fair_share.place():
        return draw_as(b"new")(spec)


def test_expired_image_is_better_than_an_error(flood: Flood) -> None:
    spec = plot_spec("line", y=[1, 2], source=None)
    stale = cache.Picture(b"old", "png", cache="stale")
    flood.start(SECOND, "b")
    flood.start(FIRST, "a")
    flood.start(FIRST, "c")
    with (
        pytest.MonkeyPatch.context() as patch,
        fair_share.requested_by(lambda: f"address {FIRST}"),
    ):
        patch.setattr(cache, "_read", lambda key, spec: stale)
        assert cache.fetch(spec, render) is stale


def test_refusal_of_another_client_is_not_shared() -> None:
    """A request that waited for the rendering of a client with too many renders itself."""
    spec = plot_spec("line", y=[1, 2])
    begun, go_on = Event(), Event()

    def refused(spec: object) -> cache.Picture:
        begun.set()
        assert go_on.wait(30)
        raise fair_share.too_many()

    with ThreadPoolExecutor() as threads:
        leader = threads.submit(cache.fetch, spec, refused)
        assert begun.wait(30)
        flight = next(iter(cache._flights.values()))
        waits = Event()
        flight_result = flight.result
        flight.result = lambda *args: (waits.set(), flight_result(*args))[1]  # type: ignore
        follower = threads.submit(cache.fetch, spec, draw_as(b"drawn"))
        assert waits.wait(30)
        go_on.set()
        assert isinstance(leader.exception(30), fair_share.PlotError)
        assert follower.result(30).content == b"drawn"


def _has_length(line: Any, length: int) -> bool:
    return len(line) == length


@pytest.mark.usefixtures("hostile", "no_caches")
@pytest.mark.xdist_group("pool")
def test_full_queue_has_room_for_another_client(start_slow: Any) -> None:
    with pool(QUEUE=2), ThreadPoolExecutor() as threads:
        slow = start_slow()  # by 127.0.0.1
        line: Any = renderers._pool()._waiting  # type: ignore[union-attr]
        waiting = []
        for number in range(2):
            query = {"y": f"1,{number}"}
            waiting.append(threads.submit(ask, Client(), "/plot/line.png", query))
            wait_until(partial(_has_length, line, number + 1))
        other = threads.submit(draw, SECOND)
        assert waiting[1].result(30).json()["errors"][0]["code"] == "too-many-requests"
        assert slow.finish() == 200
        assert waiting[0].result(60).status_code == other.result(60).status_code == 200
