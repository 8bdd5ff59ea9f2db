"""Hostile input to every route that takes a body: 4xx naming the field, never 5xx, nothing stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from gk_workflow.api import operations
from gk_workflow.api.entry.operation import Operation
from tests.api.office import V1, Office, places, problem

# Any: JSON.
Json = Any

BODIES: dict[str, Operation] = {
    one.id: one for one in operations() if one.body and "application/json" in one.body
}
BAD_TEXTS = {
    "lone surrogate": "坏\ud800字",
    "reversed pair": "\ude00\ud83d",
    "NUL": "a\x00b",
    "C0 control": "a\x1bb",
    "carriage return": "a\r\nb",
    "DEL": "a\x7f",
    "C1 control": "a\x85b",
    "right-to-left override": "a\u202egpj.exe",
    "isolate": "\u2066a\u2069",
    "overlong": "长" * 4001,
    "1 MB": "x" * 1_000_000,
}
WRONG_KINDS = {
    "a list": ["x"],
    "an object": {"x": 1},
    "a float": 1.5,
    "not a number": "NaN",
    "null in a list": [None],
}


def path(office: Office, operation: Operation) -> str:
    """Where to send it."""
    return operation.path.replace("{case_id}", office.some_case).replace("{account}", "huiyuan")


def example(operation: Operation) -> Json:
    """A body that is well-formed."""
    given = operation.example
    return msgspec.to_builtins(given) if isinstance(given, msgspec.Struct) else given


def leaves(value: Json, at: str = "") -> Iterator[tuple[str, Json]]:
    """Each place in a body that is no object or list, with what stands there."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, f"{at}/{name}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from leaves(inner, f"{at}/{number}")
    else:
        yield at, value


def with_value(body: Json, at: str, value: object) -> bytes:
    """The body with something else at a place."""
    changed = json.loads(json.dumps(body))
    *way, last = at.strip("/").split("/")
    inner = changed
    for step in way:
        inner = inner[int(step) if isinstance(inner, list) else step]
    inner[int(last) if isinstance(inner, list) else last] = value
    return json.dumps(changed).encode()


def encoded_with(body: Json, member: str, value: object) -> bytes:
    """The body with one more member."""
    return json.dumps({**body, member: value}).encode()


@pytest.mark.parametrize("name", BODIES)
def test_bad_text_anywhere_is_told_with_its_place(shared: Office, name: str) -> None:
    operation = BODIES[name]
    body = example(operation)
    for at, was in leaves(body):
        if isinstance(was, str) and not at.endswith("/type"):
            for kind, text in BAD_TEXTS.items():
                answer = shared.raw(operation, path(shared, operation), with_value(body, at, text))
                assert (answer.status_code, places(answer)) == (422, [at]), (kind, answer.text)


@pytest.mark.parametrize("name", BODIES)
def test_a_value_of_the_wrong_kind_is_told_with_its_place(shared: Office, name: str) -> None:
    operation = BODIES[name]
    body = example(operation)
    for at, was in leaves(body):
        for kind, value in WRONG_KINDS.items():
            if isinstance(was, str) and isinstance(value, str):
                continue
            answer = shared.raw(operation, path(shared, operation), with_value(body, at, value))
            assert answer.status_code == 422, (at, kind, answer.text)
            assert all(place.startswith(at) for place in places(answer)), (at, kind, answer.text)


@pytest.mark.parametrize("name", BODIES)
def test_numbers_as_strings_and_impossible_dates_are_told_with_their_place(
    shared: Office, name: str
) -> None:
    operation = BODIES[name]
    body = example(operation)
    for at, was in leaves(body):
        wrong: list[object] = []
        if isinstance(was, int):
            wrong = [str(was), f" {was}", f"{was}.0", 10**30]
        elif isinstance(was, str) and len(was) == 10 and was[4] == was[7] == "-":
            wrong = ["2026-02-30", "2026-13-01", "2026-3-2", "20260302", "0000-00-00", 20260302]
            wrong += ["2026-03-02T00:00:00", "今天", ""]
        for value in wrong:
            answer = shared.raw(operation, path(shared, operation), with_value(body, at, value))
            assert (answer.status_code, places(answer)) == (422, [at]), (value, answer.text)


@pytest.mark.parametrize("name", BODIES)
def test_unknown_repeated_and_nested_unknown_members_are_told_by_name(
    shared: Office, name: str
) -> None:
    operation = BODIES[name]
    body = example(operation)
    where = path(shared, operation)
    unknown = shared.raw(operation, where, encoded_with(body, "nonsense~/", 1))
    assert (unknown.status_code, places(unknown)) == (422, ["/nonsense~0~1"])
    member = next(iter(body), "x")
    twice = json.dumps(body)[:-1] + f'{", " if body else ""}"{member}": 1, "{member}": 2}}'
    repeated = shared.raw(operation, where, twice.encode())
    assert (repeated.status_code, places(repeated)) == (422, [f"/{member}"])
    for field, inner in body.items():
        if isinstance(inner, dict):
            nested = shared.raw(operation, where, encoded_with(body, field, {**inner, "bad": 1}))
            assert (nested.status_code, places(nested)) == (422, [f"/{field}/bad"])


