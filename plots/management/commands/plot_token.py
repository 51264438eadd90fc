"""``manage.py plot_token reports`` prints a token that lets a program post plots."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plots.http.signing import make_token


class Command(BaseCommand):
    help = (
        "Print a token that lets a program post plots with “Authorization: Bearer TOKEN”. "
        "Tokens are signed and not stored; a new SECRET_KEY revokes all of them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="name of the program, which is logged with each plot")
        parser.add_argument("--days", type=int, default=365, help="days until the token expires")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["name"].isprintable() or not 0 < len(options["name"]) <= 100:
            raise CommandError("The name must be one line of 1 to 100 characters.")
        if not 1 <= options["days"] <= 36_500:
            raise CommandError("--days must be from 1 to 36500.")
        self.stdout.write(make_token(options["name"], options["days"]))
