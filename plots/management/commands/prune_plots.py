"""``manage.py prune_plots`` deletes stored plots that are no longer requested."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plots.conf import conf
from plots.http.stored_plots import StoredPlot


class Command(BaseCommand):
    help = "Delete the stored plots that were not requested in the last DAYS days."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, help='default: PLOTS["STORED_DAYS"]')

    def handle(self, *args: Any, **options: Any) -> None:
        days = conf.STORED_DAYS if options["days"] is None else options["days"]
        if not 0 <= days <= 36_500:
            raise CommandError("--days must be from 0 to 36500.")
        count, _ = StoredPlot.objects.unused_for(days).delete()
        self.stdout.write(f"{count:,} stored plots deleted.")
