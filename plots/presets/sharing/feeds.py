"""The Atom feed of new presets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plots.http.headers import public_response
from plots.i18n import override_language
from plots.presets.models import Preset

LENGTH = 30  # entries
MAX_AGE = 600  # seconds
_CONTROLS = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def without_controls(text: str) -> str:
    """Return ``text`` without the characters that are invalid in XML."""
    return _CONTROLS.sub("", text)


class NewPresets(Feed):
    feed_type = Atom1Feed

    def title(self) -> str:
        return _("New charts")

    def link(self) -> str:
        return reverse("plots:index")

    def get_feed(self, obj: Any, request: HttpRequest) -> Any:
        self.request = request
        return super().get_feed(obj, request)

    def items(self) -> Iterable[Preset]:
        return Preset.objects.visible_to(None).listed().order_by("-created", "-pk")[:LENGTH]

    def item_title(self, item: Preset) -> str:
        return without_controls(item.title)

    def item_description(self, item: Preset) -> str:
        """Return the image and the description. The image is only rendered when it is loaded."""
        picture = reverse("plots:preset-image", args=[item.slug, "png"])
        image = format_html(
            '<p><a href="{}"><img src="{}" alt="{}"></a></p>',
            self.request.build_absolute_uri(item.get_absolute_url()),
            self.request.build_absolute_uri(picture),
            item.title,
        )
        words = mark_safe(linebreaks(item.description, autoescape=True))
        return without_controls(image + words)

    def item_pubdate(self, item: Preset) -> datetime:
        return item.created

    def item_updateddate(self, item: Preset) -> datetime:
        return item.updated

    def item_categories(self, item: Preset) -> list[str]:
        return [without_controls(tag) for tag in item.tag_list]


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Return the newest public presets as Atom."""
    with override_language():
        return public_response(request, NewPresets()(request), MAX_AGE)
