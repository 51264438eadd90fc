"""Every URL and admin page × every role × every visibility: a generated and asserted table.

A new URL without a row here fails. Pages of models that are not of this project need none: the
admin's standard pages are derived from the permissions of their model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, User
from django.db import transaction

from tests.plotsite import access
from tests.plotsite.access import (
    IS_STAFF,
    MARK,
    ROLES,
    VISIBILITIES,
    WITHDRAWN,
    Expected,
    Objects,
    Row,
    always,
    if_open,
    if_seen,
    needs,
    posting,
    sees,
    staff,
    superuser,
)  # fmt: skip

pytestmark = pytest.mark.django_db

DATA = "source=own&x=town&y=people"
BODY = json.dumps({"source": "own", "x": "town", "y": "people"})


def site_rows(objects: Objects) -> dict[str, list[Row]]:
    """Rows by route; the table of the admin follows."""
    ok = always(200)
    stored = objects.stored.url
    frame = "http://testserver/presets/own/"
    return {
        "": [Row("/", ok, "Own chart", listed=True), Row("/?q=own", ok, "Own chart", listed=True)],
        "presets/<slug:slug>/": [
            Row("/presets/own/", if_seen, "Own chart"),
            Row("/presets/own/?theme=dark", if_seen, MARK),
        ],
        "presets/<slug:slug>.<str:format>": [
            Row("/presets/own.png", if_seen), Row("/presets/own.csv", if_seen, MARK),
            Row("/presets/own.json", if_seen, MARK), Row("/presets/own.txt?width=300", if_seen),
        ],
        "presets/<slug:slug>/embed/": [Row("/presets/own/embed/", if_seen, "Own chart")],
        "oembed/": [Row(f"/oembed/?url={frame}", if_open, "Own chart", public=True)],
        "feed.atom": [Row("/feed.atom", ok, "Own chart", listed=True, public=True)],
        "sitemap.xml": [Row("/sitemap.xml", ok, "/presets/own/", listed=True, public=True)],
        "boards/": [Row("/boards/", ok, "Own board", listed=True)],
        "boards/<slug:slug>/": [Row("/boards/own/", if_seen, "Own chart")],
        "plot/<slug:kind>/": [
            Row("/plot/bar/", ok, '<option value="own"', listed=True),
            Row(f"/plot/bar/?{DATA}", ok, MARK),
            Row("/plot/bar/", posting(201), post=BODY),
        ],
        "plot/<slug:kind>": [
            Row(f"/plot/bar?{DATA}", always(301)), Row("/plot/bar", posting(201), post=BODY),
        ],
        "plot/<slug:kind>.<str:format>": [
            *(Row(f"/plot/bar.{each}?{DATA}", if_seen) for each in ("png", "svg")),
            *(Row(f"/plot/bar.{each}?{DATA}", if_seen, MARK) for each in ("csv", "json")),
            Row(f"/plot/bar.csv?{DATA}&sig=forged", if_seen, MARK),
            Row("/plot/bar.csv", posting(200), post=BODY),
        ],
        "p/<slug:digest>.<str:format>": [
            Row(stored("png"), if_seen), Row(stored("csv"), if_seen, MARK),
        ],
        "<slug:x_source>/<slug:y_source>/plot.png": [Row("/own/own/plot.png", two_columns)],
    }  # fmt: skip


def other_rows() -> dict[str, list[Row]]:
    """Pages that show no saved objects."""
    ok = always(200)
    return {
        "plot/": [Row("/plot/", ok)],
        "plot/openapi.json": [Row("/plot/openapi.json", ok)],
        "healthz": [Row("/healthz", ok)],
        "metrics": [Row("/metrics", always(404))],
        "fig/<str:mean>_<str:var>": [Row("/fig/0_1", ok)],
        "normal/<str:mean>_<str:var>": [Row("/normal/0_1", ok)],
        "plot.png": [Row("/plot.png?x=1,2&y=3,4", ok)],
        "sine.png": [Row("/sine.png", ok)],
        "cosine.svg": [Row("/cosine.svg", ok)],
        "robots.txt": [Row("/robots.txt", ok)],
        "accounts/login/": [Row("/accounts/login/", ok)],
        "accounts/logout/": [Row("/accounts/logout/", always(405))],
        "language/setlang/": [Row("/language/setlang/", always(302), post={"language": "de"})],
        r"^admin/(?P<url>plots/(?P<model>preset|dataset|board)/.*)$": [
            Row("/admin/plots/preset/", always(301)),
        ],
    }  # fmt: skip


def two_columns(role: str, visibility: str) -> int:
    """The first column of the dataset has names, which a line does not draw on its y axis."""
    return 400 if sees(role, visibility) else 404


def model_rows(objects: Objects) -> dict[str, list[Row]]:
    """The standard pages of presets, boards and datasets."""
    rows: dict[str, list[Row]] = {}
    for name in ("preset", "board", "dataset"):
        route = f"admin/plots_{name}s/{name}/"
        own = f"/{route}{getattr(objects, name).pk}/"
        rows |= {
            route: [Row(f"/{route}", needs("view"))],
            f"{route}add/": [Row(f"/{route}add/", needs("add"))],
            f"{route}<path:object_id>/": [Row(own, staff(302))],
            f"{route}<path:object_id>/history/": [Row(f"{own}history/", needs("view"))],
            f"{route}<path:object_id>/delete/": [
                Row(f"{own}delete/", needs("delete", changes=True)),
                Row(f"{own}delete/", deleting(name), post={"post": "yes"}),
            ],
            f"{route}<path:object_id>/change/": [
                Row(f"{own}change/", needs("view")),
                Row(f"{own}change/", needs("change", changes=True), post={"title": ""}),
            ],
        }  # fmt: skip
    return rows


def preset_rows(objects: Objects) -> dict[str, list[Row]]:
    """Further pages of presets in the admin."""
    route = "admin/plots_presets/preset/"
    own, draft = f"/{route}{objects.preset.pk}/", {"kind": "line", "plot_y": "1,2"}
    change = needs("change", changes=True)
    return {
        f"{route}add/preview/": [Row(f"/{route}add/preview/", needs("add"), post=draft)],
        f"{route}add/fields/": [Row(f"/{route}add/fields/", needs("add"), post=draft)],
        f"{route}<path:object_id>/preview/": [Row(f"{own}preview/", change, post=draft)],
        f"{route}<path:object_id>/fields/": [Row(f"{own}fields/", change, post=draft)],
        f"{route}deleted/": [Row(f"/{route}deleted/", needs("add"))],
        f"{route}deleted/<int:number>/restore/": [
            Row(f"/{route}deleted/{objects.gone}/restore/", needs("add", changes=True, ok=302),
                post={}),
        ],
        f"{route}revisions/<int:number>.png": [
            Row(f"/{route}revisions/{objects.last}.png", needs("view")),
        ],
        f"{route}<path:object_id>/history/compare/": [
            Row(f"{own}history/compare/", needs("view")),
        ],
        f"{route}<path:object_id>/history/<int:number>/restore/": [
            Row(f"{own}history/{objects.last}/restore/", needs("change", changes=True, ok=302),
                post={}),
        ],
        f"{route}import/": [Row(f"/{route}import/", needs("add"))],
        f"{route}export/presets.<str:format>": [
            Row(f"/{route}export/presets.{format}", needs("view")) for format in ("json", "csv")
        ],
    }  # fmt: skip


def deleting(name: str) -> Expected:
    """A dataset that a preset draws is not deleted: the page is shown again."""
    return needs("delete", changes=True, ok=200 if name == "dataset" else 302)


def general_rows(objects: Objects) -> dict[str, list[Row]]:
    from django.contrib.contenttypes.models import ContentType

    kind = ContentType.objects.get_for_model(objects.preset)
    choices = "app_label=plots_boards&model_name=boarditem&field_name=preset"
    return {
        "admin/": [Row("/admin/", staff())],
        "admin/login/": [Row("/admin/login/", lambda role, _: 302 if role in IS_STAFF else 200)],
        "admin/logout/": [Row("/admin/logout/", staff(405))],
        "admin/password_change/": [Row("/admin/password_change/", staff())],
        "admin/password_change/done/": [Row("/admin/password_change/done/", staff())],
        "admin/autocomplete/": [Row(f"/admin/autocomplete/?{choices}", needs("view"))],
        "admin/jsi18n/": [Row("/admin/jsi18n/", staff())],
        "admin/r/<path:content_type_id>/<path:object_id>/": [
            Row(f"/admin/r/{kind.pk}/{objects.preset.pk}/", staff(302)),
        ],
        "admin/^": [
            Row("/admin/plots_presets/", needs("view", refused=404)),
            Row("/admin/auth/", lambda role, _: {"superuser": 200}.get(role, staff(404)(role, _))),
        ],
        "admin/(?P<url>.*)$": [Row("/admin/nothing/", staff(404))],
    }  # fmt: skip


# Standard pages of models that need no rows of their own: only superusers have permissions.
STANDARD = re.compile(r"admin/(?P<model>\w+/\w+)/(<path:object_id>/|<id>/)?(?P<view>\w*)/?$")


def standard_row(route: str, objects: Objects) -> Row | None:
    match = STANDARD.match(route)
    if not match or match["model"].startswith(access.APPS):
        return None
    keys = {
        "plots/storedplot": objects.stored.pk,
        "auth/group": Group.objects.get(name="Editors").pk,
        "auth/user": User.objects.get_or_create(username="nobody")[0].pk,
    }
    is_object = "<" in route
    if match["model"] not in keys:  # of another project
        return Row("/" + re.sub("<[^>]*>", "1", route), foreign)
    url = "/" + re.sub("<[^>]*>", str(keys.get(match["model"])), route)
    if match["view"] == "" and is_object:
        return Row(url, staff(302))
    is_refused = match["model"] == "plots/storedplot" and match["view"] == "add"
    return Row(url, superuser(403 if is_refused else 200))


def foreign(role: str, visibility: str) -> tuple[int, ...]:
    """Pages of other projects: for superusers as that project likes, for others a refusal."""
    if role not in IS_STAFF:
        return (302,)
    return (302, 403, 404, *((200,) if role == "superuser" else ()))


def all_rows(objects: Objects) -> Iterator[tuple[str, list[Row]]]:
    """Yield each route of the site with its rows; fail for one without."""
    known = site_rows(objects) | other_rows() | model_rows(objects) | preset_rows(objects)
    known |= general_rows(objects)
    for _name, route in access.patterns():
        found = known.get(route) or known.get(route.partition("(?P<app_label>")[0])
        if not found and (row := standard_row(route, objects)):
            found = [row]
        assert found, f"The URL pattern {route!r} has no row in this table: add one."
        yield route, found


@pytest.mark.parametrize("visibility", VISIBILITIES)
@pytest.mark.parametrize("role", [*ROLES, *WITHDRAWN])
def test_table(role: str, visibility: str) -> None:
    objects = access.make_objects(visibility)
    client = access.log_in(role)
    effective = WITHDRAWN.get(role, role)
    is_first = visibility == VISIBILITIES[0] and role in ROLES
    for _route, rows in all_rows(objects):
        for row in rows:
            if not is_first and not row.differs(effective):
                continue  # it was requested by the role at the first visibility
            with transaction.atomic():
                row.check(client, effective, visibility)
                transaction.set_rollback(True)


def test_the_rule_written_down_here_grows_with_the_visibility() -> None:
    for role in ROLES:
        seen = [visibility for visibility in VISIBILITIES if sees(role, visibility)]
        assert seen[-2:] == ["unlisted", "public"]
    assert [role for role in ROLES if sees(role, "groups")] == ["group member", *IS_STAFF]
    assert [role for role in ROLES if sees(role, "members")] == [*ROLES[1:]]
