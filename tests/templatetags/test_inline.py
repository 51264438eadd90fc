"""{% plot_inline %}: SVG elements and data URIs in pages."""

from __future__ import annotations

import logging
import re
from base64 import b64decode
from html import unescape
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.template import Context, Engine, Template, TemplateSyntaxError
from django.test import Client, override_settings
from PIL import Image

from plots.delivery.deliver import deliver
from plots.errors import PlotError
from plots.forms.parameters_to_spec import plot_spec
from plots.presets.models import Preset
from tests.description.svg_marks import NASTY
from tests.markup import Reader, show

SVG = "{http://www.w3.org/2000/svg}"


def parsed(html: str) -> ElementTree.Element:
    """Return the only <svg> in ``html``, which must be well-formed XML."""
    return ElementTree.fromstring(html)


def names(html: str) -> list[str]:
    return re.findall(r' id="([^"]*)"', html)


def used(html: str) -> set[str]:
    return {a or b for a, b in re.findall(r'href="#([^"]*)"|="url\(#([^)]*)\)"', html)}


def test_svg_is_embedded() -> None:
    html = show(
        '{% plot_inline "line" x=days y=totals width=300 height=200 class="chart" id="sales" '
        'style="max-width: 100%" data_id=7 aria_describedby="more" %}',
        days=["a", "b"],
        totals=(3, 4.5),
    )
    root = parsed(html)
    assert root.tag == f"{SVG}svg"
    assert (root.get("width"), root.get("height")) == ("300", "200")
    assert root.get("viewBox") == "0 0 216 144"
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Line chart. 2 points; highest 4.5 at b, lowest 3 at a."
    assert root.get("class") == "chart" and root.get("id") == "sales"
    assert root.get("style") == "max-width: 100%"
    assert root.get("data-id") == "7" and root.get("aria-describedby") == "more"
    # Browsers would show the title as a tooltip of the whole plot.
    assert root.find(f"{SVG}title") is None and root.find(f"{SVG}desc") is not None
    assert [each.text for each in root.iter(f"{SVG}title")] == ["a: 3", "b: 4.5"]


def test_colours_do_not_need_inline_styles() -> None:
    html = show('{% plot_inline "bar" y=y title="T" legend="right" label="A" %}', y=[1, 2])
    for _, attributes in Reader(html).elements:
        assert not attributes.keys() & {"style", "onload", "onclick"}
    tags = {tag for tag, _ in Reader(html).elements}
    assert not tags & {"style", "script", "foreignobject", "iframe"}
    assert "<!--" not in html and "<?" not in html and "<!" not in html


def test_colours_are_attributes() -> None:
    html = show('{% plot_inline "bar" y=y colors="ff0000" %}', y=[1, 2])
    assert 'fill="#ff0000"' in html
    colors = re.findall(r'(?:fill|stroke)="#([^"]*)"', html)
    assert all(re.fullmatch("[0-9a-f]{6}", color) for color in colors)


def test_ids_are_unique_on_a_page() -> None:
    once = '{% plot_inline "line" y=y %}'
    html = show(f'{once}{once}{{% plot_inline "line" y=y theme="dark" %}}', y=[1, 2])
    found = names(html)
    assert len(found) == len(set(found)) > 30
    assert used(html) <= set(found)


def test_ids_are_unique_across_included_templates() -> None:
    load = "{% load plots %}"
    once = '{% plot_inline "line" y=y %}'
    templates = {
        "base": f"{load}{once}{{% block more %}}{{% endblock %}}",
        "part": load + once,
        "page": f'{{% extends "base" %}}{load}{{% block more %}}{once}'
        '{% include "part" %}{% include "part" with y=y only %}{% endblock %}',
    }
    engine = Engine(
        loaders=[("django.template.loaders.locmem.Loader", templates)],
        libraries={"plots": "plots.templatetags.plots"},
    )
    html = engine.get_template("page").render(Context({"y": [1, 2]}))
    found = names(html)
    assert html.count("<svg ") == 4
    assert len(found) == len(set(found))


def test_pages_are_deterministic() -> None:
    template = '{% plot_inline "line" y=y %}'
    assert show(template, y=[1, 2]) == show(template, y=[1, 2])


