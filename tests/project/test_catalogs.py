"""The translation catalogs."""

from __future__ import annotations

import re

import pytest

from tests import messages


@pytest.mark.parametrize("locale", messages.LOCALES)
@pytest.mark.parametrize("app", messages.APPS)
def test_every_message_is_translated_and_compiled(app: str, locale: str) -> None:
    catalog, path = messages.update(app, locale), messages.po_file(app, locale)
    missing = [each.id for each in catalog if each.id and not all(messages.forms_of(each.string))]
    assert not missing, f"translate them in {path}, then `make messages`"
    assert path.read_bytes() == messages.written(catalog), "run `make messages`"
    compiled = path.with_suffix(".mo").read_bytes()
    assert compiled == messages.compiled(catalog), "run `make messages`"


PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@pytest.mark.parametrize("locale", messages.LOCALES)
@pytest.mark.parametrize("app", messages.APPS)
def test_translations_keep_the_placeholders(app: str, locale: str) -> None:
    for each in messages.read(app, locale):
        ids, said = messages.forms_of(each.id), messages.forms_of(each.string)
        wanted = {name for id in ids for name in PLACEHOLDER.findall(id)}
        given = {name for text in said for name in PLACEHOLDER.findall(text)}
        if each.context == "date":  # a month has a name or a number
            given = {name.replace("%(number)d", "%(month)s") for name in given}
        assert given == wanted, each.id
        assert "  " not in "".join(said)
