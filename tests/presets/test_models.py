"""The Preset model: visibility, validation and images."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import ValidationError
from django.test import Client

from plots.presets.models import Preset
from plots.spec.registry import sources
from tests.helpers import ask, problems

pytestmark = pytest.mark.django_db
needs_postgresql = pytest.mark.skipif(
    "postgresql" not in settings.DATABASES, reason="no PostgreSQL answers here"
)


def make(slug: str = "one", **fields: Any) -> Preset:
    preset = Preset(
        visibility="public", slug=slug, title=slug.title(), kind=fields.pop("kind", "line")
    )
    preset.parameters = fields.pop("parameters", {"y": "1,2,3"})
    for name, value in fields.items():
        setattr(preset, name, value)
    preset.full_clean()
    preset.save()
    return preset


def test_visibility() -> None:
    for visibility in Preset.Visibility.values:
        make(visibility, visibility=visibility)
    staff = User.objects.create(username="s", is_staff=True)
    gone = User.objects.create(username="g", is_staff=True, is_active=False)
    plain = User.objects.create(username="p")

    def seen(user: Any) -> set[str]:
        return set(Preset.objects.visible_to(user).values_list("slug", flat=True))

    chosen = Group.objects.create(name="Editors")
    Preset.objects.get(slug="groups").groups.add(chosen, Group.objects.create(name="Others"))
    editor = User.objects.create(username="e")
    editor.groups.add(chosen)
    for user in (None, AnonymousUser(), gone):
        assert seen(user) == {"public", "unlisted"}
    assert seen(plain) == {"public", "unlisted", "members"}
    assert seen(editor) == {"public", "unlisted", "members", "groups"}
    assert seen(staff) == {*Preset.Visibility.values}
    editor.groups.clear()
    assert seen(User.objects.get(username="e")) == seen(plain)
    listed = Preset.objects.visible_to(staff).listed().values_list("slug", flat=True)
    assert set(listed) == {"public", "members", "groups", "staff"}


@pytest.mark.parametrize(
    "database", ["default", pytest.param("postgresql", marks=needs_postgresql)]
)
@pytest.mark.django_db(databases=[*settings.DATABASES])
def test_search_by_whole_tag(database: str) -> None:
    given = {
        "a": "sea", "b": "overseas, sea ice", "c": "ice,sea", "d": "Sea Ice, x_y, 100%", "e": "",
        "f": "바다, x",
    }  # fmt: skip
    for slug, tags in given.items():
        Preset(visibility="public", slug=slug, title=slug, kind="line", tags=tags).save(
            using=database
        )

    def found(tag: str) -> str:
        presets = Preset.objects.using(database).tagged(tag)
        return "".join(sorted(presets.values_list("slug", flat=True)))

    expected = {
        "sea": "ac", " SEA": "ac", "sea  ice": "bd", "ice": "c", "se": "", "xxy": "", "x_y": "d",
        "100%": "d", "%": "", "": "", ",": "", "sea,ice": "bd", "바다": "f", "다": "",
    }  # fmt: skip
    assert {tag: found(tag) for tag in expected} == expected


def test_tags_are_normalized() -> None:
    assert make(tags=" Sea ice,sea  ICE,, x ").tags == "sea ice, x"
    with pytest.raises(ValidationError) as told:
        make("two", tags=",".join(map(str, range(75))))
    assert "at most 200" in str(told.value.message_dict["tags"])


def test_staff_only_images_are_private(client: Client, admin_client: Client) -> None:
    make("secret", visibility="staff")
    hidden = client.get("/presets/secret.png")
    assert hidden.status_code == 404
    assert hidden.content == client.get("/presets/never-there.png").content or (
        "no preset" in hidden["X-Plot-Error"]
    )
    shown = admin_client.get("/presets/secret.png")
    assert shown.status_code == 200
    assert shown["Cache-Control"] == "private, no-cache"
    assert "Cookie" in shown["Vary"]
    assert shown["Cross-Origin-Resource-Policy"] == "same-origin"
    again = admin_client.get("/presets/secret.png", headers={"if-none-match": shown["ETag"]})
    assert again.status_code == 304
    assert again["Cache-Control"] == "private, no-cache"
    assert "Cookie" in again["Vary"]


def test_staff_only_random_images(admin_client: Client) -> None:
    make("cloud", kind="normal", parameters={}, visibility="staff")
    shown = admin_client.get("/presets/cloud.png")
    assert "no-store" in shown["Cache-Control"]
    assert shown["Cross-Origin-Resource-Policy"] == "same-origin"


def test_public_images_are_cacheable(client: Client) -> None:
    for visibility in ("public", "unlisted"):
        make(visibility, visibility=visibility)
        shown = client.get(f"/presets/{visibility}.png")
        assert shown["Cache-Control"].startswith("public, max-age=3600")
        assert shown["Content-Disposition"] == f'inline; filename="{visibility}.png"'
        assert "Vary" not in shown


def test_never_cache(client: Client) -> None:
    make(cache="never")
    assert "no-store" in client.get("/presets/one.png")["Cache-Control"]


def test_spec_from_parameters(client: Client) -> None:
    make(parameters={"y": ["1,2,3", "3,2,1"], "title": "Both", "width": 300})
    preset = client.get("/presets/one.png")
    query = client.get("/plot/line.png?y=1,2,3&y=3,2,1&title=Both&width=300")
    assert preset.content == query.content
    assert preset["ETag"] == query["ETag"]


def test_parameters_are_normalized() -> None:
    preset = make(parameters={"y": "1.0, 2.50", "width": "640", "grid": "yes", "title": " A "})
    assert preset.parameters == {"y": ["1,2.5"], "title": ["A"]}


def test_overrides(client: Client) -> None:
    make(overrides=["title"], parameters={"y": "1,2,3", "theme": "dark", "title": "Old"})
    plain = client.get("/presets/one.png")
    assert client.get("/presets/one.png?title=New").content != plain.content
    assert client.get("/presets/one.png?title=Old")["ETag"] == plain["ETag"]
    assert client.get("/presets/one.png?title=")["ETag"] == plain["ETag"]
    for always in ("width=300", "h=200", "scale=2", "theme=light"):
        assert client.get(f"/presets/one.png?{always}").status_code == 200
    assert problems(client, "/presets/one.png?ymin=0") == [("ymin", "not-allowed")]
    assert problems(client, "/presets/one.png?titel=x") == [("titel", "not-allowed")]
    message = ask(client, "/presets/one.png?titel=x").json()["errors"][0]["message"]
    assert "“title”" in message
    assert problems(client, "/presets/one.png?width=9")[0][0] == "width"
    assert problems(client, "/presets/one.png?title=a&title=b")[0][1] == "repeated-parameter"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"parameters": {"y": "1,b"}}, "y: Item 2"),
        ({"parameters": {}}, "y: This is required"),
        ({"parameters": {"y": "1", "tilte": "50 % of $"}}, "tilte: line has no parameter"),
        ({"kind": "pie-in-3d"}, "no kind “pie-in-3d”"),
        ({"source": "nope"}, "no source “nope”"),
        ({"source": "nile", "parameters": {"x": "year", "y": "flwo"}}, "no column “flwo”"),
        ({"source": "nile", "parameters": {"y": "year", "bins": "3"}}, "bins"),
        ({"overrides": ["tilte"]}, "Did you mean “title”"),
        ({"overrides": ["source"]}, "not a parameter"),
        ({"overrides": "title"}, "list"),
        ({"parameters": ["y"]}, "{name: text}"),
        ({"parameters": {"y": {"a": 1}}}, "{name: text}"),
    ],
)
def test_invalid_presets_cannot_be_saved(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError) as error:
        make(**fields)
    assert message in " ".join(error.value.messages)


def test_missing_kind_or_source(client: Client) -> None:
    make("fine")
    Preset.objects.create(visibility="public", slug="kind", title="Kind", kind="gone")
    Preset.objects.create(
        visibility="public", slug="source", title="S", kind="line", source="gone", parameters={}
    )
    for slug in ("kind", "source"):
        response = client.get(f"/presets/{slug}.png")
        assert (response.status_code, response["Content-Type"]) == (404, "image/png")
        assert "“gone”" in ask(client, f"/presets/{slug}.png").json()["errors"][0]["message"]
    assert client.get("/presets/fine.png").status_code == 200
    assert client.get("/").status_code == 200


def test_search_by_words() -> None:
    make("nile", description="Water in Aswan")
    make("stocks")
    assert [p.slug for p in Preset.objects.matching("ASWAN nile", None)] == ["nile"]
    assert [p.slug for p in Preset.objects.matching("aswan stocks", None)] == []
    assert Preset.objects.matching("", None).count() == 2


def test_presets_of_a_source_are_listed_once(db: None) -> None:
    preset = Preset.objects.create(
        visibility="public", title="T", slug="t", kind="bar", source="towns"
    )
    apps.get_app_config("plots_presets").ready()  # as whenever INSTALLED_APPS is overridden
    assert sources.used_by("towns") == [preset]
