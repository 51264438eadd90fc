"""The addresses of the site: include only, each part keeps its own."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("plotsite.examples")),
    path("language/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("", include("plots.urls")),
]

handler500 = "plotsite.errors.server_error"
