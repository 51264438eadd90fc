"""Export and import of presets."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from plots.presets import revisions
from plots.presets.admin.changelist import resource
from plots.presets.models import Preset

pytestmark = pytest.mark.django_db
IMPORT = "/admin/plots_presets/preset/import/"
NEW = {"slug": "new", "title": "New", "kind": "line", "parameters": {"y": "1,2"}}


@pytest.fixture
def preset() -> Preset:
    made = Preset(visibility="public",
        slug="weekly", title="=Weekly", kind="bar", tags="a, b", overrides=["title"], order=3,
        description='Two lines,\r\nand "quotes"', parameters={"x": ["a,b"], "y": ["1,2", "3,4"]},
    )  # fmt: skip
    made.full_clean()
    made.save()
    return made


def send(client: Client, content: Any, name: str = "presets.json") -> Any:
    text = content if isinstance(content, (str, bytes)) else json.dumps(content)
    data = text if isinstance(text, bytes) else text.encode()
    return client.post(IMPORT, {"file": SimpleUploadedFile(name, data)})


def accept(client: Client, shown: Any) -> Any:
    return client.post(IMPORT, {"token": shown.context["token"]}, follow=True)


def said(response: Any) -> str:
    return " ".join(map(str, response.context["messages"]))


def all_values() -> list[dict[str, Any]]:
    return [revisions.field_values(each) for each in Preset.objects.all()]


# Round trip


@pytest.mark.parametrize("format", resource.FORMATS)
def test_export_and_import_round_trip(admin_client: Client, preset: Preset, format: str) -> None:
    call_command("prepare", verbosity=0)
    before = all_values()
    file = admin_client.get(f"/admin/plots_presets/preset/export/presets.{format}")
    assert re.search(
        rf'attachment; filename="presets-[\d-]+\.{format}"', file["Content-Disposition"]
    )
    Preset.objects.all().delete()
    shown = send(admin_client, file.content, f"presets.{format}")
    assert {row.state for row in shown.context["rows"]} == {"new"}
    assert not Preset.objects.exists()
    assert "20 presets were imported." in said(accept(admin_client, shown))
    assert all_values() == before
    again = send(admin_client, file.content, f"presets.{format}")
    assert {row.state for row in again.context["rows"]} == {"unchanged"}
    assert "already up to date" in again.content.decode()


def test_exports_contain_no_users_and_no_keys(admin_client: Client, preset: Preset) -> None:
    (row,) = json.loads(admin_client.get("/admin/plots_presets/preset/export/presets.json").content)
    assert tuple(row) == resource.COLUMNS
    assert row["parameters"] == {"x": ["a,b"], "y": ["1,2", "3,4"]}
    table = admin_client.get("/admin/plots_presets/preset/export/presets.csv").content
    assert b"'=Weekly," in table  # or a spreadsheet would run it


def test_export_selected_presets(admin_client: Client, preset: Preset) -> None:
    Preset.objects.create(visibility="public", slug="other", title="Other", kind="line")
    data = {"action": "export_json", "_selected_action": [preset.pk]}
    (row,) = json.loads(admin_client.post("/admin/plots_presets/preset/", data).content)
    assert row["slug"] == "weekly"


# Dry run


def test_dry_run(admin_client: Client, preset: Preset) -> None:
    Preset.objects.create(
        visibility="public", slug="same", title="Same", kind="line", parameters={"y": ["1,2"]}
    )
    rows = [
        {"slug": "weekly", "title": "Monthly", "parameters": {"x": "a,b", "y": "5,6"}},
        {"slug": "same", "title": "Same"},
        NEW,
    ]
    before = all_values()
    shown = send(admin_client, rows)
    assert all_values() == before
    told = [(row.slug, row.state) for row in shown.context["rows"]]
    assert told == [("weekly", "changed"), ("same", "unchanged"), ("new", "new")]
    changes = [(each.label, each.old, each.new) for each in shown.context["rows"][0].changes]
    assert changes == [("Title", "=Weekly", "Monthly"), ("y", "1,2\n3,4", "5,6")]
    assert "1 new, 1 changed, 1 unchanged" in shown.content.decode()
    accept(admin_client, shown)
    preset.refresh_from_db()
    assert (preset.title, preset.order, preset.overrides) == ("Monthly", 3, ["title"])
    newest = revisions.read_version(revisions.versions_of(Preset, preset.pk).first())
    assert newest
    assert (newest.username, newest.changed) == ("admin", ("title", "y"))
    assert Preset.objects.get(slug="new").author == User.objects.get()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"parameters": {"y": "1,b"}}, "y: Item 2, “b”"),
        ({"kind": "spiral"}, "kind: There is no kind “spiral”"),
        ({"source": "nlie", "parameters": {"x": "year", "y": "flow"}}, "Did you mean “nile”?"),
        ({"title": ""}, "Title: This field cannot be blank"),
        ({"title": 5}, "Title: Enter text."),
        ({"order": "last"}, "Order: “last” value must be an integer."),
        ({"visibility": "secret"}, "Visibility: Value 'secret' is not a valid choice."),
        ({"overrides": ["colour"]}, "Overrides: “colour” is not a parameter of this plot."),
        ({"parameters": "{y"}, "Parameters: Invalid JSON"),
        ({"slug": "not a slug"}, "Slug: Enter a valid “slug”"),
    ],
)
def test_an_invalid_row_rejects_the_whole_file(
    admin_client: Client, preset: Preset, row: dict[str, Any], problem: str
) -> None:
    before = all_values()
    changed = {"slug": "weekly", "title": "Changed"}
    shown = send(admin_client, [changed, NEW | row])
    html = shown.content.decode().replace("&#x27;", "'")
    assert "Nothing was changed" in html
    assert f"Row 2, {(NEW | row)['slug']}" in html and problem in html
    assert "Import all" not in html
    assert all_values() == before
    # Not even for who sends what the page has no button for.
    assert "Nothing was changed" in accept(admin_client, shown).content.decode()
    assert all_values() == before


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("[]", "a.json", "The file has no presets."),
        ("{", "a.json", "Invalid JSON"),
        ('{"slug": "a"}', "a.json", "The file must have a list of presets"),
        ([NEW, NEW], "a.json", "Rows 1 and 2 have the same slug, “new”."),
        ([{"title": "A"}], "a.json", "Row 1 has no slug"),
        ([NEW | {"titel": "A"}], "a.json", "Presets have no field “titel”. Did you mean “title”?"),
        ("slug,title\na", "a.csv", "Line 2 does not have as many cells"),
        ('slug,title\na,"b', "a.csv", "Line 2: a double quote is in the wrong place"),
        (b"slug,title\na,\xff", "a.csv", "not encoded in UTF-8"),
        ("x", "a.xlsx", "must end in .json or .csv"),
        ("x" * 1_500_001, "a.json", "At most 1,500,000 are allowed"),
        ("[" * 100_000, "a.json", "Invalid JSON"),
    ],
)
def test_unreadable_files(admin_client: Client, content: Any, name: str, message: str) -> None:
    shown = send(admin_client, content, name)
    assert shown.status_code == 200
    (error,) = shown.context["form"].errors["file"]
    assert message in error
    assert error.replace("’", "'") and not Preset.objects.exists()


def test_long_cells(admin_client: Client) -> None:
    """They need no other limit of the csv module, which is one for the whole process."""
    assert csv.field_size_limit() == 131_072
    values = ",".join(["12345"] * 50_000)
    Preset.objects.create(
        visibility="public", slug="long", title="Long", kind="line", parameters={"y": [values]}
    )
    file = admin_client.get("/admin/plots_presets/preset/export/presets.csv")
    (row,) = send(admin_client, file.content, "a.csv").context["rows"]
    assert row.state == "unchanged"
    assert csv.field_size_limit() == 131_072


def test_semicolons_and_missing_columns(admin_client: Client, preset: Preset) -> None:
    shown = send(admin_client, "slug;title;order\r\nweekly;'=1+1;9\r\n", "a.csv")
    accept(admin_client, shown)
    preset.refresh_from_db()
    assert (preset.title, preset.order, preset.kind) == ("=1+1", 9, "bar")


def test_changes_after_the_dry_run_require_another_one(
    admin_client: Client, preset: Preset
) -> None:
    shown = send(admin_client, [{"slug": "weekly", "title": "Imported"}])
    preset.title = "Meanwhile"
    preset.save()
    response = accept(admin_client, shown)
    assert "have changed since the preview" in said(response)
    assert response.context["rows"][0].changes[0].old == "Meanwhile"
    assert Preset.objects.get().title == "Meanwhile"
    accept(admin_client, response)
    assert Preset.objects.get().title == "Imported"


def test_a_forged_token_is_rejected(admin_client: Client) -> None:
    response = admin_client.post(IMPORT, {"token": "made:up"}, follow=True)
    assert "Choose the file again" in said(response)


# Permissions


@pytest.mark.parametrize(
    ("rights", "row", "problem"),
    [
        (["change"], NEW | {"visibility": "staff"}, "have permission to add presets."),
        (["add"], {"slug": "own", "title": "Mine"}, "have permission to change presets."),
        (["add", "change"], NEW | {"visibility": "public"}, "have permission to change public"),
        (["add", "change"], NEW | {"visibility": "members"}, "have permission to change public"),
        (["add", "change"], NEW, ""),
        (["add", "change"], {"slug": "weekly", "title": "No"}, "permission to change public"),
        (["add", "change"], {"slug": "weekly", "visibility": "staff"}, "to change public presets"),
        (["add", "change"], NEW | {"visibility": "staff"}, ""),
        (["add", "change"], {"slug": "weekly"}, ""),
        (["add", "change", "publish"], NEW | {"visibility": "public"}, ""),
    ],
)
def test_import_permissions(
    client: Client, preset: Preset, rights: list[str], row: dict[str, Any], problem: str
) -> None:
    Preset.objects.create(slug="own", title="Own", kind="line", visibility="staff",
                          parameters={"y": ["1"]})  # fmt: skip
    user = User.objects.create(username="ada", is_staff=True)
    named = [f"{right}_preset" for right in ("view", *rights)]
    user.user_permissions.set(Permission.objects.filter(codename__in=named))
    client.force_login(user)
    shown = send(client, [row])
    problems = [message for each in shown.context["rows"] for _, message in each.problems]
    assert any(problem in each for each in problems) if problem else not problems


def test_export_permissions(client: Client, preset: Preset) -> None:
    assert client.get("/admin/plots_presets/preset/export/presets.json").status_code == 302
    user = User.objects.create(username="ada", is_staff=True)
    client.force_login(user)
    assert client.get("/admin/plots_presets/preset/export/presets.json").status_code == 403
    user.user_permissions.set([Permission.objects.get(codename="view_preset")])
    assert client.get("/admin/plots_presets/preset/export/presets.json").status_code == 200
    assert client.get("/admin/plots_presets/preset/export/presets.xml").status_code == 404
    assert client.get(IMPORT).status_code == 403
    assert send(client, [NEW]).status_code == 403


# Commands


def test_export_and_import_commands(
    preset: Preset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "presets.json"
    call_command("export_presets", str(file), "weekly")
    before = all_values()
    preset.title = "Changed"
    preset.save()
    call_command("import_presets", str(file), "--dry-run")
    assert "Title: 'Changed' → '=Weekly'" in capsys.readouterr().out
    assert Preset.objects.get().title == "Changed"
    call_command("import_presets", str(file))
    assert all_values() == before
    file.write_text(json.dumps([NEW, NEW | {"slug": "bad", "kind": "spiral"}]))
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("import_presets", str(file))
    assert "There is no kind “spiral”" in capsys.readouterr().err
    assert all_values() == before


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["export_presets", "a.xml"], "must end in .json or .csv"),
        (["export_presets", "a.json", "nobody"], "There is no preset nobody."),
        (["export_presets", "no/where/a.json"], "cannot be written: No such file"),
        (["import_presets", "nowhere.json"], "cannot be read: No such file"),
    ],
)
def test_command_errors(
    command: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=re.escape(message)):
        call_command(*command)
