"""An admin site of the project's own, without the models of plots."""

from django.contrib.admin import AdminSite
from django.urls import include, path

site = AdminSite(name="office")
urlpatterns = [path("office/", site.urls), path("", include("plots.urls"))]
