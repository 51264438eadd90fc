"""The OpenAPI document: valid, complete and correct."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from openapi_spec_validator import OpenAPIV31SpecValidator

from plots.forms.plot_form import PlotForm
from plots.spec.formats import FORMATS
from plots.spec.registry import kinds


@pytest.fixture
def document(client: Client) -> Any:
    response = client.get("/plot/openapi.json")
    assert response["Content-Type"] == "application/json"
    return response.json()


def test_document_is_valid(document: Any) -> None:
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_kind_and_parameter_is_listed(document: Any) -> None:
    for kind in kinds:
        operation = document["paths"][f"/plot/{kind.name}.{{format}}"]["get"]
        named = [each["name"] for each in operation["parameters"] if "name" in each]
        assert named == [field.name for field in PlotForm(kind, {})]
        assert operation["summary"] == kind.description
    assert document["components"]["parameters"]["format"]["schema"]["enum"] == list(FORMATS)


def test_bounds_are_correct(client: Client, document: Any) -> None:
    parameters = document["paths"]["/plot/line.{format}"]["get"]["parameters"]
    schemas = {each["name"]: each["schema"] for each in parameters if "name" in each}
    assert schemas["y"] == {"type": "array", "items": {"type": "string"}}
    assert schemas["linestyle"]["enum"][0] == schemas["linestyle"]["default"] == "solid"
    for name, schema in schemas.items():
        if "maximum" in schema:
            for value, status in ((schema["maximum"], 200), (schema["maximum"] + 1, 400)):
                small = {"width": 16, "height": 16, "scale": 1}
                query = {"y": "1,2"} | small | {name: value}
                assert client.get("/plot/line.csv", query).status_code == status, (name, value)


def test_defaults_are_correct(client: Client, document: Any) -> None:
    for path, methods in document["paths"].items():
        kind = kinds.get(path.split("/")[-1].partition(".")[0])
        if kind.random:
            continue
        operation = methods["get"]
        given = {
            each["name"]: each["schema"]["default"]
            for each in operation["parameters"]
            if "default" in each.get("schema", {})
        }
        url = path.replace("{format}", "txt")
        plain = client.get(url, kind.example)
        assert client.get(url, given | dict(kind.example))["ETag"] == plain["ETag"], path
