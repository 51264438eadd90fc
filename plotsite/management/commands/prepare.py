"""Create everything that the server needs at its start. Running it again changes nothing."""

import json
import secrets
import socket
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Q
from django.urls import reverse

from plots.boards.models import Board, BoardItem
from plots.datasets.models import Dataset
from plots.datasets.staging import stage
from plots.permissions import SITE
from plots.presets.models import Preset
from plotsite.data.facts import DATA

STARTERS = Path(__file__).parents[2] / "starter_presets.json"
STARTER_DATASETS = STARTERS.with_name("starter_datasets.json")
STARTER_BOARDS = STARTERS.with_name("starter_boards.json")

# A row of django_migrations, written in the transaction that loads the starter presets. It stays
# when an admin deletes presets, and moves with the database. A failed load leaves no row.
MARK = ("plotsite", "starter_presets")


class Command(BaseCommand):
    help = "Create the data folder, tables, starter data and an admin account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--address",
            default="/",
            help="URL of the site. The command fails if something else listens there.",
        )

    def handle(self, *, address: str, **options: Any) -> None:
        require_free(urlsplit(address))
        settings.PLOTSITE_VAR.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.migrate()
        with transaction.atomic():
            load_starters()
        with transaction.atomic():
            password = make_admin()
        if password:
            self.stdout.write(
                "\nAn admin account was created. Its password is shown only this once:\n\n"
                f"    page      {address.rstrip('/')}{reverse('admin:index')}\n"
                "    user      admin\n"
                f"    password  {password}\n\n"
            )

    def migrate(self) -> None:
        executor = MigrationExecutor(connection)
        # `migrate` takes a while and prints lines even if there is nothing to do.
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
            self.stdout.write("The database is up to date.")


def require_free(address: SplitResult) -> None:
    """Raise CommandError if another process listens at ``address``.

    The server itself does not check this, because it lets several processes share a port.
    """
    if not address.port:
        return
    try:
        ip = ip_address(str(address.hostname))
        family = socket.AF_INET6 if ip.version == 6 else socket.AF_INET
        with socket.socket(family) as probe:
            # As in the server: connections that are still being closed do not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((str(ip), address.port))
    except (OSError, ValueError) as error:
        raise CommandError(
            f"Cannot serve on {address.geturl()}: {error}. Choose another HOST (an IP address) "
            "or PORT."
        ) from error


def load_starters() -> None:
    """Load the starter datasets, presets and boards, unless this database already had them."""
    recorder = MigrationRecorder(connection)
    if MARK in recorder.applied_migrations():
        return
    recorder.record_applied(*MARK)
    entries = json.loads(STARTERS.read_text(encoding="utf-8"))
    for fields in json.loads(STARTER_DATASETS.read_text(encoding="utf-8")):
        entries += [{**entry, "source": fields["name"]} for entry in fields.pop("presets")]
        file = DATA / fields.pop("file")
        dataset = Dataset(**fields)
        dataset.full_clean()
        dataset.accept(stage(file, file.name, dataset.name), SITE)
    for order, entry in enumerate(entries):
        try:
            preset = Preset(order=order, **entry)
            preset.full_clean()
        except (TypeError, ValidationError) as error:
            raise CommandError(f"{STARTERS.name}: {entry.get('slug')}: {error}") from error
        preset.save()
    load_boards()


def load_boards() -> None:
    """Load the starter boards, whose presets must exist."""
    presets = {preset.slug: preset for preset in Preset.objects.all()}
    for position, entry in enumerate(json.loads(STARTER_BOARDS.read_text(encoding="utf-8"))):
        items = entry.pop("items")
        try:
            board = Board(order=position, **entry)
            board.full_clean()
            board.check_controls(presets[each["preset"]] for each in items)
            board.save()
            for order, each in enumerate(items):
                preset = presets[each.pop("preset")]
                item = BoardItem(board=board, preset=preset, order=order, **each)
                item.full_clean()
                item.save()
        except (KeyError, TypeError, ValidationError) as error:
            raise CommandError(f"{STARTER_BOARDS.name}: {entry.get('slug')}: {error}") from error


def make_admin() -> str | None:
    """Create the account "admin" and return its password; None if there already is an admin."""
    users = get_user_model().objects
    if users.filter(Q(is_superuser=True) | Q(username="admin")).exists():
        return None
    password = secrets.token_urlsafe(12)
    users.create_superuser("admin", password=password)
    return password
