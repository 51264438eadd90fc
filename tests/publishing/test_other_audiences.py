"""What members and chosen groups see changes only by users who may publish, too."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group

from plots.boards.models import Board
from plots.datasets.models import Dataset
from plots.permissions import Visibility
from plots.presets import revisions
from plots.presets.models import Preset
from tests.publishing.site import (
    ADMIN,
    add,
    board,
    dataset,
    delete,
    editor,
    import_presets,
    post_form,
    preset,
    upload,
)

WIDER = [each.value for each in Visibility if each != Visibility.STAFF]


@pytest.fixture
def group() -> Group:
    return Group.objects.create(name="Readers")


@pytest.mark.parametrize("visibility", WIDER)
def test_only_publishers_choose_another_visibility(visibility: str, group: Group) -> None:
    client = editor(publishes=False)
    Board.objects.update(visibility="staff")
    Preset.objects.filter(source="towns").update(source="open")
    chosen: dict[str, Any] = {"visibility": visibility, "groups": [group.pk]}
    for row in (dataset("towns"), preset("draft"), board()):
        answer = post_form(client, row, **chosen)
        message = str(answer.context["adminform"].form.errors["visibility"])
        assert "You don&#x27;t have permission to publish" in message
    for model, fields in (("dataset", {"name": "new"}), ("preset", {}), ("board", {})):
        assert add(client, model, **fields, **chosen).status_code == 200
    import_presets(client, {"slug": "draft", "visibility": visibility})
    for each in (dataset("towns"), preset("draft"), board()):
        assert each.visibility == "staff"
    assert not Dataset.objects.filter(name="new").exists()


@pytest.mark.parametrize("visibility", WIDER)
def test_only_publishers_change_what_others_see(visibility: str, group: Group) -> None:
    client = editor(publishes=False)
    rows: list[Any] = [dataset("open"), preset("values"), board()]
    for row in rows:
        type(row).objects.filter(pk=row.pk).update(visibility=visibility)
        row.groups.set([group])
        assert post_form(client, row, title="Forged").status_code == 403
        assert post_form(client, row, visibility="staff").status_code == 403
        assert post_form(client, row, groups=[]).status_code == 403
        assert delete(client, row).status_code == 403
        row.refresh_from_db()
        assert (row.title != "Forged", row.visibility, row.groups.count()) == (True, visibility, 1)
    import_presets(client, {"slug": "values", "title": "Forged"})
    assert preset("values").title == "Values"


@pytest.mark.parametrize("visibility", WIDER)
def test_dataset_drawn_by_a_published_preset(visibility: str) -> None:
    Preset.objects.filter(source="towns").update(visibility=visibility)
    assert upload(editor(publishes=False), "towns").status_code == 403
    assert dataset("towns").revision == 1
    assert upload(editor(publishes=True), "towns").status_code == 302
    assert dataset("towns").revision == 2


@pytest.mark.parametrize("visibility", WIDER)
def test_only_publishers_restore_a_published_revision(visibility: str) -> None:
    row = preset("draft")
    row.visibility = visibility
    row.save()
    row.visibility = "staff"
    row.save()
    version = revisions.versions_of(Preset, row.pk)[1]
    url = f"{ADMIN.format('preset')}{row.pk}/history/{version.pk}/restore/"
    assert editor(publishes=False).post(url).status_code == 403
    assert preset("draft").visibility == "staff"
    assert editor(publishes=True).post(url).status_code == 302
    assert preset("draft").visibility == visibility
