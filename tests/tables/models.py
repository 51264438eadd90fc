"""A table with a column of each type."""

from __future__ import annotations

from django.db import models


class Reading(models.Model):
    at = models.DateTimeField(db_index=True)
    day = models.DateField(null=True)
    number = models.FloatField(null=True)
    count = models.IntegerField(null=True)
    price = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    town = models.CharField(max_length=50, null=True, blank=True)  # noqa: DJ001 - a gap of either sort
    good = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.town} at {self.at}"
