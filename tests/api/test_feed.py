"""The event feed by pages: in the order of the log, resumable, and nothing of any person in it."""

from __future__ import annotations

from tests.api.office import V1, Office, identity, places


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
        headers = {name.encode(): value.encode() for name, value in identity().items()}
        headers |= {b"Accept": b"text/event-stream", b"Last-Event-ID": last.encode()}
        answer = shared.client.get(f"{V1}/events", headers=headers)
        assert (answer.status_code, places(answer)) == (400, ["Last-Event-ID"])
