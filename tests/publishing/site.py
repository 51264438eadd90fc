"""A site with published and staff-only objects, and the ways in which editors change them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plots.boards.models import Board, BoardItem
from plots.datasets.models import Dataset
from plots.http import response_cache
from plots.presets import revisions
from plots.presets.models import Preset
from tests.boards.test_admin import filled as filled_board
from tests.datasets.uploads import create_dataset
from tests.presets.editor import filled, form

ADMIN = "/admin/plots_{0}s/{0}/"
# What differs between two responses of one page: the CSRF token, and the time on a board.
VARYING = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"|(?<=data-part="date">)[^<]+')
NEW_ROWS = b"town,people\nZ,99\n"
MODELS = ("dataset", "preset", "board")
BOARD = "/boards/both/"


def furnish() -> None:
    """Create the objects. Strangers see neither the datasets "towns" nor the preset "draft"."""
    create_dataset(name="towns", visibility="staff")
    create_dataset(name="open", visibility="public")
    given: dict[str, Any] = {"kind": "bar", "parameters": {"x": "town", "y": "people"}}
    drawn = Preset.objects.create(
        slug="drawn", title="Drawn", source="towns", visibility="public", order=1, **given
    )
    # Its dataset was deleted with SQL, or its source removed from the code.
    Preset.objects.create(slug="lost", title="Lost", source="lost", visibility="public", **given)
    given = {"kind": "line", "parameters": {"y": ["1,3,2"]}}
    values = Preset(slug="values", title="First", visibility="public", order=2, **given)
    values.save()
    values.title = "Values"
    values.save()
    draft = Preset(slug="draft", title="Was public", visibility="public", **given)
    draft.save()
    draft.visibility = "staff"
    draft.save()
    Preset.objects.create(slug="gone", title="Gone", visibility="public", **given).delete()
    board = Board.objects.create(slug="both", title="Both", visibility="public")
    for order, preset in enumerate((drawn, values)):
        BoardItem.objects.create(board=board, preset=preset, order=order)


def editor(*, publishes: bool) -> Client:
    """Return a client of an editor with all rights, or with all but those to publish."""
    user = User.objects.create(username=f"editor-{publishes}", is_staff=True)
    found = Permission.objects.filter(content_type__app_label__startswith="plots_")
    found = found if publishes else found.exclude(codename__startswith="publish")
    user.user_permissions.set(found)
    client = Client()
    client.force_login(user)
    return client


def seen_by_strangers(url: str) -> tuple[int, bytes]:
    """Return what a client without an account gets at ``url``."""
    cache.clear()
    response_cache.response_cache.clear()
    answer = Client().get(url)
    return answer.status_code, VARYING.sub(b"", answer.content)


def change_url(row: Any) -> str:
    return f"{ADMIN.format(row._meta.model_name)}{row.pk}/change/"


def post_form(client: Client, row: Any, **changed: Any) -> Any:
    """Post the form of ``row`` as an administrator sees it, with ``changed`` values."""
    admin = Client()
    admin.force_login(User.objects.filter(username="root").first() or
                      User.objects.create_superuser("root"))  # fmt: skip
    is_board = isinstance(row, Board)
    url = change_url(row)
    data = filled_board(admin, url) if is_board else filled(form(admin, url))
    return client.post(url, {name: v for name, v in (data | changed).items() if v is not None})


def preview(client: Client, url: str, row: dict[str, Any]) -> Any:
    """Upload NEW_ROWS at ``url``. The response shows what was read; nothing is saved."""
    return client.post(url, {**row, "upload": SimpleUploadedFile("t.csv", NEW_ROWS)})


def upload_to(client: Client, url: str, row: dict[str, Any]) -> Any:
    """Upload NEW_ROWS at ``url`` and save them after the preview."""
    shown = preview(client, url, row)
    if shown.status_code != 200 or not shown.context.get("token"):
        return shown
    return client.post(url, {**row, "token": shown.context["token"]})


def upload(client: Client, name: str, **changed: str) -> Any:
    found = dataset(name)
    row = {"title": found.title, "visibility": found.visibility, **changed}
    return upload_to(client, change_url(found), row)


def act(client: Client, row: Any, action: str) -> Any:
    data = {"action": action, "_selected_action": [row.pk], "post": "yes"}
    return client.post(ADMIN.format(row._meta.model_name), data)


def import_presets(client: Client, *rows: dict[str, Any]) -> Any:
    url = f"{ADMIN.format('preset')}import/"
    file = SimpleUploadedFile("presets.json", json.dumps(rows).encode())
    shown = client.post(url, {"file": file})
    return client.post(url, {"token": shown.context["token"]}) if shown.context else shown


def restore(client: Client, slug: str) -> Any:
    """Restore the oldest revision of a preset."""
    preset = Preset.objects.get(slug=slug)
    version = revisions.versions_of(Preset, preset.pk).last()
    return client.post(f"{ADMIN.format('preset')}{preset.pk}/history/{version.pk}/restore/")


def recover(client: Client) -> Any:
    version = revisions.deleted_versions(Preset).get()
    return client.post(f"{ADMIN.format('preset')}deleted/{version.pk}/restore/")


def move(client: Client, slug: str, order: int) -> Any:
    data = {"form-TOTAL_FORMS": Preset.objects.count(), "_save": "1"}
    data["form-INITIAL_FORMS"] = data["form-TOTAL_FORMS"]
    for number, preset in enumerate(Preset.objects.all()):
        data |= {f"form-{number}-id": preset.pk, f"form-{number}-order": preset.order}
        if preset.slug == slug:
            data[f"form-{number}-order"] = order
    return client.post(ADMIN.format("preset"), data)


def add_to_board(client: Client) -> Any:
    draft = Preset.objects.get(slug="lost")
    data = {"items-TOTAL_FORMS": 3, "items-2-preset": draft.pk, "items-2-width": 1}
    return post_form(client, board(), **data, **{"items-2-order": 0})


def preset(slug: str) -> Preset:
    return Preset.objects.get(slug=slug)


def board() -> Board:
    return Board.objects.get()


def dataset(name: str) -> Dataset:
    return Dataset.objects.get(name=name)


def add(client: Client, model: str, **fields: Any) -> Any:
    url = f"{ADMIN.format(model)}add/"
    if model == "dataset":
        return upload_to(client, url, {"title": "New", "visibility": "public", **fields})
    data = filled_board(client, url) if model == "board" else filled(form(client, url))
    extra = {"plot_y": "1,2", "title": "New", "slug": "new", "visibility": "public"}
    return client.post(url, data | extra | fields)


def delete(client: Client, row: Any) -> Any:
    return client.post(f"{ADMIN.format(row._meta.model_name)}{row.pk}/delete/", {"post": "yes"})


OPEN, TOWNS = (f"/plot/bar.csv?source={name}&x=town&y=people" for name in ("open", "towns"))
NEW = {"slug": "new", "title": "New", "kind": "line", "parameters": {"y": "1"}}
# For each way a URL at which strangers see the change, and a function that posts it.
WAYS: dict[str, tuple[str, Callable[[Client], Any]]] = {
    "dataset: title": (
        "/plot/bar/?source=open", lambda c: post_form(c, dataset("open"), title="Forged")
    ),
    "dataset: visibility": (OPEN, lambda c: post_form(c, dataset("open"), visibility="staff")),
    "dataset: publish": (TOWNS, lambda c: post_form(c, dataset("towns"), visibility="public")),
    "dataset: unlisted": (TOWNS, lambda c: post_form(c, dataset("towns"), visibility="unlisted")),
    "dataset: rows": (OPEN, lambda c: upload(c, "open")),
    "dataset: rows, back to staff": (OPEN, lambda c: upload(c, "open", visibility="staff")),
    "dataset: rows of a published preset": ("/presets/drawn.csv", lambda c: upload(c, "towns")),
    "dataset: delete": (OPEN, lambda c: delete(c, dataset("open"))),
    "dataset: delete selected": (OPEN, lambda c: act(c, dataset("open"), "delete_selected")),
    "dataset: add": (
        "/plot/bar.csv?source=new&x=town&y=people", lambda c: add(c, "dataset", name="new")
    ),
    "dataset: add the lost source of a published preset": (
        "/presets/lost.csv", lambda c: add(c, "dataset", name="lost", visibility="staff")
    ),
    "preset: title": (
        "/presets/values/", lambda c: post_form(c, preset("values"), title="Forged")
    ),
    "preset: plot": ("/presets/values.csv", lambda c: post_form(c, preset("values"), plot_y="9")),
    "preset: unpublish": (
        "/presets/values/", lambda c: post_form(c, preset("values"), visibility="staff")
    ),
    "preset: publish": (
        "/presets/draft/", lambda c: post_form(c, preset("draft"), visibility="public")
    ),
    "preset: publish selected": ("/presets/draft/", lambda c: act(c, preset("draft"), "publish")),
    "preset: unpublish selected": (
        "/presets/values/", lambda c: act(c, preset("values"), "unpublish")
    ),
    "preset: order": ("/", lambda c: move(c, "values", 0)),
    "preset: delete": ("/presets/values/", lambda c: delete(c, preset("values"))),
    "preset: delete selected": (
        "/presets/values/", lambda c: act(c, preset("values"), "delete_selected")
    ),
    "preset: add": ("/presets/new/", lambda c: add(c, "preset")),
    "preset: import": (
        "/presets/values/", lambda c: import_presets(c, {"slug": "values", "title": "Forged"})
    ),
    "preset: import as staff-only": (
        "/presets/values/", lambda c: import_presets(c, {"slug": "values", "visibility": "staff"})
    ),
    "preset: import as public": (
        "/presets/draft/", lambda c: import_presets(c, {"slug": "draft", "visibility": "public"})
    ),
    "preset: import a new one": (
        "/presets/new/", lambda c: import_presets(c, {**NEW, "visibility": "public"})
    ),
    "preset: restore": ("/presets/values/", lambda c: restore(c, "values")),
    "preset: restore a public revision": ("/presets/draft/", lambda c: restore(c, "draft")),
    "preset: recover": ("/presets/gone/", recover),
    "board: title": (BOARD, lambda c: post_form(c, board(), title="Forged")),
    "board: unpublish": (BOARD, lambda c: post_form(c, board(), visibility="staff")),
    "board: controls": (BOARD, lambda c: post_form(c, board(), controls=["theme"])),
    "board: add a preset": (BOARD, add_to_board),
    "board: change a preset": (BOARD, lambda c: post_form(c, board(), **{"items-0-title": "F"})),
    "board: remove a preset": (BOARD, lambda c: post_form(c, board(), **{"items-0-DELETE": "on"})),
    "board: delete": (BOARD, lambda c: delete(c, board())),
    "board: delete selected": (BOARD, lambda c: act(c, board(), "delete_selected")),
    "board: add": ("/boards/new/", lambda c: add(c, "board")),
}  # fmt: skip
