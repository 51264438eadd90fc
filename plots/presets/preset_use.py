"""How often presets are used, per day and place."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_PLACE_LENGTH = 200


class Use(NamedTuple):
    """What a count is about: the uses of a preset in a place on a day (UTC)."""

    preset: int
    day: date
    how: str
    place: str


class PresetUse(models.Model):
    """Number of uses of a preset by one page or template on one day (UTC)."""

    class How(models.TextChoices):
        PICTURE = "picture", _("picture")
        TAG = "tag", _("tag")

    preset = models.ForeignKey(
        "plots_presets.Preset",
        on_delete=models.CASCADE,
        related_name="uses",
        verbose_name=_("preset"),
    )
    day = models.DateField(_("day"), db_index=True)
    how = models.CharField(_("used as"), max_length=7, choices=How.choices)
    place = models.CharField(_("place"), max_length=MAX_PLACE_LENGTH, blank=True)
    count = models.PositiveIntegerField(_("count"), default=0)

    class Meta:
        db_table = "plots_presetuse"
        verbose_name = _("use of a preset")
        verbose_name_plural = _("uses of presets")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["preset", "day", "how", "place"], name="one_use_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.place or '-'} {self.day} {self.count}"

    @classmethod
    def of(cls, use: Use) -> PresetUse:
        """Return an unsaved row with a count of zero."""
        return cls(preset_id=use.preset, day=use.day, how=use.how, place=use.place)

    @property
    def use(self) -> Use:
        """What the row counts."""
        return Use(self.preset_id, self.day, self.how, self.place)
