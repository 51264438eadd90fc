"""Requests the pages of the installed apps, and prints the answers as JSON."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

import django
from django.apps import apps
from django.core.checks import run_checks
from django.core.checks.registry import registry
from django.core.management import call_command
from django.template import Context, Template
from django.test import Client
from django.urls import NoReverseMatch, reverse

NAMES = {
    "presets": ("preset", "preset-image", "preset-embed", "oembed", "feed"),
    "boards": ("boards", "board"),
}
PATHS = {
    "presets": ("/presets/sales/", "/presets/sales.png", "/presets/sales/embed/", "/feed.atom"),
    "boards": ("/boards/", "/boards/week/"),
}
PLOT = '{% load plots %}{% plot_img "line" y="1,2,4" %}'
LONG = "{% load plots %}{% plot_url 'line' y=y %}"


def main() -> None:
    """Set the apps up, use them and print what they answer."""
    django.setup()
    problems = [str(each) for each in run_checks()]
    call_command("migrate", verbosity=0)
    problems += [str(each) for each in run_checks(databases=["default"])]
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    create_rows()
    client = Client()
    staff = staff_client()
    stored = Template(LONG).render(Context({"y": list(range(1000))}))
    print(
        json.dumps(
            {
                "problems": problems,
                "names": {name: can_reverse(name) for names in NAMES.values() for name in names},
                "statuses": {
                    path: client.get(path).status_code for paths in PATHS.values() for path in paths
                },
                "core": {
                    path: client.get(path).status_code
                    for path in ("/", "/plot/", "/plot/line/", "/plot/line.png?y=1,2", stored)
                },
                "stored": stored,
                "index": client.get("/").content.decode(),
                "sitemap": client.get("/sitemap.xml").content.decode(),
                "tag": Template(PLOT).render(Context()),
                "admin": admin_pages(staff),
                "playground": staff.get("/plot/line/").content.decode(),
                "checks": sorted({check.__module__ for check in registry.get_checks()}),
                "modules": sorted(name for name in sys.modules if name.startswith("plots.")),
            }
        )
    )


def can_reverse(name: str) -> bool:
    for arguments in ([], ["x"], ["x", "png"]):
        try:
            reverse(f"plots:{name}", args=arguments)
        except NoReverseMatch:
            continue
        return True
    return False


def create_rows() -> None:
    """Save a row of each installed app."""
    visible = {"visibility": "public"}
    if apps.is_installed("plots.presets"):
        presets = import_module("plots.presets.models")
        preset = presets.Preset(
            slug="sales",
            title="Sales",
            kind="line",
            parameters={"y": "1,2"},
            **visible,
        )
        preset.full_clean()
        preset.save()
    if apps.is_installed("plots.boards"):
        boards = import_module("plots.boards.models")
        board = boards.Board.objects.create(slug="week", title="Week", **visible)
        boards.BoardItem.objects.create(board=board, preset=preset)


def staff_client() -> Any:
    from django.contrib.auth.models import User

    client = Client()
    client.force_login(User.objects.create_superuser("staff"))
    return client


def admin_pages(client: Any) -> dict[str, int]:
    """Return the status of the list and of the form of each model of plots in the admin."""
    from django.contrib import admin

    found = {}
    for model in admin.site._registry:
        label, name = model._meta.app_label, model._meta.model_name
        if label.startswith("plots"):
            pages = ["changelist"] if name == "storedplot" else ["changelist", "add"]
            for page in pages:
                url = reverse(f"admin:{label}_{name}_{page}")
                found[url] = client.get(url).status_code
    return found


if __name__ == "__main__":
    main()
