"""Requests generated from the OpenAPI document: never 5xx, never a status that is not documented."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from math import ceil
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from gk_workflow.api import operations as api_operations
from tests.api.office import Office, open_office

CASES = 3_000 if os.environ.get("GK_TEST_PROFILE") == "full" else 300
SCHEMA = "/api/v1/openapi.json"


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A service with cases in several statuses; its streams end at once."""
    with open_office(tmp_path_factory.mktemp("busy"), feed_lifetime=0.0) as office:
        for _ in range(3):
            case_id = office.open()["case_id"]
            office.do(case_id, "accept", accepted_on="2026-03-02")
        office.do(case_id, "withdraw", withdrawn_on="2026-03-02")
        yield office


def test_generated_requests_get_documented_answers_and_break_nothing(busy: Office) -> None:
    schema = schemathesis.openapi.from_asgi(SCHEMA, busy.client.app)
    known = [str(one) for one in busy.services.registry.case_ids()]
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    own = {one.id: one for one in api_operations()}
    assert len(operations) == len(own)
    answered: Counter[int] = Counter()
    for operation in operations:
        asked = own[operation.definition.raw["operationId"]]
        _try(operation, ceil(CASES / len(operations)), known, answered, busy.passport(asked))
    # What takes no parameters is tried only once.
    assert sum(answered.values()) >= CASES // 2
    assert {status for status in answered if status >= 500} == set()
    # A few requests per operation seldom open a case by chance; the walks do that on purpose.
    assert {200, 403, 404, 409, 422} <= set(answered)


SECRETS = ("Authorization", "Cookie", "X-CSRF-Token")
POST = ("X-Role", "X-Unit", "X-Agency")


# Any: schemathesis' operations are generic over their schema.
def _try(
    operation: Any,
    times: int,
    known: list[str],
    answered: Counter[int],
    passport: dict[str, str],
) -> None:
    documented = set(operation.definition.raw["responses"])

    @given(
        request=operation.as_strategy(),
        existing=st.sampled_from([*known, ""]),
        choosing=st.booleans(),
    )
    @settings(
        max_examples=times,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def run(request: Any, existing: str, choosing: bool) -> None:
        # Who asks is somebody who may, in one post unless the headers choose; no case is his own.
        kept = {
            name: said for name, said in request.headers.items() if choosing or name not in POST
        }
        request.headers = {name: said for name, said in kept.items() if name not in SECRETS}
        request.headers |= passport
        if existing and "case_id" in (request.path_parameters or {}):
            request.path_parameters["case_id"] = existing
            request.headers["If-Match"] = "*"
        answer = request.call()
        answered[answer.status_code] += 1
        assert answer.status_code < 500, answer.text
        assert str(answer.status_code) in documented, (operation.label, answer.text)

    run()
