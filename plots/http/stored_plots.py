"""Stored plots: what is too long for an address is put away, and its address says where."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256

from django.db import DatabaseError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from plots.conf import conf
from plots.errors import PlotError
from plots.forms.parameters_to_spec import read_spec
from plots.permissions import User
from plots.spec.plot_spec import PlotSpec

logger = logging.getLogger("plots")


def today() -> date:
    """The day in UTC, whatever the project's time zone."""
    return timezone.now().date()


class StoredPlotQuerySet(models.QuerySet["StoredPlot"]):
    def keep(self, kind: str, parameters: Mapping[str, Sequence[str]]) -> StoredPlot:
        """The stored plot of ``parameters``, which ``forms.write_parameters`` wrote.

        One that is there already is not written again. Whoever adds one clears away what has
        not been asked for in a long time.
        """
        canonical = json.dumps([kind, parameters], sort_keys=True, separators=(",", ":"))
        digest = sha256(canonical.encode()).hexdigest()
        made = {"kind": kind, "parameters": parameters}
        plot, is_new = self.defer("parameters").get_or_create(digest=digest, defaults=made)
        if is_new:
            with transaction.atomic():
                self.unused_for(conf.STORED_DAYS).delete()
        else:
            plot.touch()
        return plot

    def named(self, digest: str) -> StoredPlot:
        """The stored plot called ``digest``, asked for today; a PlotError (404) without one."""
        plot = self.filter(digest=digest).first()
        if plot is None:
            message = (
                "There is no such stored plot. One that nobody asks for is cleared away "
                f"after {conf.STORED_DAYS} days; put it away anew."
            )
            raise PlotError(message, "unknown-plot", "digest")
        plot.touch()
        return plot

    def unused_for(self, days: int) -> StoredPlotQuerySet:
        """Those that nobody has asked for in the last ``days`` days."""
        return self.filter(used__lt=today() - timedelta(days=days))


class StoredPlot(models.Model):
    """A plot that was put away because it is too long for an address. It never changes.

    ``digest`` names its kind and parameters, but no format: it may be asked for in each.
    """

    digest = models.CharField(_("digest"), max_length=64, primary_key=True)
    kind = models.CharField(_("kind"), max_length=50)
    parameters = models.JSONField(_("parameters"))
    created = models.DateTimeField(_("created"), auto_now_add=True)
    used = models.DateField(_("last asked for"), default=today, db_index=True)

    objects = StoredPlotQuerySet.as_manager()

    class Meta:
        ordering = ["-created"]
        verbose_name = _("stored plot")
        verbose_name_plural = _("stored plots")

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"

    def url(self, format: str = "png") -> str:
        return reverse("plots:stored", args=[self.digest, format])

    def spec(self, format: str = "png", user: User = None) -> PlotSpec:
        """The plot, for ``user``; a PlotError if its kind or source is there no more."""
        return read_spec(self.kind, self.parameters, format, user)

    def touch(self) -> None:
        """Note that it was asked for: at most one write a day, which may fail."""
        if self.used >= today():
            return
        try:
            with transaction.atomic():
                type(self).objects.filter(pk=self.pk).update(used=today())
        except DatabaseError as error:
            logger.warning("The stored plot %s could not be marked as used: %s", self, error)
