"""Stored plots in the admin."""

from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from plots.http.stored_plots import StoredPlot


@admin.register(StoredPlot)
class StoredPlotAdmin(admin.ModelAdmin):
    """Shows and deletes the plots that tags and POST requests have stored."""

    list_display = ("thumbnail", "__str__", "created", "used")
    list_display_links = ("__str__",)
    list_filter = ("kind", "created", "used")
    list_per_page = 50
    search_fields = ("digest__startswith", "kind")
    fields = ("picture", "url", "kind", "created", "used")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[StoredPlot]:
        return super().get_queryset(request).defer("parameters")  # which may be long

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: StoredPlot | None = None) -> bool:
        return False

    @admin.display(description=_("picture"))
    def thumbnail(self, plot: StoredPlot) -> SafeString:
        return format_html('<img src="{}" height="96" alt="" loading="lazy">', plot.url())

    @admin.display(description=_("picture"))
    def picture(self, plot: StoredPlot) -> SafeString:
        return format_html('<img src="{}" alt="" loading="lazy">', plot.url())

    @admin.display(description=_("URL"))
    def url(self, plot: StoredPlot) -> SafeString:
        return format_html('<a href="{0}">{0}</a>', plot.url())
