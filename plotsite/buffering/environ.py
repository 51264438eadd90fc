"""The WSGI environ of an ASGI request."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

Scope = Mapping[str, Any]
Environ = dict[str, Any]

_CONSTANT: Environ = {
    "wsgi.errors": sys.stderr,
    "wsgi.file_wrapper": FileWrapper,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
_WITHOUT_PREFIX = ("CONTENT_LENGTH", "CONTENT_TYPE")


def build_environ(scope: Scope) -> Environ:
    """Return the environ for ``scope``, without the body."""
    prefix = scope.get("root_path", "").encode().decode("latin-1")
    path = _path(scope)
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        path = path[len(prefix) :]
    host, port = scope.get("server") or ("localhost", None)
    return {
        **_CONSTANT,
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": prefix,
        "PATH_INFO": path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "REMOTE_ADDR": scope["client"][0] if scope.get("client") else "",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.url_scheme": scope.get("scheme", "http"),
        **_headers(scope),
    }


def may_have_body(environ: Environ) -> bool:
    """Whether the request can have a body. With HTTP/2, it can always have one."""
    return (
        environ.get("CONTENT_LENGTH", "0") != "0"
        or "HTTP_TRANSFER_ENCODING" in environ
        or not environ["SERVER_PROTOCOL"].startswith("HTTP/1")
    )


def _path(scope: Scope) -> str:
    """Return the path as WSGI passes it: one character for each byte."""
    raw = scope.get("raw_path")
    encoded = scope["path"].encode() if raw is None else unquote_to_bytes(raw)
    return str(encoded.decode("latin-1"))


def _headers(scope: Scope) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        # "X_Forwarded_Proto" would become the same key as "X-Forwarded-Proto", which proxies check.
        if b"_" in name:
            continue
        key = name.decode("latin-1").upper().replace("-", "_")
        key = key if key in _WITHOUT_PREFIX else f"HTTP_{key}"
        found.setdefault(key, []).append(value.decode("latin-1"))
    if found.get("HTTP_HOST") == [""]:  # granian adds it to HTTP/1.0 requests
        del found["HTTP_HOST"]
    return {
        key: ("; " if key == "HTTP_COOKIE" else ",").join(values) for key, values in found.items()
    }
