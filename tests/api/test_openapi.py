"""The OpenAPI document: every route is in it, every example is taken, every reference leads somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from gk_workflow.api import openapi_document, operations
from gk_workflow.api.describing.next_steps import COMMANDS, READING
from gk_workflow.api.views.labels import WORDS
from gk_workflow.api.wire.bodies import decode
from gk_workflow.api.wire.problems import TITLES
from gk_workflow.core.commands import ChargeFee
from gk_workflow.core.permissions import command_relation
from gk_workflow.core.terms import Role
from tests.api.office import V1, Office

# Any: JSON.
Json = Any

DOCUMENT = openapi_document()
OPERATIONS = {
    one["operationId"]: one for path in DOCUMENT["paths"].values() for one in path.values()
}


def references(value: Json) -> Iterator[str]:
    """Every $ref in a document."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_document_is_served_as_it_is_made(shared: Office) -> None:
    served = shared.client.get(f"{V1}/openapi.json")
    assert served.json() == json.loads(json.dumps(DOCUMENT))
    assert DOCUMENT["openapi"] == "3.1.0"


def test_every_documented_operation_is_there_and_no_other(shared: Office) -> None:
    documented = {(path, method) for path, one in DOCUMENT["paths"].items() for method in one}
    assert documented == {(one.path, one.method.lower()) for one in operations()}
    assert len(OPERATIONS) == len(operations()) == len(documented)
    missing = {"没有这一地址，请核对路径。", "该地址不支持这一请求方法，可用的方法见 Allow。"}
    for path, method in documented:
        answer = shared.client.request(method, re.sub(r"{\w+}", "x", path))
        assert [one for one in missing if one in answer.text] == [], path


def test_every_command_is_an_operation_with_an_example_that_is_taken() -> None:
    for command in COMMANDS:
        name = command.__name__[0].lower() + command.__name__[1:]
        content = OPERATIONS[name]["requestBody"]["content"]["application/json"]
        value = content["examples"]["example"]["value"]
        assert isinstance(decode(json.dumps(value).encode(), command), command)
        assert content["schema"] == {"$ref": f"#/components/schemas/{command.__name__}"}


def test_every_reference_leads_somewhere() -> None:
    for reference in set(references(DOCUMENT)):
        here: Json = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            here = here[step]
        assert here


def test_no_name_of_a_module_is_shown() -> None:
    assert re.findall(r"gk_workflow\.[a-z_.]+", json.dumps(DOCUMENT["components"])) == []


def test_the_case_an_answer_speaks_of_is_linked_to_what_may_follow() -> None:
    opened = OPERATIONS["openCase"]["responses"]["201"]["links"]
    assert set(opened) > {*READING, "accept", "withdraw", "requestSupplement", "confirmReceipt"}
    assert "archive" not in opened
    assert DOCUMENT["components"]["links"]["accept"] == {
        "operationId": "accept",
        "parameters": {
            "path.case_id": "$response.body#/case_id",
            "header.If-Match": "$response.header.ETag",
        },
    }


def test_every_operation_says_which_problems_it_answers() -> None:
    for operation in OPERATIONS.values():
        statuses = {int(status) for status in operation["responses"]}
        assert {400, 429, 431, 500} <= statuses <= {*TITLES, 200, 201, 204, 303}
    commanding = {401, 403, 404, 409, 412, 413, 415, 422, 428, 503}
    assert commanding <= {int(status) for status in OPERATIONS["accept"]["responses"]}


def test_what_proves_who_somebody_is_is_described() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    assert schemes["key"]["scheme"] == "bearer"
    assert (schemes["session"]["in"], schemes["session"]["name"]) == ("cookie", "__Host-gk")
    assert (schemes["csrf"]["in"], schemes["csrf"]["name"]) == ("header", "X-CSRF-Token")
    assert OPERATIONS["accept"]["security"] == [{"session": [], "csrf": []}, {"key": []}]
    assert OPERATIONS["getCase"]["security"] == [{"session": []}, {"key": []}]
    assert OPERATIONS["logOut"]["security"] == [{"session": [], "csrf": []}]
    assert OPERATIONS["chargeFee"]["x-permission"] == {
        "needs": "ChargeFee",
        "roles": {"CLERK": command_relation(Role.CLERK, ChargeFee).value},
        "scope": "cases:write",
    }
    assert OPERATIONS["metrics"]["x-permission"]["roles"] == {"ADMIN": "any", "SYSTEM": "any"}


def test_a_command_needs_its_fields_and_the_version_but_not_its_own_name() -> None:
    schema = DOCUMENT["components"]["schemas"]["Accept"]
    assert (schema["required"], schema["additionalProperties"]) == (["accepted_on"], False)
    assert DOCUMENT["components"]["parameters"]["If-Match"]["required"] is True


def test_every_text_that_comes_in_is_bounded() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    for name in (*(command.__name__ for command in COMMANDS), "Applicant", "ReplyContent"):
        for field, schema in schemas[name]["properties"].items():
            if schema.get("type") == "string" and "format" not in schema:
                assert {"maxLength", "pattern"} & set(schema), (name, field)


def test_words_of_different_vocabularies_do_not_cover_each_other() -> None:
    kinds = {type(value) for value in WORDS}
    assert len(WORDS) == sum(len(kind) for kind in kinds)


@pytest.mark.parametrize("operation", [one.id for one in operations() if one.example])
def test_examples_say_nothing_that_is_default_anyway(operation: str) -> None:
    content = OPERATIONS[operation]["requestBody"]["content"]["application/json"]
    value = content["examples"]["example"]["value"]
    assert "type" not in value
    assert None not in value.values()
    assert msgspec.json.encode(value)
