"""What runs in the render processes: one that has everything loaded, and its forks, which draw.

The pool starts the first with `main` and holds the other end of its control socket; the first
answers requests to fork and to end a fork. Each fork has a socket of its own to the pool. All end
by themselves when the pool's process does, however it ends: their sockets reach the end of file.
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

from plots import metrics
from plots.conf import conf
from plots.errors import PlotError
from plots.spec.picture import Picture
from plots.spec.plot_spec import PlotSpec

logger = logging.getLogger("plots")

# On the control socket, either way: FORK with the fork's socket, answered with its process id; or a
# process id, which is ended and answered with its exit code.
MESSAGE = Struct("=q")
FORK = 0


class Job(NamedTuple):
    """A spec to draw and its bounds: seconds of time and MB of memory."""

    spec: PlotSpec
    seconds: float
    memory: int


class Answer(NamedTuple):
    """What became of a job; ``is_last`` says that the process ends with it."""

    result: Picture | PlotError
    is_last: bool = False


def main(descriptor: int) -> None:
    """Serve the control socket ``descriptor`` until its other end is closed."""
    # Ctrl-C, and a service manager that ends a whole group, reach every process: those that draw
    # must first finish what the server still waits for. The end of the sockets ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _load()
    children: set[int] = set()
    with socket.socket(fileno=descriptor) as control:
        with suppress(ConnectionError):  # by a pool that was killed
            while _serve_control(control, children):
                pass
        for child in children:
            # Not waited for yet, so the id is still the child's; one that hangs ends here too.
            os.kill(child, signal.SIGKILL)


def _load() -> None:
    """Load once what every fork needs."""
    import matplotlib
    from django.db import connections

    from plots.rendering import render

    # Neither a matplotlibrc nor what an app has set may change a picture: no digest knows of them.
    matplotlib.rcParams.update(matplotlib.rcParamsDefault)
    render.warm()
    connections.close_all()  # whatever was asked while loading, no connection survives a fork


def _serve_control(control: socket.socket, children: set[int]) -> bool:
    """Do what one message asks; False at the end of all."""
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
        except Exception:  # nothing may leave the fork, which would go on as its parent
            logger.exception("A render process failed")
        finally:
            os._exit(0)
    else:
        os.close(descriptors[0])
        children.add(number)
    control.sendall(MESSAGE.pack(number))
    return True


def serve(connection: Connection) -> None:
    """Draw what ``connection`` asks for, one after the other, until its other end is closed."""
    faulthandler.enable()
    # The alarm of a job says where it hung and then ends the process, whoever still waits for it.
    faulthandler.register(signal.SIGALRM, chain=True)
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()  # else all forks would draw the same numbers
    least = _peak_memory()
    with suppress(EOFError, ConnectionError):
        _prepare()
        while True:
            job: Job | None = None
            message = connection.recv_bytes()
            try:
                job = pickle.loads(message)
                answer = draw(job)
                # One that leaked is replaced before it fails a job that does not.
                if _peak_memory() - least > job.memory / 2:
                    answer = answer._replace(is_last=True)
                message = pickle.dumps(answer)
            except Exception:  # what a job or a picture holds may refuse to be pickled
                logger.exception("A render process could not take or give what crosses: %s", job)
                answer = Answer(went_wrong())
                message = pickle.dumps(answer)
            connection.send_bytes(message)
            if answer.is_last:
                return
            if not connection.poll():
                _prepare()


def draw(job: Job) -> Answer:
    """``job`` drawn within its bounds, or the error that says why not."""
    from django.db import close_old_connections, reset_queries

    from plots.rendering import render

    reset_queries()
    close_old_connections()
    try:
        with _bounds(job.seconds, job.memory), metrics.track_render(job.spec):
            return Answer(render.render(job.spec))
    except Exception as error:  # a drawing function may raise whatever it likes
        if isinstance(error, MemoryError) or isinstance(error.__cause__, MemoryError):
            return Answer(_too_much_memory(job), is_last=True)
        if isinstance(error, PlotError):
            return Answer(error)
        logger.exception("Failed to draw %s, %s", job.spec.digest, str(job.spec)[:2000])
        return Answer(went_wrong())
    finally:
        close_old_connections()


def went_wrong() -> PlotError:
    message = "Something went wrong here while it was drawn; it has been logged."
    return PlotError(message, "failed")


def _too_much_memory(job: Job) -> PlotError:
    logger.error("Drawing %s needed more than %d MB", job.spec.digest, job.memory)
    message = f"Drawing this takes more than {job.memory} MB of memory; ask for less at once."
    return PlotError(message, "too-much-memory")


@contextmanager
def _bounds(seconds: float, memory: int) -> Iterator[None]:
    """Let what is within take ``seconds``, then end the process; and ``memory`` MB.

    Of the limits on memory, RLIMIT_DATA counts what a process may write and nobody else sees.
    RLIMIT_AS would count libraries and what allocators and threads' stacks only reserve, which is
    several times more than is ever used; and RLIMIT_RSS does nothing. Where RLIMIT_DATA counts
    less (Linux before 4.7) or nothing (macOS), so does this limit.
    """
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    limit = memory * 2**20
    limit = limit if most == resource.RLIM_INFINITY else min(limit, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, most))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def _peak_memory() -> float:
    """The most memory that this process ever held, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def _prepare() -> None:
    """Make ready, while nobody waits, what the next picture needs in any case."""
    from plots.rendering import render

    try:
        with _bounds(conf.TIMEOUT, conf.MEMORY):
            render.prepare_blank()
    except Exception:
        logger.exception("Nothing could be prepared; pictures are drawn without")
