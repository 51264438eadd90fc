"""The URL patterns of presets, which ``plots.urls`` includes."""

from django.urls import path

from .pages import views
from .sharing import feeds, oembed

urlpatterns = [
    path("", views.index, name="index"),
    path("presets/<slug:slug>/", views.preset, name="preset"),
    path("presets/<slug:slug>.<str:format>", views.preset_image, name="preset-image"),
    path("presets/<slug:slug>/embed/", views.embed, name="preset-embed"),
    path("oembed/", oembed.oembed, name="oembed"),
    path("feed.atom", feeds.feed, name="feed"),
]
