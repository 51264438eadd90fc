"""Presets: plots that people have saved, each with a page of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Concat, Replace
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from plots.data.loading import load
from plots.errors import PlotError, suggestion
from plots.forms.binding import Parameters, as_parameters, resolve_aliases
from plots.forms.frame import PRESENTATION
from plots.forms.parameters_to_spec import read_spec
from plots.forms.plot_form import PlotForm
from plots.forms.spec_to_parameters import write_parameters
from plots.permissions import SITE, Visibility, VisibleQuerySet
from plots.spec.plot_spec import PlotSpec
from plots.spec.registry import kinds
from plots.text import font_fallback

from . import revisions

# Before the name of a plot's parameter among a preset's own fields.
PREFIX = "plot_"


class PresetQuerySet(VisibleQuerySet):
    def matching(self, words: str) -> Self:
        """Those that contain each of ``words``."""
        found = self
        for word in words.split()[:10]:
            found = found.filter(
                models.Q(title__icontains=word)
                | models.Q(description__icontains=word)
                | models.Q(slug__icontains=word)
                | models.Q(tags__icontains=word)
                | models.Q(kind__icontains=word)
                | models.Q(source__icontains=word)
            )
        return found

    def tagged(self, tag: str) -> Self:
        """Those that have ``tag``, whole: “sea” is not “overseas”, nor “sea ice”."""
        words = tag_words(tag.replace(",", " "))
        if not words:
            return self.none()
        return self.parted().filter(_tags__icontains=f",{words[0]},")

    def parted(self) -> Self:
        """With ``_tags``, each between two commas, of which the first and the last lack one."""
        comma = models.Value(",")
        return self.alias(_tags=Concat(comma, Replace("tags", models.Value(", "), comma), comma))


def tag_words(text: str) -> list[str]:
    """The tags in ``text``: small letters, each once, in the order in which they are given."""
    words = (" ".join(word.split()).lower() for word in text.split(","))
    return [*dict.fromkeys(filter(None, words))]


@revisions.register
class Preset(models.Model):
    """A saved plot: the parameters that a URL would carry, under a name."""

    Visibility = Visibility

    class Cache(models.TextChoices):
        DEFAULT = "default", _("as its kind and source allow")
        NEVER = "never", _("never")

    title = models.CharField(_("title"), max_length=200)
    slug = models.SlugField(_("slug"), unique=True, help_text=_("Its name in addresses and tags."))
    description = models.TextField(
        _("description"), blank=True, help_text=_("What one sees, and where the data come from.")
    )
    tags = models.CharField(
        _("tags"),
        max_length=200,
        blank=True,
        help_text=_("Words to find it by, with a comma between two."),
    )
    kind = models.CharField(_("kind"), max_length=50, help_text=_("How it is drawn."))
    source = models.CharField(
        _("source"),
        max_length=50,
        blank=True,
        help_text=_("Where the data come from; empty: the values are given here."),
    )
    parameters = models.JSONField(
        _("parameters"), default=dict, blank=True, help_text=_("As in a URL, by name.")
    )
    overrides = models.JSONField(
        _("overrides"),
        default=list,
        blank=True,
        help_text=_("Parameters that visitors may change, besides size, scale and theme."),
    )
    cache = models.CharField(
        _("caching"),
        max_length=10,
        choices=Cache.choices,
        default=Cache.DEFAULT,
        help_text=_("Never: drawn anew for every request."),
    )
    visibility = models.CharField(
        _("visibility"),
        max_length=10,
        choices=Visibility.choices,
        default=Visibility.PUBLIC,
        help_text=_("Public ones are in the gallery; unlisted ones are for who knows the address."),
    )
    order = models.PositiveIntegerField(
        _("order"), default=0, db_index=True, help_text=_("Lower comes first.")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("author"),
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
    created = models.DateTimeField(_("created"), auto_now_add=True)
    updated = models.DateTimeField(_("updated"), auto_now=True)

    objects = PresetQuerySet.as_manager()

    class Meta:
        db_table = "plots_preset"
        ordering = ["order", "title", "pk"]
        verbose_name = _("preset")
        verbose_name_plural = _("presets")
        # Who may not, changes only what is for staff: nothing that others see.
        permissions = [("publish_preset", "Can publish preset")]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, by: Any = None, **kwargs: Any) -> None:
        """Save it, changed by the user ``by`` or by nobody known; `history.py` keeps how it is."""
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
        return tag_words(self.tags)

    @property
    def is_private(self) -> bool:
        return self.visibility == self.Visibility.STAFF

    @property
    def fingerprint(self) -> str:
        """All of this row that decides what its picture is and who may keep it."""
        said = (self.kind, self.source, self.parameters, self.overrides)
        return json.dumps([self.slug, *said, self.cache, self.visibility])

    def form(self, overrides: Parameters | None = None, format: str = "png") -> PlotForm:
        """The preset's parameters, with ``overrides`` in the place of its own.

        Raises PlotError if its kind is not registered (any more), or for an override that it
        does not allow.
        """
        kind = kinds.get(self.kind)
        given = resolve_aliases(overrides or {})
        allowed = {*PRESENTATION, *self.overrides}
        refused = [
            PlotError(
                gettext("This cannot be changed here.") + suggestion(name, allowed),
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
        """The plot; a PlotError if it cannot be drawn."""
        return self.form(overrides, format).spec

    def missing(self) -> dict[str, str]:
        """The characters that no font here can draw, by the parameter that has them."""
        return {
            name: characters
            for name, texts in as_parameters(self.parameters).items()
            if name != "alt"
            and (characters := font_fallback.missing_characters("".join(map(str, texts))))
        }

    def clean(self) -> None:
        """The validation of a URL, and its data read once, so that a saved preset draws."""
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
        self.clean_fields({each.name for each in self._meta.fields} - {"tags"})  # may be longer now

    def _check_shapes(self) -> None:
        """JSON holds anything; these two hold what a query can, and names."""
        plain = (str, int, float)
        if not isinstance(self.parameters, dict) or not all(
            isinstance(each, plain) for values in as_parameters(self.parameters).values()
            for each in values
        ):  # fmt: skip
            message = _("Write parameters as {name: text}, or {name: [text, …]} if repeated.")
            raise ValidationError({"parameters": message}, code="shape")
        if not isinstance(self.overrides, list):
            raise ValidationError({"overrides": _("Write a list of names.")}, code="shape")

    def _check_overrides(self) -> None:
        known = [field.name for field in self.form() if field.name != "source"]
        for name in self.overrides:
            if name not in known:
                message = gettext("“%(name)s” is no parameter of this plot.") % {"name": name}
                raise ValidationError({"overrides": message + suggestion(name, known)})

    def _merged(self, overrides: Parameters) -> dict[str, Sequence[Any]]:
        own = as_parameters(self.parameters)
        if self.source:
            own["source"] = [self.source]
        return own | {name: values for name, values in overrides.items() if any(values)}


def presets_of_source(name: str) -> PresetQuerySet:
    """The presets that draw the source called ``name``."""
    return Preset.objects.filter(source=name)


class ParameterError(ValidationError):
    """A ValidationError that knows which parameter of the plot it is about."""

    def __init__(self, error: PlotError) -> None:
        super().__init__(str(error), code=error.code)
        self.error = error


LONGEST = 200  # characters of a place


class PresetUse(models.Model):
    """How often a preset was asked for in a day (UTC) by a page or a template."""

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
    how = models.CharField(_("how"), max_length=7, choices=How.choices)
    place = models.CharField(_("place"), max_length=LONGEST, blank=True)
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
        return cls(preset_id=use.preset, day=use.day, how=use.how, place=use.place)

    @property
    def use(self) -> Use:
        return Use(self.preset_id, self.day, self.how, self.place)


class Use(NamedTuple):
    """What is counted: the uses of a preset in a place on a day."""

    preset: int
    day: date
    how: str
    place: str
