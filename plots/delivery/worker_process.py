"""Code of the render processes: the fork server, which imports everything, and its forks.

The pool starts the fork server with `main` and holds the other end of its control socket. The fork
server forks and reaps workers on request. Each worker has a socket of its own to the pool. All exit
when the pool's process ends, however it ends, because their sockets reach the end of file.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import pickle
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from struct import Struct
from typing import NamedTuple

from django.utils.translation import gettext as _

from plots import metrics
from plots.conf import conf
from plots.errors import PlotError, unavailable
from plots.i18n import override_language
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec

logger = logging.getLogger("plots")

# Messages on the control socket. FORK, with the worker's socket, is answered with its process id. A
# process id is killed and answered with its exit code.
MESSAGE = Struct("=q")
FORK = 0


class Job(NamedTuple):
    """A spec to draw, with limits in seconds and in MB of memory."""

    spec: PlotSpec
    seconds: float
    memory: int


class Answer(NamedTuple):
    """The result of a job; with ``is_last``, the worker exits afterwards."""

    result: Picture | PlotError
    is_last: bool = False


def main(descriptor: int) -> None:
    """Serve the control socket ``descriptor`` until its other end is closed."""
    # Ctrl-C and service managers signal the whole process group. Workers must first finish what the
    # web process waits for; they exit when their sockets are closed.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _load()
    children: set[int] = set()
    with socket.socket(fileno=descriptor) as control:
        with suppress(ConnectionError):  # the pool was killed
            while _serve_control(control, children):
                pass
        for child in children:
            # Not reaped yet, so the id is still the child's.
            os.kill(child, signal.SIGKILL)


def _load() -> None:
    """Import once what every fork needs."""
    import matplotlib
    from django.db import connections

    from plots.rendering import render

    # No digest covers a matplotlibrc or rcParams set by an app, so they must not change an image.
    matplotlib.rcParams.update(matplotlib.rcParamsDefault)
    render.warm()
    connections.close_all()  # connections do not survive a fork


def _serve_control(control: socket.socket, children: set[int]) -> bool:
    """Handle one message; return False at the end of file."""
    message, descriptors, _, _ = socket.recv_fds(control, MESSAGE.size, 1)
    if len(message) < MESSAGE.size:
        return False
    (number,) = MESSAGE.unpack(message)
    if number != FORK:
        children.discard(number)
        os.kill(number, signal.SIGKILL)
        number = os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])
    elif (number := os.fork()) == 0:
        try:
            control.close()
            serve(Connection(descriptors[0]))
        except Exception:  # a fork must not return into its parent's code
            logger.exception("A render process failed")
        finally:
            os._exit(0)
    else:
        os.close(descriptors[0])
        children.add(number)
    control.sendall(MESSAGE.pack(number))
    return True


def serve(connection: Connection) -> None:
    """Draw the jobs that ``connection`` receives until its other end is closed."""
    faulthandler.enable()
    # The alarm of a job logs where it hung and then ends the process.
    faulthandler.register(signal.SIGALRM, chain=True)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()  # otherwise all forks draw the same numbers
    initial = _peak_memory()
    with suppress(EOFError, ConnectionError):
        _prepare()
        while True:
            job: Job | None = None
            message = connection.recv_bytes()
            try:
                job = pickle.loads(message)
                answer = draw(job)
                # Replace a worker that leaks before another job fails because of it.
                if _peak_memory() - initial > job.memory / 2:
                    answer = answer._replace(is_last=True)
                message = pickle.dumps(answer)
            except Exception:  # a job or a result may fail to be pickled
                logger.exception(
                    "A render process could not read a job or send its result: %s", job
                )
                answer = Answer(internal_error())
                message = pickle.dumps(answer)
            connection.send_bytes(message)
            if answer.is_last:
                return
            if not connection.poll():
                _prepare()


def draw(job: Job) -> Answer:
    """Draw ``job`` within its limits; return the image or a PlotError."""
    from django.db import close_old_connections, reset_queries

    from plots.rendering import render

    reset_queries()
    close_old_connections()
    with override_language(job.spec.frame.lang):
        try:
            with _limits(job.seconds, job.memory), metrics.track_render(job.spec):
                return Answer(render.render(job.spec))
        except Exception as error:  # a kind may raise anything
            if isinstance(error, MemoryError) or isinstance(error.__cause__, MemoryError):
                return Answer(_too_much_memory(job), is_last=True)
            if isinstance(error, PlotError):
                return Answer(error)
            if outage := unavailable(error):
                return Answer(outage)
            logger.exception("Failed to draw %s, %s", job.spec.digest, str(job.spec)[:2000])
            return Answer(internal_error())
        finally:
            close_old_connections()


def internal_error() -> PlotError:
    """Return the error for failures whose details are only logged."""
    message = _("Something went wrong while drawing this plot. The error has been logged.")
    return PlotError(message, "failed")


def _too_much_memory(job: Job) -> PlotError:
    logger.error("Drawing %s needed more than %d MB", job.spec.digest, job.memory)
    message = _("Drawing this plot needs more than %(memory)s MB. Request fewer values.")
    return PlotError(message % {"memory": job.memory}, "too-much-memory")


@contextmanager
def _limits(seconds: float, memory: int) -> Iterator[None]:
    """Limit the block to ``seconds``, after which the process ends, and to ``memory`` MB.

    RLIMIT_DATA counts private writable memory. RLIMIT_AS would also count libraries and reserved
    address space, which is several times more than is ever used; RLIMIT_RSS has no effect. Where
    RLIMIT_DATA counts less (Linux before 4.7) or nothing (macOS), this limit does the same.
    """
    _soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = memory * 2**20
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def _peak_memory() -> float:
    """Return the peak memory of this process in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def _prepare() -> None:
    """Prepare a blank figure for the next job while the worker is idle."""
    from plots.rendering import render

    try:
        with _limits(conf.TIMEOUT, conf.MEMORY):
            render.prepare_blank()
    except Exception:
        logger.exception("A render process could not prepare a blank figure")
