"""Failed logins: after some of them, a client has to wait. django-axes counts them."""

from __future__ import annotations

from datetime import timedelta
from math import ceil
from typing import Any

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from plots.delivery.clients import client_address

# Failures of one address, whatever the user names, count a tenth: others may share the address.
ADDRESS_SHARE = 10


def address_of(request: HttpRequest) -> str | None:
    """Return the address of the client, as for the fair share of rendering."""
    return client_address(request.META) or None


class Backend(AxesStandaloneBackend):
    """Refuses logins of clients that must wait. Commands and tests have no request."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        if request is not None:
            super().authenticate(request, **credentials)


class Handler(AxesDatabaseHandler):
    """Counts the failures of a user name at an address, and those of an address."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        pair, address = (
            attempts.aggregate(total=Sum("failures_since_start"))["total"] or 0
            for attempts in self.get_user_attempts(request, credentials)
        )
        return max(pair, address // ADDRESS_SHARE)


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Return the page (429) that says when to try again."""
    attempts = AccessAttempt.objects.filter(ip_address=address_of(request))
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    wait = last + (get_cool_off(request) or timedelta()) - timezone.now()
    seconds = max(1, ceil(wait.total_seconds()))
    page = render(request, "429.html", {"minutes": ceil(seconds / 60)}, status=429)
    page["Retry-After"] = str(seconds)
    page["Cache-Control"] = "no-store"
    return page
