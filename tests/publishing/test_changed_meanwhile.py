"""Rights that change between the check of a request and its save, or between two requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import models
from django.test import Client

from plots.boards.admin import BoardAdmin
from plots.boards.models import Board
from plots.datasets.admin import DatasetAdmin
from plots.datasets.models import Dataset
from plots.presets.admin.editor.admin import PresetAdmin
from plots.presets.models import Preset
from plots.shortcuts import plot_spec, plot_view
from plots.spec.registry import sources
from tests.publishing.site import (
    ADMIN,
    act,
    add,
    board,
    change_url,
    dataset,
    delete,
    editor,
    import_presets,
    post_form,
    preset,
    preview,
    restore,
    upload,
)

ROW = {"title": "Towns", "visibility": "staff"}


def publish(row: Any) -> None:
    """Publish ``row`` as another process does."""
    type(row).objects.filter(pk=row.pk).update(visibility="public")


def run_before(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, call: Callable[[], Any]
) -> None:
    """Run ``call`` before each call of a method."""
    original = getattr(owner, name)

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        call()
        return original(*args, **kwargs)

    monkeypatch.setattr(owner, name, wrapped)


def draft(model: type[models.Model]) -> Any:
    """Return a staff-only object that no published one draws."""
    if model is Preset:
        return preset("draft")
    if model is Board:
        Board.objects.update(visibility="staff")
        return board()
    Preset.objects.filter(source="towns").update(source="open")
    return dataset("towns")


ADMINS = [(Dataset, DatasetAdmin), (Preset, PresetAdmin), (Board, BoardAdmin)]


@pytest.mark.parametrize(("model", "admin"), ADMINS)
def test_published_while_it_is_saved(
    model: Any, admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, client = draft(model), editor(publishes=False)
    assert post_form(client, row, title="Mine").status_code == 302
    row = draft(model)
    assert row.title == "Mine"
    run_before(monkeypatch, admin, "save_form", lambda: publish(row))
    assert post_form(client, row, title="Late").status_code == 403
    assert model.objects.get(pk=row.pk).title == "Mine"


@pytest.mark.parametrize(("model", "admin"), ADMINS)
@pytest.mark.parametrize("way", [delete, lambda client, row: act(client, row, "delete_selected")])
def test_published_while_it_is_deleted(
    way: Any, model: Any, admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = draft(model)
    # Called after the permissions are checked.
    run_before(monkeypatch, admin, "log_deletions", lambda: publish(row))
    assert way(editor(publishes=False), row).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_preset_published_while_it_is_imported_or_restored(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row, client = preset("draft"), editor(publishes=False)
    run_before(monkeypatch, Preset, "full_clean", lambda: publish(row))
    import_presets(client, {"slug": "draft", "title": "Late"})
    assert preset("draft").title == "Was public"
    monkeypatch.undo()
    # Only its visibility differs from the first revision, which was public.
    assert restore(client, "draft").status_code == 403


def staged(client: Client, name: str = "towns") -> str:
    token: str = preview(client, change_url(dataset(name)), ROW).context["token"]
    return token


def save(client: Client, token: str, name: str = "towns") -> Any:
    return client.post(change_url(dataset(name)), {**ROW, "token": token})


def revisions() -> set[tuple[str, int]]:
    return {*Dataset.objects.values_list("name", "revision")}


BEFORE = {("towns", 1), ("open", 1)}


def test_upload_is_saved_by_its_own_user() -> None:
    draft(Dataset)
    client, other = editor(publishes=False), editor(publishes=True)
    token = staged(client)
    assert "upload it again" in save(other, token).content.decode()
    assert revisions() == BEFORE
    assert save(client, token).status_code == 302
    assert revisions() == {("towns", 2), ("open", 1)}


def test_upload_is_saved_for_its_own_dataset() -> None:
    client = editor(publishes=True)
    token = staged(client)
    assert "upload it again" in save(client, token, "open").content.decode()
    new = client.post(f"{ADMIN.format('dataset')}add/", {**ROW, "name": "new", "token": token})
    assert "upload it again" in new.content.decode()
    assert revisions() == BEFORE


@pytest.mark.parametrize("of", ["dataset", "preset"])
@pytest.mark.parametrize("visibility", ["unlisted", "public"])
def test_published_between_preview_and_save(of: str, visibility: str) -> None:
    draft(Dataset)
    client = editor(publishes=False)
    token = staged(client)
    if of == "dataset":
        Dataset.objects.filter(name="towns").update(visibility=visibility)
    else:
        Preset.objects.filter(slug="draft").update(source="towns", visibility=visibility)
    assert save(client, token).status_code == 403
    assert revisions() == BEFORE and dataset("towns").title == "Towns"


@pytest.mark.parametrize("codename", ["publish_dataset", "change_dataset"])
def test_right_withdrawn_between_preview_and_save(codename: str) -> None:
    client = editor(publishes=True)
    token = staged(client)
    User.objects.get().user_permissions.remove(Permission.objects.get(codename=codename))
    assert save(client, token).status_code == 403
    assert revisions() == BEFORE


def test_without_the_right_uploads_are_staff_only() -> None:
    client = editor(publishes=False)
    assert add(client, "dataset", name="mine", visibility="staff").status_code == 302
    assert (dataset("mine").visibility, dataset("mine").revision) == ("staff", 1)
    assert upload(client, "mine").status_code == 302
    assert dataset("mine").revision == 2
    assert delete(client, dataset("mine")).status_code == 302


def test_dataset_of_a_published_preset_is_read_only() -> None:
    client = editor(publishes=False)
    page = client.get(change_url(dataset("towns"))).content.decode()
    assert (
        "You cannot change it, because you don&#x27;t have permission to publish." in page
        and "Drawn" in page
    )
    assert 'name="upload"' not in page and "_save" not in page and "deletelink" not in page
    free = draft(Dataset)
    page = client.get(change_url(free)).content.decode()
    assert 'name="upload"' in page and "_save" in page
    assert "only staff can see what you save" in page


def test_form_says_who_can_download_the_rows() -> None:
    client = editor(publishes=True)
    url = f"{ADMIN.format('dataset')}add/"
    page = client.get(url)
    assert page.context["adminform"].form["visibility"].value() == "staff"
    text = "everybody on the internet can find it and download every row as a CSV file"
    assert text in page.content.decode()
    shown = preview(client, url, {"title": "New", "name": "new", "visibility": "public"})
    assert f"Who can read these rows: <strong>Public: {text}" in shown.content.decode()


def test_dataset_that_a_python_view_shows_is_read_only(monkeypatch: pytest.MonkeyPatch) -> None:
    free, client = draft(Dataset), editor(publishes=False)
    monkeypatch.setattr(sources, "shown_by_views", set())
    assert post_form(client, free, title="Mine").status_code == 302
    plot_view(lambda request: plot_spec("bar", source="towns", x="town"), publish=["towns"])
    assert post_form(client, free, title="Late").status_code == 403
