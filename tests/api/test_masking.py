"""Nobody's data in any answer, address, log line, metric or file, in lives that fill every personal field."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import get_args
from uuid import UUID

import msgspec
import pytest
import structlog
from httpx2 import Response
from starlette.testclient import TestClient

from gk_workflow.api import create_api, openapi_document, operations
from gk_workflow.api.entry.gate import permitted_roles
from gk_workflow.api.entry.operation import Known, Operation
from gk_workflow.core.events import CaseEvent
from gk_workflow.core.personal import personal_fields, personal_texts
from tests.api.lives import BEGINNINGS, Lived, Secrets, live
from tests.api.office import ORIGIN, V1, Json, Office, open_office

OPERATIONS = {one.id: one for one in operations()}
READING = {name: one for name, one in OPERATIONS.items() if one.method == "GET"}
COMMANDING = {
    name: one for name, one in OPERATIONS.items() if one.path.startswith(f"{V1}/cases/{{case_id}}/")
}
IN_CLEAR = {"getDocument"}
"""What is read by GET and may show a person: for a reason, on record."""


@dataclass
class Town:
    """An office in which everything happened, with all it ever answered."""

    office: Office
    lived: Lived
    folder: Path
    answers: list[Response] = field(default_factory=list)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """One for all tests here, which only read."""
    folder = tmp_path_factory.mktemp("town")
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answer.read()
        answers.append(answer)

    with open_office(folder) as office:
        office.client.event_hooks = {"response": [note]}
        lived = live(office)
        office.client.event_hooks = {}
        yield Town(office, lived, folder, answers)


def seen(secrets: Secrets, shown: str | bytes) -> list[str]:
    """What is to be seen of them there, in whole or of how they begin."""
    return secrets.found_in(shown) + BEGINNINGS.found_in(shown)


def test_every_personal_field_is_filled_somewhere_in_these_lives(town: Town) -> None:
    filled = {
        (type(row.event).__name__, one.name)
        for row in town.office.services.registry.iter_all()
        for one, _, _ in personal_texts(row.event)
    }
    every = {
        (kind.__name__, one.name) for kind in get_args(CaseEvent) for one in personal_fields(kind)
    }
    assert every - filled == set()


# --- commands ------------------------------------------------------------------------------------


def test_no_answer_to_a_command_shows_anybody_but_the_receipt_its_own_code(town: Town) -> None:
    for answer in town.answers:
        code = answer.json().get("query_code") if answer.status_code == 201 else None
        shown = seen(town.lived.secrets, answer.text)
        assert shown == ([code] if code else []), (answer.request.url, answer.text)


def test_no_address_holds_anything_personal(town: Town) -> None:
    assert [one for a in town.answers if (one := seen(town.lived.secrets, str(a.url)))] == []


# --- reading -------------------------------------------------------------------------------------


def addresses(operation: Operation, lived: Lived) -> Iterator[str]:
    """The operation's path, for each case where it is a case's."""
    path = operation.path.replace("{year}", "2026").replace("{digest}", lived.document)
    path = path.replace("{account}", "zhangsan")
    for case_id in lived.cases if "{case_id}" in path else ("",):
        yield path.replace("{case_id}", case_id)


def readers(office: Office, operation: Operation) -> Iterator[dict[str, str]]:
    """The headers of everybody who may read it."""
    if operation.needs is None or isinstance(operation.needs, Known):
        yield office.passport(operation)
        return
    for role in permitted_roles(operation.needs):
        if role.value != "APPLICANT":
            yield office.identity(role.value)


WITHOUT_OIDC = ("beginOidc", "finishOidc")
"""Nobody but the office itself lets in here: tests/api/test_oidc.py has an issuer."""


@pytest.mark.parametrize("name", [name for name in READING if name not in IN_CLEAR])
def test_whoever_reads_whatever_sees_nobody(town: Town, name: str) -> None:
    for where in addresses(READING[name], town.lived):
        for headers in readers(town.office, READING[name]):
            answer = town.office.client.get(where, headers=headers)
            assert answer.status_code == (404 if name in WITHOUT_OIDC else 200), answer.text
            assert seen(town.lived.secrets, answer.text) == [], where


def test_what_is_read_is_there_and_says_that_it_is_masked(town: Town) -> None:
    case = town.office.read(f"/cases/{town.lived.whole}")
    assert case["applicant"]["name"] == "欧*"
    assert case["applicant"]["identity_document"] == f"9{'*' * 16}1"
    assert (case["wanted"], case["documents"][0]["name"]) == ("〔个人信息〕", "〔个人信息〕")
    assert "query_code" not in case
    events = town.office.read(f"/cases/{town.lived.whole}/history")["events"]
    assert len(events) == case["version"]
    assert next(one for one in town.office.read("/cases")["cases"])["applicant_name"] == "欧*"


def test_the_applicant_himself_sees_what_he_said_and_nothing_else(town: Town) -> None:
    headers = town.office.applicant(town.lived.whole)
    case = town.office.services.registry.load(UUID(town.lived.whole))
    assert case is not None
    own = {text for _, _, text in personal_texts(case.applicant)} | {case.wanted}
    answer = town.office.client.get(f"{V1}/cases/{town.lived.whole}", headers=headers)
    assert set(town.lived.secrets.found_in(answer.text)) == own
    for what in ("deadlines", "allowed"):
        answer = town.office.client.get(f"{V1}/cases/{town.lived.whole}/{what}", headers=headers)
        assert answer.status_code == 200, answer.text
        assert seen(town.lived.secrets, answer.text) == []


def test_the_applicant_does_not_see_which_documents_the_office_has(town: Town) -> None:
    headers = town.office.applicant(town.lived.whole)
    answer = town.office.client.get(f"{V1}/cases/{town.lived.whole}", headers=headers)
    assert town.lived.document not in answer.text
    assert answer.json()["documents"] == []


def test_the_stream_of_events_shows_nobody(town: Town) -> None:
    services = replace(town.office.services, feed_lifetime=0.2, feed_poll=0.02)
    headers = town.office.identity("ANALYST") | {"Accept": "text/event-stream"}
    with TestClient(create_api(services), base_url=ORIGIN) as client:
        told = client.get(f"{V1}/events", headers=headers).text
    assert told.count("event: case") > 60
    assert seen(town.lived.secrets, told) == []


def test_the_description_of_the_service_shows_nobody(town: Town) -> None:
    assert seen(town.lived.secrets, json.dumps(openapi_document(), ensure_ascii=False)) == []


# --- refusals ------------------------------------------------------------------------------------


def bodies(operation: Operation, secrets: Secrets) -> Iterator[bytes]:
    """A body that is lawful by form, and such as are not."""
    known: Json = msgspec.to_builtins(operation.example)
    words = {name: secrets.text() for name, inner in known.items() if inner and name != "type"}
    free = {name: text for name, text in words.items() if _may_name_somebody(name, known[name])}
    yield json.dumps({**known, **free}).encode()
    yield json.dumps({name: [text] for name, text in words.items()}).encode()
    yield json.dumps({name: f"{text}\x00" for name, text in words.items()}).encode()
    yield json.dumps({name: text * 500 for name, text in words.items()}).encode()
    yield json.dumps({**known, "type": secrets.name()}).encode()
    yield f'"{secrets.number()}"'.encode()
    yield f"{secrets.number()}，{{".encode()


OF_THE_OFFICE = frozenset({"unit", "handler", "authority", "organ", "court", "competent_agency"})


def _may_name_somebody(name: str, value: object) -> bool:
    words = isinstance(value, str) and any("\u4e00" <= letter <= "\u9fff" for letter in value)
    return words and name not in OF_THE_OFFICE


NOT_REFUSED = ("reveal", "proposeErasure")
"""What shows in clear on purpose, and what is lawful for every case that has ended."""


@pytest.mark.parametrize(
    "name",
    [name for name, one in COMMANDING.items() if one.example and name not in NOT_REFUSED],
)
def test_no_refusal_repeats_what_was_said_of_anybody(town: Town, name: str) -> None:
    secrets, operation = Secrets(first=20_000), COMMANDING[name]
    statuses = set()
    for body in bodies(operation, secrets):
        answer = town.office.raw(
            operation, operation.path.replace("{case_id}", town.lived.whole), body
        )
        statuses.add(answer.status_code)
        assert seen(secrets, answer.text) == [], answer.text
    assert 422 in statuses
    assert statuses <= {409, 422}


def test_an_opening_that_is_refused_repeats_nothing(town: Town) -> None:
    secrets = Secrets(first=10_000)
    for body in bodies(OPERATIONS["openCase"], secrets):
        answer = town.office.raw(OPERATIONS["openCase"], f"{V1}/cases", body)
        code = [answer.json()["query_code"]] if answer.status_code == 201 else []
        assert Secrets(code).found_in(answer.text) == code
        assert seen(secrets, answer.text) == []


def test_an_address_that_names_somebody_is_not_repeated(town: Town) -> None:
    secrets = Secrets(first=30_000)
    office = town.office
    for where in ("/cases/{}", "/cases/{}/history", "/{}", "/documents/{}", "/cases?status={}"):
        address = f"{V1}{where.format(secrets.name())}"
        answer = office.client.get(address, headers=office.identity())
        assert answer.status_code in (404, 422)
        assert seen(secrets, answer.text) == []


# --- what the service leaves behind ----------------------------------------------------------------


def test_neither_log_lines_nor_metrics_show_anybody(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    services = replace(town.office.services, access_log=True)
    caplog.set_level(logging.DEBUG)
    with (
        structlog.testing.capture_logs() as lines,
        TestClient(create_api(services), base_url=ORIGIN) as client,
    ):
        lived = live(replace(town.office, client=client))
        _asked_for(town.office, client, lived)
        metrics = client.get("/metrics", headers=town.office.identity("SYSTEM")).text
    assert len(lines) > 60
    assert seen(lived.secrets, json.dumps(lines, ensure_ascii=False, default=str)) == []
    ours = [one.getMessage() for one in caplog.records if not one.name.startswith("httpx")]
    assert seen(lived.secrets, "".join(ours)) == []
    assert 'gk_commands_total{command="OpenCase"' in metrics
    assert seen(lived.secrets, metrics) == []


def _asked_for(office: Office, client: TestClient, lived: Lived) -> None:
    """Personal data is also shown, and looked for, and asked for in vain."""
    head = office.identity("HEAD")
    why = {"reason": lived.secrets.text()}
    assert (
        client.post(f"{V1}/cases/{lived.whole}/reveal", json=why, headers=head).status_code == 200
    )
    sought = {"identity_document": lived.secrets.texts[1]}
    assert client.post(f"{V1}/cases/find", json=sought, headers=head).status_code == 200
    client.get(f"{V1}/cases/{lived.secrets.name()}", headers=head)
    client.get(f"{V1}/cases", params={"unit": lived.secrets.name()}, headers=head)


def test_no_file_of_the_office_shows_anybody(town: Town) -> None:
    files = [one for one in town.folder.rglob("*") if one.is_file()]
    assert {"gk.sqlite", "gk.sqlite-wal", "keys.sqlite", "people.sqlite"} <= {f.name for f in files}
    assert len([one for one in files if "documents" in one.parts]) > 0
    assert [
        (one.name, found) for one in files if (found := seen(town.lived.secrets, one.read_bytes()))
    ] == []


# --- and yet it is all there -----------------------------------------------------------------------


def test_all_of_it_is_there_for_who_may_see_it(town: Town) -> None:
    office, lived, shown = town.office, town.lived, ""
    for case_id in lived.cases:
        answer = office.client.post(
            f"{V1}/cases/{case_id}/reveal", json={"reason": "核对"}, headers=office.identity("HEAD")
        )
        assert answer.status_code == 200, answer.text
        shown += answer.text
    reason = office.identity("HEAD") | {"X-Reason": "%E6%A0%B8%E5%AF%B9"}
    where = f"{V1}/cases/{lived.whole}/documents/{lived.document}"
    shown += office.client.get(where, headers=reason).text
    assert lived.secrets.found_in(shown) == lived.secrets.texts
