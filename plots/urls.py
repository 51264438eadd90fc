"""The addresses of the app; a project includes them where it likes."""

from django.urls import path

from . import views

app_name = "plots"
urlpatterns = [
    path("", views.index, name="index"),
    path("presets/<slug:slug>/", views.preset, name="preset"),
    path("presets/<slug:slug>.<str:format>", views.preset_image, name="preset-image"),
    path("plot/", views.kind_list, name="kinds"),
    path("plot/<slug:kind>/", views.kind, name="kind"),
    path("plot/<slug:kind>.<str:format>", views.plot, name="plot"),
]
