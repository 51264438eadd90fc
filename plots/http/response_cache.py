"""Addresses asked for before: what they mean is not read again, and what they show is at hand.

Forms make a spec of an address in two milliseconds; a spec's picture may be in a cache on another
machine. For an address that comes again, this remembers both.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.core.signals import setting_changed
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified

from plots import metrics
from plots.conf import conf
from plots.i18n import override_language, resolve_language
from plots.spec.plot_spec import FromSource, PlotSpec
from plots.spec.registry import Kind, kinds, sources

from .responses import plot_response

MEGABYTE = 2**20
# The largest picture that is kept, in bytes: there is no room for many that are larger.
LARGEST = 2 * MEGABYTE
# What a spec, its headers and their keeping take besides texts and pictures, roughly.
OVERHEAD = 4096
ETAG, CACHE_CONTROL, TIMING = "ETag", "Cache-Control", "Server-Timing"
LANGUAGE = "Content-Language"


@dataclass
class CachedResponse:
    """What an address turned out to mean: its spec, and the answer once there was one."""

    spec: PlotSpec
    kind: Kind = field(init=False)
    content: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.kind = kinds.get(self.spec.kind)

    def is_current(self) -> bool:
        """Whether the address still means the same: its source may have other data by now."""
        if self.spec.kind not in kinds or kinds.get(self.spec.kind) is not self.kind:
            return False
        data = self.spec.data
        if not isinstance(data, FromSource):
            return True
        source = sources.get(data.name)
        return not source.viewer and source.revision(data.options) == data.revision

    def keep(self, response: HttpResponseBase) -> None:
        """Keep ``response`` if it is the picture, whole, and may be given to the next as it is."""
        if (
            isinstance(response, HttpResponse)
            and response.status_code == 200
            and self.spec.is_pinned
            and response.has_header(ETAG)
            and len(response.content) <= LARGEST
        ):
            self.content = response.content
            self.headers = {**response.headers, TIMING: "cache;desc=hit"}

    def answer(self, request: HttpRequest) -> HttpResponse | None:
        """The kept answer, or None where there is none, or a condition needs a closer look."""
        asked = request.META
        if self.content is None or "HTTP_IF_MATCH" in asked or "HTTP_IF_UNMODIFIED_SINCE" in asked:
            return None
        known = asked.get("HTTP_IF_NONE_MATCH")
        if known is None:
            metrics.count_response(self.spec.kind, self.spec.format, "hit")
            return HttpResponse(self.content, headers=self.headers)
        if known.removeprefix("W/") == self.headers[ETAG]:  # weak where it was packed on its way
            metrics.count_response(self.spec.kind, self.spec.format, "not-modified")
            wanted = (ETAG, CACHE_CONTROL, "Vary", LANGUAGE)
            kept = {name: self.headers[name] for name in wanted if name in self.headers}
            return HttpResponseNotModified(headers=kept)
        return None


class ResponseCache:
    """The addresses asked for last, as many as fit into ``conf.RECALL`` megabytes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: OrderedDict[Hashable, tuple[CachedResponse, int]] = OrderedDict()
        self._size = 0

    def get(self, key: Hashable) -> CachedResponse | None:
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                return None
            self._entries.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, recalled: CachedResponse, size: int) -> None:
        """Keep ``recalled``, of about ``size`` bytes, in the place of what was asked for least."""
        room = conf.RECALL * MEGABYTE
        with self._lock:
            self._size -= self._entries.pop(key, (None, 0))[1]
            if size > room:
                return
            self._entries[key] = recalled, size
            self._size += size
            while self._size > room:
                self._size -= self._entries.popitem(last=False)[1][1]

    def clear(self, **_: Any) -> None:
        with self._lock:
            self._entries.clear()
            self._size = 0


response_cache = ResponseCache()
setting_changed.connect(response_cache.clear)


def cached_response(
    request: HttpRequest,
    key: tuple[str, ...],
    read: Callable[[], PlotSpec],
    **policy: Any,
) -> HttpResponseBase:
    """As ``plot_response(request, read(), **policy)``, remembered under ``key``.

    ``key`` is all that ``read`` and ``policy`` depend on, the query included: an address means the
    same to everybody, whatever language they are answered in otherwise; what depends on who looks
    is not remembered. Any page may frame a public picture: an SVG says its values there, as it
    cannot in an ``<img>``, and does no more.
    """
    response = _recalled(request, key, read, **policy)
    vars(response).setdefault("xframe_options_exempt", not policy.get("private"))
    return response


def _recalled(
    request: HttpRequest,
    key: tuple[str, ...],
    read: Callable[[], PlotSpec],
    **policy: Any,
) -> HttpResponseBase:
    found = response_cache.get(key)
    if found is None or not found.is_current():
        with override_language():
            found = CachedResponse(read())
    elif (answer := found.answer(request)) is not None:
        return answer
    response = plot_response(request, found.spec, **policy)
    response[LANGUAGE] = resolve_language(found.spec.frame.lang)
    if found.spec.is_personal or ("private" not in policy and found.spec.is_private):
        vars(response)["xframe_options_exempt"] = False
        return response  # who asks next may not see it
    found.keep(response)
    # A spec holds the values that its query spells, each in an object of its own.
    size = OVERHEAD + 12 * sum(map(len, key)) + len(found.content or b"")
    response_cache.put(key, found, size)
    return response
