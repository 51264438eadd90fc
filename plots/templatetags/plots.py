"""``{% load plots %}``: tags that put a plot into any page."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plots import i18n
from plots.errors import PlotError
from plots.forms.parameters_to_spec import plot_spec
from plots.http import inline
from plots.http.plot_links import Plot
from plots.permissions import User
from plots.presets import usage
from plots.presets.models import Preset
from plots.spec.picture import Picture
from plots.spec.plot_spec import Frame, PlotSpec

register = template.Library()
logger = logging.getLogger("plots")

# What goes to the <img> as it is; any other name is a parameter of the plot. ``alt`` is both.
ATTRIBUTES = {"id", "class", "style", "sizes", "loading", "decoding", "fetchpriority", "alt"}
PREFIXES = ("data_", "aria_")


register.filter("translated", i18n.translate)


@register.simple_tag(takes_context=True)
def plot_url(
    context: template.Context,
    plot: Any = None,
    *,
    preset: Any = None,
    format: str = "png",
    **given: Any,
) -> str:
    """The address of a plot's picture: a kind with its parameters, a preset, or a PlotSpec."""
    try:
        return _find(context, plot, preset, format, given).url()
    except PlotError as error:
        _report("plot_url", error, preset)
        return static("plots/unavailable.svg")


@register.simple_tag(takes_context=True)
def plot_img(
    context: template.Context,
    plot: Any = None,
    *,
    preset: Any = None,
    format: str = "png",
    **given: Any,
) -> SafeString:
    """An ``<img>`` of a plot: lazy, sharp on every screen, with its size and words."""
    attributes, parameters = _sorted_out(given)
    try:
        return _img(_find(context, plot, preset, format, parameters), attributes)
    except PlotError as error:
        _report("plot_img", error, preset)
        return _stand_in(attributes, parameters)


@register.simple_tag(takes_context=True)
def plot_picture(
    context: template.Context,
    plot: Any = None,
    *,
    preset: Any = None,
    format: str = "png",
    **given: Any,
) -> SafeString:
    """A ``<picture>``: ``plot_img``, dark where the visitor's system is unless a theme is given."""
    attributes, parameters = _sorted_out(given)
    try:
        found = _find(context, plot, preset, format, parameters)
        if "theme" in parameters:
            return format_html("<picture>{}</picture>", _img(found, attributes))
        source = '<source media="(prefers-color-scheme: dark)" srcset="{}">'
        return format_html(
            "<picture>" + source + "{}</picture>",
            found.srcset(theme="dark"),
            _img(found, attributes, theme="light"),
        )
    except PlotError as error:
        _report("plot_picture", error, preset)
        return _stand_in(attributes, parameters)


@register.simple_tag(takes_context=True)
def plot_inline(
    context: template.Context,
    plot: Any = None,
    *,
    preset: Any = None,
    format: str = "svg",
    **given: Any,
) -> SafeString:
    """The SVG itself, whose marks say their values; in another format an ``<img>`` that holds all.

    It is drawn while the page is made, or comes from the cache. Of a source that asks who is
    looking, it is who asks for the page: keep a page that holds it for nobody else.
    """
    attributes, parameters = _sorted_out(given)
    try:
        found = _find(context, plot, preset, format, parameters)
        if found.spec.viewer is None:  # else its author has said who looks: of a mail, say
            found = replace(found, spec=found.spec.seen_by(_viewer(context)))
        picture = inline.picture_of(found, format)
        if format != "svg":
            return _holding(found, picture, attributes)
        # Counted over all templates that make up the page, included and extended ones too.
        shared: Any = context.render_context.dicts[0]
        places = shared.setdefault("plots.inline", count(1))
        return inline.svg_element(picture, attributes, next(places))
    except PlotError as error:
        _report("plot_inline", error, preset)
    except Exception:  # a kind or source may raise whatever it likes
        if settings.DEBUG:
            raise
        logger.exception("{% plot_inline %}: this could not be drawn")
    return _stand_in(attributes, parameters)


def _holding(plot: Plot, picture: Picture, attributes: Mapping[str, Any]) -> SafeString:
    size = plot.spec.frame
    fixed = {"alt": plot.alt, "width": size.width, "height": size.height}
    return _tag({"src": inline.data_uri(picture), **fixed, **attributes})


def _viewer(context: template.Context) -> User:
    request = context.get("request")
    user: User = getattr(request, "user", None) if request else context.get("user")
    return user


def _find(
    context: template.Context,
    plot: Any,
    preset: Any,
    format: str,
    parameters: Mapping[str, Any],
) -> Plot:
    if preset is not None:
        found = preset if isinstance(preset, Preset) else _preset(str(preset))
        given = {
            name: value if isinstance(value, (list, tuple)) else [value]
            for name, value in parameters.items()
        }
        if found.pk:
            usage.count_tag(context, found.pk)
        return Plot.of_preset(found, given, format)
    if isinstance(plot, (Plot, PlotSpec)):
        if parameters:
            message = "A plot that is given whole takes no parameters."
            raise PlotError(message, "invalid", next(iter(parameters)))
        return plot if isinstance(plot, Plot) else Plot(plot)
    if not plot:
        raise PlotError("Name a kind, or a preset.", "required", "kind")
    return Plot(plot_spec(str(plot), format, **parameters))


def _preset(slug: str) -> Preset:
    preset = Preset.objects.filter(slug=slug).first()
    if preset is None:
        raise PlotError(f"There is no preset “{slug[:50]}”.", "unknown-preset", "preset")
    return preset


def _sorted_out(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes of the ``<img>``, and the parameters of the plot."""
    attributes = {
        name.replace("_", "-"): value
        for name, value in given.items()
        if name in ATTRIBUTES or name.startswith(PREFIXES)
    }
    parameters = {
        name: value for name, value in given.items() if name.replace("_", "-") not in attributes
    }
    return attributes, parameters


def _img(plot: Plot, attributes: Mapping[str, Any], **frame: Any) -> SafeString:
    size = plot.spec.frame
    return _tag(
        {
            "src": plot.url(**frame),
            "srcset": plot.srcset(**frame),
            "alt": plot.alt,
            "width": size.width,
            "height": size.height,
            "loading": "lazy",
            "decoding": "async",
            **attributes,
        }
    )


def _tag(attributes: Mapping[str, Any]) -> SafeString:
    return format_html("<img{}>", format_html_join("", ' {}="{}"', attributes.items()))


def _stand_in(attributes: Mapping[str, Any], parameters: Mapping[str, Any]) -> SafeString:
    """A quiet picture of the size that was meant, so that the page keeps its shape."""
    size = {name: parameters.get(name, getattr(Frame, name)) for name in ("width", "height")}
    alt = attributes.get("alt") or _("This plot cannot be shown.")
    src = static("plots/unavailable.svg")
    return _tag({"src": src, **size, **attributes, "alt": alt})


def _report(tag: str, error: PlotError, preset: Any) -> None:
    """A mistake of the template's author is raised while they work, and else logged.

    A saved preset that cannot be drawn any more is not theirs: it is logged in any case.
    """
    if settings.DEBUG and not (isinstance(preset, Preset) and _is_broken(preset)):
        raise template.TemplateSyntaxError(f"{{% {tag} %}}: {error}") from error
    logger.error("{%% %s %%}: %s", tag, error)


def _is_broken(preset: Preset) -> bool:
    try:
        preset.spec()
    except PlotError:
        return True
    return False
