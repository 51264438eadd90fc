"""Operations with which an app takes over models that belonged to another app.

Up to commit 1ca9f82 all models of this project belonged to the app "plots", whose first migration
created their tables. The apps "plots_presets", "plots_datasets" and "plots_boards" adopt them.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections, models
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.functions import Replace


class AdoptModel(CreateModel):
    """Create the table of a model, or adopt the table if it exists.

    Backwards, a table that was created is dropped and a table that was adopted stays.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        connection = schema_editor.connection
        if not self.allow_migrate_model(connection.alias, model):
            return
        if not _has_table(connection, model):
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif not schema_editor.collect_sql:
            MigrationRecorder(connection).record_applied(*_mark(app_label, model))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        mark = _mark(app_label, from_state.apps.get_model(app_label, self.name))
        recorder = MigrationRecorder(schema_editor.connection)
        if mark not in recorder.applied_migrations():
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        elif not schema_editor.collect_sql:
            recorder.record_unapplied(*mark)


class MoveReferences(Operation):
    """Rename models from ``old_label`` to this app in content types and in saved revisions.

    Content types keep their ids, and with them permissions, groups and the admin's log. A
    migration runs before Django creates missing content types and permissions.
    """

    reduces_to_sql = False

    def __init__(self, old_label: str, model_names: list[str]) -> None:
        self.old_label = old_label
        self.model_names = model_names

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing: no model changes."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._rename(schema_editor.connection.alias, self.old_label, app_label)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._rename(schema_editor.connection.alias, app_label, self.old_label)

    def describe(self) -> str:
        return f"Take over {', '.join(self.model_names)} from the app {self.old_label}"

    def _rename(self, database: str, old: str, new: str) -> None:
        for name in self.model_names:
            _rename_content_type(database, name, old, new)
            _rename_in_revisions(database, f"{old}.{name}", f"{new}.{name}")


def _mark(app_label: str, model: type[models.Model]) -> tuple[str, str]:
    """The row of django_migrations that records the adoption of a table."""
    return app_label, f"adopted_{model._meta.db_table}"


def _has_table(connection: Any, model: type[models.Model]) -> bool:
    convert = connection.introspection.identifier_converter
    return convert(model._meta.db_table) in connection.introspection.table_names()


def _rows(database: str, label: str) -> Any:
    """All rows of a model of another app, named ``app.Model``; None without the app or the table.

    This is the model of today, not that of a migration's state: such an app may be installed later,
    and then no migration may depend on it. Only columns that never changed are used.
    """
    try:
        model = apps.get_model(label)
    except LookupError:
        return None
    return model._base_manager.using(database) if _has_table(connections[database], model) else None


def _rename_content_type(database: str, name: str, old: str, new: str) -> None:
    rows = _rows(database, "contenttypes.ContentType")
    if rows is None or not (kept := rows.filter(app_label=old, model=name).first()):
        return
    if spare := rows.filter(app_label=new, model=name).first():
        _merge(kept, spare)
    rows.filter(pk=kept.pk).update(app_label=new)
    rows.model.objects.clear_cache()


def _rename_in_revisions(database: str, old: str, new: str) -> None:
    """Rename a model in the JSON of saved revisions.

    Text in the fields of a revision never matches, because JSON escapes its quotes.
    """
    rows = _rows(database, "reversion.Version")
    if rows is not None:
        before, after = f'"model": "{old}"', f'"model": "{new}"'
        renamed = Replace("serialized_data", models.Value(before), models.Value(after))
        rows.filter(serialized_data__contains=before).update(serialized_data=renamed)


def _merge(kept: models.Model, spare: models.Model) -> None:
    """Point all rows that refer to ``spare`` at ``kept``, then delete ``spare``.

    Where a row and its twin would be the same, such as two permissions, they are merged too.
    """
    database: Any = kept._state.db
    for relation in kept._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ManyToOneRel):
            continue
        field = relation.field
        rows = _rows(database, field.model._meta.label)
        for row in rows.filter(**{field.name: spare}) if rows is not None else ():
            if twin := _twin(rows, row, field, kept):
                _merge(twin, row)
            else:
                rows.filter(pk=row.pk).update(**{field.name: kept})
    type(spare)._base_manager.using(database).filter(pk=spare.pk).delete()


def _twin(rows: Any, row: Any, field: Any, kept: models.Model) -> Any:
    """The row that ``row`` would duplicate if it referred to ``kept``; None if there is none."""
    options = row._meta
    unique = [*options.unique_together, *(each.fields for each in options.total_unique_constraints)]
    for names in [*unique, (field.name,)] if field.unique else unique:
        if field.name in names:
            columns = (options.get_field(name).attname for name in names)
            same = {name: getattr(row, name) for name in columns} | {field.attname: kept.pk}
            if twin := rows.filter(**same).first():
                return twin
    return None
