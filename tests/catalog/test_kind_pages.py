"""The catalogue of kinds, and the reference and playground of a kind."""

import pytest

from plots.spec.registry import FAMILIES, kinds
from tests.html_pages import alert, page, picture, titles, words


def test_the_catalogue_has_every_kind_with_a_picture(client, db):
    tree = page(client, "/plot/")
    shown = [words(each) for each in tree.iterfind(".//main//li//h3")]
    assert sorted(shown) == sorted(kind.title for kind in kinds)
    assert titles(tree) == [name for name in FAMILIES if name in {kind.family for kind in kinds}]
    assert len(tree.findall(".//picture")) == len([*kinds])


@pytest.mark.parametrize("name", ["bar", "hist", "line", "normal", "scatter"])
def test_a_kind_page_has_every_parameter_and_valid_urls(name, client, db):
    tree = page(client, f"/plot/{name}/")
    table = [words(each) for each in tree.iterfind(".//tbody/tr/th[@scope='row']")]
    controls = dict.fromkeys(
        each.attrib["name"]
        for each in tree.find(".//form[@data-plot-form]").iter()  # type: ignore[union-attr]
        if each.tag in ("input", "select", "textarea")
    )
    assert table == [*controls] and {"width", "title", "alt"} < {*table}
    for link in tree.iterfind(".//ul[@class='urls']//a"):
        assert client.get(link.attrib["href"]).status_code == 200


def test_the_reference_has_the_accepted_values(client, db):
    rows = page(client, "/plot/line/").iterfind(".//tbody/tr")
    takes = {words(row[0]): [words(cell) for cell in row[1:3]] for row in rows if len(row) == 4}
    assert takes["y"] == ["numbers, comma-separated", ""]
    assert takes["theme"] == ["light, dark, print, minimal, large", "light"]
    assert takes["width"] == ["integer, 16 to 4,096", "640"]
    assert takes["scale"] == ["number, 0.5 to 4", "1"]
    assert takes["alpha"] == ["number, 0 to 1", "1"]
    assert takes["grid"] == ["1 or 0", "1"]
    assert takes["xmin"] == ["a number or an ISO date", ""]
    assert takes["title"] == ["text, up to 200 characters", ""]


def test_the_playground_shows_the_parameters_of_the_url(client, db):
    tree = page(client, "/plot/line/?y=3,1&y=1,2&title=Two&xmin=0")
    values = {each.attrib["name"]: each.text for each in tree.iterfind(".//details//textarea")}
    assert values["y"] and values["y"].split() == ["3,1", "1,2"]
    assert "?y=3,1&y=1,2&title=Two&" in picture(tree).attrib["src"]


def test_errors_are_shown_at_their_fields(client, db):
    tree = page(client, "/plot/line/?x=1,2&y=1,two&width=9&tilte=Two")
    for name in ("y", "width"):
        assert words(tree.find(f".//p[@id='id_{name}_error']")) in alert(tree)
    assert words(tree.find(".//p[@id='id_x_error']")) == ""
    assert "“tilte”. Did you mean “title”?" in alert(tree)
    assert tree.find(".//picture") is None
    closed = [words(each[0]) for each in tree.iter("details") if "open" not in each.attrib]
    assert closed == []  # a group with an error is open


def test_submitting_all_fields_changes_nothing(client, db):
    """A browser without JavaScript submits every field, empty or not."""
    tree = page(client, "/plot/line/")
    form = tree.find(".//form[@data-plot-form]")
    assert form is not None
    given = {
        each.attrib["name"]: each.get("value", "")
        for each in form.iter("input")
        if each.get("type") != "radio" or "checked" in each.attrib
    }
    given |= {
        each.attrib["name"]: (each.text or "").removeprefix("\n") for each in form.iter("textarea")
    }
    for select in form.iter("select"):
        chosen = select.find(".//option[@selected]")
        given[select.attrib["name"]] = "" if chosen is None else chosen.attrib["value"]
    response = client.get("/plot/line/", given)
    assert response.context["errors"] == ()
    assert response.context["share_url"] == client.get("/plot/line/").context["share_url"]
