"""Template tags that put plots into a page: ``{% load plots %}``.

All tags take the same arguments. The first is the name of a kind, a ``PlotSpec`` or a ``Plot``;
instead of it, ``preset=`` takes the slug of a preset or the preset itself. Further keywords are
parameters of the plot; those in ``ATTRIBUTES``, and those that begin with ``data_`` or ``aria_``,
are attributes of the element.

A tag validates its arguments when the template is rendered. With ``DEBUG`` on, a mistake raises
TemplateSyntaxError. Otherwise it is logged, and the page shows a placeholder.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from itertools import count
from typing import Any

from django import template
from django.conf import settings
from django.db import Error as DatabaseFailure
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plots import i18n
from plots.errors import PlotError, unavailable
from plots.forms.parameters_to_spec import plot_spec
from plots.http import preset_provider
from plots.http.plot_links import Plot
from plots.permissions import User
from plots.spec.picture import Picture
from plots.spec.plot_spec import Frame, PlotSpec
from plots.spec.registry import kinds
from plots.templatetags import inline

register = template.Library()
logger = logging.getLogger("plots")

# Attributes of the <img>; any other name is a parameter of the plot. ``alt`` is both.
ATTRIBUTES = {"id", "class", "style", "sizes", "loading", "decoding", "fetchpriority", "alt"}
PREFIXES = ("data_", "aria_")


register.filter("translated", i18n.translate)


@register.filter
def kind_title(name: str) -> str:
    """Return the title of the kind called ``name``, in the current language."""
    return i18n.translate(kinds.get(name).title if name in kinds else name.capitalize())


@register.simple_tag(takes_context=True)
def plot_url(
    context: template.Context,
    plot: Any = None,
    *,
    preset: Any = None,
    format: str = "png",
    **parameters: Any,
) -> str:
    """Return the URL of a plot's picture.

    Parameters
    ----------
    plot : str, PlotSpec or Plot, optional
        The name of a kind, or a whole plot, which takes no parameters.
    preset : str or Preset, optional
        A preset, by its slug or as a row, instead of ``plot``.
    format : str, default "png"
        The format of the picture.
    **parameters
        Parameters of the plot. A column is a list, an array, a QuerySet or a text of values.

    Returns
    -------
    str
        A path with a query. With ``DEBUG`` off, the URL of a placeholder in the case of a mistake.

    Examples
    --------
    ::

        {% plot_url "line" x=days y=totals format="svg" as chart_url %}
    """
    try:
        return _find(context, plot, preset, format, parameters).url()
    except (PlotError, DatabaseFailure) as error:
        _report("plot_url", error, preset)
        return static("plots/unavailable.svg")


@register.simple_tag(takes_context=True)
def plot_img(
    context: template.Context,
    plot: Any = None,
    *,
    preset: Any = None,
    format: str = "png",
    **arguments: Any,
) -> SafeString:
    """Return an ``<img>`` of a plot.

    The element loads lazily, has a ``srcset`` for screens of two device pixels, the size of the
    plot, and an alternative text. The arguments are those of ``plot_url``, and attributes.

    Examples
    --------
    ::

        {% plot_img "line" x=days y=totals title="Orders" width=640 height=360 class="chart" %}
        {% plot_img preset="monthly-orders" year=2026 %}
    """
    attributes, parameters = _split(arguments)
    try:
        return _img(_find(context, plot, preset, format, parameters), attributes)
    except (PlotError, DatabaseFailure) as error:
        _report("plot_img", error, preset)
        return _placeholder(attributes, parameters)


@register.simple_tag(takes_context=True)
def plot_picture(
    context: template.Context,
    plot: Any = None,
    *,
    preset: Any = None,
    format: str = "png",
    **arguments: Any,
) -> SafeString:
    """Return a ``<picture>`` that is dark on dark screens, unless ``theme`` is given.

    The arguments are those of ``plot_img``, which returns the ``<img>`` in it.

    Examples
    --------
    ::

        {% plot_picture preset="monthly-orders" %}
    """
    attributes, parameters = _split(arguments)
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
    except (PlotError, DatabaseFailure) as error:
        _report("plot_picture", error, preset)
        return _placeholder(attributes, parameters)


@register.simple_tag(takes_context=True)
def plot_inline(
    context: template.Context,
    plot: Any = None,
    *,
    preset: Any = None,
    format: str = "svg",
    **arguments: Any,
) -> SafeString:
    """Return the ``<svg>`` of a plot, or for another format an ``<img>`` that holds all bytes.

    The plot is drawn while the page is rendered, unless it is cached. A source that takes a
    viewer gets the user of the page, so such a page must not be cached for other users. The
    arguments are those of ``plot_img``.

    Examples
    --------
    ::

        {% plot_inline "line" x=days y=totals %}
    """
    attributes, parameters = _split(arguments)
    try:
        found = _find(context, plot, preset, format, parameters)
        if found.spec.viewer is None:  # otherwise the author chose the viewer, as of a mail
            found = replace(found, spec=found.spec.seen_by(_viewer(context)))
        picture = inline.picture_of(found, format)
        if format != "svg":
            return _data_img(found, picture, attributes)
        # Counted over all templates of the page, included and extended ones too.
        shared: Any = context.render_context.dicts[0]
        places = shared.setdefault("plots.inline", count(1))
        return inline.svg_element(picture, attributes, next(places))
    except (PlotError, DatabaseFailure) as error:
        _report("plot_inline", error, preset)
    except Exception:  # the code of a kind or source may raise anything
        if settings.DEBUG:
            raise
        logger.exception("{% plot_inline %}: the plot could not be drawn")
    return _placeholder(attributes, parameters)


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
        overrides = {
            name: value if isinstance(value, (list, tuple)) else [value]
            for name, value in parameters.items()
        }
        return preset_provider.find_plot(preset, overrides, format, context)
    if isinstance(plot, (Plot, PlotSpec)):
        if parameters:
            message = _("A whole plot takes no parameters; leave this one out.")
            raise PlotError(message, "invalid", next(iter(parameters)))
        return plot if isinstance(plot, Plot) else Plot(plot)
    if not plot:
        raise PlotError(_("Name a kind, or a preset."), "required", "kind")
    return Plot(plot_spec(str(plot), format, **parameters))


def _split(arguments: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the attributes of the element, and the parameters of the plot."""
    attributes = {
        name.replace("_", "-"): value
        for name, value in arguments.items()
        if name in ATTRIBUTES or name.startswith(PREFIXES)
    }
    parameters = {
        name: value for name, value in arguments.items() if name.replace("_", "-") not in attributes
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


def _data_img(plot: Plot, picture: Picture, attributes: Mapping[str, Any]) -> SafeString:
    size = plot.spec.frame
    fixed = {"alt": plot.alt, "width": size.width, "height": size.height}
    return _tag({"src": inline.data_uri(picture), **fixed, **attributes})


def _placeholder(attributes: Mapping[str, Any], parameters: Mapping[str, Any]) -> SafeString:
    """Return an image of the requested size, so that the page keeps its layout."""
    size = {name: parameters.get(name, getattr(Frame, name)) for name in ("width", "height")}
    alt = attributes.get("alt") or _("This chart cannot be drawn.")
    src = static("plots/unavailable.svg")
    return _tag({"src": src, **size, **attributes, "alt": alt})


def _tag(attributes: Mapping[str, Any]) -> SafeString:
    return format_html("<img{}>", format_html_join("", ' {}="{}"', attributes.items()))


def _report(tag: str, error: PlotError | DatabaseFailure, preset: Any) -> None:
    """Raise a mistake of the template's author with ``DEBUG`` on, and log it otherwise.

    Neither a saved preset that can no longer be drawn nor a database that cannot be used is a
    mistake of theirs. Both are always logged.
    """
    found = unavailable(error) if isinstance(error, DatabaseFailure) else error
    if found is None:
        raise error
    if settings.DEBUG and found.code != "unavailable" and not _is_broken(preset):
        raise template.TemplateSyntaxError(f"{{% {tag} %}}: {found}") from error
    logger.error("{%% %s %%}: %s", tag, found)


def _is_broken(preset: Any) -> bool:
    """Whether ``preset`` is a saved object, not a slug, that cannot be drawn by itself."""
    if not hasattr(preset, "spec"):
        return False
    try:
        preset.spec()
    except PlotError:
        return True
    return False
