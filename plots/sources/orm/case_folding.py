"""Search in text without regard to case, the same in every database."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connections, models
from django.db.models import F, Func, Value

from plots.sources.filters import FOLDED_LETTERS

from .expressions import ExactText


def has_part(name: str, part: str) -> Any:
    """A condition: the text in the column ``name`` contains ``part`` in any case."""
    return _Contains(ExactText(F(name)), Value(part.casefold()))


def fold(text: str | None) -> str | None:
    return None if text is None else text.casefold()


class _Contains(Func):
    """Whether the case-folded first text contains the second.

    LIKE of SQLite knows only the case of ASCII, that of PostgreSQL the letters of the database's
    language, and that of MariaDB and MySQL ignores accents.
    """

    output_field = models.BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> Any:  # type: ignore[override]
        text, part = self.source_expressions
        sql, parameters = compiler.compile(text)
        wanted, values = compiler.compile(part)
        find = {"sqlite": "instr", "postgresql": "strpos"}.get(connection.vendor, "instr")
        folded = self._folded(sql, connection)
        if connection.vendor == "mysql":
            wanted = f"CONVERT({wanted} USING utf8mb4)"
        return f"({find}({folded}, {wanted}) > 0)", [*parameters, *values]

    @staticmethod
    def _folded(sql: str, connection: Any) -> str:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            connection.connection.create_function("PLOTS_FOLD", 1, fold, deterministic=True)
            return f"PLOTS_FOLD({sql})"
        if connection.vendor == "postgresql" and _has_unicode_collation(connection.alias):
            sql = f'({sql} COLLATE "und-x-icu")'
        lower = f"lower({sql})"
        for letter, replacement in FOLDED_LETTERS:
            lower = f"replace({lower}, '{letter}', '{replacement}')"
        return f'({lower} COLLATE "C")' if connection.vendor == "postgresql" else lower


@cache
def _has_unicode_collation(alias: str) -> bool:
    """Whether PostgreSQL was built with ICU. Without it, the database's language counts."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'")
        return cursor.fetchone() is not None
