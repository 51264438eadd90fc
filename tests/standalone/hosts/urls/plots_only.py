from django.urls import include, path

urlpatterns = [path("", include("plots.urls"))]
