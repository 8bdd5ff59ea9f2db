"""The event feed by pages: in the order of the log, resumable, and nothing of any person in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from uuid import UUID

from starlette.testclient import TestClient

from gk_workflow.api import create_api
from gk_workflow.api.views.feed import SCANNED
from gk_workflow.core.commands import Assign
from gk_workflow.core.terms import Grant, Role, Stamp
from tests.api.office import ORIGIN, V1, Office, application, cookie, places


def test_the_feed_tells_what_happened_to_which_case(office: Office) -> None:
    first = office.open()
    office.do(first["case_id"], "accept", accepted_on="2026-03-02")
    page = office.read("/events")
    assert [(one["event"], one["version"], one["status_after"]) for one in page["entries"]] == [
        ("CaseOpened", 1, "SUBMITTED"),
        ("ReceiptConfirmed", 2, "RECEIVED"),
        ("Accepted", 3, "UNDER_REVIEW"),
    ]
    assert page["entries"][2] == {
        "position": page["log_end"],
        "case_id": first["case_id"],
        "number": "zhichu-2026-0001",
        "version": 3,
        "event": "Accepted",
        "event_label": "受理",
        "record_time": "2026-03-02T02:00:00Z",
        "role": "CLERK",
        "unit": "党政办公室",
        "status_after": "UNDER_REVIEW",
        "status_after_label": "审查中",
    }


def test_the_feed_is_read_in_pages_to_the_end_of_the_log(office: Office) -> None:
    for _ in range(3):
        office.open()
    whole = office.read("/events")["entries"]
    after, told = 0, []
    while True:
        page = office.read("/events", after=after, limit=4)
        told += page["entries"]
        if page["next_after"] == after:
            break
        after = page["next_after"]
    assert told == whole
    assert after == page["log_end"]


def test_a_page_is_full_although_bookkeeping_stands_before_the_first_case(office: Office) -> None:
    office.open()
    page = office.read("/events", after=0, limit=2)
    assert [one["event"] for one in page["entries"]] == ["CaseOpened", "ReceiptConfirmed"]


def test_a_page_in_the_middle_of_a_case_knows_where_the_case_stood(office: Office) -> None:
    case_id = office.open()["case_id"]
    office.do(case_id, "accept", accepted_on="2026-03-02")
    last = office.read("/events")["log_end"]
    page = office.read("/events", after=last - 1)
    assert [one["status_after"] for one in page["entries"]] == ["UNDER_REVIEW"]


def test_nothing_of_any_person_is_in_the_feed(office: Office) -> None:
    secrets = ("秘密姓名", "秘密电话", "秘密身份", "秘密内容", "秘密代理", "zhangsan")
    office.open(
        wanted="秘密内容",
        applicant={
            "kind": "natural_person",
            "name": "秘密姓名",
            "contact": "秘密电话",
            "identity_document": "秘密身份",
            "agent": "秘密代理",
        },
    )
    text = office.get("/events").text
    assert [secret for secret in secrets if secret in text] == []


def test_a_last_event_id_that_is_none_is_a_bad_request(shared: Office) -> None:
    for last in ("abc", "-1", "9" * 17, "１"):
        headers = {name.encode(): value.encode() for name, value in shared.identity().items()}
        headers |= {b"Accept": b"text/event-stream", b"Last-Event-ID": last.encode()}
        answer = shared.client.get(f"{V1}/events", headers=headers)
        assert (answer.status_code, places(answer)) == (400, ["Last-Event-ID"])


def test_the_feed_passes_over_other_agencies_and_goes_on_behind_them(office: Office) -> None:
    office.open()
    elsewhere = office.identity(actor="waidi", agency="qita")
    opening = application(agency="qita")
    office.client.post(f"{V1}/cases", json=opening, headers=elsewhere)
    office.open()
    pages = [
        office.client.get(f"{V1}/events{asked}", headers=headers).json()
        for headers, asked in (
            (office.identity(), ""),
            (elsewhere, ""),
            (office.identity("ANALYST", actor="shifenxi", agency="*"), ""),
            (office.identity("ANALYST", actor="shifenxi", agency="*"), "?agency=qita"),
        )
    ]
    numbers = [{one["number"] for one in page["entries"]} for page in pages]
    zhichu, qita = {"zhichu-2026-0001", "zhichu-2026-0002"}, {"qita-2026-0001"}
    assert numbers == [zhichu, qita, zhichu | qita, qita]
    assert {page["next_after"] for page in pages} == {pages[0]["log_end"]}
    asked = office.client.get(f"{V1}/events?agency=zhichu", headers=elsewhere)
    assert (asked.status_code, places(asked)) == (403, ["agency"])


def test_a_small_agencys_page_is_short_but_leads_on(office: Office) -> None:
    case_id = UUID(office.open()["case_id"])
    registry, stamp = (
        office.services.registry,
        Stamp(office.clock.now(), "a", Role.CLERK, "", "zhichu"),
    )
    sent = [registry.submit(case_id, Assign(f"{n}"), stamp) for n in range(SCANNED)]
    assert sent[-1].result().version == SCANNED + 2
    elsewhere = office.identity(actor="waidi", agency="qita")
    office.client.post(f"{V1}/cases", json=application(agency="qita"), headers=elsewhere)
    first = office.client.get(f"{V1}/events", headers=elsewhere).json()
    assert (first["entries"], first["next_after"] < first["log_end"]) == ([], True)
    link = f"{V1}/events?after={first['next_after']}"
    assert len(office.client.get(link, headers=elsewhere).json()["entries"]) == 2


def ends(office: Office, headers: dict[str, str], then: Callable[[], object]) -> bool:
    """Whether a stream ends, long before its time is over, once something has been done."""
    services = replace(office.services, feed_lifetime=60.0, feed_poll=0.01, feed_heartbeat=0.05)
    asked = headers | {"Accept": "text/event-stream"}
    with TestClient(create_api(services), base_url=ORIGIN) as client, ThreadPoolExecutor(1) as one:
        reading = one.submit(client.get, f"{V1}/events", headers=asked)
        # Twice as long as it takes to be asked again who reads: it goes on for who may read.
        time.sleep(0.2)
        assert not reading.done()
        then()
        answer = reading.result(30)
    return answer.status_code == 200 and answer.text.startswith("retry:")


def test_a_stream_ends_with_the_session_of_its_reader(office: Office) -> None:
    session = office.enter("huiyuan", CLERK)
    assert ends(office, cookie(session), lambda: office.people.log_out(session.token))


def test_a_stream_ends_with_the_key_of_its_reader(office: Office) -> None:
    headers = office.identity(actor="jiekou")
    made = office.people.keys("jiekou")[0]
    assert ends(office, headers, lambda: office.people.revoke_key(made.id))


def test_a_stream_ends_with_the_post_of_its_reader(office: Office) -> None:
    headers = cookie(office.enter("huiyuan", CLERK))
    assert ends(office, headers, lambda: office.people.remove_grant("huiyuan", CLERK))


CLERK = Grant(Role.CLERK, "zhichu", "党政办公室")
