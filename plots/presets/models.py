"""Presets: saved plots, each with a page of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Concat, Replace
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plots.base_models import SavedPage
from plots.data.loading import load
from plots.errors import PlotError, suggestion
from plots.forms.binding import (
    Parameters,
    as_parameters,
    explain_unknown,
    resolve_aliases,
)
from plots.forms.frame import PRESENTATION
from plots.forms.parameters_to_spec import read_spec
from plots.forms.plot_form import PlotForm
from plots.forms.spec_to_parameters import write_parameters
from plots.permissions import SITE, User, VisibleQuerySet
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds, sources
from plots.text import font_fallback

from . import revisions
from .preset_use import PresetUse as PresetUse  # Django looks for models here

# Prefix of a plot's parameters among the fields of a preset's form.
PREFIX = "plot_"
MAX_SEARCH_WORDS = 10


class PresetQuerySet(VisibleQuerySet):
    """Presets, with the searches of the gallery and the admin."""

    def matching(self, words: str, user: User) -> Self:
        """Return the presets that contain each of ``words``, in any field.

        The name of a source counts only if lists show the source to ``user``.
        """
        found = self
        offered = [source.name for source in sources.offered(user)] if words else []
        for word in words.split()[:MAX_SEARCH_WORDS]:
            found = found.filter(
                models.Q(title__icontains=word)
                | models.Q(description__icontains=word)
                | models.Q(slug__icontains=word)
                | models.Q(tags__icontains=word)
                | models.Q(kind__icontains=word)
                | models.Q(source__in=offered, source__icontains=word)
            )
        return found

    def tagged(self, tag: str) -> Self:
        """Return the presets that have ``tag``; “sea” matches neither “overseas” nor “sea ice”."""
        words = tag_words(tag.replace(",", " "))
        if not words:
            return self.none()
        return self.parted().filter(_tags__icontains=f",{words[0]},")

    def parted(self) -> Self:
        """Annotate ``_tags``: all tags of a preset, with a comma before and after each."""
        comma = models.Value(",")
        return self.alias(_tags=Concat(comma, Replace("tags", models.Value(", "), comma), comma))


def tag_words(text: str) -> list[str]:
    """Return the tags in comma-separated ``text``, in lower case, in order and without repeats."""
    words = (" ".join(word.split()).lower() for word in text.split(","))
    return [*dict.fromkeys(filter(None, words))]


@revisions.register
class Preset(SavedPage):
    """A saved plot: the parameters of a plot's URL, under a name.

    Each save makes a revision. ``kind``, ``source`` and ``parameters`` describe the plot;
    ``overrides`` lists the parameters that visitors can change.

    Examples
    --------
    >>> preset = Preset(title="Sales", slug="sales", kind="line", parameters={"y": ["1,2,3"]})
    >>> preset.spec({"width": ["300"]}).frame.width
    300
    """

    class Cache(models.TextChoices):
        DEFAULT = "default", _("as its kind and source allow")
        NEVER = "never", _("never")

    tags = models.CharField(
        _("tags"), max_length=200, blank=True, help_text=_("Separate several tags with commas.")
    )
    kind = models.CharField(_("kind"), max_length=50, help_text=_("The type of chart."))
    source = models.CharField(
        _("source"),
        max_length=50,
        blank=True,
        help_text=_("Where the data come from. Leave it empty to enter the values below."),
    )
    parameters = models.JSONField(
        _("parameters"),
        default=dict,
        blank=True,
        help_text=_("The settings of the plot, by name, as in its URL."),
    )
    overrides = models.JSONField(
        _("overrides"),
        default=list,
        blank=True,
        help_text=_("Settings that visitors can change, besides size, scale and theme."),
    )
    cache = models.CharField(
        _("caching"),
        max_length=10,
        choices=Cache.choices,
        default=Cache.DEFAULT,
        help_text=_("Never: the plot is drawn again for each request."),
    )
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("changed by"),
    )

    objects = PresetQuerySet.as_manager()  # type: ignore[misc]  # replaces the base's

    class Meta(SavedPage.Meta):
        db_table = "plots_preset"
        verbose_name = _("preset")
        verbose_name_plural = _("presets")
        # Without this permission, users can only create and change staff-only presets.
        permissions = [("publish_preset", "Can publish preset")]

    def save(self, *args: Any, by: Any = None, **kwargs: Any) -> None:
        """Save the preset and make a revision.

        Parameters
        ----------
        by : User, optional
            The user who made the change; None if it is unknown.
        """
        is_new = self._state.adding
        if by is not None or not is_new:
            self.editor = by
        if by is not None and is_new:
            self.author = by
        if (named := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*named, "editor", "updated"}
        with revisions.record_revision(self, self.editor, kwargs.get("using")):
            super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("plots:preset", args=[self.slug])

    @property
    def tag_list(self) -> list[str]:
        """The tags, in order."""
        return tag_words(self.tags)

    @property
    def fingerprint(self) -> str:
        """Everything in this row that decides what a picture shows and who may cache it."""
        plot = (self.kind, self.source, self.parameters, self.overrides)
        return json.dumps([self.slug, *plot, self.cache, self.visibility])

    def form(self, overrides: Parameters | None = None, format: str = "png") -> PlotForm:
        """Bind the preset's parameters, with ``overrides`` in place of its own, to a form.

        Parameters
        ----------
        overrides : mapping of str to sequence of str, optional
            Parameters of a request. Empty ones are ignored.
        format : str
            Output format, such as ``"png"``.

        Returns
        -------
        PlotForm
            A bound form, not validated yet.

        Raises
        ------
        PlotError
            If the kind is not registered, or the preset does not allow an override.
        """
        kind = kinds.get(self.kind)
        given = resolve_aliases(overrides or {})
        allowed = {*PRESENTATION, *self.overrides}
        refused = [
            PlotError(
                gettext("This cannot be changed here.") + explain_unknown(name, allowed),
                "not-allowed",
                name[:50],
            )
            for name in given
            if name not in allowed
        ]
        if refused:
            raise PlotError.of(refused)
        return PlotForm(kind, self._merged(given), format, user=SITE)

    def spec(self, overrides: Parameters | None = None, format: str = "png") -> PlotSpec:
        """Return the validated plot; the parameters are those of `form`.

        Raises
        ------
        PlotError
            If the plot cannot be drawn.
        """
        return self.form(overrides, format).spec

    def missing(self) -> dict[str, str]:
        """Return the characters that no installed font can draw, by parameter."""
        return {
            name: characters
            for name, texts in as_parameters(self.parameters).items()
            if name != "alt"
            and (characters := font_fallback.missing_characters("".join(map(str, texts))))
        }

    def clean(self) -> None:
        """Validate the parameters as those of a URL and load the data once."""
        self._clean_tags()
        self._check_shapes()
        try:
            spec = read_spec(self.kind, self._merged({}), user=SITE)
            load(spec)
        except PlotError as error:
            raise ValidationError([ParameterError(each) for each in error.all]) from None
        self._check_overrides()
        parameters = write_parameters(spec)
        parameters.pop("source", None)
        self.parameters = parameters

    def _clean_tags(self) -> None:
        self.tags = ", ".join(self.tag_list)
        self.clean_fields(
            {each.name for each in self._meta.fields} - {"tags"}
        )  # normalising can lengthen them

    def _check_shapes(self) -> None:
        """Check that the JSON fields hold parameters and a list of names."""
        plain = (str, int, float)
        if not isinstance(self.parameters, dict) or not all(
            isinstance(each, plain)
            for values in as_parameters(self.parameters).values()
            for each in values
        ):
            message = _("Enter parameters as {name: text}, or as {name: [text, …]} if repeated.")
            raise ValidationError({"parameters": message}, code="shape")
        if not isinstance(self.overrides, list):
            raise ValidationError({"overrides": _("Enter a list of names.")}, code="shape")

    def _check_overrides(self) -> None:
        known = [field.name for field in self.form() if field.name != "source"]
        for name in self.overrides:
            if name not in known:
                message = gettext("“%(name)s” is not a parameter of this plot.") % {"name": name}
                raise ValidationError({"overrides": message + suggestion(name, known)})

    def _merged(self, overrides: Parameters) -> dict[str, Sequence[Any]]:
        own = as_parameters(self.parameters)
        if self.source:
            own["source"] = [self.source]
        return own | {name: values for name, values in overrides.items() if any(values)}


def presets_of_source(name: str) -> PresetQuerySet:
    """Return the presets that draw the source called ``name``."""
    return Preset.objects.filter(source=name)


class ParameterError(ValidationError):
    """A ValidationError about one parameter of a plot, which is in ``error.parameter``."""

    def __init__(self, error: PlotError) -> None:
        super().__init__(str(error), code=error.code)
        self.error = error
