"""The core app."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PlotsConfig(AppConfig):
    name = "plots"
    verbose_name = _("Plots")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers the checks

        # An error in a project's plots module is raised here, at start-up.
        autodiscover_modules("plots")
