"""Write presets to a file, read a file, and import its rows."""

from __future__ import annotations

import csv
import json
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any, Literal

from django.contrib.auth.models import Group
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from import_export.results import RowResult
from tablib import Dataset

from plots.errors import PlotError, suggestion
from plots.permissions import Visibility, require_change
from plots.presets.models import Preset
from plots.presets.overlaps import add_summary
from plots.presets.revisions import FIELDS, Difference, differences, label_of
from plots.values.csv_rows import read_rows

from .resource_fields import GroupNames, GroupsField, groups_of, widget_for

logger = logging.getLogger("plots")

FORMATS = ("json", "csv")
COLUMNS = (*FIELDS, "groups")
MEDIA_TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
MAX_BYTES = 1_500_000  # Django accepts forms up to about this size
# A cell that a spreadsheet would run as a formula gets a quote in front, and loses it again.
_FORMULA, _QUOTED = re.compile(r"'*[=+\-@\t\r]"), re.compile(r"'+[=+\-@\t\r]")
_MISSING = object()

State = Literal["new", "changed", "unchanged", "invalid"]


@dataclass(frozen=True)
class Row:
    """The changes that a row of the file makes to a preset, or its errors."""

    number: int
    slug: str
    state: State
    changes: tuple[Difference, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()


class PresetResource(resources.ModelResource):
    """A preset as a row, identified by its slug. Users and times are not included."""

    def __init__(self, by: Any = None) -> None:
        """``by`` is the user whose permissions apply; None allows everything, as in a command."""
        super().__init__()
        self.by = by
        self.fields = {name: Field(name, name, widget_for(name)) for name in FIELDS}
        self.fields["groups"] = GroupsField("group_names", "groups", GroupNames())

    class Meta:
        model = Preset
        import_id_fields = ("slug",)
        fields = import_order = export_order = COLUMNS
        skip_unchanged = report_skipped = True
        skip_html_diff = store_instance = store_row_values = True

    def import_field(self, field: Any, instance: Any, row: Any, *args: Any, **kwargs: Any) -> None:
        if row.get(field.column_name, _MISSING) is not _MISSING:
            super().import_field(field, instance, row, *args, **kwargs)

    def import_instance(self, instance: Preset, row: Any, **kwargs: Any) -> None:
        super().import_instance(instance, row, **kwargs)
        add_summary(instance)  # presets of earlier versions needed none
        instance.full_clean()
        if instance.visibility == Visibility.GROUPS and not groups_of(instance):
            message = _("Name at least one group, or choose another visibility.")
            raise ValidationError({"groups": message})

    def skip_row(self, instance: Any, original: Any, row: Any, errors: Any = None) -> bool:
        vars(original)["given_groups"] = groups_of(original)  # as they are before the import
        if errors:
            return False
        if original.pk and super().skip_row(instance, original, row, errors):
            return True
        self._require_rights(instance, original if original.pk else None)
        return False

    def do_instance_save(self, instance: Preset, is_create: bool) -> None:
        instance.save(by=self.by)
        instance.groups.set(Group.objects.filter(name__in=groups_of(instance)))

    def _require_rights(self, instance: Preset, original: Preset | None) -> None:
        if self.by is None:
            return
        if not self.by.has_perm(
            "plots_presets.change_preset" if original else "plots_presets.add_preset"
        ):
            message = (
                _("You don't have permission to change presets.")
                if original
                else _("You don't have permission to add presets.")
            )
            raise ValidationError(message)
        try:
            require_change(self.by, instance)
        except PermissionDenied:
            raise ValidationError(
                {"visibility": _("You don't have permission to change public presets.")}
            ) from None


def write(presets: Iterable[Preset], format: str) -> bytes:
    """Return ``presets`` as a file in ``format``, one of FORMATS."""
    rows: list[dict[str, Any]] = PresetResource().export(presets).dict
    if format == "json":
        return (json.dumps(rows, ensure_ascii=False, indent=2) + "\n").encode()
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_write_cell(row[name]) for name in COLUMNS] for row in rows)
    return out.getvalue().encode("utf-8-sig")  # spreadsheets need the byte order mark


