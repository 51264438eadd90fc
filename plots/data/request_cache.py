"""Cache of loaded data for the duration of one request.

A page renders a picture, describes it and lists its rows; a form validates the values that are
rendered next. All of them need the same data, which are loaded once per request. Commands, tasks
and render processes have no request, and Django sends the signals of an asynchronous request in
another context than its view: there, data are loaded each time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.core.signals import request_finished, request_started
from django.dispatch import receiver
from django.utils.translation import get_language

from plots.spec.plot_spec import FromSource, PlotSpec
from plots.spec.registry import kinds, sources

from .model import Data

MOST = 8  # plots whose data are cached at the same time
# Fields of a frame that do not affect the data. A field that is missing here is compared.
_COSMETIC = frozenset((
    "theme", "transparent", "title", "subtitle", "xlabel", "ylabel", "grid", "legend", "colors",
    "alt", "lang",
))  # fmt: skip
# These affect only data that are downsampled to the pixels of the picture.
_SIZE = frozenset(("width", "height", "scale"))

_loaded: ContextVar[deque[tuple[object, Data]] | None] = ContextVar("_loaded", default=None)


def cached_in_request(load: Callable[[PlotSpec], Data]) -> Callable[[PlotSpec], Data]:
    """Decorate ``load`` so that it returns data that the same request has already loaded.

    Data that are random, live, or of a source with neither version nor age are always loaded.
    """

    @wraps(load)
    def cached(spec: PlotSpec) -> Data:
        loaded = _loaded.get()
        if loaded is None or not _is_cacheable(spec):
            return load(spec)
        wanted = _key(spec)
        for key, data in loaded:
            if key == wanted:
                return data
        data = load(spec)
        loaded.append((wanted, data))
        return data

    return cached


def _is_cacheable(spec: PlotSpec) -> bool:
    return not spec.is_random and (spec.is_pinned or spec.source_age > 0)


def _key(spec: PlotSpec) -> tuple[object, ...]:
    """All that the data depend on, the viewer of a personal source included.

    Keys are compared and not hashed, because options may be lists. Columns of the same spec are
    identical objects, which makes the comparison cheap.
    """
    kind = kinds.get(spec.kind)
    is_source = isinstance(spec.data, FromSource)
    ignored = _COSMETIC if is_source and kind.downsample else _COSMETIC | _SIZE
    frame = {name: value for name, value in vars(spec.frame).items() if name not in ignored}
    # A dataset may be replaced during a request: then its source is another object.
    source = sources.get(spec.data.name) if isinstance(spec.data, FromSource) else None
    return kind, source, get_language(), spec.options, spec.labels, frame, spec.data


@receiver(request_started)
def _start(**_: Any) -> None:
    _loaded.set(deque(maxlen=MOST))


@receiver(request_finished)
def _clear(**_: Any) -> None:
    _loaded.set(None)
