from django.apps import AppConfig, apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class BoardsConfig(AppConfig):
    name = "plots.boards"
    label = "plots_boards"
    verbose_name = _("Boards")
    default_auto_field = "django.db.models.BigAutoField"
    plots_urlconf = "plots.boards.urls"

    def ready(self) -> None:
        if not apps.is_installed("plots.presets"):
            raise ImproperlyConfigured(
                "plots.boards shows presets: add “plots.presets” to INSTALLED_APPS."
            )
        from plots.catalog import sitemaps

        from . import checks  # noqa: F401 - registers the checks
        from .models import Board

        sitemaps.register("boards", Board)
