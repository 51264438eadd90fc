"""The layout of a CSV file: its delimiter, its header, and lines that are not part of the table."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plots.values.csv_rows import read_rows

from .decoding import refuse
from .notations.candidates import candidates
from .notations.gaps import GAPS

DELIMITERS = ",;\t|"
HEAD = 60  # lines from which the layout is inferred
TAIL = 2**15  # bytes in which a footer is searched
_SEPARATOR = re.compile(r"(?i)sep=(.)\s*")
_NOTE = re.compile(
    r"(?i)\s*((sources?|notes?|data from|copyright|last updated?|updated|generated|exported"
    r"|quellen?|stand|hinweise?|anmerkung(en)?|fuente|출처|자료|来源|出典)( on| at)?\s?[:\uff1a].*"
    r"|data from .*|©.*|[*†¹]+ ?[^\W\d].*)"
)
_TOTAL = re.compile(
    r"(?i)\W*((grand|sub|all|overall)[ -]?)?"
    r"(total|totals|sum|summe|gesamt|insgesamt|합계|총계|合計|总计)\W*"
)
_YEAR = re.compile(r"(1[5-9]|20|21)\d\d")

Row = list[str]


@dataclass
class Layout:
    """Where the table of a CSV file is.

    Parameters
    ----------
    delimiter : str
    header : list of str
        The names of the columns.
    skip : int
        The number of lines before the first row.
    warnings : list of str
        What was left out or made up.
    """

    delimiter: str
    header: Row
    skip: int
    warnings: list[str] = field(default_factory=list)


def read_layout(path: Path, format: str) -> Layout:
    """Find the table in a CSV file. Notes below the table are cut off the file."""
    skip, separator, lines, warnings = _read_head(path)
    delimiter = separator or ("\t" if format == "tsv" else _delimiter(lines))
    rows = [(n, row) for n, row in read_rows(lines, delimiter, strict=False) if _filled(row)]
    if not rows:
        refuse(_("The file has no header. Write the names of the columns in its first line."))
    if len(lines) > HEAD and len(rows) > 2:
        rows.pop()  # it may be incomplete
    table = _Table(delimiter, _width([row for _line, row in rows]), [row for _line, row in rows])
    above = table.preamble()
    begin, header = rows[above]
    if above:
        warnings.append(_preamble_warning(table.rows[0], begin - 1))
        table.rows = table.rows[above:]
    layout = Layout(delimiter, header, skip + begin - 1 + _height(header), warnings)
    if not table.has_header():
        layout.skip -= _height(header)
        layout.header = [f"column {number}" for number in range(1, len(header) + 1)]
        message = _(
            "The first line holds values, so the table has no header. The columns are called "
            "“column 1” and so on. Add a line with their names above it."
        )
        warnings.append(message)
    elif table.has_second_header():
        second, row = rows[above + 1]
        layout.skip = skip + second - 1 + _height(row)
        layout.header = table.join_headers(warnings, skip + second)
    warnings += _cut_footer(path, layout)
    return layout


def _preamble_warning(first: Row, count: int) -> str:
    message = ngettext(
        "The first line, “%(text)s”, was left out, because the header is below it.",
        "The first %(count)d lines, from “%(text)s”, were left out, because the header is below "
        "them.",
        count,
    )
    return message % {"count": count, "text": next(filter(str.strip, first))[:40]}


def _read_head(path: Path) -> tuple[int, str, list[str], list[str]]:
    """The number of lines above the first row, a separator line's, and the lines from that row."""
    skip, comments, separator = 0, 0, ""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if not skip and (given := _SEPARATOR.fullmatch(line)):
                separator = given[1]
            elif line.startswith("#"):
                comments += 1
            elif line.strip():
                break
            skip += 1
        else:
            refuse(_("The file has no header. Write the names of the columns in its first line."))
        lines = [line, *islice(file, HEAD)]
    if not comments:
        return skip, separator, lines, []
    message = ngettext(
        "The first line begins with # and was left out.",
        "The first %(count)d lines begin with # and were left out.",
        comments,
    )
    return skip, separator, lines, [message % {"count": comments}]


def _delimiter(lines: Sequence[str]) -> str:
    found = max(DELIMITERS, key=lambda each: _regularity(lines, each))
    if _regularity(lines, found)[0] == 0 and _regularity(lines, ":")[0] == 1 and ":" in lines[0]:
        return ":"
    return found


def _regularity(lines: Sequence[str], delimiter: str) -> tuple[float, int]:
    """The share of rows that are as long as most with this delimiter, and their length."""
    rows = [row for _line, row in read_rows(lines, delimiter, strict=False) if row]
    width = _width(rows)
    if width == 1:
        return 0.0, 0
    return sum(len(row) == width for row in rows) / len(rows), width


def _width(rows: Sequence[Row]) -> int:
    """The most common length of rows of several values; the first row's among equals."""
    lengths = Counter(len(row) for row in rows if len(row) > 1)
    return lengths.most_common(1)[0][0] if lengths else 1


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _height(row: Row) -> int:
    """The number of lines that a row takes."""
    return 1 + sum(cell.count("\n") for cell in row)


