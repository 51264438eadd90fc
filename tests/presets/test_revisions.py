"""Revisions of presets."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from reversion.models import Revision

from plots.presets import revisions
from plots.presets.models import Preset
from tests.helpers import pixels

pytestmark = pytest.mark.django_db
LIST = "/admin/plots_presets/preset/"


@pytest.fixture
def preset(admin_user: User) -> Preset:
    """A preset of two revisions: 1,2 and then 3,4 in another colour."""
    made = Preset(
        visibility="public",
        slug="weekly",
        title="Weekly",
        kind="line",
        parameters={"y": ["1,2"]},
        order=7,
    )
    made.save(by=admin_user)
    made.title, made.parameters = "Monthly", {"y": ["3,4"], "colors": ["ff0000"]}
    made.save(by=admin_user)
    return made


def kept(preset: Preset) -> list[revisions.Revision]:
    """The revisions, the newest first."""
    return [*filter(None, map(revisions.read_version, revisions.versions_of(Preset, preset.pk)))]


def restore(client: Client, preset: Preset, number: int) -> Any:
    return client.post(f"{LIST}{preset.pk}/history/{number}/restore/", follow=True)


def said(response: Any) -> str:
    return " ".join(map(str, response.context["messages"]))


# What is kept


def test_a_save_creates_a_revision(preset: Preset, admin_user: User) -> None:
    new, old = kept(preset)
    assert (new.username, new.changed) == ("admin", ("title", "y", "colors"))
    assert (old.username, old.changed) == ("admin", ())
    assert (old.preset.title, old.preset.parameters) == ("Weekly", {"y": ["1,2"]})
    assert old.date < new.date


def test_a_save_without_changes_creates_no_revision(preset: Preset) -> None:
    preset.save()
    assert len(kept(preset)) == 2


def test_saves_by_code_have_no_user(preset: Preset) -> None:
    again = Preset.objects.get()
    again.title = "By a program"
    again.save(update_fields=["title"])
    assert kept(preset)[0].username == ""
    assert Preset.objects.get().editor is None


def test_unrecorded_changes_become_a_revision(preset: Preset) -> None:
    Preset.objects.update(title="By SQL")
    again = Preset.objects.get()
    again.title = "Again"
    again.save()
    assert [each.preset.title for each in kept(preset)][:3] == ["Again", "By SQL", "Monthly"]
    assert [each.changed for each in kept(preset)][:2] == [("title",), ("title",)]


def test_a_failed_save_creates_no_revision(preset: Preset) -> None:
    other = Preset(visibility="public", slug="weekly", title="Same slug", kind="line")
    before = Revision.objects.count()
    with pytest.raises(Exception, match="(?i)unique"):
        from django.db import transaction

        with transaction.atomic():
            other.save()
    assert Revision.objects.count() == before


def test_form_list_and_starters_create_revisions(admin_client: Client) -> None:
    call_command("prepare", verbosity=0)
    starters = Preset.objects.count()
    assert Revision.objects.count() == starters > 15
    some = Preset.objects.get(slug="nile")
    data = {"action": "unpublish", "_selected_action": [some.pk]}
    admin_client.post(LIST, data)
    newest = kept(some)[0]
    assert (newest.username, newest.changed) == ("admin", ("visibility",))


def test_revisions_stay_when_a_user_is_deleted(preset: Preset, admin_user: User) -> None:
    other = User.objects.create_superuser("other")
    admin_user.delete()
    assert [each.username for each in kept(preset)] == ["", ""]
    old = kept(preset)[1]
    assert revisions.restore(old, other).title == "Weekly"


# Its pages


def test_history_page(admin_client: Client, preset: Preset) -> None:
    html = admin_client.get(f"{LIST}{preset.pk}/history/").content.decode()
    assert "Title, y, colors" in html and "Created" in html
    number = kept(preset)[1].number
    picture = admin_client.get(f"{LIST}revisions/{number}.png?width=144&height=96&scale=2")
    assert pixels(picture).size == (288, 192)
    assert "no-store" in picture["Cache-Control"]
    assert f"/revisions/{number}.png" in html


def test_query_count_does_not_depend_on_the_number_of_revisions(
    admin_client: Client, preset: Preset
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(f"{LIST}{preset.pk}/history/").status_code == 200
        return len(queries)

    few = asked()
    for number in range(20):
        preset.title = f"Title {number}"
        preset.save()
    assert asked() == few <= 8


def test_unreadable_revisions_are_skipped(admin_client: Client, preset: Preset) -> None:
    newest, old = revisions.versions_of(Preset, preset.pk)
    type(newest).objects.filter(pk=newest.pk).update(serialized_data="{", format="json")
    assert admin_client.get(f"{LIST}{preset.pk}/history/").content.count(b"/restore/") == 0
    assert restore(admin_client, preset, newest.pk).status_code == 404
    preset.title = "Saved all the same"
    preset.save()
    assert kept(preset)[0].preset.title == "Saved all the same"


def test_compare_two_revisions(admin_client: Client, preset: Preset) -> None:
    new, old = kept(preset)
    page = admin_client.get(f"{LIST}{preset.pk}/history/compare/?from={new.number}&to={old.number}")
    told = [(each.label, each.old, each.new) for each in page.context["differences"]]
    assert told == [("Title", "Weekly", "Monthly"), ("y", "1,2", "3,4"), ("colors", "", "ff0000")]
    assert page.content.decode().count("<img") == 2


def test_restore_creates_a_revision(admin_client: Client, preset: Preset, client: Client) -> None:
    old = kept(preset)[1]
    before = client.get("/presets/weekly.csv").content
    response = restore(admin_client, preset, old.number)
    assert "Weekly was restored (revision of " in said(response)
    now = Preset.objects.get()
    assert (now.title, now.parameters) == ("Weekly", {"y": ["1,2"]})
    assert client.get("/presets/weekly.csv").content != before
    assert [each.preset.title for each in kept(preset)] == ["Weekly", "Monthly", "Weekly"]
    html = admin_client.get(f"{LIST}{preset.pk}/history/").content.decode()
    assert "same as on" in html


def test_a_revision_that_no_longer_renders_is_not_restored(
    admin_client: Client, preset: Preset
) -> None:
    Preset.objects.update(kind="spiral")
    now = Preset.objects.get()
    now.kind = "bar"
    now.save()
    spiral = kept(preset)[1]
    page = admin_client.get(f"{LIST}{preset.pk}/history/")
    assert "There is no kind “spiral”" in page.content.decode()
    compared = admin_client.get(f"{LIST}{preset.pk}/history/compare/?from={spiral.number}")
    assert "There is no kind “spiral”" in compared.content.decode()
    picture = admin_client.get(f"{LIST}revisions/{spiral.number}.png")
    assert (picture.status_code, picture["Content-Type"]) == (404, "image/png")
    response = restore(admin_client, preset, spiral.number)
    assert "There is no kind “spiral”" in said(response) and "Nothing was changed" in said(response)
    assert Preset.objects.get().kind == "bar"


def test_restore_a_deleted_preset(admin_client: Client, preset: Preset) -> None:
    pk, number = preset.pk, kept(preset)[0].number
    admin_client.post(f"{LIST}{pk}/delete/", {"post": "yes"})
    assert not Preset.objects.exists()
    assert "Monthly" in admin_client.get(f"{LIST}deleted/").content.decode()
    admin_client.post(f"{LIST}deleted/{number}/restore/")
    back = Preset.objects.get()
    assert (back.pk, back.title, back.parameters["colors"]) == (pk, "Monthly", ["ff0000"])
    assert [(each.username, each.preset.title) for each in kept(back)][::2] == [
        ("admin", "Monthly"),
        ("admin", "Weekly"),
    ]
    assert "Restored" in admin_client.get(f"{LIST}{pk}/history/").content.decode()
    assert not admin_client.get(f"{LIST}deleted/").context["rows"]


def test_restore_with_a_slug_in_use(admin_client: Client, preset: Preset) -> None:
    number = kept(preset)[0].number
    preset.delete()
    Preset.objects.create(
        visibility="public", slug="weekly", title="Another", kind="line", parameters={"y": ["1"]}
    )
    response = admin_client.post(f"{LIST}deleted/{number}/restore/", follow=True)
    assert "Slug already exists" in said(response)
    assert Preset.objects.get().title == "Another"


@pytest.mark.parametrize(
    ("rights", "page", "post"),
    [([], 403, 403), (["view"], 200, 403), (["view", "change"], 200, 403)],
)
def test_history_permissions(
    client: Client, preset: Preset, rights: list[str], page: int, post: int
) -> None:
    user = User.objects.create(username="ada", is_staff=True)
    named = [f"{right}_preset" for right in rights]
    user.user_permissions.set(Permission.objects.filter(codename__in=named))
    client.force_login(user)
    old = kept(preset)[1]
    shown = client.get(f"{LIST}{preset.pk}/history/")
    assert shown.status_code == page
    assert "/restore/" not in shown.content.decode()
    assert client.get(f"{LIST}revisions/{old.number}.png").status_code == page
    assert client.get(f"{LIST}{preset.pk}/history/compare/").status_code == page
    assert client.get(f"{LIST}deleted/").status_code == 403
    assert client.post(f"{LIST}{preset.pk}/history/{old.number}/restore/").status_code == post
    assert Preset.objects.get().title == "Monthly"


def test_restoring_a_public_revision_requires_publish_permission(
    client: Client, preset: Preset
) -> None:
    preset.visibility = "staff"
    preset.save()
    user = User.objects.create(username="ada", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["change_preset"]))
    client.force_login(user)
    assert restore(client, preset, kept(preset)[1].number).status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="publish_preset"))
    assert restore(client, preset, kept(preset)[1].number).status_code == 200
    assert Preset.objects.get().visibility == "public"


def test_restore_requires_post_and_csrf_token(preset: Preset, admin_user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)
    path = f"{LIST}{preset.pk}/history/{kept(preset)[1].number}/restore/"
    assert client.get(path).status_code == 405
    assert client.post(path).status_code == 403
    assert Preset.objects.get().title == "Monthly"


@pytest.mark.parametrize(
    "path", ["99/history/", "1/history/compare/?from=99999", "revisions/9.png"]
)
def test_missing_revisions_are_404(admin_client: Client, path: str) -> None:
    made = Preset.objects.create(
        visibility="public", slug="a", title="A", kind="line", parameters={"y": ["1"]}
    )
    path = path.replace("1/", f"{made.pk}/") if path.startswith("1/") else path
    Revision.objects.all().delete() if path.startswith("rev") else None
    assert admin_client.get(LIST + path).status_code == 404
