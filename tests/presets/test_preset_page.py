"""The page of a preset: picture, controls, data and errors."""

import pytest

from plots.catalog import pages
from plots.presets.models import Preset
from plots.spec.registry import Kind, Source, kinds, sources
from tests.html_pages import alert, check, page, parse, picture, titles, with_attribute, words


def test_the_page_has_downloads_codes_and_data(line, client):
    tree = page(client, "/presets/two/?linewidth=3")
    downloads = {words(each): each.attrib["href"] for each, _ in with_attribute(tree, "download")}
    assert [*downloads] == ["PNG", "PNG 2×", "SVG", "PDF", "WEBP", "JPG", "CSV", "JSON", "TXT"]
    for href in downloads.values():
        assert "linewidth=3" in href
        assert client.get(href).status_code == 200
    codes = {each.attrib["id"]: each.text or "" for each in tree.iter("textarea")}
    alt = "Line chart: Two points. 2 points; highest 2 at 1, lowest 1 at 0."
    url = "http://testserver/presets/two.png?linewidth=3"
    assert codes["code-url"] == url
    assert codes["code-markdown"] == f"![{alt}]({url})"
    assert codes["code-tag"] == '{% plot_img preset="two" linewidth="3" %}'
    image = parse(f"<!doctype html><title>x</title>{codes['code-html']}").find(".//img")
    assert image is not None
    assert (image.get("src"), image.get("alt"), image.get("width")) == (url, alt, "640")
    assert [words(each) for each in tree.iterfind(".//table//td")] == ["1", "2"]


def test_shared_urls_have_no_revision(line, client):
    address = page(client, "/presets/two/").find(".//textarea[@id='code-url']")
    assert address is not None and "immutable" not in client.get(address.text)["Cache-Control"]


def test_a_long_table_is_cut_with_a_note(line, client, monkeypatch):
    monkeypatch.setattr(pages, "TABLE_ROWS", 1)
    tree = page(client, "/presets/two/")
    assert len(tree.findall(".//tbody/tr")) == 1
    assert "The first 1 of 2 rows" in words(tree.find(".//main"))


def test_a_random_preset_has_no_table(starters, client):
    tree = page(client, "/presets/random-cloud/")
    assert tree.find(".//table") is None
    assert "CSV" not in [words(each) for each, _ in with_attribute(tree, "download")]


def test_the_controls_are_the_allowed_ones_with_current_values(starters, client):
    def shown(path):
        return {
            each.attrib["name"]: each.get("value") or words(each.find(".//option[@selected]"))
            for tag in ("input", "select")
            for each in page(client, path).iterfind(f".//form[@data-plot-form]//{tag}")
            if each.get("value") or each.find(".//option[@selected]") is not None
            if each.get("type") != "radio" or "checked" in each.attrib
        }

    saved = {"since": "2005", "yscale": "log", "legend": "upper left", "linewidth": "1.8"}
    saved |= {"lang": "automatic"}
    assert shown("/presets/share-growth/") == {**saved, "theme": "automatic"}
    changed = shown("/presets/share-growth/?since=2010&theme=dark&w=300")
    assert changed == {**saved, "since": "2010", "theme": "dark", "width": "300"}


def test_there_is_a_picture_for_each_window_unless_a_size_is_given(line, client):
    tree = page(client, "/presets/two/")
    sources = tree.findall(".//main//picture/source")
    sizes = [each.attrib["width"] for each in [*sources, picture(tree)]]
    assert sizes == 2 * ["343", "640", "1120", "832"]
    tree = page(client, "/presets/two/?width=300&theme=dark")
    assert tree.findall(".//main//picture/source") == []
    assert (picture(tree).get("width"), picture(tree).get("height")) == ("300", "480")
    assert "theme=dark" in picture(tree).attrib["src"]
    tree = page(client, "/presets/two/?scale=1.5")
    assert picture(tree).attrib["srcset"] == f"{picture(tree).attrib['src']} 1x"


@pytest.mark.parametrize("size", [(16, 1000), (1000, 16), (1000, 200), (300, 400)])
def test_every_candidate_picture_is_served(size, line, client, settings):
    settings.PLOTS = {"MAX_SIDE": 1000, "MAX_PIXELS": 200_000}
    given = dict(zip(("width", "height"), map(str, size), strict=True))
    asked = client.get("/presets/two/", given)
    Preset.objects.update(parameters={"y": "1,2", **given})
    for tree in (parse(asked.content), page(client, "/presets/two/")):
        chosen = {
            each.split()[0]
            for tag in ("source", "img")
            for image in tree.iterfind(f".//picture/{tag}")
            for each in image.attrib["srcset"].split(", ")
        }
        downloads = {each.attrib["href"] for each, _ in with_attribute(tree, "download")}
        assert {client.get(url).status_code for url in chosen | downloads} == {200}


def test_an_invalid_override_is_reported_at_its_control(line, client):
    tree = page(client, "/presets/two/?linewidth=thick")
    control = tree.find(".//input[@name='linewidth']")
    assert control is not None
    assert (control.get("aria-invalid"), control.get("value")) == ("true", "thick")
    for said in (words(tree.find(".//p[@id='id_linewidth_error']")), alert(tree)):
        assert "“thick” is not a number." in said
    assert "thick" not in picture(tree).attrib["src"]  # the preset is shown without the override


def test_an_override_that_is_no_longer_allowed_is_reported(line, client):
    assert client.get("/presets/two/?linewidth=3").context["errors"] == ()
    Preset.objects.update(overrides=[])
    tree = page(client, "/presets/two/?linewidth=3&theme=dark")
    chosen = tree.find(".//select[@name='theme']/option[@selected]")
    assert words(chosen) == "automatic"
    assert "linewidth This cannot be changed here" in alert(tree)
    assert tree.find(".//input[@name='linewidth']") is None
    assert "linewidth" not in picture(tree).attrib["src"]


def test_a_missing_column_is_reported_at_its_control(db, client):
    Preset.objects.create(visibility="public",
        title="Nile", slug="nile", kind="line", source="nile",
        parameters={"x": "year", "y": "flow"}, overrides=["y"],
    )  # fmt: skip
    tree = page(client, "/presets/nile/?y=ebb")
    assert words(tree.find(".//p[@id='id_y_error']")) in alert(tree)
    assert "ebb" not in picture(tree).attrib["src"]


@pytest.mark.parametrize("field", ["kind", "source"])
def test_a_preset_without_its_kind_or_source(field, line, client, admin_client):
    Preset.objects.update(**{field: "gone"})
    tree = page(client, "/presets/two/")
    check(tree)
    assert f"There is no {field} “gone”" in alert(tree)
    assert tree.find(".//picture") is None and tree.find(".//form[@data-plot-form]") is None
    tree = page(client, "/presets/two/?width=300")
    assert f"There is no {field} “gone”" in alert(tree)
    gallery = page(client, "/")
    check(gallery)
    assert titles(gallery) == ["Two points"]
    assert "unavailable.svg" in gallery.findall(".//img")[0].attrib["src"]
    assert admin_client.get("/admin/plots_presets/preset/").status_code == 200


def test_a_preset_of_an_unregistered_kind(db, client):
    kinds.register(Kind("brief", lambda ax, data: None, kinds.get("line").options))
    sources.register(Source("brief", dict, kinds.get("line").options))
    try:
        Preset.objects.create(visibility="public", title="Brief", slug="brief", kind="brief")
        assert client.get("/presets/brief/").context["errors"] == ()
    finally:
        kinds.unregister("brief")
        sources.unregister("brief")
    assert "There is no kind “brief”" in alert(page(client, "/presets/brief/"))
