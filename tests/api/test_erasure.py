"""Restricted, then shredded: what is shown of a person, what is left in the files, and what does not change."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any, get_args
from urllib.parse import quote

import msgspec
import pytest

from gk_workflow.api import operations
from gk_workflow.api.entry.gate import permitted_roles
from gk_workflow.api.entry.operation import Known
from gk_workflow.core.events import CaseEvent
from gk_workflow.core.personal import personal_fields, personal_texts
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Role
from gk_workflow.keys import KeyRing
from gk_workflow.projections import Projections
from gk_workflow.registry import Registry
from tests.api.lives import BEGINNINGS, Lived, Secrets, live, opened
from tests.api.office import MASTER, V1, Json, Office, problem

ERASED, RESTRICTED = "〔已依法删除〕", "〔已限制处理〕"
BASIS = "《个人信息保护法》第四十七条"
WHY = {"reason": "核对"}
LONG_AFTER = date(2037, 1, 5)
"""Ten years after the archiving in 2026 have ended."""


def propose(office: Office, case_id: str, kind: str, *persons: str, ground: str = "ordered") -> int:
    """The administrator proposes; the number of the proposal."""
    body = {"kind": kind, "ground": ground, "legal_basis": BASIS, "persons": list(persons)}
    found = office.do(case_id, "propose-erasure", "ADMIN", **body)
    number: int = found["events"][0]["proposal"]
    return number


def erase(office: Office, case_id: str, kind: str, *persons: str, ground: str = "ordered") -> Json:
    """Proposed by the administrator, approved by the head."""
    number = propose(office, case_id, kind, *persons, ground=ground)
    return office.do(case_id, "decide-erasure", "HEAD", proposal=number, approve=True)


def reveal(office: Office, case_id: str) -> Any:
    """Ask for everything in clear (Any: a response of the client)."""
    where = f"{V1}/cases/{case_id}/reveal"
    return office.client.post(where, json=WHY, headers=office.identity("HEAD"))


def document(office: Office, lived: Lived) -> Any:
    """Ask for the whole one's document (Any: a response of the client)."""
    headers = office.identity("HEAD") | {"X-Reason": quote("核对")}
    where = f"{V1}/cases/{lived.whole}/documents/{lived.document}"
    return office.client.get(where, headers=headers)


def marks(office: Office, case_id: str) -> set[str]:
    """What stands in the personal fields of the case and of its history."""
    case = office.read(f"/cases/{case_id}")
    own = case["applicant"]
    found = {own["name"], own["identity_document"], own["contact"], own["agent"], case["wanted"]}
    found |= {one["name"] for one in case["documents"]}
    for entry in office.read(f"/cases/{case_id}/history")["events"]:
        for one in FIELDS.get(entry["event"], ()):
            value: Any = entry["content"]
            for name in one.split("."):
                value = value[name]
            found |= set(value) if isinstance(value, list) else {value}
    return found - {""}


FIELDS = {
    kind.__name__: [one.name for one in personal_fields(kind)] for kind in get_args(CaseEvent)
}


def withdrawn(office: Office, secrets: Secrets) -> str:
    """A short case, archived."""
    case_id = opened(office, secrets)
    office.do(case_id, "withdraw", withdrawn_on="2026-03-02", reason=secrets.text())
    office.do(case_id, "archive", archived_on="2026-03-02")
    return case_id


# --- restricted ----------------------------------------------------------------------------------


def test_of_the_restricted_only_the_mark_is_shown_to_whoever_asks(office: Office) -> None:
    lived = live(office)
    for case_id in lived.cases:
        done = erase(office, case_id, "restrict")
        assert done["events"][0]["type"] == "PersonalDataRestricted"
        assert marks(office, case_id) == {RESTRICTED}
        answer = reveal(office, case_id)
        assert (answer.status_code, problem(answer)["article"]) == (409, "个人信息保护法47")
    answer = document(office, lived)
    assert (answer.status_code, problem(answer)["article"]) == (409, "个人信息保护法47")
    lines = office.read("/cases")["cases"]
    assert {(one["applicant_name"], one["concealed"]) for one in lines} == {(RESTRICTED, True)}
    number = {"identity_document": lived.secrets.texts[1]}
    found = office.client.post(f"{V1}/cases/find", json=number, headers=office.identity("HEAD"))
    assert found.json()["cases"] == []


def test_why_somebody_looked_is_not_shown_either_of_the_restricted(office: Office) -> None:
    case_id = withdrawn(office, Secrets())
    assert reveal(office, case_id).status_code == 200
    erase(office, case_id, "restrict")
    entry = office.read("/access-record", role="AUDITOR")["entries"][0]
    assert (entry["actor"], entry["reason"]) == ("liuzhuren", RESTRICTED)


