"""What a patient attacker tries: spellings, proxies, failures in mid-answer, questions beside the question."""

from __future__ import annotations

import asyncio
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from gk_workflow.api import create_api
from gk_workflow.api.entry.frame import CutOff, Frame
from gk_workflow.api.entry.guard import Guard
from gk_workflow.api.entry.metrics import Metrics
from tests.api.lives import DAY, NEXT_DAY, OWN_UNIT, Secrets, content
from tests.api.office import ORIGIN, V1, Office, open_office, places, problem
from tests.api.test_applicant import NUMBER, applied, come

# Any: JSON.
Json = dict[str, Any]

WRONG = "370602199003079999"


@pytest.fixture
def tomorrow(office: Office) -> Office:
    """An office on the day after the first."""
    office.clock.day = NEXT_DAY
    return office


# --- guessing an applicant's proof ---------------------------------------------------------------


def test_a_code_written_otherwise_gives_no_new_tries(office: Office) -> None:
    code = applied(office)["query_code"]
    bare = code.replace("-", "")
    spelt = [code, bare, bare.lower(), f"{bare[:1]}-{bare[1:]}", f"{bare[:2]}\u200b{bare[2:]}"]
    spelt += [f"{bare[:3]}\u2010{bare[3:]}", f"{bare[:5]} {bare[5:]}"]
    assert [come(office, one, WRONG).status_code for one in spelt] == [401] * 5 + [429] * 2


def test_proofs_sent_at_once_get_no_more_tries(office: Office) -> None:
    code = applied(office)["query_code"]
    with ThreadPoolExecutor(12) as attackers:
        found = attackers.map(lambda _: come(office, code, WRONG).status_code, range(24))
        assert sorted(found) == [401] * 5 + [429] * 19


def test_right_proofs_use_up_no_tries(office: Office) -> None:
    code = applied(office)["query_code"]
    assert [come(office, code, NUMBER).status_code for _ in range(7)] == [201] * 7


# --- what an applicant is told -------------------------------------------------------------------


def handled(office: Office) -> str:
    """A case about which a third party was asked, and which a named clerk handles."""
    case_id: str = office.open(submitted_on=DAY)["case_id"]
    office.do(case_id, "accept", accepted_on=DAY)
    review = {"reviewed_on": DAY, "secrecy_opinion": "无密级事项"}
    office.do(case_id, "pass-review", "REVIEWER", **review)
    office.do(case_id, "assign", unit=OWN_UNIT, handler="zhangsan")
    asked = {"party": "某公司", "interest": "商业秘密", "sent_on": DAY, "received_on": DAY}
    office.do(case_id, "consult-third-party", **asked)
    return case_id


def approved(office: Office) -> str:
    """The same with a letter signed against the third party's will, and not served yet."""
    case_id = handled(office)
    said = {"opinion": "disagree", "reasons": "商业秘密"}
    office.do(case_id, "record-opinion", consultation=1, received_on=DAY, **said)
    office.do(case_id, "submit-draft", content=content(Secrets(), "partial"), drafted_on=DAY)
    office.do(case_id, "approve-reply", "HEAD", approved_on=DAY)
    told = {"content": "予以公开", "reasons": "公共利益"}
    office.do(case_id, "notify-third-party", consultation=1, notified_on=DAY, **told)
    return case_id


def own(office: Office, case_id: str, path: str = "") -> Json:
    """What the applicant reads of his case."""
    where = f"{V1}/cases/{case_id}{path}"
    answer = office.client.get(where, headers=office.applicant(case_id))
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def test_the_number_of_a_letter_is_told_to_the_applicant_once_it_is_served(
    tomorrow: Office,
) -> None:
    case_id = approved(tomorrow)
    assert tomorrow.read(f"/cases/{case_id}")["document_number"] == "只街公开部告〔2026〕1号"
    before = own(tomorrow, case_id)
    assert (before["document_number"], before["review_mandatory"]) == ("", None)
    tomorrow.do(case_id, "serve-reply", method="direct", served_on=DAY, signed_by="李四")
    after = own(tomorrow, case_id)
    assert (after["document_number"], after["review_mandatory"]) == (
        "只街公开部告〔2026〕1号",
        True,
    )


def test_the_applicant_is_told_the_unit_and_not_whose_account_handles_his_case(
    tomorrow: Office,
) -> None:
    case_id = handled(tomorrow)
    assert tomorrow.read(f"/cases/{case_id}")["handler"] == "zhangsan"
    found = own(tomorrow, case_id)
    assert (found["unit"], found["handler"]) == (OWN_UNIT, "")


def test_the_applicant_is_not_told_the_terms_of_others(tomorrow: Office) -> None:
    case_id = handled(tomorrow)
    told = {one["whose"] for one in tomorrow.read(f"/cases/{case_id}/deadlines")["deadlines"]}
    assert told == {"office", "third_party"}
    assert {one["whose"] for one in own(tomorrow, case_id, "/deadlines")["deadlines"]} == {"office"}


