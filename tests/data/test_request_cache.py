"""How often one request loads the data of a plot."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import AsyncClient, Client, override_settings
from django.urls import path, reverse

import plots
from plots.data import loading, request_cache
from plots.forms.parameters_to_spec import plot_spec
from plots.presets.models import Preset
from plots.spec.registry import sources
from plotsite.urls import urlpatterns as site_patterns

COUNTED = {"source": "counted", "x": "day", "y": "total"}


def tag_page(request: HttpRequest) -> HttpResponse:
    tag = '{% load plots %}{% plot_img "bar" source="counted" x="day" y="total" %}'
    return HttpResponse(Template(tag).render(Context({"request": request})))


urlpatterns = [path("with-a-tag/", tag_page), *site_patterns]


@pytest.fixture(params=[None, "1"], ids=["unversioned", "versioned"])
def calls(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """The calls of a source, which is public."""
    made: list[str] = []

    @plots.source(
        "counted",
        visibility="public",
        version=request.param,
        columns={"day": "text", "total": "number"},
    )
    def counted() -> dict[str, list[Any]]:
        made.append("call")
        return {"day": ["Mon", "Tue"], "total": [1, 2]}

    yield made
    sources.unregister("counted")


@pytest.fixture
def in_request() -> Iterator[None]:
    """Run the test within a request. The signals themselves would also close the database."""
    request_cache._start()
    yield
    request_cache._clear()


@pytest.fixture
def assembled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The kinds for which series were assembled."""
    made: list[Any] = []
    assemble = loading.assemble

    def counted(kind: Any, *args: Any) -> Any:
        made.append(kind.name)
        return assemble(kind, *args)

    monkeypatch.setattr(loading, "assemble", counted)
    return made


def save_preset(**fields: Any) -> Preset:
    return Preset.objects.create(visibility="public",
        slug="p", title="P", kind="bar", source="counted",
        parameters={"x": ["day"], "y": ["total"]}, **fields,
    )  # fmt: skip


def test_a_picture_reads_its_source_once(client: Client, calls: list[str]) -> None:
    assert client.get("/plot/bar.png", COUNTED).status_code == 200
    assert calls == ["call"]


def test_inline_values_are_validated_and_drawn_from_one_load(
    client: Client, assembled: list[Any]
) -> None:
    assert client.get("/plot/bar.png?x=a,b&y=1,2").status_code == 200
    assert assembled == ["bar"]


@pytest.mark.django_db
def test_a_preset_page_reads_its_source_once(client: Client, calls: list[str]) -> None:
    save_preset()
    page = client.get("/presets/p/?theme=dark").content.decode()
    assert "Tue" in page
    assert calls == ["call"]


@pytest.mark.urls(__name__)
def test_a_tag_reads_its_source_once(client: Client, calls: list[str]) -> None:
    assert "highest 2 at Tue" in client.get("/with-a-tag/").content.decode()
    assert calls == ["call"]


FORM = {
    "title": "P", "slug": "p", "kind": "bar", "source": "counted", "plot_x": "day",
    "plot_y": "total", "visibility": "staff", "cache": "default", "order": "1",
}  # fmt: skip


def test_saving_and_previewing_a_preset_read_its_source_once(
    admin_client: Client, calls: list[str]
) -> None:
    response = admin_client.post(reverse("admin:plots_presets_preset_add"), FORM)
    assert response.status_code == 302
    assert calls == ["call"]
    preview = admin_client.post(
        reverse("admin:plots_presets_preset_preview"), FORM | {"plot_width": "300"}
    )
    assert preview.json()["pictures"]
    assert calls == ["call"] * 2


@pytest.mark.django_db
def test_nothing_is_shared_between_requests(client: Client, calls: list[str]) -> None:
    for count, theme in enumerate(["light", "dark"], 1):
        assert client.get("/plot/bar.csv", COUNTED | {"theme": theme}).status_code == 200
        assert calls == ["call"] * count
        assert request_cache._loaded.get() is None


