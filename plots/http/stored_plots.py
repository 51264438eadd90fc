"""Stored plots: specs that are too long for a URL are stored under a digest."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256

from django.db import DatabaseError, models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plots.conf import conf
from plots.errors import PlotError
from plots.forms.parameters_to_spec import read_spec
from plots.permissions import User
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import sources

logger = logging.getLogger("plots")


def today() -> date:
    """Return the current date in UTC."""
    return timezone.now().date()


class StoredPlotQuerySet(models.QuerySet["StoredPlot"]):
    def store(self, kind: str, parameters: Mapping[str, Sequence[str]]) -> StoredPlot:
        """Return the stored plot of ``parameters``, and create it if it does not exist.

        ``parameters`` are as ``write_parameters`` returns them. Creating a plot deletes those
        that have not been requested for ``STORED_DAYS`` days.
        """
        canonical = json.dumps([kind, parameters], sort_keys=True, separators=(",", ":"))
        digest = sha256(canonical.encode()).hexdigest()
        values = {"kind": kind, "parameters": parameters}
        plot, is_new = self.defer("parameters").get_or_create(digest=digest, defaults=values)
        if is_new:
            with transaction.atomic():
                self.unused_for(conf.STORED_DAYS).delete()
        else:
            plot.touch()
        return plot

    def by_digest(self, digest: str, user: User) -> StoredPlot:
        """Return the plot stored as ``digest`` and mark it as used.

        Raises
        ------
        PlotError
            (404) If there is none, or ``user`` may not see its source, or that is gone. Nobody
            can tell these apart: a missing plot takes the steps of one from a missing source.
        """
        plot = self.filter(digest=digest).first()
        source = plot.source if plot else "-"
        try:
            if source:
                sources.get_for(user, source)
        except PlotError:
            plot = None
        if plot is None:
            message = gettext(
                "There is no stored plot at this URL. Stored plots are deleted if they have not "
                "been requested for %(days)s days. Reload the page that shows the plot, or post "
                "it again."
            )
            raise PlotError(message % {"days": conf.STORED_DAYS}, "unknown-plot", "digest")
        plot.touch()
        return plot

    def unused_for(self, days: int) -> StoredPlotQuerySet:
        """Return the plots that have not been requested in the last ``days`` days."""
        return self.filter(used__lt=today() - timedelta(days=days))


class StoredPlot(models.Model):
    """Kind and parameters of a plot that is too long for a URL. It never changes.

    ``digest`` does not depend on the format: a plot can be requested in each.
    """

    digest = models.CharField(_("digest"), max_length=64, primary_key=True)
    kind = models.CharField(_("kind"), max_length=50)
    parameters = models.JSONField(_("parameters"))
    created = models.DateTimeField(_("created"), auto_now_add=True)
    used = models.DateField(_("last requested"), default=today, db_index=True)

    objects = StoredPlotQuerySet.as_manager()

    class Meta:
        ordering = ["-created"]
        verbose_name = _("stored plot")
        verbose_name_plural = _("stored plots")

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:12]}"

    @property
    def source(self) -> str:
        """The name of its source, empty if its values are stored."""
        return str(next(iter(self.parameters.get("source", ())), ""))

    def url(self, format: str = "png") -> str:
        return reverse("plots:stored", args=[self.digest, format])

    def spec(self, format: str = "png", user: User = None) -> PlotSpec:
        """Return the spec for ``user``; raise PlotError if its kind or source no longer exists."""
        return read_spec(self.kind, self.parameters, format, user)

    def touch(self) -> None:
        """Mark the plot as used today: at most one write a day. Database errors are logged."""
        if self.used >= today():
            return
        try:
            with transaction.atomic():
                type(self).objects.filter(pk=self.pk).update(used=today())
        except DatabaseError as error:
            logger.warning("The stored plot %s could not be marked as used: %s", self, error)
