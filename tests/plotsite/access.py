"""Roles and objects of the table of who may see which page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from plots.boards.models import Board
from plots.datasets.models import Dataset
from plots.http.stored_plots import StoredPlot
from plots.presets import revisions
from plots.presets.models import Preset
from tests.datasets.uploads import create_dataset

VISIBILITIES = ("staff", "groups", "members", "unlisted", "public")
MARK = "76543"  # a value that only the rows of the dataset have
ROWS = f"town,people\nA,{MARK}\nB,1\n".encode()
# From the least to the most.
ROLES = ("stranger", "member", "group member", "staff", "editor", "publisher", "superuser")
# Who lost a right after the login, and the role that is left.
WITHDRAWN = {
    "deactivated superuser": "stranger",
    "former group member": "member",
    "former staff": "member",
    "former editor": "staff",
    "former publisher": "editor",
}
IS_STAFF = ROLES[3:]
Expected = Callable[[str, str], int | tuple[int, ...]]
APPS = ("plots_presets", "plots_boards", "plots_datasets")


@dataclass
class Objects:
    """One object of each model, all with the same visibility."""

    visibility: str
    preset: Preset
    board: Board
    dataset: Dataset
    stored: StoredPlot
    gone: int  # the last revision of a deleted preset

    @property
    def last(self) -> int:
        return int(revisions.versions_of(Preset, self.preset.pk).first().pk)


def make_objects(visibility: str) -> Objects:
    group = Group.objects.get_or_create(name="Editors")[0]
    dataset = create_dataset(ROWS, name="own", title="Own data", visibility=visibility)
    given: dict[str, Any] = {"kind": "bar", "visibility": visibility, "source": "own"}
    given["parameters"] = {"x": ["town"], "y": ["people"]}
    preset = Preset.objects.create(slug="own", title="Own chart", **given)
    board = Board.objects.create(slug="own", title="Own board", visibility=visibility)
    for each in (dataset, preset, board):
        each.groups.add(group)
    board.items.create(preset=preset)
    deleted = Preset.objects.create(slug="gone", title="Gone", **given)
    pk = deleted.pk
    deleted.delete()
    stored = StoredPlot.objects.store("bar", {"source": ["own"], "x": ["town"], "y": ["people"]})
    gone = revisions.versions_of(Preset, pk).first().pk
    return Objects(visibility, preset, board, dataset, stored, gone)


def permissions(*actions: str) -> list[Permission]:
    """The permissions for ``actions`` on presets, boards and datasets."""
    found = Permission.objects.filter(content_type__app_label__in=APPS)
    return [each for each in found if each.codename.partition("_")[0] in actions]


def make_user(role: str, name: str) -> User:
    user = User.objects.create(
        username=name,
        is_staff=role in ("staff", "editor", "publisher", "superuser"),
        is_superuser=role == "superuser",
    )
    if role == "group member":
        user.groups.add(Group.objects.get_or_create(name="Editors")[0])
    edit = ("view", "add", "change", "delete")
    if role in ("editor", "publisher"):
        user.user_permissions.set(permissions(*edit, *(["publish"] * (role == "publisher"))))
    return user


def log_in(role: str) -> Client:
    """Return the client of a role, which has already used the site before it lost a right."""
    client = Client()
    if role == "stranger":
        return client
    former = role.removeprefix("former ").removeprefix("deactivated ")
    user = make_user(former, role.replace(" ", "-"))
    client.force_login(user)
    if role not in WITHDRAWN:
        return client
    for url in ("/presets/own.png", "/plot/bar.csv?source=own&x=town&y=people", "/boards/own/"):
        client.get(url)
    user.groups.clear()
    user.is_active = not role.startswith("deactivated")
    user.is_staff = role in ("former editor", "former publisher")
    user.user_permissions.set(
        permissions("view", "add", "change", "delete") if role == "former publisher" else []
    )
    user.save()
    return client


def sees(role: str, visibility: str) -> bool:
    """The one rule, written down again."""
    if role in ("staff", "editor", "publisher", "superuser"):
        return True
    least = {"members": ROLES[1:], "groups": ("group member",), "staff": ()}
    return role in least.get(visibility, ROLES)


def patterns(resolver: Any = None, prefix: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and the route of each URL pattern of the site."""
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from patterns(pattern, route, inner)
        else:
            yield f"{space}{pattern.name or ''}", route


@dataclass
class Row:
    """A request, the status that each role gets at each visibility, and what then is shown.

    ``shows`` is a text that the answer has exactly if the role may see it: for ``listed`` pages,
    not if it is unlisted; in what everybody gets (``public``), only if strangers may see it.
    """

    url: str
    status: Expected
    shows: str = ""
    listed: bool = False
    public: bool = False
    post: Any = None

    def check(self, client: Client, role: str, visibility: str) -> None:
        if self.post is None:
            answer = client.get(self.url)
        else:
            kind: Any = {"content_type": "application/json"} if isinstance(self.post, str) else {}
            answer = client.post(self.url, self.post, **kind)
        content = b"" if answer.streaming else answer.content
        wanted = self.status(role, visibility)
        known = wanted if isinstance(wanted, tuple) else (wanted,)
        assert answer.status_code in known, f"{self.url} for {role}: {answer.status_code}"
        is_seen = sees("stranger" if self.public else role, visibility)
        is_seen = is_seen and not (self.listed and visibility == "unlisted")
        if self.shows:
            assert (self.shows in content.decode()) is is_seen, f"{self.url} shows {self.shows}"
        if not sees(role, visibility):
            shown = content.decode(errors="replace") + str(answer.headers)
            assert MARK not in shown and "Own chart" not in shown, self.url
        if wanted == 200 and self.shows and not (self.public or sees("stranger", visibility)):
            assert "public" not in answer["Cache-Control"], self.url

    def differs(self, role: str) -> bool:
        """Whether the answer depends on the visibility."""
        return bool(self.shows) or len({self.status(role, each) for each in VISIBILITIES}) > 1


def always(status: int) -> Expected:
    return lambda role, visibility: status


def if_seen(role: str, visibility: str) -> int:
    return 200 if sees(role, visibility) else 404


def if_open(role: str, visibility: str) -> int:
    return if_seen("stranger", visibility)


def posting(status: int) -> Expected:
    """By default, only staff may post."""

    def expected(role: str, visibility: str) -> int:
        if role == "stranger":
            return 401
        return 403 if "member" in role else status

    return expected


def needs(*actions: str, changes: bool = False, ok: int = 200, refused: int = 403) -> Expected:
    """Pages that need a permission; with ``changes``, also that to publish for published rows."""

    def expected(role: str, visibility: str) -> int:
        if role not in IS_STAFF:
            return 302
        may = role != "staff" and not (role == "editor" and changes and visibility != "staff")
        return ok if may else refused

    return expected


def superuser(ok: int = 200) -> Expected:
    return lambda role, visibility: (
        302 if role not in IS_STAFF else ok if role == "superuser" else 403
    )


def staff(ok: int = 200) -> Expected:
    return lambda role, visibility: ok if role in IS_STAFF else 302
