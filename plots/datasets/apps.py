from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DatasetsConfig(AppConfig):
    name = "plots.datasets"
    label = "plots_datasets"
    verbose_name = _("Datasets")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from plots.spec.registry import sources

        from . import checks  # noqa: F401 - registers the checks
        from .sources import DatasetSources

        sources.supply = DatasetSources()
