"""An uploaded file as DuckDB reads it best: unpacked, in UTF-8, with plain line ends."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NoReturn

from django.utils.translation import gettext as _

from plots.conf import conf
from plots.errors import PlotError

from . import deadline

CHUNK = 2**20
LONGEST_LINE = 2**19
MEGABYTE = 10**6
GZIP, PARQUET, ZIP = b"\x1f\x8b", b"PAR1", b"PK\x03\x04"
BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
JSON_LINES = (".jsonl", ".ndjson", ".json")


def refuse(message: str, code: str = "unreadable") -> NoReturn:
    raise PlotError(message, code, "file")


@dataclass
class Plain:
    """What became of an upload: a file of ``sort`` csv, tsv, json or parquet."""

    path: Path
    dtype: str
    warnings: list[str] = field(default_factory=list)


def make_plain(upload: Path, name: str, target: Path) -> Plain:
    """``upload``, a file that its owner calls ``name``, as a file at ``target``.

    Raises PlotError for what is no table, or too much.
    """
    ending = Path(name.lower().removesuffix(".gz")).suffix
    with _opened(upload) as file:
        head = _head(file)
    if head.startswith(PARQUET):
        _copy(upload, target)
        return Plain(target, "parquet")
    if ending in (".parquet", ".pq"):
        refuse(_("The file is called .parquet and is none. If it is text, call it .csv or .jsonl."))
    if head.startswith(ZIP):
        refuse(_("This is a zip archive or a spreadsheet. Save the table as CSV and upload that."))
    if head.startswith(GZIP):
        refuse(_("The file is packed twice; unpack it once."))
    if not head.strip():
        refuse(_("The file is empty."))
    sort = "json" if ending in JSON_LINES else "tsv" if ending in (".tsv", ".tab") else "csv"
    if sort == "json" and head.lstrip(codecs.BOM_UTF8 + b" \r\n\t").startswith(b"["):
        refuse(
            _("This is one JSON list. Write JSON lines: an object on each line, no list around.")
        )
    found = Plain(target, sort)
    encoding = next((name for bom, name in BOMS.items() if head.startswith(bom)), None)
    try:
        _write(upload, target, encoding or "utf-8")
    except UnicodeDecodeError:
        if encoding:
            message = _("The file begins as %(encoding)s text and is not. Save it as UTF-8.")
            refuse(message % {"encoding": encoding.upper()})
        _write(upload, target, "cp1252", "replace")
        found.warnings.append(
            _(
                "The file is no UTF-8, so it was read as Latin-1 (Windows-1252). "
                "Look at its accents."
            )
        )
    return found


def _opened(upload: Path) -> IO[bytes]:
    """Its bytes, unpacked."""
    with upload.open("rb") as file:
        packed = file.read(2) == GZIP
    return gzip.open(upload) if packed else upload.open("rb")  # type: ignore[return-value]  # gzip's


def _head(file: IO[bytes]) -> bytes:
    try:
        return file.read(4096)
    except (EOFError, OSError, zlib.error):
        refuse(_("The file is packed with gzip and broken; pack it anew."))


def _chunks(upload: Path) -> Iterator[bytes]:
    """The file's bytes, unpacked; a PlotError where they do not end."""
    most = conf.MAX_UNPACKED * MEGABYTE
    size = 0
    with _opened(upload) as file:
        while True:
            try:
                chunk = file.read(CHUNK)
            except (EOFError, OSError, zlib.error):
                refuse(_("The file is packed with gzip and broken; pack it anew."))
            if not chunk:
                return
            deadline.check()
            size += len(chunk)
            if size > most:
                message = _("Unpacked, this is more than %(most)s MB; upload less.")
                refuse(message % {"most": f"{conf.MAX_UNPACKED:,}"}, "too-much")
            yield chunk


def _copy(upload: Path, target: Path) -> None:
    with target.open("wb") as file:
        for chunk in _chunks(upload):
            file.write(chunk)


def _write(upload: Path, target: Path, encoding: str, errors: str = "strict") -> None:
    bytes_to_text = codecs.getincrementaldecoder(encoding)(errors)
    decoder = io.IncrementalNewlineDecoder(bytes_to_text, translate=True)
    line, run = 1, 0
    with target.open("wb") as file:
        for chunk in _texts(upload, decoder):
            if not file.tell():
                chunk = chunk.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
            if (at := chunk.find("\0")) >= 0:
                line += chunk.count("\n", 0, at)
                message = _(
                    "Line %(line)d has a NUL character: this is no text. Save the table as CSV."
                )
                refuse(message % {"line": line})
            first, last = chunk.find("\n"), chunk.rfind("\n")
            run += len(chunk) if first < 0 else first
            if run > LONGEST_LINE:
                message = _("Line %(line)d is longer than %(most)s characters; is this a table?")
                refuse(message % {"line": line, "most": f"{LONGEST_LINE:,}"})
            if first >= 0:
                line, run = line + chunk.count("\n"), len(chunk) - last - 1
            file.write(chunk.encode())


def _texts(upload: Path, decoder: io.IncrementalNewlineDecoder) -> Iterator[str]:
    for chunk in _chunks(upload):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
