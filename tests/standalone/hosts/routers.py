"""Database routers of projects."""

from typing import Any


class ChartsRouter:
    """Puts the tables of plots into the database ``charts``."""

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "charts" if model._meta.app_label.startswith("plots") else None

    db_for_write = db_for_read

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        if db == "empty":
            return False
        return (db == "charts") == app_label.startswith("plots")


class ReplicaRouter:
    """Reads from a replica."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "replica"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "default"


class Forbidding:
    """Creates no table of plots."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return False if app_label.startswith("plots") else None
