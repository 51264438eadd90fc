"""URLs of the site."""

from django.contrib import admin
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path, re_path
from django.views.generic import TemplateView

from plotsite.moved_pages import redirect_admin

urlpatterns = [
    path("", include("plotsite.examples")),
    path("robots.txt", TemplateView.as_view(template_name="robots.txt", content_type="text/plain")),
    path("accounts/login/", LoginView.as_view(), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("language/", include("django.conf.urls.i18n")),
    re_path(r"^admin/(?P<url>plots/(?P<model>preset|dataset|board)/.*)$", redirect_admin),
    path("admin/", admin.site.urls),
    path("", include("plots.urls")),
]

handler404 = "plotsite.pages.not_found"
handler500 = "plots.api.unavailable.server_error"
