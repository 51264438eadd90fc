"""Requests that schemathesis makes from the OpenAPI document, valid ones and invalid ones.

``API_REQUESTS`` is the number of requests; ``make test-all`` sends 10,000.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import override_settings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import FailureGroup
from schemathesis.generation import GenerationMode

from plots.forms.binding import as_parameters
from plots.forms.query import QueryForm
from plots.presets.models import Preset
from plots.spec.registry import kinds

REQUESTS = int(os.environ.get("API_REQUESTS", "480"))
CHECKED = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_headers_conformance", "response_schema_conformance", "negative_data_rejection",
)  # fmt: skip
CONFIG = {
    "checks": {
        "not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", 501]},  # as oEmbed asks
        "negative_data_rejection": {"expected-statuses": ["4xx", 501]},
    }
}
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


@pytest.fixture
def api(transactional_db: None) -> Iterator[Any]:
    Preset.objects.create(
        title="Two", slug="two", kind="line", parameters={"y": "1,2"}, visibility="public"
    )
    config = schemathesis.Config.from_dict(CONFIG)
    with override_settings(PLOTS={"POST": "anyone", "MAX_PIXELS": 500_000}):
        yield schemathesis.openapi.from_wsgi(
            "/plot/openapi.json", get_wsgi_application(), config=config
        )


def test_requests_made_from_the_document(api: Any) -> None:
    load_all_checks()
    checks = [CHECKS.get_one(name) for name in CHECKED]
    operations = [each.ok() for each in api.get_all_operations()]
    # Without parameters, no request is invalid.
    sent = [(each, POSITIVE) for each in operations]
    sent += [(each, NEGATIVE) for each in operations if [*each.iter_parameters()]]
    count = max(1, -(-REQUESTS // len(sent)))
    statuses: Counter[str] = Counter()
    failures: list[str] = []
    for operation, mode in sent:
        try:
            send(operation, mode, count, checks, statuses)
        except FailureGroup as error:
            failures.append(f"{operation.label}, {mode.name}: {error}")
    print(f"{statuses.total()} requests: {sorted(statuses.items())}")
    assert not failures, "\n\n".join(failures)
    for status in ("200", "201", "400", "404"):
        assert any(name.endswith(status) for name in statuses)


def send(
    operation: Any, mode: GenerationMode, count: int, checks: list[Any], statuses: Counter[str]
) -> None:
    """Send ``count`` requests to ``operation`` and check each response."""

    @settings(
        max_examples=count, deadline=None, database=None, derandomize=REQUESTS < 1000,
        phases=[Phase.generate], suppress_health_check=[*HealthCheck],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode), keep=st.integers(0, 4))
    def sent(case: Any, keep: int) -> None:
        if mode is POSITIVE and keep < 4:
            use_example(case, keep)
        response = case.call(headers={"Accept-Encoding": "identity"})
        statuses[f"{mode.name} {response.status_code}"] += 1
        case.validate_response(response, checks=checks)

    sent()


def use_example(case: Any, keep: int) -> None:
    """Replace all but ``keep`` parameters of a plot by the example of its kind.

    Random values of one parameter rarely agree with random data, such as limits with the scale.
    """
    name = case.path.split("/")[-1].partition(".")[0]
    if name not in kinds:
        return
    kind = kinds.get(name)
    data = {channel.name for channel in kind.accepted_channels} | {"source", "label", "filter"}
    given = case.body if case.method == "POST" else case.query
    if isinstance(given, dict):
        free = [each for each in given if each not in data | {*QueryForm.base_fields}]
        chosen = as_parameters(kind.example) | {each: given[each] for each in free[:keep]}
        given.clear()
        given.update(chosen)
