"""Whole lives of a case over HTTP: from the counter to the archive, and through a review."""

from __future__ import annotations

from datetime import date

from tests.api.office import Json, Office


def _handled(office: Office) -> str:
    """A case in handling on 9 March, a third party consulted and against disclosure."""
    case_id = str(office.open()["case_id"])
    office.do(case_id, "accept", accepted_on="2026-03-02")
    office.do(
        case_id, "pass-review", "REVIEWER", reviewed_on="2026-03-02", secrecy_opinion="不涉密"
    )
    office.do(case_id, "assign", unit="城建科", handler="zhaoliu")
    office.clock.day = date(2026, 3, 9)
    office.do(
        case_id,
        "consult-third-party",
        "CLERK@城建科",
        party="某某建设有限公司",
        interest="商业秘密",
        sent_on="2026-03-09",
        received_on="2026-03-09",
    )
    return case_id


def _replied(office: Office, case_id: str, outcome: Json) -> Json:
    """Opinion on 16 March, draft, signature and service by post the same day."""
    office.clock.day = date(2026, 3, 16)
    day = "2026-03-16"
    office.do(case_id, "record-opinion", consultation=1, received_on=day, opinion="disagree")
    office.do(case_id, "submit-draft", "CLERK@城建科", content=outcome, drafted_on=day)
    office.do(case_id, "approve-reply", "HEAD", approved_on=day)
    return office.do(case_id, "serve-reply", method="post", served_on=day, proof="EMS1")


_DENIED = {
    "outcome": "denied.third_party",
    "reasons": "涉及第三方商业秘密且第三方不同意公开",
    "legal_basis": "《政府信息公开条例》第十五条、第三十二条",
}


def test_a_case_lives_from_the_counter_to_the_archive(office: Office) -> None:
    case_id = _handled(office)
    found = _replied(office, case_id, _DENIED)
    assert (found["status"], found["status_label"]) == ("REPLIED", "已答复")
    office.clock.day = date(2026, 3, 19)
    office.do(case_id, "record-delivery", delivered_on="2026-03-18", signed_by="李四")
    found = office.do(case_id, "archive", archived_on="2026-03-19")
    assert found["status"] == "ARCHIVED"
    case = office.read(f"/cases/{case_id}")
    assert (case["outcome"], case["table3_row"]) == ("denied.third_party", "三（三）4")
    assert (case["review_mandatory"], case["unit"], case["handler"]) == (True, "城建科", "zhaoliu")
    assert case["document_number"] == "只街公开不告〔2026〕1号"
    assert case["timeliness"]["first_on_time"] is True


def test_the_history_tells_each_step_with_its_article_and_statuses(office: Office) -> None:
    case_id = _handled(office)
    _replied(office, case_id, _DENIED)
    events = office.read(f"/cases/{case_id}/history")["events"]
    told = [
        (one["event"], one["article"], one["status_before"], one["status_after"]) for one in events
    ]
    assert told == [
        ("CaseOpened", "条例29、45", None, "SUBMITTED"),
        ("ReceiptConfirmed", "条例31", "SUBMITTED", "RECEIVED"),
        ("Accepted", "条例33", "RECEIVED", "UNDER_REVIEW"),
        ("ReviewPassed", "条例17、45", "UNDER_REVIEW", "IN_HANDLING"),
        ("Assigned", "条例45", "IN_HANDLING", "IN_HANDLING"),
        ("ThirdPartyConsulted", "条例32", "IN_HANDLING", "CONSULTING"),
        ("OpinionReceived", "条例32、34", "CONSULTING", "CONSULTING"),
        ("ConsultationsCompleted", "条例33(3)", "CONSULTING", "IN_HANDLING"),
        ("DraftSubmitted", "条例33、36", "IN_HANDLING", "AWAITING_APPROVAL"),
        ("ReplyApproved", "条例33、36", "AWAITING_APPROVAL", "APPROVED"),
        ("ReplyServed", "国办公开办函〔2016〕235号", "APPROVED", "REPLIED"),
    ]
    assert [one["version"] for one in events] == list(range(1, 12))
    assert events[0]["record_time"] == "2026-03-02T02:00:00Z"
    assert {one["role"] for one in events} == {"CLERK", "REVIEWER", "HEAD"}


def test_every_limit_is_explained_day_by_day_up_to_its_due_date(office: Office) -> None:
    case_id = _handled(office)
    _replied(office, case_id, _DENIED)
    found = office.read(f"/cases/{case_id}/deadlines", on="2026-03-20")
    reply = next(one for one in found["deadlines"] if one["id"] == "reply")
    # Five 工作日 of the consultation do not count: (9 March, 16 March].
    assert (reply["due"], reply["met_on"], reply["calendar_status"]) == (
        "2026-04-07",
        "2026-03-16",
        "final",
    )
    assert reply["excluded"] == [
        {"after": "2026-03-09", "to": "2026-03-16", "article": "条例32、33(3)"}
    ]
    counted = [day for day in reply["explanation"] if day["counted"]]
    assert (counted[-1]["counted"], counted[-1]["day"]) == (20, reply["due"])
    skipped = {day["day"]: day["article"] for day in reply["explanation"] if not day["counted"]}
    assert skipped["2026-03-10"] == "条例32、33(3)"
    assert skipped["2026-04-06"].startswith("国办发明电")
    assert {one["id"] for one in found["deadlines"]} >= {"reply", "third_party_opinion"}


