"""What several test modules need."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.test import Client
from PIL import Image


def pixels(response: Any) -> Image.Image:
    """The picture in ``response``, fully decoded."""
    image = Image.open(BytesIO(response.content))
    image.load()
    return image


def ask(client: Client, path: str, query: Any = None, **kwargs: Any) -> Any:
    """The answer to a GET as a program would ask, errors as JSON."""
    return client.get(path, query, headers={"accept": "application/json"}, **kwargs)


def problems(client: Client, path: str, query: Any = None) -> list[tuple[str, str]]:
    """The (parameter, code) of each error that ``path`` answers with."""
    errors = ask(client, path, query).json()["errors"]
    assert all(error["message"].endswith((".", "?")) for error in errors), errors
    return [(error["parameter"], error["code"]) for error in errors]


def picture_of(client: Client, kind: str, **query: Any) -> Image.Image:
    """The picture that is drawn of ``query``, fully decoded."""
    response = client.get(f"/plot/{kind}.png", query)
    assert response.status_code == 200, response.get("X-Plot-Error")
    return pixels(response)


def messages(client: Client, kind: str, **query: Any) -> dict[str, str]:
    """What each parameter that is at fault is told."""
    response = ask(client, f"/plot/{kind}.png", query)
    assert response.status_code == 400
    return {error["parameter"]: error["message"] for error in response.json()["errors"]}
