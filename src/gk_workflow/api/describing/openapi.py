"""The OpenAPI 3.1 document, made from the operations; what it says is what the routes do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from gk_workflow import __version__
from gk_workflow.api.describing.headers import REQUEST_HEADERS, RESPONSE_HEADERS
from gk_workflow.api.describing.next_steps import READING
from gk_workflow.api.describing.schemas import Schemas
from gk_workflow.api.entry.gate import SAFE, permitted_roles
from gk_workflow.api.entry.identity import AGENCY, COOKIE, CSRF, ROLE, UNIT
from gk_workflow.api.entry.operation import Answer, Known, Operation
from gk_workflow.api.wire.preconditions import IF_MATCH
from gk_workflow.api.wire.problems import MEDIA_TYPE, TITLES, Problem
from gk_workflow.api.wire.stated import NAME, REASON
from gk_workflow.core.permissions import View

# Any: a JSON document.
Json = dict[str, Any]

ALWAYS = (400, 429, 431, 500)
"""What any operation may answer: to a request that is no HTTP, to too many, and to the unforeseen."""
OF_THE_KNOWN = (401, 403, 503)
OF_BODIES = (408, 413)

_PATH_PARAMETERS: dict[str, Json] = {
    "case_id": {"type": "string", "format": "uuid"},
    "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "account": {"type": "string", "pattern": "^[a-z][a-z0-9._-]{1,39}$"},
    "key": {"type": "string", "pattern": "^[a-z2-7]{12}$"},
    "session": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
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
            "securitySchemes": _SCHEMES,
        },
    }


_DESCRIPTION = """Cases under 政府信息公开条例, from 提交 to 归档 and 救济.

Who asks shows an API key (`Authorization: Bearer gk_...`), or has logged in and sends the session's
cookie, with the token of the session in X-CSRF-Token wherever something is changed. X-Role, X-Unit
and X-Agency choose among several posts of an account (UTF-8, percent-encoded).
`x-permission` names the roles that may use an operation and of whose cases: own_unit, own_agency,
any, own_case; and the scope that an API key needs.
A command to a case bears the version that was seen (If-Match) and may bear an Idempotency-Key.
Every error is `application/problem+json` in Chinese, with the article of law where one decides."""

_SCHEMES: Json = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "gk_<id>_<secret>",
        "description": "接口密钥.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": COOKIE,
        "description": "登录会话, 由登录接口设置.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": CSRF,
        "description": "登录会话的防伪令牌, 与 Cookie 同时出示.",
    },
}


def _security(operation: Operation) -> list[Json]:
    """By key, or by session; a session that changes something also bears its token."""
    if operation.needs in (None, Known.NEWCOMER):
        return []
    session: Json = {"session": []}
    if operation.method not in SAFE:
        session["csrf"] = []
    return [session, {"key": []}] if operation.scope else [session]


def _permission(operation: Operation) -> Json | None:
    """Who may use it: roles with their relation, and a key's scope; None where it is open."""
    needs = operation.needs
    if needs is None or needs is Known.NEWCOMER:
        return None
    if isinstance(needs, Known):
        return {"needs": needs.value, "scope": None}
    return {
        "needs": needs.value if isinstance(needs, View) else needs.__name__,
        "roles": {role.value: relation.value for role, relation in permitted_roles(needs).items()},
        "scope": operation.scope and operation.scope.value,
    }


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
    told["security"] = _security(operation)
    permission = _permission(operation)
    if permission:
        told["x-permission"] = permission
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
    posts = () if isinstance(operation.needs, Known | None) else (ROLE, UNIT, AGENCY)
    found += [_ref("parameters", name) for name in (*posts, *operation.headers)]
    if operation.query is not None:
        found += schemas.parameters(operation.query)
    return found


def _ref(kind: str, name: object) -> Json:
    return {"$ref": f"#/components/{kind}/{name}"}


def _header(name: str) -> Json:
    return {"name": name, "in": "header", "required": name in _REQUIRED, **REQUEST_HEADERS[name]}


_REQUIRED = frozenset({IF_MATCH, NAME, REASON})


def _responses(operation: Operation, schemas: Schemas) -> Json:
    found = {str(status): _answer(one, schemas) for status, one in operation.answers.items()}
    known = () if operation.needs is None else OF_THE_KNOWN
    bodies = OF_BODIES if operation.body else ()
    for status in sorted({*operation.problems, *known, *bodies, *ALWAYS}):
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