@pytest.mark.parametrize(("format", "kind"), [("png", "PNG"), ("webp", "WEBP"), ("jpg", "JPEG")])
def test_data_uri_of_an_image(format: str, kind: str) -> None:
    html = show(
        '{% plot_inline "bar" y=y format=f width=300 height=200 scale=2 %}', y=[1], f=format
    )
    ((tag, attributes),) = Reader(html).elements
    assert tag == "img"
    head, _, content = attributes["src"].partition(";base64,")
    assert head == f"data:image/{'jpeg' if format == 'jpg' else format}"
    with Image.open(BytesIO(b64decode(content))) as image:
        assert (image.format, image.size) == (kind, (600, 400))
    assert (attributes["width"], attributes["height"]) == ("300", "200")
    assert attributes["alt"] == "Bar chart. 1 bar; 1."


def test_alt_becomes_aria_label() -> None:
    html = show('{% plot_inline "bar" y=y alt=alt %}', y=[1], alt="So & so")
    assert parsed(html).get("aria-label") == "So & so"
    silent = parsed(show('{% plot_inline "bar" y=y alt="" %}', y=[1]))
    assert silent.get("aria-hidden") == "true" and silent.get("aria-label") is None


@pytest.mark.parametrize("name", ["title", "xlabel", "label", "alt", "class", "data_x", "style"])
@pytest.mark.parametrize("text", [NASTY, '" onload="alert(1)', "'><script>", "{{ 1|add:1 }}"])
def test_values_are_escaped(name: str, text: str) -> None:
    html = show(f'{{% plot_inline "bar" y=y {name}=text %}}', y=[1, 2], text=text)
    elements = Reader(html).elements
    assert {tag for tag, _ in elements} <= {"svg", "title", "desc", "g", "path", "use", "defs",
                                            "clippath", "rect"}  # fmt: skip
    for _, attributes in elements:
        assert not any(each.startswith("on") for each in attributes)
    root = parsed(html)
    given = "".join([*root.itertext(), *root.attrib.values()])
    assert text in given or name == "xlabel"  # drawn as text


def test_names_of_rows_and_series_are_escaped() -> None:
    html = show('{% plot_inline "bar" x=x y=y by=x %}', x=[NASTY, "b"], y=[1, 2])
    said = [each.text for each in parsed(html).iter(f"{SVG}title")]
    assert f"{NASTY}, {NASTY}: 1" in said
    assert not re.search("<script", html)


def test_text_that_looks_like_an_id_is_unchanged() -> None:
    text = ' id="figure_1" href="#x" fill="url(#y)"'
    html = show('{% plot_inline "bar" x=x y=y title=t %}', x=[text, "b"], y=[1, 2], t=text)
    root = parsed(html)
    assert f"{text.strip()}: 1" in [(each.text or "").strip() for each in root.iter(f"{SVG}title")]
    assert text in (root.get("aria-label") or "")


