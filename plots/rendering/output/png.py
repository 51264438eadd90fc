"""Write PNG in a tenth of the time that Pillow takes, and in fewer bytes."""

from __future__ import annotations

import zlib
from struct import pack
from typing import Any

import numpy as np
from PIL import Image
from zlib_ng import zlib_ng

Bytes = np.ndarray[Any, np.dtype[np.uint8]]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
# The filter of a row: none, or the difference to the pixel before or above.
NONE, SUB, UP = 0, 1, 2
# zlib-ng's level. Higher ones save little in most images and take twice as long.
LEVEL = 6
# In images of more than SMALL bytes, the best filter is found from a sample: the FIRST of EACH
# rows, at level TRIAL.
SMALL, FIRST, EACH, TRIAL = 600_000, 6, 24, 1


def write_png(pixels: Bytes, description: str = "") -> bytes:
    """Return a PNG of ``pixels``, uint8 of shape (height, width, 4); opaque ones without alpha.

    It contains only these and ``description``, so that equal pixels give equal bytes.
    """
    height, width, _ = pixels.shape
    opaque = is_opaque(pixels)
    rows = (drop_alpha(pixels) if opaque else pixels).reshape(height, -1)
    color_type = 2 if opaque else 6
    return b"".join(
        (
            SIGNATURE,
            _chunk(b"IHDR", pack(">IIBBBBB", width, height, 8, color_type, 0, 0, 0)),
            _text(description) if description else b"",
            _chunk(b"IDAT", _compressed(rows, 3 if opaque else 4)),
            _chunk(b"IEND", b""),
        )
    )


def _compressed(rows: Bytes, pixel: int) -> bytes:
    """Compress ``rows`` (height, bytes), ``pixel`` bytes each, with the best of ``FILTERS``."""
    up = np.empty((rows.shape[0], rows.shape[1] + 1), np.uint8)
    up[:, 0] = UP
    up[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=up[1:, 1:])
    plain, changed = up.copy(), up[:, 1:].any(axis=1)
    plain[changed, 0] = NONE
    plain[changed, 1:] = rows[changed]
    if rows.size <= SMALL:
        return min((zlib_ng.compress(apply(up, plain, pixel), LEVEL) for apply in FILTERS), key=len)
    part = np.arange(len(rows)) % EACH < FIRST
    tried = up[part], plain[part]
    best = min(FILTERS, key=lambda apply: len(zlib_ng.compress(apply(*tried, pixel), TRIAL)))
    return zlib_ng.compress(best(up, plain, pixel), LEVEL)


def _up(up: Bytes, plain: Bytes, pixel: int) -> Bytes:
    """Return differences to the row above, which suit large shapes."""
    return up


def _plain(up: Bytes, plain: Bytes, pixel: int) -> Bytes:
    """Return rows as they are, which suits text: a letter is the same bytes at any place.

    Rows equal to the one above are differences to it.
    """
    return plain


def _least(up: Bytes, plain: Bytes, pixel: int) -> Bytes:
    """Return each row with the filter that gives the least sum of absolute differences.

    This suits nearly horizontal lines, and noise.
    """
    sub, changed = plain.copy(), plain[:, 0] == NONE
    sub[changed, 0] = SUB
    sub[changed, 1 + pixel :] -= plain[changed, 1:-pixel]
    least, best = up.copy(), np.argmin([_size(rows) for rows in (up, plain, sub)], axis=0)
    least[best == 1] = plain[best == 1]
    least[best == 2] = sub[best == 2]
    return least


def _size(rows: Bytes) -> np.ndarray[Any, np.dtype[np.uint32]]:
    return np.abs(rows.view(np.int8)).view(np.uint8).sum(axis=1, dtype=np.uint32)


FILTERS = (_up, _plain, _least)


def is_opaque(pixels: Bytes) -> bool:
    """Return whether all ``pixels`` (height, width, 4) are opaque."""
    return bool(pixels[..., 3].min() == 255)


def drop_alpha(pixels: Bytes) -> Bytes:
    """Return ``pixels`` (height, width, 4) as (height, width, 3). Pillow is faster than NumPy."""
    height, width, _ = pixels.shape
    image = Image.frombuffer("RGBA", (width, height), pixels, "raw", "RGBA", 0, 1)
    return np.frombuffer(image.tobytes("raw", "RGB"), np.uint8).reshape(height, width, 3)


def _text(description: str) -> bytes:
    """Return an iTXt chunk: a keyword, no compression, no language, and the text."""
    return _chunk(b"iTXt", b"Description\0\0\0\0\0" + description.encode())


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(name))
    return b"".join((pack(">I", len(content)), name, content, pack(">I", checksum)))
