from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PresetsConfig(AppConfig):
    name = "plots.presets"
    label = "plots_presets"
    verbose_name = _("Presets")
    default_auto_field = "django.db.models.BigAutoField"
    plots_urlconf = "plots.presets.urls"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from plots.catalog import sitemaps
        from plots.http import preset_provider
        from plots.spec.registry import sources

        from . import checks  # noqa: F401 - registers the checks
        from .models import Preset, presets_of_source
        from .overlaps import summarise_after_migration
        from .provider import SavedPresets

        preset_provider.register(SavedPresets())
        sitemaps.register("index", Preset)
        sources.users.add(presets_of_source)
        post_migrate.connect(summarise_after_migration, sender=self)