def test_links_in_an_inline_svg() -> None:
    html = show(
        '{% plot_inline "bar" x=x y=y link=links %}',
        x=["a", "b"],
        y=[1, 2],
        links=["https://a.org/?a=1&b=2", None],
    )
    root = parsed(html)
    ((link,)) = root.iter(f"{SVG}a")
    assert link.get("href") == "https://a.org/?a=1&b=2" and link.get("rel") == "noopener"
    assert link.get("target") is None
    assert root.get("role") == "group"  # screen readers skip links inside role="img"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ('{% plot_inline "lin" y=y %}', "line"),
        ('{% plot_inline "line" ttile="x" y=y %}', "title"),
        ('{% plot_inline "line" y=y format="pdf" %}', "HTML can embed svg, png, webp, jpg"),
        ('{% plot_inline "line" y=y format="csv" %}', "not csv"),
        ('{% plot_inline "line" y=y format="pgn" %}', "png"),
        ('{% plot_inline "line" y=y loading="lazy" %}', "loading"),
        ('{% plot_inline "line" y=y link=link %}', "not a full URL"),
        ("{% plot_inline %}", "Name a kind"),
    ],
)
def test_mistakes_raise_in_debug_mode_or_show_a_placeholder(
    template: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    context = {"y": [1, 2], "link": ["javascript:alert(1)"] * 2}
    with override_settings(DEBUG=True), pytest.raises(TemplateSyntaxError, match=message):
        show(template, **context)
    with caplog.at_level(logging.ERROR, "plots"):
        ((tag, attributes),) = Reader(show(template, **context)).elements
    assert tag == "img" and "unavailable.svg" in attributes["src"]
    assert message in caplog.text and "plot_inline" in caplog.text


def test_failures_are_logged_and_show_a_placeholder(
    caplog: pytest.LogCaptureFixture, monkeypatch: Any
) -> None:
    def fail(spec: Any) -> None:
        raise RuntimeError("out of ink")

    monkeypatch.setattr("plots.templatetags.inline.deliver", fail)
    template = '{% plot_inline "line" y=y width=300 %}'
    ((tag, attributes),) = Reader(show(template, y=[1])).elements
    assert tag == "img" and str(attributes["width"]) == "300"
    assert "out of ink" in caplog.text
    with override_settings(DEBUG=True), pytest.raises(RuntimeError):
        show(template, y=[1])


def test_inline_plots_are_cached(monkeypatch: Any) -> None:
    spec = plot_spec("line", "svg", y=[1, 2, 3])
    deliver(spec)

    def fail(spec: Any) -> None:
        raise AssertionError("drawn again")

    monkeypatch.setattr("plots.delivery.deliver.render", fail)
    assert "<svg " in show('{% plot_inline "line" y=y %}', y=[1, 2, 3])
    assert "<svg " in show("{% plot_inline spec %}", spec=spec)


def test_random_inline_plots_are_not_cached() -> None:
    template = '{% plot_inline "normal" n=5 %}'
    assert show(template) != show(template)


def test_format_of_an_inline_spec() -> None:
    spec = plot_spec("line", y=[1, 2])
    assert "<svg " in show("{% plot_inline spec %}", spec=spec)
    assert "data:image/webp" in show('{% plot_inline spec format="webp" %}', spec=spec)


@pytest.mark.django_db
class TestPresets:
    @pytest.fixture
    def preset(self) -> Preset:
        return Preset.objects.create(visibility="public",
            slug="p", title="Mine", kind="bar", parameters={"x": ["a,b"], "y": ["1,2"]},
            overrides=["title"],
        )  # fmt: skip

    def test_by_slug_or_object_with_overrides(self, preset: Preset) -> None:
        for html in (show('{% plot_inline preset="p" title="X" %}'),
                     show('{% plot_inline preset=p title="X" %}', p=preset)):  # fmt: skip
            assert "X" in (parsed(html).get("aria-label") or "")

    def test_private_preset_is_shown(self, preset: Preset) -> None:
        Preset.objects.filter(pk=preset.pk).update(visibility=Preset.Visibility.STAFF)
        assert "<svg " in show('{% plot_inline preset="p" %}')

    def test_missing_preset_shows_a_placeholder(self) -> None:
        assert "unavailable.svg" in show('{% plot_inline preset="gone" %}')

    def test_uncached_preset_is_drawn_each_time(self, preset: Preset, monkeypatch: Any) -> None:
        Preset.objects.filter(pk=preset.pk).update(cache=Preset.Cache.NEVER)
        monkeypatch.setattr("plots.templatetags.inline.deliver", None)
        assert "<svg " in show('{% plot_inline preset="p" %}')

    def test_preset_page_has_marks(self, preset: Preset, client: Client) -> None:
        html = client.get("/presets/p/").content.decode()
        marks = {unescape(each) for each in re.findall('data-tooltips="([^"]+)"', html)}
        assert len(marks) == 4  # one for each size
        for address in marks:
            assert b"<title>b: 2</title>" in client.get(address).content

    def test_preset_page_has_links(self, preset: Preset, client: Client) -> None:
        preset.parameters["link"] = ["https://a.org,https://b.org"]
        preset.save()
        assert 'data-links-label="Links"' in client.get("/presets/p/").content.decode()

    def test_private_image_cannot_be_framed(self, preset: Preset, client: Client) -> None:
        preset.visibility = Preset.Visibility.STAFF
        preset.save()
        client.force_login(User.objects.create_superuser("boss"))
        response = client.get("/presets/p.svg")
        assert response.status_code == 200 and response["X-Frame-Options"] == "DENY"


def test_tag_returns_safe_html() -> None:
    html = Template('{% load plots %}{% plot_inline "bar" y=y as chart %}{{ chart }}').render(
        Context({"y": [1]})
    )
    assert html.startswith("<svg ")


def test_errors_of_data_raise_in_debug_mode() -> None:
    with override_settings(DEBUG=True), pytest.raises(TemplateSyntaxError) as caught:
        show('{% plot_inline "pie" y=y %}', y=[-1])
    assert isinstance(caught.value.__cause__, PlotError)
