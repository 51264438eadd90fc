"""Redirects from the URLs that admin pages had while all models belonged to one app."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import resolve


def redirect_admin(request: HttpRequest, url: str, model: str) -> HttpResponseBase:
    """Redirect to the same page of the app that has the model now, with the query string.

    A form that was open during the upgrade is sent on (308). Where there is no such page, the
    admin answers as for any unknown URL.
    """
    old, new = "/admin/plots/", f"/admin/plots_{model}s/"
    match = resolve(request.path_info.replace(old, new, 1))
    if not match.route.startswith(f"{new[1:]}{model}/"):
        return admin.site.admin_view(admin.site.catch_all_view)(request, url=url)
    target = request.get_full_path().replace(old, new, 1)
    return HttpResponsePermanentRedirect(
        target, preserve_request=request.method not in ("GET", "HEAD")
    )