def test_a_restriction_that_is_lifted_leaves_no_trace_on_what_is_shown(office: Office) -> None:
    secrets = Secrets()
    case_id = withdrawn(office, secrets)
    before = office.read(f"/cases/{case_id}")
    erase(office, case_id, "restrict")
    erase(office, case_id, "lift")
    after = office.read(f"/cases/{case_id}")
    assert {**after, "version": 0} == {**before, "version": 0}
    assert secrets.found_in(reveal(office, case_id).text) == secrets.texts


def test_nothing_more_is_uploaded_for_the_restricted(office: Office) -> None:
    case_id = withdrawn(office, Secrets())
    erase(office, case_id, "restrict")
    headers = office.identity() | {"Content-Type": "text/plain", "X-Document-Name": "a.txt"}
    where = f"{V1}/cases/{case_id}/documents"
    answer = office.client.post(where, content=b"a", headers=headers)
    assert (answer.status_code, problem(answer)["article"]) == (409, "个人信息保护法47")


def test_the_receipt_is_not_told_again_once_its_case_is_restricted(office: Office) -> None:
    first = office.open(key="k")
    case_id = first["case_id"]
    office.do(case_id, "withdraw", withdrawn_on="2026-03-02")
    office.do(case_id, "archive", archived_on="2026-03-02")
    erase(office, case_id, "restrict")
    again = office.open(key="k")
    assert (again["case_id"], again["query_code"]) == (case_id, RESTRICTED)
    assert {again["events"][0]["applicant"]["name"], again["events"][0]["wanted"]} == {RESTRICTED}


def test_a_third_party_is_restricted_alone_and_so_is_the_applicant(office: Office) -> None:
    lived = live(office)
    before = reveal(office, lived.whole).json()["texts"]
    theirs = {one["text"] for one in before if one["person"] == "party-1"}
    erase(office, lived.whole, "restrict", "party-1")
    told = reveal(office, lived.whole)
    assert {one["text"] for one in told.json()["texts"] if one["person"] == "party-1"} == {
        RESTRICTED
    }
    assert [one for one in theirs if one in told.text] == []
    erase(office, lived.whole, "lift", "party-1")
    erase(office, lived.whole, "restrict", "applicant")
    told = reveal(office, lived.whole).json()
    assert {one["text"] for one in told["texts"] if one["person"] == "applicant"} == {RESTRICTED}
    assert {one["text"] for one in told["texts"] if one["person"] == "party-1"} == theirs
    assert (told["applicant"]["name"], told["wanted"]) == (RESTRICTED,) * 2


# --- shredded ------------------------------------------------------------------------------------


def shredded(office: Office, lived: Lived) -> None:
    """All that lived, long after: what had no appeal because its time is over, else by order."""
    office.clock.day = LONG_AFTER
    for case_id in lived.cases:
        ground = "ordered" if case_id == lived.whole else "retention_ended"
        erase(office, case_id, "restrict", ground=ground)
        done = erase(office, case_id, "shred", ground=ground)
        assert done["events"][0]["type"] == "PersonalDataShredded"


def counted(office: Office) -> list[Json]:
    """Everything that counts cases, on the same days."""
    return [
        office.read("/reports/2026"),
        office.read("/timeliness", since="2026-01-01", until="2026-12-31", on="2026-12-31"),
        office.read("/counts", on="2026-12-31"),
    ]


def test_shredded_texts_are_nowhere_any_more_and_no_count_changes(
    office: Office, tmp_path: Path
) -> None:
    lived = live(office)
    assert reveal(office, lived.whole).status_code == 200
    kept_secrets = Secrets(first=50_000)
    office.clock.day = date(2026, 3, 3)
    kept = opened(office, kept_secrets)
    before, rows = counted(office), list(office.services.registry.iter_raw())
    shredded(office, lived)
    for case_id in lived.cases:
        assert marks(office, case_id) == {ERASED}
        assert reveal(office, case_id).status_code == 409
    gone = document(office, lived)
    assert (gone.status_code, problem(gone)["article"]) == (410, "个人信息保护法47")
    assert counted(office) == before
    assert list(office.services.registry.iter_raw())[: len(rows)] == rows
    assert kept_secrets.found_in(reveal(office, kept).text) == kept_secrets.texts
    entries = office.read("/access-record", role="AUDITOR")["entries"]
    reasons = [one["reason"] for one in entries if one["kind"] == "revealed"]
    assert reasons == ["核对", ERASED]
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    hits = {one.name: lived.secrets.found_in(one.read_bytes()) for one in files}
    assert {name: found for name, found in hits.items() if found} == {}
    assert [one for one in files if BEGINNINGS.found_in(one.read_bytes())] == []


