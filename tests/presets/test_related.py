"""Related presets, sources and tables on the page of a preset."""

from typing import Any

from django.test import Client

from plots.presets.models import Preset
from tests.html_pages import check, page, with_attribute, words


def test_related_presets(db, client, admin_client):
    def make(slug: str, **given: Any) -> None:
        given = {"kind": "hist", "parameters": {"x": "1,2"}, **given}
        Preset.objects.create(slug=slug, title=slug, **{"visibility": "public", **given})

    stocks = {"kind": "line", "source": "stocks", "parameters": {"x": "date", "y": "IBM"}}
    make("mine", **stocks, tags="art, shares")
    make("same-kind", kind="line", parameters={"y": "1,2"})
    make("one-tag", tags="shares")
    make("two-tags", tags="shares, art")
    make("part-of-a-tag", tags="artful, share")
    make("same-source", **stocks)
    make("hidden", **stocks, visibility="staff")
    make("unlisted", **stocks, visibility="unlisted")
    make("other")

    def near(each: Client) -> list[str]:
        tree = page(each, "/presets/mine/")
        check(tree)
        return [words(title) for title in tree.iterfind(".//section/ul/li//h3")]

    assert near(client) == ["same-source", "two-tags", "one-tag", "same-kind"]
    assert near(admin_client) == ["hidden", "same-source", "two-tags", "one-tag"]


def test_the_page_names_the_source(db, client, django_assert_max_num_queries):
    Preset.objects.create(visibility="public",
        title="Nile", slug="nile", kind="line", source="nile", tags="rivers & lakes",
        parameters={"x": "year", "y": "flow"},
    )  # fmt: skip
    with django_assert_max_num_queries(2):  # itself, and those that are like it
        tree = page(client, "/presets/nile/")
    facts = {words(each[0]): words(each[1]) for each in tree.iterfind(".//dl/div")}
    assert [*facts] == ["Source", "Chart type", "Tags", "Last change"]
    assert facts["Source"].startswith("Nile") and "Biometrika" in facts["Source"]
    links = [each.attrib["href"] for each in tree.iterfind(".//a[@rel='tag']")]
    assert links == ["/?tag=rivers%20%26%20lakes"]
    assert client.get(links[0]).status_code == 200


def test_a_long_table_links_to_the_csv(db, client):
    Preset.objects.create(
        visibility="public",
        title="Long",
        slug="long",
        kind="line",
        parameters={"y": ",".join(["1", "2"] * 150)},
    )
    tree = page(client, "/presets/long/")
    assert len(tree.findall(".//tbody/tr")) == 200
    link = next(e for e, _ in with_attribute(tree, "href") if words(e) == "Download all as CSV")
    assert len(client.get(link.attrib["href"]).content.splitlines()) == 301
