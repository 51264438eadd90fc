"""The sitemap of all public pages, for search engines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap as sitemap_view
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from plots.http.headers import public_response
from plots.spec.registry import kinds

MAX_AGE = 600  # seconds that a client or a proxy may cache the sitemap

_models: dict[str, type[models.Model]] = {}


def register(list_name: str, model: type[models.Model]) -> None:
    """Add the public rows of ``model``, and the page called ``list_name``, which lists them.

    The manager of ``model`` returns a ``VisibleQuerySet``, and its rows have ``slug``,
    ``updated`` and ``get_absolute_url()``.
    """
    _models[list_name] = model


class ListPages(Sitemap):
    """The pages that list rows, the catalogue, and the page of each kind."""

    def items(self) -> list[str]:
        lists = [reverse(f"plots:{name}") for name in (*_models, "kinds")]
        return [*lists, *(reverse("plots:kind", args=[kind.name]) for kind in kinds)]

    def location(self, item: str) -> str:
        return item


class SavedPages(Sitemap):
    """The pages of the public rows of a model."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def items(self) -> Any:
        public = self.model.objects.visible_to(None).listed()
        return public.only("slug", "updated").order_by("pk")

    def lastmod(self, item: Any) -> datetime:
        updated: datetime = item.updated
        return updated


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return the URLs of all pages that everybody may see."""
    saved = {name: SavedPages(model) for name, model in _models.items()}
    maps: dict[str, Any] = {"pages": ListPages(), **saved}
    response = sitemap_view(request, maps, template_name="plots/sitemap.xml")
    return public_response(request, response.render(), MAX_AGE)
