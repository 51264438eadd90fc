"""All pages of the site in their states, for accessibility checks, validation and screenshots."""

from __future__ import annotations

import json

from django.contrib.auth import get_user_model
from django.test import Client
from playwright.sync_api import BrowserContext

from plots.boards.models import Board
from plots.presets.models import Preset
from plotsite.management.commands.prepare import STARTERS, load_boards

# Public pages.
VISITOR = {
    "gallery": "/",
    "gallery-found": "/?q=nile",
    "gallery-empty": "/?q=nothing+of+this+name",
    "gallery-narrowed": "/?kind=hist&tag=penguins&q=a&sort=newest",
    "preset": "/presets/share-growth/",
    "preset-changed": "/presets/share-growth/?since=2010&theme=dark&width=300",
    "preset-error": "/presets/share-growth/?linewidth=thick",
    "preset-refused": "/presets/share-growth/?color=red",
    "preset-random": "/presets/random-cloud/",
    "preset-unlisted": "/presets/microsoft-2003/",
    "preset-gone": "/presets/gone/",
    "boards": "/boards/",
    "board": "/boards/shares/",
    "board-changed": "/boards/shares/?since=2015&yscale=linear&theme=dark",
    "board-error": "/boards/shares/?since=soon",
    "kinds": "/plot/",
    "kind-bar": "/plot/bar/",
    "kind-hist": "/plot/hist/",
    "kind": "/plot/line/",
    "kind-asked": "/plot/line/?y=1,2,3&marker=star",
    "kind-error": "/plot/line/?x=1,2,3&y=1,two&widht=9",
    "kind-source": "/plot/line/?source=nile&x=year&y=flow",
    "kind-random": "/plot/normal/",
    "kind-scatter": "/plot/scatter/",
}
# Pages of the example site.
OTHERS = {
    "normal": "/normal/0_1",
    "missing": "/nowhere/",
    "admin-login": "/admin/login/",
    "login": "/accounts/login/",
    "embed": "/presets/share-growth/embed/",
}
# Pages for a superuser.
ADMIN = {
    "admin": "/admin/",
    "admin-list": "/admin/plots_presets/preset/",
    "admin-list-empty": "/admin/plots_presets/preset/?q=nothing+of+this+name",
    "admin-form": "/admin/plots_presets/preset/1/change/",
    "admin-add": "/admin/plots_presets/preset/add/",
    "admin-gone": "/admin/plots_presets/preset/999/change/",
    "admin-delete": "/admin/plots_presets/preset/1/delete/",
    "admin-history": "/admin/plots_presets/preset/1/history/",
    "admin-compare": "/admin/plots_presets/preset/1/history/compare/",
    "admin-deleted": "/admin/plots_presets/preset/deleted/",
    "admin-import": "/admin/plots_presets/preset/import/",
    "admin-boards": "/admin/plots_boards/board/",
    "admin-board": "/admin/plots_boards/board/999/change/",
    "admin-board-add": "/admin/plots_boards/board/add/",
    "admin-datasets": "/admin/plots_datasets/dataset/",
    "admin-upload": "/admin/plots_datasets/dataset/add/",
    "admin-stored": "/admin/plots/storedplot/",
}


def furnish() -> None:
    """Load the example data, and a board with a preset of an unknown kind."""
    for order, entry in enumerate(json.loads(STARTERS.read_text(encoding="utf-8"))):
        Preset.objects.create(pk=order + 1, order=order, **entry)
    first = Preset.objects.get(pk=1)
    for title in ("Shares", first.title):  # these have revisions
        first.title = title
        first.save()
    load_boards()
    gone = Preset.objects.create(
        pk=999, order=999, slug="gone", title="Of a kind that is gone", kind="spiral", tags="lost",
        visibility=Preset.Visibility.UNLISTED,
    )  # fmt: skip
    board = Board.objects.create(pk=999, order=999, slug="lost", title="What is left")
    board.items.create(preset=gone)


def log_in(context: BrowserContext, url: str) -> None:
    """Return a superuser."""
    users = get_user_model().objects
    client = Client()
    client.force_login(users.filter(username="boss").first() or users.create_superuser("boss"))
    session = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
