"""The URL patterns of plots. A project includes them wherever it likes.

They begin with those of the installed optional apps: an AppConfig names its module of patterns in
an attribute ``plots_urlconf``.

Every view decides by itself what a user may see. Django's LoginRequiredMiddleware lets all
requests pass, because images in mails and on other sites have no session.
"""

from collections.abc import Iterable, Iterator

from django.apps import apps
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from plots.api import health, openapi, post
from plots.api.unavailable import or_not_found, or_unavailable
from plots.catalog import sitemaps
from plots.catalog import views as catalog
from plots.delivery.clients import draw_for_client
from plots.http import views


def optional_patterns() -> Iterator[URLResolver]:
    """Yield the patterns of each installed app that has a ``plots_urlconf``."""
    for config in apps.get_app_configs():
        if urlconf := getattr(config, "plots_urlconf", ""):
            yield path("", include(urlconf))


def guard(patterns: Iterable[URLPattern | URLResolver]) -> None:
    """Let all views of ``patterns`` draw for a client, and answer with a 503 in an outage.

    Their 404s are not cached, and LoginRequiredMiddleware lets strangers reach them.
    """
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            guard(pattern.url_patterns)
        else:
            view = or_unavailable(or_not_found(pattern.callback))
            pattern.callback = login_not_required(draw_for_client(view))


app_name = "plots"
# No client repeats a POST at another URL, so this URL works with and without its slash.
to_kind = require_safe(
    RedirectView.as_view(pattern_name="plots:kind", permanent=True, query_string=True)
)
urlpatterns: list[URLPattern | URLResolver] = [
    *optional_patterns(),
    path("", catalog.kind_list, name="index"),  # where no app has a gallery
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("plot/", catalog.kind_list, name="kinds"),
    path("plot/openapi.json", openapi.openapi, name="openapi"),
    path("plot/<slug:kind>/", post.or_post(catalog.kind, post.store), name="kind"),
    path("plot/<slug:kind>", post.or_post(to_kind, post.store)),
    path("plot/<slug:kind>.<str:format>", post.or_post(views.plot, post.draw), name="plot"),
    path("p/<slug:digest>.<str:format>", views.stored, name="stored"),
    path("healthz", health.health, name="health"),
    path("metrics", health.metrics, name="metrics"),
]
guard(urlpatterns)
