"""Extract and compile the translation catalogs: ``make messages``.

No gettext is needed. tests/project/test_catalogs.py fails where a message has no translation.
Besides the messages that code and templates mark, the catalogs hold what kinds and sources declare
in plain English, such as titles and help texts.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
LOCALES = ("ko", "zh_Hans")
# The folder of each app with a catalog, and the folders that its messages are in. A message of the
# core is not repeated in the catalogs of the optional apps.
CORE = "plots"
OPTIONAL = ("plots/presets", "plots/datasets", "plots/boards")
APPS = {CORE: [CORE], **{app: [app] for app in OPTIONAL}, "plotsite": ["plotsite", "templates"]}
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# So that the same texts always make the same file.
MADE = datetime(2026, 1, 1, tzinfo=UTC)

# A msgid, or two for one and for many; and its msgctxt.
Message = tuple[str | tuple[str, ...], str | None]


def required(app: str) -> list[Message]:
    """Return all messages of ``app``, sorted."""
    found = _messages(app)
    if app in OPTIONAL:
        found -= _messages(CORE)
    return sorted(found, key=lambda message: (message[1] or "", str(message[0])))


@cache
def _all_messages(app: str) -> frozenset[Message]:
    return frozenset((*_marked(app), *_declared(app)))


def _messages(app: str) -> set[Message]:
    return {*_all_messages(app)}


def _marked(app: str) -> Iterator[Message]:
    others = [ROOT / each for each in OPTIONAL if each != app]
    for folder in APPS[app]:
        for path in (ROOT / folder).rglob("*"):
            if any(other in path.parents for other in others):
                continue
            if path.suffix == ".html":
                text = templatize(path.read_text(encoding="utf-8"))
            elif path.suffix == ".py":
                text = path.read_text(encoding="utf-8")
            else:
                continue
            source = BytesIO(text.encode())
            for _, message, _, context in extract("python", source, KEYWORDS):
                yield message, context


def _declared(app: str) -> Iterator[Message]:
    from plots.i18n import CONTEXT

    for text in _texts(app):
        if text:
            yield str(text), CONTEXT


def _texts(app: str) -> Iterator[Any]:
    from plots.forms.columns import COLUMN_CHOICES
    from plots.forms.options import COLORMAPS
    from plots.forms.plot_form import PlotForm
    from plots.forms.query import QueryForm
    from plots.spec.registry import FAMILIES, kinds, sources

    for kind in kinds:
        if _is_of(kind, app):
            yield from (kind.title, kind.description, kind.family)
            form = PlotForm(kind, {}, for_display=False)
            yield from (heading for heading, _ in form.groups())
            yield from (text for field in form for text in _of_field(field, {*COLORMAPS}))
    for source in sources:
        if _is_of(source, app):
            yield source.title
            yield from (text for field in source.options() for text in _of_field(field, set()))
    if app == CORE:
        yield from FAMILIES
        yield "values given here"  # a choice of the source
        yield from COLUMN_CHOICES
        yield from (text for field in QueryForm() for text in _of_field(field, set()))


def _is_of(entry: Any, app: str) -> bool:
    return entry.function.__module__.partition(".")[0] == app


def _of_field(field: Any, names: set[str]) -> Iterator[Any]:
    """Yield the texts of ``field`` that pages show, except choices in ``names``."""
    yield from (field.label, field.help_text)
    for value, label in getattr(field.field.widget, "choices", ()):
        if label not in names and (field.name not in ("source", "lang") or value == ""):
            yield label


def po_file(app: str, locale: str) -> Path:
    return ROOT / app / "locale" / locale / "LC_MESSAGES" / "django.po"


def read(app: str, locale: str) -> Catalog:
    path = po_file(app, locale)
    catalog = read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale=locale)
    catalog.fuzzy = False
    return catalog


def update(app: str, locale: str) -> Catalog:
    """Return the catalog with all messages of ``app`` and no others; new ones have no translation.

    A message that moved from one app to another keeps its translation.
    """
    known = [read(each, locale) for each in (app, *APPS)]
    catalog = Catalog(
        locale, project=app, creation_date=MADE, revision_date=MADE, fuzzy=False,
        header_comment="", copyright_holder="", last_translator="", language_team="",
    )  # fmt: skip
    for id, context in required(app):
        old = next((each for other in known if (each := other.get(id, context))), None)
        catalog.add(id, old.string if old else None, context=context)
    return catalog


def compiled(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def written(catalog: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=100, no_location=True)
    return out.getvalue()


def main() -> None:
    django.setup()
    # All are read before the first is written: messages move between them.
    catalogs = {(app, locale): update(app, locale) for app in APPS for locale in LOCALES}
    for (app, locale), catalog in catalogs.items():
        path = po_file(app, locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalog))
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        missing = [
            message.id for message in catalog if message.id and not all(forms_of(message.string))
        ]
        print(f"{path.relative_to(ROOT)}: {len(catalog)} texts, {len(missing)} untranslated")
        for id in missing:
            print(f"    {id}", file=sys.stderr)


def forms_of(text: Any) -> list[str]:
    """Return all plural forms of a msgid or msgstr; missing ones are empty."""
    return [each or "" for each in text] if isinstance(text, (list, tuple)) else [text or ""]


if __name__ == "__main__":
    main()