def test_the_limits_of_a_suit_are_told_with_whose_they_are(office: Office) -> None:
    case_id = _handled(office)
    _replied(office, case_id, _DENIED)
    office.do(case_id, "record-delivery", delivered_on="2026-03-16", signed_by="李四")
    office.do(case_id, "file-suit", filed_on="2026-03-16", kind="suit_direct")
    copied = {"accepted_on": "2026-03-16", "copy_received_on": "2026-03-16"}
    office.do(case_id, "accept-suit", appeal=1, **copied)
    told = office.read(f"/cases/{case_id}/deadlines")["deadlines"]
    assert {one["whose"]: one["whose_label"] for one in told} == {
        "office": "本机关",
        "applicant": "申请人",
        "third_party": "第三方",
        "court": "人民法院",
    }


def test_deadlines_of_a_day_use_the_calendar_known_on_another(office: Office) -> None:
    case_id = office.open()["case_id"]
    found = office.read(f"/cases/{case_id}/deadlines", as_of="2025-06-01", on="2026-03-03")
    assert found["deadlines"][0]["calendar_status"] == "provisional"
    assert office.read(f"/cases/{case_id}/deadlines")["deadlines"][0]["calendar_status"] == "final"


def test_what_is_allowed_depends_on_the_role_and_is_offered_with_its_address(
    office: Office,
) -> None:
    case_id = office.open()["case_id"]
    mine = office.read(f"/cases/{case_id}/allowed")
    assert mine["role"] == "CLERK"
    accept = next(one for one in mine["commands"] if one["command"] == "Accept")
    assert (accept["label"], accept["article"], accept["path"]) == (
        "受理",
        "条例33",
        f"/api/v1/cases/{case_id}/accept",
    )
    heads = office.read(f"/cases/{case_id}/allowed", role="HEAD")
    where = f"/api/v1/cases/{case_id}/allowed?role=HEAD"
    assert office.client.get(where, headers=office.identity()).json() == heads
    assert "Accept" not in [one["command"] for one in heads["commands"]]
    office.do(case_id, "accept", accepted_on="2026-03-02")
    later = [one["command"] for one in office.read(f"/cases/{case_id}/allowed")["commands"]]
    assert "Accept" not in later


def test_a_reply_ordered_anew_by_the_review_is_handled_again(office: Office) -> None:
    case_id = _handled(office)
    _replied(office, case_id, _DENIED)
    office.clock.day = date(2026, 5, 29)
    office.do(case_id, "record-delivery", delivered_on="2026-03-18", signed_by="李四")
    office.do(case_id, "file-reconsideration", filed_on="2026-04-01")
    office.do(
        case_id,
        "accept-reconsideration",
        appeal=1,
        accepted_on="2026-04-03",
        copy_received_on="2026-04-08",
    )
    office.do(case_id, "answer-reconsideration", appeal=1, answered_on="2026-04-15")
    office.do(
        case_id,
        "record-reconsideration",
        appeal=1,
        decided_on="2026-05-28",
        received_on="2026-05-29",
        result="revoked_redo",
        redo_workdays=15,
    )
    found = office.do(case_id, "reopen", appeal=1)
    assert found["status"] == "IN_HANDLING"
    told = office.read(f"/cases/{case_id}/history")["events"]
    assert [(one["event_label"], one["article"]) for one in told[-5:-1]] == [
        ("申请复议", "行政复议法20"),
        ("复议受理", "行政复议法30"),
        ("复议答复", "行政复议法48、54"),
        ("复议决定", "行政复议法61至73"),
    ]
    case = office.read(f"/cases/{case_id}")
    assert case["appeals"][0]["status_label"] == "已决定"
    assert case["appeals"][0]["result_label"] == "撤销并责令重作"
    assert case["timeliness"]["due"] == "2026-06-22"


def test_an_application_split_becomes_several_cases(office: Office) -> None:
    case_id = office.open()["case_id"]
    office.do(case_id, "split-case", split_on="2026-03-02", wanted="招标文件", parts=["中标通知书"])
    found = office.read("/cases", sort="number")["cases"]
    assert [one["number"] for one in found] == ["zhichu-2026-0001", "zhichu-2026-0002"]
    assert [one["received_on"] for one in found] == ["2026-03-02", "2026-03-02"]
