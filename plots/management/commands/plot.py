"""``manage.py plot line --x 1,2,3 --y 2,4,8 -o a.png`` draws a plot into a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plots.delivery.renderers import in_process
from plots.errors import PlotError
from plots.forms.parameters_to_spec import read_spec
from plots.forms.plot_form import PlotForm
from plots.http import preset_provider
from plots.permissions import SITE
from plots.spec.formats import FORMATS
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds, sources


class Command(BaseCommand):
    help = (
        "Draw a plot into a file. Every parameter of a plot's URL is an option: "
        "plot line --x 1,2,3 --y 2,4,8 --title Growth -o growth.svg"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.allow_abbrev = False
        known = ", ".join(kind.name for kind in kinds)
        parser.add_argument("kind", nargs="?", help=f"one of {known}")
        parser.add_argument("--preset", metavar="SLUG", help="draw this preset instead of a kind")
        parser.add_argument(
            "-o",
            "--output",
            default="-",
            help="file to write; its suffix is the format; - writes to standard output",
        )
        formats = ", ".join(FORMATS)
        parser.add_argument("-f", "--format", help=f"one of {formats}; default: the suffix, or png")
        group = parser.add_argument_group(
            "parameters", "those of a plot's URL; write --x=-1,2 if a value begins with -"
        )
        for name, text in sorted(_parameters().items()):
            # argparse formats help texts with the % operator.
            group.add_argument(f"--{name}", action="append", help=text.replace("%", "%%"))

    def handle(self, *args: Any, **options: Any) -> None:
        output = options["output"]
        format = options["format"] or Path(output).suffix.lstrip(".") or "png"
        try:
            spec = self._spec(options, format)
            content = in_process.render(spec).content
        except PlotError as error:
            raise CommandError("\n".join(map(str, error.all))) from None
        if output == "-":
            sys.stdout.buffer.write(content)
            return
        try:
            Path(output).write_bytes(content)
        except OSError as error:
            message = f"{output} cannot be written: {error.strerror}. Choose another --output."
            raise CommandError(message) from None
        self.stderr.write(f"{output}: {len(content):,} bytes")

    def _spec(self, options: dict[str, Any], format: str) -> PlotSpec:
        given = {name: options[name] for name in _parameters() if options.get(name)}
        if options["preset"]:
            return preset_provider.find_plot(options["preset"], given, format).spec
        if not options["kind"]:
            raise CommandError("Name a kind, or a preset with --preset.")
        return read_spec(options["kind"], given, format, SITE)


def _parameters() -> dict[str, str]:
    """Return the help text of each parameter of all kinds and sources, by name."""
    found = {field.name: field.help_text for kind in kinds for field in PlotForm(kind, {})}
    for source in sources:
        found |= {name: field.help_text for name, field in source.options.base_fields.items()}
    return {name: str(text) for name, text in found.items()}
