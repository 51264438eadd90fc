from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class PlotsConfig(AppConfig):
    name = "plots"
    verbose_name = _("Plots")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from plots.datasets.supply import Supply
        from plots.http import preset_provider
        from plots.presets.models import presets_of_source
        from plots.presets.provider import SavedPresets
        from plots.spec.registry import sources

        # Importing a module of checks registers them.
        from . import checks  # noqa: F401
        from .boards import checks as board_checks  # noqa: F401
        from .datasets import checks as dataset_checks  # noqa: F401
        from .presets import checks as preset_checks  # noqa: F401

        preset_provider.register(SavedPresets())
        sources.supply = Supply()
        sources.users.append(presets_of_source)

        # A module that is there and broken raises here, at start-up.
        autodiscover_modules("plots")
