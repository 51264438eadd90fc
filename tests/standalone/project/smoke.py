"""Requests what a project can use of the core, and prints the answers as JSON."""

import json
import re
from html import unescape

import django
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

django.setup()
call_command("migrate", verbosity=0)
client = Client()


def answer(path: str) -> list[object]:
    response = client.get(path)
    return [response.status_code, response.headers.get("Content-Type", "")]


def has_url(name: str) -> bool:
    try:
        reverse(f"plots:{name}", args=["x"] if name in ("preset", "board") else [])
    except NoReverseMatch:
        return False
    return True


FORMATS = ("png", "svg", "pdf", "webp", "jpg", "csv", "json", "txt")
PAGES = ("", "plot/", "plot/line/", "plot/threshold/", "plot/openapi.json", "sitemap.xml")
ABSENT = ("presets/x/", "presets/x.png", "presets/x/embed/", "oembed/", "feed.atom", "boards/")

page = client.get("/page/").content.decode()
urls = [unescape(url) for url in re.findall(r'(?:src|href)="([^"]+)"', page)]
posted = client.post("/charts/plot/line/", {"y": [1, 2, 4]}, content_type="application/json")
drawn = client.post("/charts/plot/bar.png", {"y": [1, 2]}, content_type="application/json")
figure = client.get("/growth.svg")
cached = client.get("/growth.svg", headers={"if-none-match": figure["ETag"]})

print(
    json.dumps(
        {
            "formats": {name: answer(f"/charts/plot/line.{name}?y=1,2,4") for name in FORMATS},
            "pages": {path: answer(f"/charts/{path}") for path in PAGES},
            "absent": {path: answer(f"/charts/{path}")[0] for path in ABSENT},
            "names": {name: has_url(name) for name in ("index", "preset", "feed", "boards")},
            "links": re.findall(r'href="(/charts/[^"]*)"', client.get("/charts/").content.decode()),
            "page": page,
            "urls": {url: answer(url) for url in urls},
            "posted": [posted.status_code, answer(posted.json()["urls"]["png"])],
            "drawn": [drawn.status_code, drawn["Content-Type"]],
            "error": answer("/charts/plot/line.png?y=b"),
            "figure": [figure.status_code, figure["Content-Type"], figure["Cache-Control"]],
            "cached": cached.status_code,
        }
    )
)
