"""Small HTTP client in a process of its own: keep-alive, loopback only, plain sockets.

It reads a job as JSON from standard input and writes the results as JSON to standard output.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Sequence
from threading import Barrier, Thread
from time import perf_counter
from typing import Any, NamedTuple

TIMEOUT = 60.0  # seconds to wait for a response


class Answers(NamedTuple):
    """Seconds, status and bytes of each response, in no order; seconds and ETag of all."""

    seconds: list[float]
    statuses: list[int]
    lengths: list[int]
    elapsed: float
    etag: str


def ask(port: int, paths: Sequence[str], *, clients: int = 1, etag: str = "") -> Answers:
    """GET ``paths`` from 127.0.0.1, divided among ``clients`` that start together."""
    job = {"port": port, "paths": list(paths), "clients": clients, "etag": etag}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.client"],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=True,
        timeout=10 * TIMEOUT,
    )
    return Answers(**json.loads(done.stdout))


def _get(connection: socket.socket, port: int, path: str, etag: str) -> tuple[int, int, str]:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Accept: image/png,*/*"]
    if etag:
        lines.append(f"If-None-Match: {etag}")
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    received = b""
    while b"\r\n\r\n" not in received:
        more = connection.recv(1 << 18)
        if not more:
            raise ConnectionError("the server closed the connection")
        received += more
    head, _, body = received.partition(b"\r\n\r\n")
    status, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in rest)}
    missing = int(headers.get("content-length", "0")) - len(body)
    while missing > 0:
        missing -= len(connection.recv(1 << 18))
    return int(status.split()[1]), int(headers.get("content-length", "0")), headers.get("etag", "")


def _client(job: dict[str, Any], mine: int, start: Barrier, found: list[Any]) -> None:
    port = job["port"]
    with socket.create_connection(("127.0.0.1", port), TIMEOUT) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        start.wait(TIMEOUT)
        for path in job["paths"][mine :: job["clients"]]:
            begin = perf_counter()
            answer = _get(connection, port, path, job["etag"])
            found.append((perf_counter() - begin, *answer))


def main() -> None:
    job = json.load(sys.stdin)
    found: list[tuple[float, int, int, str]] = []
    start = Barrier(job["clients"] + 1)
    threads = [
        Thread(target=_client, args=(job, mine, start, found), daemon=True)
        for mine in range(job["clients"])
    ]
    for thread in threads:
        thread.start()
    start.wait(TIMEOUT)
    begin = perf_counter()
    for thread in threads:
        thread.join()
    elapsed = perf_counter() - begin
    if len(found) != len(job["paths"]):
        sys.exit(
            f"{len(job['paths']) - len(found)} of {len(job['paths'])} requests have no response"
        )
    seconds, statuses, lengths, etags = (list(each) for each in zip(*found, strict=True))
    json.dump(Answers(seconds, statuses, lengths, elapsed, etags[-1])._asdict(), sys.stdout)


if __name__ == "__main__":
    main()
