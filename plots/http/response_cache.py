"""In-process LRU cache from URL to (spec, response).

Parsing a URL into a spec takes about two milliseconds, and the rendered image may be in a cache on
another machine. This cache saves both for URLs that are requested again.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from weakref import WeakValueDictionary

from cachetools import LRUCache
from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from plots import metrics
from plots.conf import conf
from plots.errors import PlotError
from plots.i18n import override_language, resolve_language
from plots.spec.plot_spec import FromSource, PlotSpec
from plots.spec.registry import Kind, kinds, sources

from .headers import not_modified
from .responses import error_language, plot_response

MEGABYTE = 2**20
# Larger responses, in bytes, are not cached: only a few of them would fit.
MAX_CONTENT = 2 * MEGABYTE
# Approximate size in bytes of an entry without its key and its content.
OVERHEAD = 4096
ETAG, TIMING, LANGUAGE = "ETag", "Server-Timing", "Content-Language"
Url = tuple[str, str]  # path and query


@dataclass
class CachedResponse:
    """The spec of a URL and, once there was one that may be reused, its response."""

    spec: PlotSpec
    kind: Kind = field(init=False)
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    size: int = OVERHEAD
    url: Url | None = None

    def __post_init__(self) -> None:
        self.kind = kinds.get(self.spec.kind)

    def is_current(self) -> bool:
        """Return whether the kind is the same and the source still has the same data."""
        if self.spec.kind not in kinds or kinds.get(self.spec.kind) is not self.kind:
            return False
        data = self.spec.data
        if not isinstance(data, FromSource):
            return True
        try:
            source = sources.get(data.name)
        except PlotError:
            return False
        return not source.viewer and source.revision(data.options) == data.revision

    def store(self, response: HttpResponseBase) -> None:
        """Keep ``response`` if it is a complete image that other requests may be given."""
        if (
            isinstance(response, HttpResponse)
            and response.status_code == 200
            and self.spec.is_pinned
            and response.has_header(ETAG)
            and len(response.content) <= MAX_CONTENT
        ):
            self.content = response.content
            self.headers = {**response.headers, TIMING: "cache;desc=hit"}

    def is_enough(self, meta: Mapping[str, Any]) -> bool:
        """Return whether there is a response, and the conditions of the request are simple."""
        if self.content is None or "HTTP_IF_MATCH" in meta or "HTTP_IF_UNMODIFIED_SINCE" in meta:
            return False
        etag = meta.get("HTTP_IF_NONE_MATCH")
        return etag is None or etag.removeprefix("W/") == self.headers[ETAG]  # weak: compressed

    def respond(self, request: HttpRequest) -> HttpResponse | None:
        """Return the stored response or a 304; None if it is not enough."""
        if not self.is_enough(request.META):
            return None
        if "HTTP_IF_NONE_MATCH" in request.META:
            metrics.count_response(self.spec.kind, self.spec.format, "not-modified")
            return not_modified(request, self.headers.items())
        metrics.count_response(self.spec.kind, self.spec.format, "hit")
        return HttpResponse(self.content, headers=self.headers)


class ResponseCache:
    """Thread-safe LRU cache of responses, limited to ``conf.RECALL`` megabytes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.clear()

    def get(self, key: Hashable) -> CachedResponse | None:
        with self._lock:
            try:
                return self._entries[key]
            except KeyError:
                return None

    def put(self, key: Hashable, entry: CachedResponse, size: int, url: Url | None = None) -> None:
        """Store ``entry``, of about ``size`` bytes; discard the least recently used entries.

        A request for ``url`` needs nothing but the entry.
        """
        with self._lock:
            self._entries.pop(key, None)
            if entry.url is not None:
                self._by_url.pop(entry.url, None)
            entry.size, entry.url = size, url
            with suppress(ValueError):  # larger than the whole cache
                self._entries[key] = entry
                if url is not None:
                    self._by_url[url] = entry

    def answers(self, environ: Mapping[str, Any]) -> bool:
        """Whether a GET request gets a stored response: no source is read and nothing is drawn."""
        url = environ["PATH_INFO"], environ["QUERY_STRING"]
        entry = self._by_url.get(url)
        return entry is not None and entry.url == url and entry.is_enough(environ)

    def clear(self, **_: Any) -> None:
        """Discard all entries and read the size limit again."""
        with self._lock:
            self._entries: LRUCache[Hashable, CachedResponse] = LRUCache(
                conf.RECALL * MEGABYTE, getsizeof=lambda entry: entry.size
            )
            self._by_url: WeakValueDictionary[Url, CachedResponse] = WeakValueDictionary()

    @property
    def size(self) -> float:
        """Approximate size of all entries, in bytes."""
        return self._entries.currsize

    def __len__(self) -> int:
        return len(self._entries)


response_cache = ResponseCache()
setting_changed.connect(response_cache.clear)


def cached_response(
    request: HttpRequest,
    key: tuple[str, ...],
    read: Callable[[], PlotSpec],
    *,
    url: Url | None = None,
    **policy: Any,
) -> HttpResponseBase:
    """Return ``plot_response(request, read(), **policy)``, cached under ``key``.

    ``key`` is all that ``read`` and ``policy`` depend on, the query included; ``url`` is given if
    the request always has the same key. A URL means the same
    to everybody, in whatever language their pages are. Responses that depend on the user are not
    cached. Any page may embed a public image in a frame: there, an SVG shows its tooltips, which it
    cannot in an ``<img>``.
    """
    response = _respond(request, key, read, url, **policy)
    vars(response).setdefault("xframe_options_exempt", not policy.get("private"))
    return response


def _respond(
    request: HttpRequest,
    key: tuple[str, ...],
    read: Callable[[], PlotSpec],
    url: Url | None,
    **policy: Any,
) -> HttpResponseBase:
    entry = response_cache.get(key)
    if entry is None or not entry.is_current():
        with override_language(error_language(request)):
            entry = CachedResponse(read())
    elif (cached := entry.respond(request)) is not None:
        return cached
    response = plot_response(request, entry.spec, **policy)
    response[LANGUAGE] = resolve_language(entry.spec.frame.lang)
    if entry.spec.is_personal or ("private" not in policy and entry.spec.is_private):
        vars(response)["xframe_options_exempt"] = False
        return response  # others may not see it
    entry.store(response)
    # A spec holds the values that its query spells, each in an object of its own.
    size = OVERHEAD + 12 * sum(map(len, key)) + len(entry.content or b"")
    is_inline = not isinstance(entry.spec.data, FromSource)  # else is_current() reads its version
    response_cache.put(key, entry, size, url if is_inline else None)
    return response
