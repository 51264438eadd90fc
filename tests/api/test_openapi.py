"""The OpenAPI document: valid, complete and correct."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, override_settings
from jsonschema import Draft202012Validator
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
    assert schemas["y"] == {"type": "array", "items": {"type": "string"}, "minItems": 1}
    assert schemas["x"] == {"type": "array", "items": {"type": "string"}, "maxItems": 1}
    assert schemas["linestyle"]["enum"][0] == schemas["linestyle"]["default"] == "solid"
    for name, schema in schemas.items():
        if "maximum" in schema:
            for value, status in ((schema["maximum"], 200), (schema["maximum"] + 1, 400)):
                small = {"width": 16, "height": 16, "scale": 1}
                query = {"y": "1,2"} | small | {name: value}
                assert client.get("/plot/line.csv", query).status_code == status, (name, value)


def test_defaults_are_correct(client: Client, document: Any) -> None:
    for path, methods in document["paths"].items():
        if not (path.startswith("/plot/") and "get" in methods):
            continue
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


@pytest.mark.django_db
def test_examples_of_bodies_are_valid_and_accepted(client: Client, document: Any) -> None:
    schemas = document["components"]["schemas"]
    with override_settings(PLOTS={"POST": "anyone"}):
        for kind in kinds:
            # In a body, a list is one column.
            body = {n: value for n, value in kind.example.items() if not isinstance(value, list)}
            if body != dict(kind.example):
                continue
            assert Draft202012Validator(schemas[kind.name]).is_valid(body), kind.name
            for path in (f"/plot/{kind.name}", f"/plot/{kind.name}.txt"):
                assert "post" in document["paths"][path.replace(".txt", ".{format}")]
                response = client.post(path, body, content_type="application/json")
                assert response.status_code in (200, 201), (path, response.content)


def test_required_parameters_are_required(client: Client, document: Any) -> None:
    for kind in kinds:
        operation = document["paths"][f"/plot/{kind.name}.{{format}}"]["get"]
        for parameter in operation["parameters"]:
            if parameter.get("required"):
                name = parameter["name"]
                given = {each: value for each, value in kind.example.items() if each != name}
                response = client.get(f"/plot/{kind.name}.json", given)
                assert response.status_code == 400, (kind.name, name)
                assert {"required", "incomplete"} & {e["code"] for e in response.json()["errors"]}


def test_errors_are_described_as_images_and_as_json(document: Any) -> None:
    operations = document["paths"]["/plot/line.{format}"]
    for method, statuses in (
        ("get", "304 400 403 404 405 413 414 429 503 504"),
        ("post", "400 401 403 404 405 413 414 415 429 503 504"),
    ):
        responses = operations[method]["responses"]
        assert [*responses] == ["200", *statuses.split()]
        for status in responses.keys() - {"200", "304"}:
            _, _, name = responses[status]["$ref"].rpartition("/")
            content = document["components"]["responses"][name]["content"]
            assert content.keys() >= {
                "application/json",
                "image/png",
                "image/svg+xml",
                "text/plain",
            }
    for path in ("/p/{digest}.{format}", "/presets/{slug}.{format}", "/oembed/", "/healthz"):
        assert "get" in document["paths"][path]


@override_settings(PLOTS={"SIGNED_URLS": True})
def test_the_document_follows_the_settings(client: Client) -> None:
    def operation(method: str) -> Any:
        paths = client.get("/plot/openapi.json").json()["paths"]
        return paths["/plot/line.{format}"][method]

    shared = [each.get("$ref", "") for each in operation("get")["parameters"]]
    assert "#/components/parameters/sig" in shared
    assert operation("post")["security"] == [{"token": []}, {"session": []}]
    with override_settings(PLOTS={"POST": "anyone"}):
        assert operation("post")["security"] == []
        assert "#/components/parameters/sig" not in str(operation("get"))