def test_the_applicant_is_not_told_that_a_third_party_appeals(tomorrow: Office) -> None:
    case_id = approved(tomorrow)
    tomorrow.do(case_id, "serve-reply", method="direct", served_on=DAY, signed_by="李四")
    for party in ("third_party", "applicant"):
        tomorrow.do(case_id, "file-reconsideration", filed_on=DAY, party=party)
        accepted = {"accepted_on": DAY, "copy_received_on": DAY, "procedure": "ordinary"}
        number = {"third_party": 1, "applicant": 2}[party]
        tomorrow.do(case_id, "accept-reconsideration", appeal=number, **accepted)
    assert [one["number"] for one in own(tomorrow, case_id)["appeals"]] == [2]
    limits = own(tomorrow, case_id, "/deadlines")["deadlines"]
    everybody = tomorrow.read(f"/cases/{case_id}/deadlines")["deadlines"]
    answers = [
        [one["subject"] for one in told if one["id"] == "reconsideration_answer_ordinary"]
        for told in (limits, everybody)
    ]
    assert answers == [["2"], ["1", "2"]]


def test_the_applicant_asks_what_he_himself_may_do_and_not_what_others_may(
    tomorrow: Office,
) -> None:
    case_id = handled(tomorrow)
    assert own(tomorrow, case_id, "/allowed?role=APPLICANT")["role"] == "APPLICANT"
    for role in ("CLERK", "HEAD", "SYSTEM"):
        where = f"{V1}/cases/{case_id}/allowed?role={role}"
        answer = tomorrow.client.get(where, headers=tomorrow.applicant(case_id))
        assert (answer.status_code, places(answer)) == (403, ["role"])


def test_an_applicant_cannot_fill_the_disk(tmp_path: Path) -> None:
    with open_office(tmp_path) as office:
        limit = office.services.policy.documents_per_case
        case_id = office.some_case
        said = office.applicant(case_id) | {"X-Document-Name": "a", "Content-Type": "text/plain"}
        where = f"{V1}/cases/{case_id}/documents"
        statuses = [
            office.client.post(where, content=f"{number}", headers=said).status_code
            for number in range(limit + 2)
        ]
        assert statuses == [201] * limit + [409] * 2


# --- proxies and metrics -------------------------------------------------------------------------


def near(office: Office, address: str = "127.0.0.1", base: str = "http://127.0.0.1") -> TestClient:
    """Somebody who speaks from an address."""
    return TestClient(create_api(office.services), base_url=base, client=(address, 1))


@pytest.mark.parametrize(
    ("host", "open_here"),
    [
        ("127.0.0.1:8000", True),
        ("localhost:8000", True),
        ("[::1]:8000", True),
        ("gk.example.gov.cn", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
    ],
)
def test_metrics_are_open_to_who_calls_this_machine_by_its_own_name(
    shared: Office, host: str, open_here: bool
) -> None:
    """A proxy on this machine that tells nothing of its client still keeps the host."""
    answer = near(shared).get("/metrics", headers={"Host": host})
    assert answer.status_code == (200 if open_here else 401)


def test_a_proxy_of_ours_on_this_machine_is_not_this_machine_itself(tmp_path: Path) -> None:
    with open_office(tmp_path, trusted_proxies=("127.0.0.1",)) as office:
        assert near(office).get("/metrics").status_code == 401
        assert near(office, "::1").get("/metrics").status_code == 200


def test_where_the_proxy_does_the_tls_nobody_comes_past_it(tmp_path: Path) -> None:
    with open_office(tmp_path, trusted_proxies=("10.1.1.1",), only_proxies=True) as office:
        statuses = {
            address: near(office, address).get("/healthz").status_code
            for address in ("10.1.1.1", "127.0.0.1", "::1", "203.0.113.5", "10.1.1.2")
        }
        assert statuses == {
            "10.1.1.1": 200,
            "127.0.0.1": 200,
            "::1": 200,
            "203.0.113.5": 403,
            "10.1.1.2": 403,
        }
        spoofed = {"X-Forwarded-For": "10.1.1.1", "X-Forwarded-Proto": "https"}
        answer = near(office, "203.0.113.5").get("/healthz", headers=spoofed)
        problem(answer)
        assert answer.status_code == 403


# --- failures ------------------------------------------------------------------------------------


def test_what_breaks_in_mid_answer_tells_the_server_s_log_nothing(shared: Office) -> None:
    """The server writes what is raised into its own log, with all that caused it."""

    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            raise ValueError("李四 370602199003071234")
        except ValueError as error:
            raise RuntimeError("王五") from error

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        assert message["status"] == 200

    frame = Frame(broken, Metrics(), Guard(shared.services), access_log=False)
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "scheme": "http",
        "headers": [(b"host", b"testserver")],
        "client": ("192.0.2.1", 1),
        "state": {},
    }
    with pytest.raises(CutOff) as raised:
        asyncio.run(frame(scope, receive, send))
    told = "".join(traceback.format_exception(raised.value))
    assert [one for one in ("李四", "3706021990", "王五") if one in told] == []


def test_readiness_is_answered_when_the_keys_are_damaged(tmp_path: Path) -> None:
    with open_office(tmp_path) as office:
        assert office.client.get("/readyz").status_code == 200
        for file in tmp_path.glob("keys.sqlite*"):
            with file.open("r+b") as store:
                store.write(b"\xde\xad\xbe\xef" * 2_000)
        answer = office.client.get("/readyz")
        assert (answer.status_code, answer.json()["status"]) == (503, "not ready")
        bare = TestClient(office.client.app, base_url=ORIGIN, raise_server_exceptions=False)
        read = bare.get(f"{V1}/cases", headers={"Authorization": "Bearer gk_a_b"})
        assert read.status_code == 401