def test_without_a_request_data_are_loaded_each_time(calls: list[str]) -> None:
    spec = plot_spec("bar", **COUNTED)
    assert loading.load(spec) is not loading.load(spec)
    assert calls == ["call"] * 2


@pytest.mark.usefixtures("in_request")
def test_another_thread_loads_for_itself(calls: list[str]) -> None:
    spec = plot_spec("bar", **COUNTED)
    assert loading.load(spec) is loading.load(spec)
    thread = Thread(target=loading.load, args=[spec])
    thread.start()
    thread.join()
    assert calls == ["call"] * 2


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize(
    ("declared", "settings"),
    [({"live": True, "version": "1"}, {}), ({"age": 0}, {}), ({}, {"SOURCE_AGE": 0})],
)
def test_live_data_are_always_loaded(declared: dict[str, Any], settings: dict[str, Any]) -> None:
    numbers = iter([1, 2])
    plots.source("changing", visibility="public", **declared)(lambda: {"y": [next(numbers)]})
    try:
        with override_settings(PLOTS=settings | {"PROCESSES": 0}):
            spec = plot_spec("line", source="changing", y="y")
            assert [loading.load(spec).series[0].y[0] for _ in range(2)] == [1, 2]
    finally:
        sources.unregister("changing")


@pytest.mark.django_db
@pytest.mark.usefixtures("in_request")
def test_each_viewer_has_data_of_their_own() -> None:
    ann = User.objects.create_user("ann")
    plots.source("own", visibility="public", viewer=True)(
        lambda *, viewer: {"y": [len(viewer.username)]}
    )
    try:
        spec = plot_spec("line", source="own", y="y")
        seen = [loading.load(spec.seen_by(user)) for user in (ann, AnonymousUser(), ann)]
        assert [data.series[0].y[0] for data in seen] == [3, 0, 3]
        assert seen[0] is seen[2]
    finally:
        sources.unregister("own")


@pytest.mark.usefixtures("in_request")
@pytest.mark.parametrize(
    ("change", "is_shared"),
    [
        ({"theme": "dark", "title": "T", "width": 300, "format": "svg"}, True),
        ({"xorder": "falling"}, False),
        ({"ymin": 0}, False),
        ({"tz": "Asia/Seoul"}, False),
        ({"label": "Sales"}, False),
        ({"y": [1, 3]}, False),
        ({"mode": "stacked"}, False),
    ],
)
def test_only_plots_with_the_same_data_share_them(change: dict[str, Any], is_shared: bool) -> None:
    given = {"x": ["a", "b"], "y": [1, 2]}
    format = change.pop("format", "png")
    first = loading.load(plot_spec("bar", **given))
    assert (loading.load(plot_spec("bar", format, **given | change)) is first) == is_shared


@pytest.mark.usefixtures("in_request")
def test_a_few_plots_are_cached_at_a_time(assembled: list[Any]) -> None:
    for number in range(2 * request_cache.MOST):
        loading.load(plot_spec("line", y=[number, 1]))
    loaded = request_cache._loaded.get()
    assert loaded is not None and len(loaded) == request_cache.MOST
    assert len(assembled) == 2 * request_cache.MOST


@pytest.mark.usefixtures("in_request")
def test_arrays_are_read_only() -> None:
    (series,) = loading.load(plot_spec("line", y=[1, 2])).series
    with pytest.raises(ValueError, match="read-only"):
        series.y[0] = 5


def test_an_asynchronous_request_caches_nothing(assembled: list[Any]) -> None:
    async def get() -> int:
        response = await AsyncClient().get("/plot/bar.png?x=a,b&y=1,2")
        return int(response.status_code)

    assert async_to_sync(get)() == 200
    assert assembled == ["bar", "bar"]
    assert request_cache._loaded.get() is None
