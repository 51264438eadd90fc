"""Django's default cache, which several processes may share. It may fail at any time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.core.cache import cache as django_cache

logger = logging.getLogger("plots")

# Seconds for which a failed cache is not used, so that its timeouts delay few requests.
BACKOFF = 5
WARNING_INTERVAL = 60


class FaultTolerantCache:
    """Django's default cache behind a circuit breaker: if it fails, nothing is cached."""

    def __init__(self) -> None:
        self._retry_at = self._warn_at = 0.0

    def get(self, key: str) -> Any:
        return self._attempt(None, lambda: django_cache.get(key))

    def get_many(self, keys: list[str]) -> dict[str, Any]:
        return self._attempt({}, lambda: django_cache.get_many(keys)) or {}

    def set(self, key: str, value: Any, seconds: float) -> None:
        self._attempt(None, lambda: django_cache.set(key, value, seconds))

    def add(self, key: str, value: Any, seconds: float) -> bool:
        """Return whether ``key`` was free; True if the cache fails."""
        return bool(self._attempt(True, lambda: django_cache.add(key, value, seconds)))

    def delete(self, key: str) -> None:
        self._attempt(None, lambda: django_cache.delete(key))

    def _attempt(self, default: Any, call: Callable[[], Any]) -> Any:
        if monotonic() < self._retry_at:
            return default
        try:
            return call()
        except Exception as error:  # each backend raises its own
            now = monotonic()
            self._retry_at = now + BACKOFF
            if now >= self._warn_at:
                self._warn_at = now + WARNING_INTERVAL
                logger.warning("The cache failed; plots are rendered without it: %r", error)
            return default


store = FaultTolerantCache()
