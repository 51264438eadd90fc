"""Prepares a site in its data folder, visits it, and prints what it found as JSON."""

from __future__ import annotations

import json
import os
import pwd
import re
import tempfile
from html import unescape
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plotsite.settings")
django.setup()

from django.conf import settings  # noqa: E402 - the apps must be ready first
from django.contrib.auth.models import User  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

PAGES = (
    "/", "/plot/", "/plot/line/", "/plot/line/?y=1,2", "/boards/", "/boards/shares/",
    "/presets/carbon-dioxide/", "/presets/carbon-dioxide/embed/", "/feed.atom", "/sitemap.xml",
    "/robots.txt", "/plot/openapi.json", "/healthz", "/admin/login/",
)  # fmt: skip
STAFF_PAGES = (
    "/admin/", "/admin/plots_presets/preset/", "/admin/plots_presets/preset/add/",
    "/admin/plots_datasets/dataset/add/", "/admin/plots_boards/board/",
)  # fmt: skip
LINK = re.compile(r"""(?:href|src|action|data-preview|data-fields)="([^"]*)"|<loc>(.*?)</loc>""")
ROWS = b"day,sold\n2026-01-31,3\n2026-02-01,4\n"


def main() -> None:
    call_command("prepare", address="http://testserver/")
    call_command("check", fail_level="WARNING")
    strangers, staff = Client(SERVER_NAME="localhost"), Client(SERVER_NAME="localhost")
    User.objects.create_superuser("ada", password="known to everybody")
    given = {"username": "ada", "password": "known to everybody"}
    logged_in = staff.post("/admin/login/?next=/", given)
    pages = {path: strangers.get(path) for path in PAGES}
    pages |= {path: staff.get(path) for path in STAFF_PAGES}
    upload = posted(staff)
    print(
        "\n"
        + json.dumps(
            {
                "statuses": {path: page.status_code for path, page in pages.items()},
                "links": {path: links(page) for path, page in pages.items()},
                "static": static_files(strangers, links(pages["/"])),
                "kept": {
                    path: strangers.get(settings.PATH_PREFIX + path).status_code for path in PAGES
                },
                "logged in": logged_in.status_code,
                "cookies": {name: each["path"] for name, each in staff.cookies.items()},
                "upload": upload,
                "dataset": strangers.get(
                    "/plot/line.csv?source=daily-sales&x=day&y=sold"
                ).content.decode(),
                "picture": content_type(strangers.get("/plot/line.png?y=1,2,4")),
                "login": staff_only(strangers),
                "reset": strangers.get("/presets/carbon-dioxide").headers.get("Location"),
                "oembed": oembed(strangers),
                "user": user_name(),
                "temporary": tempfile.gettempdir(),
                "matplotlib": os.listdir(settings.PLOTSITE_VAR / "matplotlib"),
            }
        )
    )


def links(page: Any) -> list[str]:
    """Return the links in a page that are paths, or URLs of this host."""
    text = page.content.decode()
    found = {unescape(first or second) for first, second in LINK.findall(text)}
    found |= set(re.findall(r"https?://localhost[^\s\"<]*", unescape(text)))
    local = (re.sub("^https?://localhost", "", url) for url in found)
    return sorted({url for url in local if url.startswith("/")})


def static_files(strangers: Client, found: list[str]) -> list[int]:
    """Return the statuses of the static files in ``found``, with the prefix and without it."""
    files = [url for url in found if "/static/" in url]
    files += [url.removeprefix(settings.PATH_PREFIX) for url in files]
    return [strangers.get(url).status_code for url in files]


def content_type(response: Any) -> str:
    return f"{response.status_code} {response.headers['Content-Type']}"


def posted(staff: Client) -> list[Any]:
    """Upload a dataset; return the statuses, and where the second response leads."""
    add = "/admin/plots_datasets/dataset/add/"
    given = {"title": "Days", "name": "daily-sales", "visibility": "public"}
    shown = staff.post(add, {**given, "upload": SimpleUploadedFile("sales.csv", ROWS)})
    token = re.search(r"name=\"token\" value=\"([^\"]*)\"", shown.content.decode())
    assert token, shown.status_code
    saved = staff.post(add, {**given, "token": unescape(token[1])})
    return [shown.status_code, saved.status_code, saved.headers.get("Location")]


def staff_only(strangers: Client) -> str:
    return str(strangers.get("/admin/plots_presets/preset/").headers["Location"])


def user_name() -> str | None:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return None


def oembed(strangers: Client) -> list[int]:
    """Return the statuses of oEmbed for a page of this site, and for one outside the prefix."""
    prefix = settings.PATH_PREFIX
    return [
        strangers.get("/oembed/", {"url": f"http://localhost{path}"}).status_code
        for path in (f"{prefix}/presets/carbon-dioxide/", f"{prefix}/presets/nothing/")
    ]


if __name__ == "__main__":
    main()
