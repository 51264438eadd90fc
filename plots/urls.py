"""The addresses of the app; a project includes them where it likes."""

from django.urls import path
from django.views.generic import RedirectView

from . import feeds, health, oembed, openapi, posting, views
from .boards import views as boards

app_name = "plots"
# Nobody can repeat a POST at another address, so this one is good with and without its slash.
to_kind = RedirectView.as_view(pattern_name="plots:kind", permanent=True, query_string=True)
urlpatterns = [
    path("", views.index, name="index"),
    path("presets/<slug:slug>/", views.preset, name="preset"),
    path("presets/<slug:slug>.<str:format>", views.preset_image, name="preset-image"),
    path("presets/<slug:slug>/embed/", views.embed, name="embed"),
    path("oembed/", oembed.oembed, name="oembed"),
    path("feed.atom", feeds.feed, name="feed"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("boards/", boards.boards, name="boards"),
    path("boards/<slug:slug>/", boards.board, name="board"),
    path("plot/", views.kind_list, name="kinds"),
    path("plot/openapi.json", openapi.openapi, name="openapi"),
    path("plot/<slug:kind>/", posting.or_post(views.kind, posting.store), name="kind"),
    path("plot/<slug:kind>", posting.or_post(to_kind, posting.store)),
    path("plot/<slug:kind>.<str:format>", posting.or_post(views.plot, posting.draw), name="plot"),
    path("p/<slug:digest>.<str:format>", views.stored, name="stored"),
    path("healthz", health.health, name="health"),
    path("metrics", health.metrics, name="metrics"),
]