@dataclass
class _Table:
    """The first rows of a file, from which its header is inferred."""

    delimiter: str
    width: int
    rows: list[Row]

    def kind(self, cell: str) -> str:
        """number, date or text; empty for a gap."""
        text = cell.strip()
        if not text or text in GAPS:
            return ""
        found = candidates([text], self.delimiter)
        return (
            {"number": "number", "boolean": "text"}.get(found[0].dtype, "date") if found else "text"
        )

    def kind_below(self, index: int, first: int) -> str:
        """The kind of most values of a column, from the row ``first``."""
        cells = (row[index] for row in self.rows[first : first + 20] if index < len(row))
        kinds = Counter(filter(None, map(self.kind, cells)))
        return kinds.most_common(1)[0][0] if kinds else ""

    def preamble(self) -> int:
        """The number of rows above the header, such as a title."""
        count = 0
        while count < len(self.rows) - 2 and self._is_title(self.rows[count]):
            count += 1
        if not count:
            return 0
        header, below = self.rows[count], self.rows[count + 1 :]
        names = [cell.strip() for cell in header]
        is_header = (
            2 * _filled(header) > self.width == len(header) and len({*names}) > len(names) / 2
        )
        is_named = all(self.kind(cell) in ("text", "") or _YEAR.fullmatch(cell) for cell in names)
        are_rows = all(len(row) == self.width or _NOTE.match(row[0]) for row in below)
        return count if is_header and is_named and are_rows else 0

    def _is_title(self, row: Row) -> bool:
        if not row[0].strip() or 2 * _filled(row) > self.width or self.width == 1:
            return False
        return self.width > 2 or len(row) == 1 or " " in row[0].strip()

    def has_header(self) -> bool:
        """Whether the first row has names rather than values like those below it."""
        header = self.rows[0]
        kinds = [self.kind(cell) for cell in header]
        typed = [index for index, kind in enumerate(kinds) if kind in ("number", "date")]
        if not typed or any(self.kind_below(index, 1) != kinds[index] for index in typed):
            return True
        below = [row[index] for row in self.rows[1:20] for index in typed if index < len(row)]
        cells = [header[index].strip() for index in typed]
        years = sum(bool(_YEAR.fullmatch(cell.strip())) for cell in below)
        if all(map(_YEAR.fullmatch, cells)) and 2 * years < len(below):
            return True
        if len(cells) > 1 and all(map(str.isdecimal, cells)):  # 1, 2, 3
            return [int(cell) - int(cells[0]) for cell in cells] == [*range(len(cells))]
        return False

    def has_second_header(self) -> bool:
        """Whether the second row has units, or names of groups of columns are in the first."""
        if len(self.rows) < 4 or self.width == 1:
            return False
        row, below = self.rows[1], self.rows[2:]
        kinds = [self.kind(cell) for cell in row]
        over = [i for i, k in enumerate(kinds) if k == "text" and self.kind_below(i, 2) == "number"]
        if not over or {"number", "date"} & {*kinds}:
            return False
        texts = {row[index] for index in over}
        if any(other[index] in texts for other in below for index in over if index < len(other)):
            return False  # a code for a gap
        others = kinds.count("text") - len(over)
        return not others or (len(over) > 1 and len(texts) > 1)

    def join_headers(self, warnings: list[str], line: int) -> Row:
        """The names of the columns from two rows, or from the first one if it names all."""
        first, second = self.rows[:2]
        names = [cell.strip() for cell in first]
        if all(names) and len({*map(str.casefold, names)}) == len(names):
            shown = ", ".join(f"“{cell.strip()}”" for cell in second if cell.strip())[:80]
            message = _("Line %(line)d holds units or explanations (%(texts)s) and was left out.")
            warnings.append(message % {"line": line, "texts": shown})
            return first
        for index in range(1, len(names)):  # a name that stands for several columns
            names[index] = names[index] or names[index - 1]
        warnings.append(_("The header has two lines, which were joined."))
        pairs = zip(names, second, strict=False)
        return [" ".join(filter(None, (name, below.strip()))) for name, below in pairs]


def _cut_footer(path: Path, layout: Layout) -> list[str]:
    """Cut notes such as “Source: …” off the end of a file. Returns remarks on its last lines."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - TAIL))
        lines = file.read().split(b"\n")
    end, notes, total = size, [], ""
    for line in reversed(lines[1 if size > TAIL else layout.skip :]):
        begin = end - len(line)
        text = line.decode(errors="replace").strip()
        if text:
            row = next(read_rows([text], layout.delimiter, strict=False))[1]
            if not _is_note(row, len(layout.header)) or line.count(b'"') % 2:
                total = next(filter(None, map(str.strip, row)), "")
                break
            notes.append((begin, text.strip(layout.delimiter + '" ')))
        end = begin - 1
    warnings = []
    if notes:
        os.truncate(path, notes[-1][0])
        message = ngettext(
            "The last line, “%(text)s”, was left out, because it is a note and not a row.",
            "The last %(count)d lines, from “%(text)s”, were left out, because they are notes and "
            "not rows.",
            len(notes),
        )
        warnings.append(message % {"count": len(notes), "text": notes[-1][1][:60]})
    if _TOTAL.fullmatch(total):
        message = _(
            "The last row, “%(text)s”, seems to be a total of the rows above it. If so, remove it "
            "from the file. Otherwise charts count these values twice."
        )
        warnings.append(message % {"text": total[:40]})
    return warnings


def _is_note(row: Row, width: int) -> bool:
    is_short = _filled(row) == 1 or len(row) != width
    return width > 1 and is_short and _NOTE.fullmatch(row[0]) is not None
