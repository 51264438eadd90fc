from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PlotsConfig(AppConfig):
    name = "plots"
    verbose_name = _("Plots")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401  # importing registers them
        from .datasets.models import Supply
        from .registry import sources

        sources.supply = Supply()

        # A module that is there and broken raises here, at start-up.
        autodiscover_modules("plots")