def test_a_fresh_copy_of_all_files_reads_as_erased(
    office: Office, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lived = live(office)
    shredded(office, lived)
    backup = tmp_path_factory.mktemp("backup") / "office"
    shutil.copytree(tmp_path, backup)
    with (
        KeyRing(backup / "keys.sqlite", MASTER, expect_existing=True) as keys,
        Registry(backup / "gk.sqlite", Policy(), keys=keys) as registry,
        Projections(backup / "gk.sqlite", registry, Policy()) as tables,
    ):
        texts = {text for row in registry.iter_all() for _, _, text in personal_texts(row.event)}
        assert texts == {ERASED}
        assert tables.verify().differences == ()


def test_nothing_is_shredded_before_its_time_without_a_restriction_or_alone(office: Office) -> None:
    case_id = withdrawn(office, Secrets())
    early = {"kind": "shred", "ground": "retention_ended", "legal_basis": BASIS}
    answer = office.send(case_id, "propose-erasure", early, role="ADMIN")
    assert (answer.status_code, problem(answer)["article"]) == (409, "个人信息保护法47")
    erase(office, case_id, "restrict")
    office.clock.day = date(2036, 12, 31)
    answer = office.send(case_id, "propose-erasure", early, role="ADMIN")
    assert (answer.status_code, problem(answer)["article"]) == (
        409,
        "个人信息保护法47(2)、国家档案局令第8号",
    )
    office.clock.day = date(2037, 1, 1)
    number = propose(office, case_id, "shred", ground="retention_ended")
    decision = {"proposal": number, "approve": True}
    for role in ("CLERK", "REVIEWER", "ADMIN", "AUDITOR"):
        assert office.send(case_id, "decide-erasure", decision, role=role).status_code == 403
    alone = office.identity("HEAD", actor="guanliyuan") | {"If-Match": "*"}
    where = f"{V1}/cases/{case_id}/decide-erasure"
    assert office.client.post(where, json=decision, headers=alone).status_code == 403
    office.do(case_id, "decide-erasure", "HEAD", **decision)


# --- what is due ---------------------------------------------------------------------------------


def test_what_need_not_be_kept_is_listed_with_what_comes_next(office: Office) -> None:
    lived = live(office)
    assert office.read("/retention/due", role="ADMIN")["cases"] == []
    office.clock.day = LONG_AFTER
    due = office.read("/retention/due", role="ADMIN")
    # The one with appeals is kept for thirty years.
    assert {one["case_id"] for one in due["cases"]} == {lived.spot, lived.mailed, lived.part}
    assert due["total"] == 3
    assert {one["kept_until"] for one in due["cases"]} == {"2037-01-01"}
    assert {(one["next"], one["next_label"]) for one in due["cases"]} == {("restrict", "限制处理")}
    erase(office, lived.spot, "restrict", ground="retention_ended")
    nexts = {
        one["case_id"]: one["next"] for one in office.read("/retention/due", role="HEAD")["cases"]
    }
    assert (nexts[lived.spot], nexts[lived.part]) == ("shred", "restrict")
    erase(office, lived.spot, "shred", ground="retention_ended")
    left = office.read("/retention/due", role="AUDITOR", limit=1)
    assert (left["total"], len(left["cases"])) == (2, 1)
    assert office.read("/retention/due", role="ADMIN", on="2036-12-31")["total"] == 0
    assert office.get("/retention/due", role="CLERK").status_code == 403


# --- another agency ------------------------------------------------------------------------------


OF_CASES = {one.id: one for one in operations() if "{case_id}" in one.path}


@pytest.mark.parametrize("name", OF_CASES)
def test_for_another_agency_there_is_no_such_case_on_any_route(shared: Office, name: str) -> None:
    operation = OF_CASES[name]
    cases = shared.read("/cases")["cases"]
    case_id = cases[0]["case_id"] if cases else shared.open()["case_id"]
    assert not isinstance(operation.needs, Known | None)
    role = next(one for one in permitted_roles(operation.needs) if one is not Role.APPLICANT)
    said = {"If-Match": "*", "X-Reason": "a", "X-Document-Name": "a.txt"}
    if operation.body:
        said["Content-Type"] = next(iter(operation.body))
    answer = shared.client.request(
        operation.method,
        operation.path.replace("{case_id}", case_id).replace("{digest}", "0" * 64),
        headers=shared.identity(role, actor="waidi", agency="qita") | said,
        content=b"" if operation.example is None else msgspec.json.encode(operation.example),
    )
    assert problem(answer)["detail"] == "没有这一办件，请核对办件编号。"
    assert answer.status_code == 404
