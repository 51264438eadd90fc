"""The addresses of the app; a project includes them where it likes."""

from django.urls import path

from . import health, openapi, views

app_name = "plots"
urlpatterns = [
    path("", views.index, name="index"),
    path("presets/<slug:slug>/", views.preset, name="preset"),
    path("presets/<slug:slug>.<str:format>", views.preset_image, name="preset-image"),
    path("plot/", views.kind_list, name="kinds"),
    path("plot/openapi.json", openapi.openapi, name="openapi"),
    path("plot/<slug:kind>/", views.kind, name="kind"),
    path("plot/<slug:kind>.<str:format>", views.plot, name="plot"),
    path("healthz", health.health, name="health"),
    path("metrics", health.metrics, name="metrics"),
]
