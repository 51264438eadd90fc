from django.db import migrations


class Migration(migrations.Migration):
    """Rows of a source that would hide each other are refused from now on.

    ``plots.presets.overlaps.summarise_after_migration`` adds a statistic to the presets that have
    such rows. It runs when all apps are migrated, since it reads the sources, which may be datasets
    or tables of other apps.
    """

    dependencies = [("plots_presets", "0002_groups")]

    operations = []
