"""Reading CSV text with a limit of its own.

The ``csv`` module has one limit on the length of a value for the whole process, which belongs to
the project that uses plots. It is too low for the parameters of a plot in one cell, so CSV is read
here instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from django.utils.translation import gettext as _

from plots.errors import PlotError

MAX_ROW = 2**24  # characters

_TO_CLOSING_QUOTE = re.compile(r'[^"]*(?:""[^"]*)*"(?!")')


def read_rows(
    lines: Iterable[str],
    delimiter: str = ",",
    *,
    skip: int = 0,
    strict: bool = True,
    parameter: str | None = None,
) -> Iterator[tuple[int, list[str]]]:
    """Read rows of CSV.

    Parameters
    ----------
    lines : iterable of str
        Lines of text with their line ends, such as an open file.
    delimiter : str
        The character between values.
    skip : int
        How many lines to leave out before the first row.
    strict : bool
        Whether text after a closing quote, and a quote that is never closed, are errors. Otherwise
        the text is part of the value.
    parameter : str, optional
        The name of the parameter that errors name.

    Yields
    ------
    int
        The number of the line in which the row begins, from 1.
    list of str
        Its values; an empty list for a blank line.

    Raises
    ------
    PlotError
        If a quote is in the wrong place, or a row has more than MAX_ROW characters. The message
        names the line, counted from the first one of ``lines``.

    Examples
    --------
    >>> list(read_rows(['a,b\\n', '1,"x\\n', 'y"\\n']))
    [(1, ['a', 'b']), (2, ['1', 'x\\ny'])]
    """
    row: list[str] = []
    opened: list[str] | None = None
    begin = size = 0
    for number, line in enumerate(islice(lines, skip, None), skip + 1):
        if opened is None:
            begin, size, row = number, 0, []
        size += len(line)
        if size > MAX_ROW:
            message = _("The row in line %(line)d has more than %(most)s characters. Shorten it.")
            message %= {"line": begin, "most": f"{MAX_ROW:,}"}
            raise PlotError(message, "unreadable", parameter)
        if opened is None and '"' not in line:
            text = line.rstrip("\r\n")
            yield begin, text.split(delimiter) if text else []
            continue
        try:
            opened = _read_line(line, row, opened, delimiter, strict)
        except ValueError:
            raise _misplaced_quote(begin, parameter) from None
        if opened is None:
            yield begin, row
    if opened is not None:
        if strict:
            raise _misplaced_quote(begin, parameter)
        yield begin, [*row, "".join(opened).replace('""', '"')]


def _read_line(
    line: str, row: list[str], opened: list[str] | None, delimiter: str, strict: bool
) -> list[str] | None:
    """Append the values of ``line`` to ``row``.

    ``opened`` are the parts of a quoted value that began in a line before. The parts of one that
    does not end in this line are returned.
    """
    begin, stop = 0, len(line.rstrip("\r\n"))
    while True:
        value, is_quoted = "", opened is not None
        if opened is None and line.startswith('"', begin):
            opened, is_quoted, begin = [], True, begin + 1
        if opened is not None:
            match = _TO_CLOSING_QUOTE.match(line, begin)
            if not match:
                return [*opened, line[begin:]]
            value = "".join([*opened, match[0][:-1]]).replace('""', '"')
            opened, begin = None, match.end()
        end = line.find(delimiter, begin, stop)
        end = stop if end < 0 else end
        if is_quoted and strict and begin < end:
            raise ValueError("text after a closing quote")
        row.append(value + line[begin:end])
        if end == stop:
            return None
        begin = end + 1


def _misplaced_quote(line: int, parameter: str | None) -> PlotError:
    message = _(
        "Line %(line)d: a double quote is in the wrong place, or never closed. "
        "Write a quote inside a quoted value twice."
    )
    return PlotError(message % {"line": line}, "unreadable", parameter)
