"""Tests of a project, which its `manage.py test` runs."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.template import engines
from django.test import SimpleTestCase, TestCase
from django.urls import NoReverseMatch, reverse

HAS_DATABASE = connection.vendor != "unknown"
HAS_TABLES = HAS_DATABASE and "Forbidding" not in str(settings.DATABASE_ROUTERS)
PAGE = """{% load plots %}
{% plot_img "line" y="1,2,4" width=1200 %}{% plot_picture "bar" x="a,b" y="1,2" %}
{% plot_inline "line" y="1,2,4" %}<a href="{% plot_url "line" y=long format="csv" %}">stored</a>"""


def may_log_in() -> bool:
    needed = "django.contrib.sessions", "django.contrib.admin"
    return all(map(apps.is_installed, needed)) and hasattr(get_user_model(), "is_staff")


def inside(url: str) -> str:
    """Return ``url`` as a test client takes it, without FORCE_SCRIPT_NAME."""
    path = url.removeprefix("http://testserver")
    return path.removeprefix(settings.FORCE_SCRIPT_NAME or "")


class ProjectTests(TestCase if HAS_DATABASE else SimpleTestCase):  # type: ignore[misc]
    databases = set(settings.DATABASES) if HAS_DATABASE else set()

    def get(self, url: str, status: int = 200, **kwargs: Any) -> Any:
        response = self.client.get(inside(url), **kwargs)
        details = response.get("Location"), response.get("X-Plot-Error")
        self.assertEqual(response.status_code, status, f"{url}: {details}")
        return response

    def log_in(self) -> None:
        self.client.force_login(get_user_model().objects.create_superuser("ada", "a@b.org", "x"))

    def page(self, name: str, *args: Any) -> str:
        """Request a page; check the marks that a project's settings could leave in its HTML."""
        found: str = self.get(reverse(f"plots:{name}", args=args)).content.decode()
        at = found.find("INVALID")  # what one project shows for a missing variable
        self.assertEqual(at, -1, f"{name} {args}: {found[at : at + 40]}")
        broken = re.search(r'(?:width|height|value|step|min|max)="\d+[.,\u202f]\d{3}"', found)
        self.assertIsNone(broken, f"{name} {args}: {broken}")
        return found

    def test_pages_of_the_core(self) -> None:
        from plots.spec.registry import kinds

        own = [each for each in kinds if not each.function.__module__.startswith("plots.")]
        if own:  # the page takes a second, and another test requests it without such kinds
            self.page("kinds")
        for name in ("line", "scatter", *(each.name for each in own)):
            self.page("kind", name)
        document = self.get(reverse("plots:openapi")).json()
        expected = reverse("plots:plot", args=["line", "png"]).replace(".png", ".{format}")
        self.assertIn(expected, [*document["paths"]])
        self.get(reverse("plots:sitemap"))

    def test_pictures(self) -> None:
        url = reverse("plots:plot", args=["line", "png"])
        response = self.get(url, query_params={"y": "1,2", "tz": "Asia/Seoul"})
        self.assertIn("public", response["Cache-Control"])
        self.get(
            url,
            304,
            query_params={"y": "1,2", "tz": "Asia/Seoul"},
            headers={"if-none-match": response["ETag"]},
        )
        self.get(url, query_params={"x": "2026-01-01T10:00Z,2026-01-02T10:00", "y": "1,2"})
        self.get(url, 400, query_params={"y": "b"})
        if HAS_TABLES:
            self.get(reverse("plots:health"))

    async def test_pictures_in_asgi(self) -> None:
        response = await self.async_client.get(
            inside(reverse("plots:plot", args=["bar", "svg"])), {"y": "1"}
        )
        self.assertEqual(response.status_code, 200)

    def test_tags(self) -> None:
        if not settings.TEMPLATES:
            return
        template = engines.all()[0].from_string(PAGE)
        page = template.render({"long": list(range(1000))})
        self.assertIn("<svg", page)
        self.assertIn('width="1200"', page)
        urls = [unescape(url) for url in re.findall(r'(?:src|href)="([^"#][^"]*)"', page)]
        self.assertEqual(any("/p/" in url for url in urls), HAS_TABLES)
        for url in urls:
            if len(url) < 2000:  # a test client sends longer ones, a browser does not
                self.get(url)

    def test_commands(self) -> None:
        if HAS_TABLES:
            call_command("prune_plots")
        for alias in self.databases:
            call_command("check", databases=[alias])

    def make_preset(self) -> Any:
        from plots.presets.models import Preset

        preset = Preset(
            slug="sales",
            title="Sales",
            kind="line",
            parameters={"y": "1,2", "width": "1200"},
            visibility="public",
            overrides=["linewidth", "marker"],
        )
        preset.full_clean()
        preset.save()
        return preset

    def test_presets_and_boards(self) -> None:
        if not apps.is_installed("plots.presets"):
            return
        from plots.boards.models import Board, BoardItem

        preset = self.make_preset()
        board = Board.objects.create(slug="week", title="Week", visibility="public")
        BoardItem.objects.create(board=board, preset=preset)
        for name, args in (
            ("preset", ["sales"]), ("preset-embed", ["sales"]), ("preset-image", ["sales", "png"]),
            ("index", []), ("feed", []), ("boards", []), ("board", ["week"]),
        ):  # fmt: skip
            if name in ("preset-image", "feed"):
                self.get(reverse(f"plots:{name}", args=args))
            else:
                self.page(name, *args)
        page = f"http://testserver{reverse('plots:preset', args=['sales'])}"
        self.get(reverse("plots:oembed"), query_params={"url": page})
        from plots.presets import usage

        usage.counts.flush()
        if not may_log_in():
            return
        self.log_in()
        self.get(reverse("plots:preset", args=["sales"]))
        self.get(reverse("plots:kind", args=["line"]))

    def admin_pages(self, model: str, pk: Any, *names: str) -> None:
        for name in names:
            args = [] if name in ("changelist", "add", "import", "deleted") else [pk]
            page = self.get(reverse(f"admin:{model}_{name}", args=args)).content.decode()
            self.assertNotRegex(page, r"(Asia|UTC)INVALID")

    def test_pages_of_a_member(self) -> None:
        if not (HAS_DATABASE and apps.is_installed("django.contrib.sessions")):
            return
        user_model = get_user_model()
        member = user_model(**{user_model.USERNAME_FIELD: "eve@example.org"})
        member.save()
        self.client.force_login(member)
        self.page("kind", "line")
        if apps.is_installed("plots.presets"):
            preset = self.make_preset()
            self.page("index")
            self.page("preset", "sales")
            for visibility in preset.Visibility.values:
                type(preset).objects.update(visibility=visibility)
                self.client.get(inside(reverse("plots:preset-image", args=["sales", "png"])))
                self.client.get(inside(reverse("plots:preset", args=["sales"])))
        posted = self.client.post(inside(reverse("plots:kind", args=["line"])), {"y": "1"})
        self.assertIn(posted.status_code, (403, 405, 415))

    def has_admin(self) -> bool:
        try:
            reverse("admin:plots_presets_preset_changelist")
        except NoReverseMatch:
            return False
        return True

    def test_admin(self) -> None:
        if not (may_log_in() and apps.is_installed("plots.presets") and self.has_admin()):
            return
        self.log_in()
        preset = self.make_preset()
        user = get_user_model().objects.get()
        preset.title = "Sales of a week"
        preset.save(by=user)
        self.admin_pages(
            "plots_presets_preset", preset.pk, "changelist", "add", "change", "history", "delete",
            "import", "deleted",
        )  # fmt: skip
        change = reverse("admin:plots_presets_preset_change", args=[preset.pk])
        form = self.get(change)
        data = form.context["adminform"].form
        posted = {
            name: field.value()
            for name, field in ((each.html_name, each) for each in data)
            if field.value() is not None and field.value() is not False
        }
        saved = self.client.post(inside(change), {**posted, "title": "New"})
        errors = saved.context and saved.context["adminform"].form.errors
        self.assertEqual(saved.status_code, 302, errors)
        shown = self.get(reverse("admin:plots_presets_preset_history", args=[preset.pk]))
        new, old = re.findall(r'name="to" value="(\d+)"', shown.content.decode())[:2]
        compare = reverse("admin:plots_presets_preset_compare", args=[preset.pk])
        self.get(compare, query_params={"from": old, "to": new})
        restore = reverse("admin:plots_presets_preset_restore", args=[preset.pk, old])
        self.assertEqual(self.client.post(inside(restore)).status_code, 302)
        preset.refresh_from_db()
        self.assertNotEqual(preset.title, "New")
        for format in ("json", "csv"):
            self.get(reverse("admin:plots_presets_preset_export", args=[format]))
        preset.delete()
        shown = self.get(reverse("admin:plots_presets_preset_deleted"))
        (number,) = set(re.findall(r"deleted/(\d+)/", shown.content.decode()))
        recover = reverse("admin:plots_presets_preset_recover", args=[number])
        self.assertEqual(self.client.post(inside(recover)).status_code, 302)
        self.get(reverse("admin:plots_storedplot_changelist"))
        self.get(reverse("admin:index"))

    def test_uploads(self) -> None:
        if not (may_log_in() and apps.is_installed("plots.datasets") and self.has_admin()):
            return
        if "default" not in settings.STORAGES:
            return
        self.log_in()
        from django.core.files.uploadedfile import SimpleUploadedFile

        add = reverse("admin:plots_datasets_dataset_add")
        given = {"title": "Days", "name": "days", "visibility": "public"}
        rows = b"day,sold\n2026-01-31T10:00:00Z,3\n2026-02-01T11:00:00Z,4\n"
        shown = self.client.post(
            inside(add), {**given, "upload": SimpleUploadedFile("days.csv", rows)}
        )
        self.assertEqual(shown.status_code, 200)
        token = shown.context["token"]
        saved = self.client.post(inside(add), {**given, "token": token})
        self.assertEqual(saved.status_code, 302, shown.content.decode()[-2000:])
        page = self.get(saved["Location"])
        self.assertIn("sold", page.content.decode())
        from plots.datasets.models import Dataset

        dataset = Dataset.objects.get()
        self.admin_pages(
            "plots_datasets_dataset", dataset.pk, "changelist", "add", "change", "history", "delete"
        )
        query = {"source": "days", "x": "day", "y": "sold", "filter": "day__gte:2026-01-31"}
        url = reverse("plots:plot", args=["line", "csv"])
        response = self.get(url, query_params=query)
        self.assertIn("2026-02-01", response.content.decode())
        Dataset.objects.clean_up()

    def test_post(self) -> None:
        if not may_log_in():
            return
        self.log_in()
        body = json.dumps({"y": [1, 2, 4]})
        url = reverse("plots:kind", args=["line"])
        posted = self.client.post(inside(url), body, content_type="application/json")
        self.assertEqual(posted.status_code, 201)
        self.get(posted.json()["urls"]["png"])
