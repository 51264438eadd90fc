"""Helpers that request plots and read responses."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.test import Client
from PIL import Image


def pixels(response: Any) -> Image.Image:
    """Return the decoded image in ``response``."""
    image = Image.open(BytesIO(response.content))
    image.load()
    return image


def ask(client: Client, path: str, query: Any = None, **kwargs: Any) -> Any:
    """Send a GET that accepts JSON, for errors as JSON."""
    return client.get(path, query, headers={"accept": "application/json"}, **kwargs)


def problems(client: Client, path: str, query: Any = None) -> list[tuple[str, str]]:
    """Return the parameter and code of each error in the response."""
    errors = ask(client, path, query).json()["errors"]
    assert all(error["message"].endswith((".", "?")) for error in errors), errors
    return [(error["parameter"], error["code"]) for error in errors]


def picture_of(client: Client, kind: str, **query: Any) -> Image.Image:
    """Return the decoded image of a plot."""
    response = client.get(f"/plot/{kind}.png", query)
    assert response.status_code == 200, response.get("X-Plot-Error")
    return pixels(response)


def messages(client: Client, kind: str, **query: Any) -> dict[str, str]:
    """Return the error messages by parameter."""
    response = ask(client, f"/plot/{kind}.png", query)
    assert response.status_code == 400
    return {error["parameter"]: error["message"] for error in response.json()["errors"]}
