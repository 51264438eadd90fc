"""Tables in the shapes of public data files: each column has the type that its values say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.datasets.uploads import read

pytestmark = pytest.mark.django_db

# Each begins with a line "== name: types of its columns".
BLOCKS = Path(__file__).with_name("samples.txt").read_text(encoding="utf-8").split("== ")[1:]
SAMPLES = dict(block.split(": ", 1) for block in BLOCKS)


@pytest.mark.parametrize("name", SAMPLES)
def test_types_of_columns(name: str) -> None:
    dtypes, content = SAMPLES[name].split("\n", 1)
    staged, rows = read(content.encode())
    assert [*staged.dtypes.values()] == dtypes.split(), staged.warnings
    assert len(rows) == 2
    text = [name for name, dtype in staged.dtypes.items() if dtype == "text"]
    assert all(f"“{column}” was read" not in " ".join(staged.warnings) for column in text)


def test_columns_are_read_alike() -> None:
    content = (
        "Datum;Umsatz;Anteil;Stück\n31.12.2025;1.234,50 €;12,5 %;1.200\n1.1.2026;9 €;7 %;2.500\n"
    )
    staged, rows = read(content.encode())
    assert staged.formats == {"Umsatz": "eur", "Anteil": "of-100"}
    assert [row[1:] for row in rows] == [(1234.5, 12.5, 1200), (9, 7, 2500)]
    assert "“Stück” was read as numbers written like 1.234,5" in " ".join(staged.warnings)
    staged, rows = read(b"from,to\n3/1/26,3/15/26\n3/2/26,3/20/26\n")
    assert [str(row[0]) for row in rows] == ["2026-03-01", "2026-03-02"]
    assert "“from” was read as dates written like 01/31/26, as in other" in staged.warnings[0]
