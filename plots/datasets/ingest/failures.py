"""Failures of the site while it reads an upload, as messages that do not blame the file."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error
from django.utils.translation import gettext as _

from plots.errors import PlotError
from plots.sources.parquet.failures import FULL, disk_error

logger = logging.getLogger("plots")


@contextmanager
def site_failures() -> Iterator[None]:
    """Replace errors within this context by PlotErrors without details, and log them.

    Raises
    ------
    PlotError
        Its code is ``storage-full``, ``storage-unavailable`` or, for any other error, ``failed``.
        A PlotError, which is about the file, and errors of the database are raised unchanged.
    """
    try:
        yield
    except (PlotError, Error):
        raise
    except Exception as error:  # storages of other packages may raise anything
        logger.exception("An upload failed because of an error of this site")
        raise _replacement(error) from error


def _replacement(error: Exception) -> PlotError:
    number = disk_error(error)
    if number in FULL:
        message = _(
            "This site has no space left to store the file. Nothing is wrong with your file. Tell "
            "the administrators, then upload it again."
        )
        return PlotError(message, "storage-full", "file")
    if number is not None:
        message = _(
            "The storage of this site is not available. Nothing is wrong with your file. Try "
            "again later, and tell the administrators if this happens again."
        )
        return PlotError(message, "storage-unavailable", "file")
    message = _(
        "The file could not be read because of an error of this site, which has been logged. "
        "Try again later, and tell the administrators if this happens again."
    )
    return PlotError(message, "failed", "file")
