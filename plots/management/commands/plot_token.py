"""``manage.py plot_token reports``: a token with which a program may post plots."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plots.http.signing import make_token


class Command(BaseCommand):
    help = (
        "Print a token with which a program may post plots: “Authorization: Bearer TOKEN”. "
        "It is signed, not kept; changing SECRET_KEY takes all tokens back."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="whose it is; stands in the log with each plot")
        parser.add_argument("--days", type=int, default=365, help="how long it is good for")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["name"].isprintable() or not 0 < len(options["name"]) <= 100:
            raise CommandError("A name is one line of up to 100 characters.")
        if not 1 <= options["days"] <= 36_500:
            raise CommandError("--days is from 1 to 36500.")
        self.stdout.write(make_token(options["name"], options["days"]))
