"""The addresses of the app; a project includes them where it likes."""

from django.urls import path
from django.views.generic import RedirectView

from plots.api import health, openapi, post
from plots.boards import views as boards
from plots.catalog import views as catalog
from plots.http import views
from plots.presets import views as presets
from plots.presets.sharing import feeds, oembed

app_name = "plots"
# Nobody can repeat a POST at another address, so this one is good with and without its slash.
to_kind = RedirectView.as_view(pattern_name="plots:kind", permanent=True, query_string=True)
urlpatterns = [
    path("", presets.index, name="index"),
    path("presets/<slug:slug>/", presets.preset, name="preset"),
    path("presets/<slug:slug>.<str:format>", presets.preset_image, name="preset-image"),
    path("presets/<slug:slug>/embed/", presets.embed, name="embed"),
    path("oembed/", oembed.oembed, name="oembed"),
    path("feed.atom", feeds.feed, name="feed"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("boards/", boards.boards, name="boards"),
    path("boards/<slug:slug>/", boards.board, name="board"),
    path("plot/", catalog.kind_list, name="kinds"),
    path("plot/openapi.json", openapi.openapi, name="openapi"),
    path("plot/<slug:kind>/", post.or_post(catalog.kind, post.store), name="kind"),
    path("plot/<slug:kind>", post.or_post(to_kind, post.store)),
    path("plot/<slug:kind>.<str:format>", post.or_post(views.plot, post.draw), name="plot"),
    path("p/<slug:digest>.<str:format>", views.stored, name="stored"),
    path("healthz", health.health, name="health"),
    path("metrics", health.metrics, name="metrics"),
]
