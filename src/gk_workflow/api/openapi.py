"""The OpenAPI 3.1 document, made from the operations; what it says is what the routes do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from gk_workflow import __version__
from gk_workflow.api.headers import REQUEST_HEADERS, RESPONSE_HEADERS
from gk_workflow.api.identity import ACTOR, AGENCY, ROLE, UNIT
from gk_workflow.api.next_steps import READING
from gk_workflow.api.operation import Answer, Operation
from gk_workflow.api.preconditions import IF_MATCH
from gk_workflow.api.problems import MEDIA_TYPE, TITLES, Problem
from gk_workflow.api.schemas import Schemas

# Any: a JSON document.
Json = dict[str, Any]

ALWAYS = (400, 500)
"""What any operation may answer: to a request that is no HTTP, and to the unforeseen."""

_PATH_PARAMETERS: dict[str, Json] = {
    "case_id": {"type": "string", "format": "uuid"},
    "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "year": {"type": "integer", "minimum": 2018, "maximum": 2060},
}


def document(operations: Iterable[Operation]) -> Json:
    """The whole description of the service."""
    operations = tuple(operations)
    schemas = Schemas((Problem, *_types(operations)))
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(
            operation, schemas
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "gk_workflow",
            "version": __version__,
            "summary": "政府信息公开依申请公开办理接口",
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "parameters": {name: _header(name) for name in REQUEST_HEADERS},
            "headers": dict(RESPONSE_HEADERS),
            "responses": {str(status): _problem(status, schemas) for status in TITLES},
            "links": {operation: _link(operation) for operation in _linked(operations)},
        },
    }


_DESCRIPTION = """Cases under 政府信息公开条例, from 提交 to 归档 and 救济.

Who acts is told in the headers X-Actor, X-Role, X-Unit, X-Agency (UTF-8, percent-encoded).
A command to a case bears the version that was seen (If-Match) and may bear an Idempotency-Key.
Every error is `application/problem+json` in Chinese, with the article of law where one decides."""


def _types(operations: tuple[Operation, ...]) -> list[object]:
    found: list[object] = []
    for operation in operations:
        found += (operation.body or {}).values()
        found += [operation.query] if operation.query else []
        for answer in operation.answers.values():
            found += answer.content.values()
    return [one for one in dict.fromkeys(found) if one not in (str, bytes)]


def _operation(operation: Operation, schemas: Schemas) -> Json:
    told: Json = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": _parameters(operation, schemas),
        "responses": _responses(operation, schemas),
    }
    if operation.description:
        told["description"] = operation.description
    if operation.body:
        told["requestBody"] = {"required": True, "content": _body(operation, schemas)}
    return told


def _body(operation: Operation, schemas: Schemas) -> Json:
    content: Json = {}
    for media, kind in (operation.body or {}).items():
        content[media] = {"schema": schemas.of(kind)}
        if operation.example is not None:
            content[media]["examples"] = {"example": {"value": _example(operation.example)}}
    return content


def _example(value: object) -> object:
    """As a client sends it: without what is left at its default, without the tag."""
    if not isinstance(value, msgspec.Struct):
        return value
    fields = msgspec.structs.fields(value)
    said = {f.name: getattr(value, f.name) for f in fields if getattr(value, f.name) != f.default}
    return msgspec.to_builtins(said)


def _parameters(operation: Operation, schemas: Schemas) -> list[Json]:
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    found: list[Json] = [
        {"name": name, "in": "path", "required": True, "schema": _PATH_PARAMETERS[name]}
        for name in names
    ]
    identity = (ACTOR, ROLE, UNIT, AGENCY) if operation.identified else ()
    found += [_ref("parameters", name) for name in (*identity, *operation.headers)]
    if operation.query is not None:
        found += schemas.parameters(operation.query)
    return found


def _ref(kind: str, name: object) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


def _header(name: str) -> Json:
    return {"name": name, "in": "header", "required": name in _REQUIRED, **REQUEST_HEADERS[name]}


_REQUIRED = frozenset({ACTOR, ROLE, IF_MATCH})


def _responses(operation: Operation, schemas: Schemas) -> Json:
    found = {str(status): _answer(one, schemas) for status, one in operation.answers.items()}
    for status in sorted({*operation.problems, *ALWAYS}):
        found.setdefault(str(status), _ref("responses", status))
    return found


def _answer(answer: Answer, schemas: Schemas) -> Json:
    told: Json = {"description": answer.meaning}
    if answer.content:
        told["content"] = {
            media: {"schema": schemas.of(kind)} for media, kind in answer.content.items()
        }
    if answer.headers:
        told["headers"] = {name: _ref("headers", name) for name in answer.headers}
    if answer.links:
        told["links"] = {operation: _ref("links", operation) for operation in answer.links}
    return told


def _linked(operations: Iterable[Operation]) -> list[str]:
    """The operations that some answer leads to."""
    answers = (answer for one in operations for answer in one.answers.values())
    return sorted({operation for answer in answers for operation in answer.links})


def _link(operation: str) -> Json:
    """How to go on with the case that an answer is about."""
    parameters = {"path.case_id": "$response.body#/case_id"}
    if operation not in _READING:
        parameters["header.If-Match"] = "$response.header.ETag"
    return {"operationId": operation, "parameters": parameters}


_READING = frozenset(READING)


def _problem(status: int, schemas: Schemas) -> Json:
    return {
        "description": TITLES[status],
        "content": {MEDIA_TYPE: {"schema": schemas.of(Problem)}},
    }
