"""What a visitor is told where a page failed. Neither page asks the database for anything."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views import defaults

RETRY_AFTER = 30  # seconds


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 where the database does not answer, which passes by itself."""
    if isinstance(sys.exc_info()[1], (InterfaceError, OperationalError)):
        page = render_to_string("503.html")
        return HttpResponse(page, status=503, headers={"Retry-After": str(RETRY_AFTER)})
    return defaults.server_error(request)