def _write_cell(value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if _FORMULA.match(value) else value


def read(content: bytes, name: str) -> Dataset:
    """Return the rows of the file ``name``. Raises PlotError if it cannot be read."""
    if len(content) > MAX_BYTES:
        message = _("The file has %(size)s bytes. At most %(limit)s are allowed.")
        raise PlotError(
            message % {"size": f"{len(content):,}", "limit": f"{MAX_BYTES:,}"}, "too-much"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PlotError(_("The file is not encoded in UTF-8. Save it as UTF-8.")) from None
    extension = name.rpartition(".")[2].lower()
    if extension not in FORMATS:
        raise PlotError(_("The file name must end in .json or .csv."), "unknown-format", name[-50:])
    rows = _read_json(text) if extension == "json" else _read_csv(text)
    return _as_dataset(rows)


def _read_json(text: str) -> list[dict[str, Any]]:
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PlotError(_("Invalid JSON: %(error)s.") % {"error": error}) from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PlotError(_("The file must have a list of presets, each as {name: value}."))
    return rows


def _read_csv(text: str) -> list[dict[str, Any]]:
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    filled = (each for each in read_rows(StringIO(text, newline=""), delimiter) if each[1])
    _line, names = next(filled, (0, []))
    rows = []
    for line, row in filled:
        if len(row) != len(names):
            message = _("Line %(line)d does not have as many cells as the first line.")
            raise PlotError(message % {"line": line})
        rows.append(dict(zip(names, map(_read_cell, row), strict=True)))
    return rows


def _read_cell(text: str) -> str:
    return text[1:] if _QUOTED.match(text) else text


def _as_dataset(rows: Sequence[dict[str, Any]]) -> Dataset:
    if not rows:
        raise PlotError(_("The file has no presets."))
    names = [*dict.fromkeys(name for row in rows for name in row)]
    for name in names:
        if name not in COLUMNS:
            message = _("Presets have no field “%(name)s”.") % {"name": name[:50]}
            raise PlotError(message + suggestion(name, COLUMNS), "unknown-field", name[:50])
    slugs: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        slug = row.get("slug")
        if not isinstance(slug, str) or not slug:
            message = _("Row %(number)d has no slug.")
            raise PlotError(message % {"number": number}, "required", "slug")
        if slug in slugs:
            message = _("Rows %(first)d and %(number)d have the same slug, “%(slug)s”.")
            values = {"first": slugs[slug], "number": number, "slug": slug[:50]}
            raise PlotError(message % values, "duplicate", "slug")
        slugs[slug] = number
    cells = [[row.get(name, _MISSING) for name in names] for row in rows]
    return Dataset(*cells, headers=names)


def import_rows(dataset: Dataset, by: Any = None, dry_run: bool = False) -> list[Row]:
    """Import all rows, or none if one is invalid or in a dry run, and return their changes."""
    resource = PresetResource(by)
    result = resource.import_data(
        dataset, dry_run=dry_run, use_transactions=True, rollback_on_validation_errors=True
    )
    if result.base_errors:
        raise result.base_errors[0].error
    return [_as_row(number, row) for number, row in enumerate(result.rows, 1)]


def _as_row(number: int, row: RowResult) -> Row:
    slug = str(row.row_values.get("slug"))
    if row.errors or row.validation_error:
        return Row(number, slug, "invalid", problems=(*_problems(row),))
    if row.is_new():
        empty = Preset(visibility="", cache="", overrides=None)
        changes = [each for each in _differences(empty, row.instance) if each.new]
        return Row(number, slug, "new", (*changes,))
    changes = _differences(row.original, row.instance)
    return Row(number, slug, "changed" if changes else "unchanged", (*changes,))


def _differences(before: Preset, after: Preset) -> list[Difference]:
    old, new = groups_of(before), groups_of(after)
    found = differences(before, after)
    if old == new:
        return found
    label = label_of(Preset, "groups")
    return [*found, Difference("groups", label, "\n".join(old), "\n".join(new))]


def _problems(row: RowResult) -> Iterable[tuple[str, str]]:
    for error in row.errors:
        yield "", _message_of(error.error)
    if row.validation_error:
        messages_by_field = getattr(row.validation_error, "message_dict", None)
        messages_by_field = messages_by_field or {NON_FIELD_ERRORS: row.validation_error.messages}
        for name, messages in messages_by_field.items():
            label = "" if name == NON_FIELD_ERRORS else label_of(Preset, name)
            yield from ((label, message) for message in messages)


def _message_of(error: Exception) -> str:
    """Return the message of a PlotError. Other errors may have details, so they are logged."""
    if isinstance(error, PlotError):
        return str(error)
    logger.error("Failed to import a preset", exc_info=error)
    return _("The preset could not be imported because of a server error. It has been logged.")
