"""Decoding of uploads: unpacked, in UTF-8, with line feeds as line ends, as DuckDB expects."""

from __future__ import annotations

import codecs
import gzip
import io
import re
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
MAX_LINE = 2**19
MEGABYTE = 10**6
GZIP, PARQUET, ZIP = b"\x1f\x8b", b"PAR1", b"PK\x03\x04"
BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
JSON = (".jsonl", ".ndjson", ".json", ".geojson", ".topojson")
_STARTS_JSON = re.compile(rb'\s*(\[\s*)?\{\s*("|\})|\s*\[\s*\]')
# Letters and symbols beyond ASCII that stand side by side, and the letters beside them.
_NOT_ASCII = re.compile(r"[A-Za-z]?[^\x00-\x7f]+[A-Za-z]?")
_MAP = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Feature|Topology)"')


def refuse(message: str, code: str = "unreadable") -> NoReturn:
    """Raise a PlotError for the uploaded file."""
    raise PlotError(message, code, "file")


@dataclass
class DecodedFile:
    """A decoded upload.

    Parameters
    ----------
    path : Path
    format : str
        csv, tsv, json (an object on each line), array (a JSON array of objects) or parquet.
    row_bytes : int
        The size of a row where the rows are longest.
    """

    path: Path
    format: str
    warnings: list[str] = field(default_factory=list)
    row_bytes: int = 1


def decode(upload: Path, name: str, target: Path) -> DecodedFile:
    """Decode an upload.

    Parameters
    ----------
    upload : Path
        The file as it was uploaded.
    name : str
        The name that its owner gave it. Its ending decides how text is read.
    target : Path
        Where the decoded file is written.

    Raises
    ------
    PlotError
        If the file is not a table in a supported format, or is too large.
    """
    suffix = Path(name.lower().removesuffix(".gz")).suffix
    with _opened(upload) as file:
        head = _head(file)
    if head.startswith(PARQUET):
        _copy(upload, target)
        return DecodedFile(target, "parquet")
    decoded = DecodedFile(target, _text_format(head, suffix))
    encoding = next((name for bom, name in BOMS.items() if head.startswith(bom)), None)
    try:
        _write(upload, decoded, encoding or "utf-8")
    except UnicodeDecodeError:
        if encoding:
            message = _("The file is marked as %(encoding)s but is not. Save it as UTF-8.")
            refuse(message % {"encoding": encoding.upper()})
        _write(upload, decoded, "cp1252", "replace")
        decoded.warnings.append(_encoding_warning(target))
    return decoded


def _encoding_warning(path: Path) -> str:
    """A warning about text that was read as Windows-1252, because it is not UTF-8."""
    with path.open(encoding="utf-8") as file:
        text = file.read(CHUNK)
    words = _NOT_ASCII.findall(text)
    # In Western European languages, letters with accents stand beside letters without. They need no
    # byte that Windows-1252 lacks, and neither ƒ nor a low quotation mark.
    beside = sum(len(word) == 1 or word[0].isascii() or word[-1].isascii() for word in words)
    if 2 * beside >= len(words) and not {*"ƒ‚\N{REPLACEMENT CHARACTER}"} & {*text}:
        return _(
            "The file is not UTF-8, so it was read as Latin-1 (Windows-1252). "
            "Check its accented letters."
        )
    return _(
        "The file is not UTF-8 and does not look like Western European text, so its letters are "
        "wrong below. It may be Korean (CP949), Chinese (GBK) or Japanese (Shift JIS), for "
        "example. Save it as UTF-8 (in Excel: “CSV UTF-8”) and upload that."
    )


def _text_format(head: bytes, suffix: str) -> str:
    """The format of a text file that begins with ``head``."""
    if suffix in (".parquet", ".pq"):
        refuse(_("This is not a Parquet file. If it is text, rename it to .csv or .jsonl."))
    if head.startswith(ZIP):
        refuse(_("This is a zip archive or a spreadsheet. Save the table as CSV and upload that."))
    if head.startswith(GZIP):
        refuse(_("The file is packed twice. Unpack it once."))
    if not head.strip():
        refuse(_("The file is empty."))
    if suffix not in JSON and not _STARTS_JSON.match(head.removeprefix(codecs.BOM_UTF8)):
        return "tsv" if suffix in (".tsv", ".tab") else "csv"
    if suffix in JSON[-2:] or _MAP.search(head):
        refuse(
            _(
                "This is GeoJSON or TopoJSON: shapes for a map, not a table. Save the properties "
                "of its features as CSV and upload that."
            )
        )
    return "json"


def _opened(upload: Path) -> IO[bytes]:
    """Open the file, unpacked."""
    with upload.open("rb") as file:
        packed = file.read(2) == GZIP
    return gzip.open(upload) if packed else upload.open("rb")  # type: ignore[return-value]  # gzip's


def _head(file: IO[bytes]) -> bytes:
    try:
        return file.read(4096)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        refuse(_("The file is packed with gzip and damaged. Pack it again."))


def _chunks(upload: Path) -> Iterator[bytes]:
    """Yield the file's bytes, unpacked, up to a limit."""
    most = conf.MAX_UNPACKED * MEGABYTE
    size = 0
    with _opened(upload) as file:
        while True:
            try:
                chunk = file.read(CHUNK)
            except (EOFError, gzip.BadGzipFile, zlib.error):
                refuse(_("The file is packed with gzip and damaged. Pack it again."))
            if not chunk:
                return
            deadline.check()
            size += len(chunk)
            if size > most:
                message = _("Unpacked, the file is larger than %(most)s MB. Upload a smaller one.")
                refuse(message % {"most": f"{conf.MAX_UNPACKED:,}"}, "too-much")
            yield chunk


def _copy(upload: Path, target: Path) -> None:
    with target.open("wb") as file:
        for chunk in _chunks(upload):
            file.write(chunk)


def _write(upload: Path, decoded: DecodedFile, encoding: str, errors: str = "strict") -> None:
    bytes_to_text = codecs.getincrementaldecoder(encoding)(errors)
    decoder = io.IncrementalNewlineDecoder(bytes_to_text, translate=True)
    line, run = 1, 0
    with decoded.path.open("wb") as file:
        for chunk in _texts(upload, decoder):
            if not file.tell():
                chunk = chunk.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
                if decoded.format == "json" and chunk.lstrip().startswith("["):
                    decoded.format = "array"
            if (at := chunk.find("\0")) >= 0:
                line += chunk.count("\n", 0, at)
                message = _(
                    "Line %(line)d has a NUL character, so this is not text. Save the table as CSV."
                )
                refuse(message % {"line": line})
            first, last = chunk.find("\n"), chunk.rfind("\n")
            run += len(chunk) if first < 0 else first
            if run > MAX_LINE and decoded.format != "array":
                message = _(
                    "Line %(line)d is longer than %(most)s characters. "
                    "Check that the file is a table."
                )
                refuse(message % {"line": line, "most": f"{MAX_LINE:,}"})
            lines = chunk.count("\n")
            if first >= 0:
                line, run = line + lines, len(chunk) - last - 1
            content = chunk.encode()
            decoded.row_bytes = max(decoded.row_bytes, len(content) // (lines or 1))
            file.write(content)


def _texts(upload: Path, decoder: io.IncrementalNewlineDecoder) -> Iterator[str]:
    for chunk in _chunks(upload):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
