"""What the templates of all pages of the site know."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from plots.forms.binding import read_query
from plots.http.plot_links import build_url


def login_url(request: HttpRequest) -> dict[str, Any]:
    """Return the URL of the login page, which leads back to the page of ``request``."""

    def build() -> str:
        here = build_url(request.path, read_query(dict(request.GET.lists())))
        return build_url(reverse("login"), {"next": [here]})

    return {"login_url": SimpleLazyObject(build)}
