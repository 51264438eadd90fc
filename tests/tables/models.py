"""Tables with columns of many types."""

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


class Job(models.Model):
    """Columns that hold neither numbers, dates nor plain text."""

    class Size(models.TextChoices):
        SMALL = "s", "Small"
        LARGE = "l", "Large"

    PRIORITIES = ((3, "High"), (1, "Low"), (2, "Medium"))

    key = models.UUIDField(null=True)
    took = models.DurationField(null=True)
    begins = models.TimeField(null=True)
    size = models.CharField(max_length=1, choices=Size, default=Size.SMALL)
    priority = models.IntegerField(choices=PRIORITIES, null=True)
    number = models.IntegerField(null=True)
    paid = models.BooleanField(null=True)
    notes = models.JSONField(null=True)
    picture = models.BinaryField(null=True)
    reading = models.ForeignKey(Reading, models.CASCADE, null=True)

    def __str__(self) -> str:
        return f"job {self.pk}"
