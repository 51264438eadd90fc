from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("inside/", include("plots.urls", namespace="inside")),
    path("charts/", include("plots.urls")),
]
