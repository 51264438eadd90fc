"""Errors of the disk and of DuckDB, and messages without the paths that theirs contain."""

from __future__ import annotations

import errno
import logging
import os

from django.utils.translation import gettext as _

from plots.errors import PlotError

logger = logging.getLogger("plots")

# DuckDB has the text of these in its messages, beside the path of the file.
REPORTED = (
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT,
    errno.ENOTDIR, errno.EISDIR, errno.EIO, errno.ESTALE, errno.ENFILE, errno.EMFILE, errno.ENXIO,
    errno.ENODEV,
)  # fmt: skip
FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def disk_error(error: BaseException) -> int | None:
    """Return the error number of the disk that caused ``error``.

    Parameters
    ----------
    error : BaseException
        An OSError, or an error of DuckDB.

    Returns
    -------
    int or None
        The number, such as ``errno.ENOSPC``. None if the disk is not the cause.

    Examples
    --------
    >>> disk_error(OSError(errno.ENOSPC, "No space left on device")) in FULL
    True
    """
    import duckdb  # optional: only datasets need it

    if isinstance(error, OSError):
        return error.errno or errno.EIO
    if isinstance(error, duckdb.IOException):
        message = str(error)
        return next((each for each in REPORTED if os.strerror(each) in message), None)
    return None


def file_unavailable(name: object, error: BaseException) -> PlotError:
    """Log that the file ``name`` cannot be read, and make an error without its name."""
    # Another process may just have replaced the file, so this need not be an error.
    logger.warning("The file %s cannot be read: %s", name, error)
    message = _("The data are not available at the moment. Please try again later.")
    return PlotError(message, "storage-unavailable", "source")


def file_unreadable(name: object, error: BaseException) -> PlotError:
    """Log that DuckDB cannot process the file ``name``, and make an error without its name."""
    logger.error("Failed to read the file %s", name, exc_info=error)
    message = _("The data could not be read because of an error of this site. It has been logged.")
    return PlotError(message, "failed", "source")