@pytest.mark.parametrize("name", BODIES)
def test_what_is_no_object_is_refused_as_a_whole(shared: Office, name: str) -> None:
    operation = BODIES[name]
    where = path(shared, operation)
    for body in (b"[]", b"null", b"1", b'"x"', b"true", b"", b"{", b"{}}", b"\xef\xbb\xbf{}"):
        answer = shared.raw(operation, where, body)
        assert (answer.status_code, places(answer)) == (422, [""]), (body, answer.text)
    for body in (b"NaN", b"[Infinity]", b"9" * 5000, b"[" * 100_000, b'{"a":' * 100_000):
        answer = shared.raw(operation, where, body)
        problem(answer)
        assert answer.status_code == 422, body[:20]


@pytest.mark.parametrize("name", BODIES)
def test_bytes_that_are_no_utf_8_are_told_with_the_field_they_stand_in(
    shared: Office, name: str
) -> None:
    operation = BODIES[name]
    body = example(operation)
    bad = json.dumps({**body, "x": "MARK"}).encode().replace(b"MARK", "坏".encode("gb18030"))
    answer = shared.raw(operation, path(shared, operation), bad)
    assert (answer.status_code, places(answer)) == (422, ["/x"])


@pytest.mark.parametrize("name", BODIES)
def test_too_much_and_other_types_are_refused_before_they_are_read(
    shared: Office, name: str
) -> None:
    operation = BODIES[name]
    where = path(shared, operation)
    large = shared.raw(operation, where, b'{"x": "' + b"x" * 1_048_577 + b'"}')
    problem(large)
    assert large.status_code == 413
    for media in ("text/plain", "application/xml", "", "application/x-www-form-urlencoded"):
        other = shared.raw(operation, where, b"{}", Content_Type=media)
        assert (other.status_code, places(other)) == (415, ["Content-Type"])


def test_a_body_of_unknown_length_is_cut_off_at_the_limit(shared: Office) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield b" " * 65_536

    headers = shared.identity() | {"Content-Type": "application/json"}
    answer = shared.client.post(f"{V1}/cases", content=endless(), headers=headers)
    problem(answer)
    assert answer.status_code == 413


# What comes back from the district's own log-in is tried with it, in test_oidc.
QUERIES = {one.id: one for one in operations() if one.query and one.id != "finishOidc"}
BAD_QUERIES = [
    "%00",
    "%E2%80%AE",
    "a%0Ab",
    "%1b",
    "x" * 600,
]


@pytest.mark.parametrize("name", QUERIES)
def test_bad_query_parameters_are_told_by_name(shared: Office, name: str) -> None:
    operation = QUERIES[name]
    assert operation.query is not None
    case_id = shared.open()["case_id"]
    where = operation.path.replace("{case_id}", case_id).replace("{year}", "2026")
    for field in msgspec.structs.fields(operation.query):
        for value in BAD_QUERIES:
            answer = shared.client.request(
                operation.method,
                f"{where}?{field.name}={value}",
                headers=shared.passport(operation) | {"Content-Type": "text/plain"},
            )
            assert (answer.status_code, places(answer)) == (422, [field.name]), answer.text
    unknown = shared.client.request(
        operation.method,
        f"{where}?nonsense=1",
        headers=shared.passport(operation) | {"Content-Type": "text/plain"},
    )
    problem(unknown)
    assert unknown.status_code == 422


def test_text_is_kept_in_nfc_and_every_script_is_welcome(office: Office) -> None:
    found = office.open(
        wanted="e\u0301 𠮷野家 😀 العربية עברית\n第二行\t制表",
        applicant={"kind": "natural_person", "name": "𪚥龘"},
    )
    asked = {"reason": "核对申请内容"}
    answer = office.client.post(
        f"{V1}/cases/{found['case_id']}/reveal", json=asked, headers=office.identity("HEAD")
    )
    case = answer.json()
    assert case["wanted"] == "é 𠮷野家 😀 العربية עברית\n第二行\t制表"
    assert case["applicant"]["name"] == "𪚥龘"


def test_nothing_hostile_was_stored(shared: Office) -> None:
    before = len(shared.services.registry.case_ids())
    shared.raw(BODIES["openCase"], f"{V1}/cases", json.dumps({"wanted": "\ud800"}).encode())
    assert len(shared.services.registry.case_ids()) == before
