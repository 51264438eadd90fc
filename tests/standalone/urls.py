"""The admin and plots, and nothing of the example site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("admin/", admin.site.urls), path("", include("plots.urls"))]
