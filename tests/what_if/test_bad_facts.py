"""Malformed questions are refused by the field at fault, in Chinese where the calendar or law speaks."""

from __future__ import annotations

import json

import pytest

from tests.what_if.asking import Json, faults

APPLIED: Json = {"type": "application_received", "date": "2025-03-03", "channel": "in_person"}


def fact(kind: str, day: object = "2025-03-10", **fields: object) -> Json:
    return {"type": kind, "date": day, **fields}


def told(*facts: object, **more: object) -> bytes:
    return json.dumps({"given": facts, **more}).encode()


CASES = {
    "unknown type": (told(fact("application_lost")), "/given/0/type"),
    "no type": (told({"date": "2025-03-10"}), "/given/0/type"),
    "a fact that is no object": (told(7), "/given/0"),
    "unknown field": (told({**APPLIED, "colour": "red"}), "/given/0/colour"),
    "unknown field with a slash": (told({**APPLIED, "a/b~c": 1}), "/given/0/a~1b~0c"),
    "unknown member of the question": (told(APPLIED, today="2025-03-03"), "/today"),
    "no facts": (b"{}", "/given"),
    "facts that are null": (b'{"given":null}', "/given"),
    "no channel": (told(fact("application_received")), "/given/0/channel"),
    "unknown channel": (told({**APPLIED, "channel": "pigeon"}), "/given/0/channel"),
    "no date": (told({"type": "withdrawn"}), "/given/0/date"),
    "impossible date": (told(fact("withdrawn", "2025-02-29")), "/given/0/date"),
    "a moment for a date": (told(fact("withdrawn", "2025-03-03T08:00:00Z")), "/given/0/date"),
    "a number for a date": (told(fact("withdrawn", 20250303)), "/given/0/date"),
    "before the first notice": (told(fact("withdrawn", "2017-12-31")), "/given/0/date"),
    "after the last day known": (told(fact("withdrawn", "2061-01-01")), "/given/0/date"),
    "told day out of range": (
        told(APPLIED, fact("reply_delayed", until="2099-01-01")),
        "/given/1/until",
    ),
    "impossible day off": (
        told(fact("calendar_revised", ref="x", off=["2025-13-01"])),
        "/given/0/off/0",
    ),
    "day off out of range": (
        told(fact("calendar_revised", ref="x", off=["2011-06-01"])),
        "/given/0/off",
    ),
    "on out of range": (told(APPLIED, on="2011-06-01"), "/on"),
    "as_of out of range": (told(APPLIED, as_of="2061-01-01"), "/as_of"),
    "on that is no date": (told(APPLIED, on=5), "/on"),
    "a number as text": (
        told(APPLIED, fact("extension_approved", workdays="10")),
        "/given/1/workdays",
    ),
    "no number": (told(APPLIED, fact("extension_approved")), "/given/1/workdays"),
    "zero": (told(APPLIED, fact("extension_approved", workdays=0)), "/given/1/workdays"),
    "a fraction": (told(APPLIED, fact("extension_approved", workdays=1.5)), "/given/1/workdays"),
    "a huge number": (
        told(APPLIED, fact("extension_approved", workdays=10**30)),
        "/given/1/workdays",
    ),
    "an endless period": (
        told(APPLIED, fact("correction_notice_sent", correction_period_workdays=251)),
        "/given/1/correction_period_workdays",
    ),
    "a negative amount": (
        told(APPLIED, fact("fee_notice_served", amount_yuan=-1)),
        "/given/1/amount_yuan",
    ),
    "yes for true": (
        told({**APPLIED, "platform_auto_confirm": "yes"}),
        "/given/0/platform_auto_confirm",
    ),
    "unknown role": (
        told(APPLIED, fact("agency_consult_letter_sent", role="friend")),
        "/given/1/role",
    ),
    "unknown method": (told(APPLIED, fact("reply_served", method="owl")), "/given/1/method"),
    "unknown outcome served": (
        told(APPLIED, fact("reply_served", method="post", outcome="maybe")),
        "/given/1/outcome",
    ),
    "unknown outcome received": (
        told(fact("reply_received_by_applicant", outcome="denied.because")),
        "/given/0/outcome",
    ),
    "before the application": (told(APPLIED, fact("withdrawn", "2025-03-01")), "/given/1/date"),
    "too many facts": (told(*[APPLIED] * 101), "/given"),
    "too many revisions": (
        told(*[fact("calendar_revised", ref="x")] * 13),
        "/given/12",
    ),
    "too long a name": (
        told(APPLIED, fact("third_party_letter_sent", party="甲" * 201)),
        "/given/1/party",
    ),
    "NUL in a name": (
        told(APPLIED, fact("third_party_letter_sent", party="a\x00")),
        "/given/1/party",
    ),
    "a period that runs out of the calendar": (
        told({**APPLIED, "date": "2060-12-20"}),
        "/given",
    ),
    "an empty body": (b"", ""),
    "half a body": (b'{"given":[', ""),
    "a list": (b"[]", ""),
    "a text that is not UTF-8": (
        b'{"given":[{"type":"third_party_letter_sent","date":"2025-03-10","party":"\xff"}]}',
        "",
    ),
    "a lone surrogate": (
        b'{"given":[{"type":"third_party_letter_sent","date":"2025-03-10","party":"\\ud800"}]}',
        "",
    ),
    "lists without end": (b'{"given":[{"channel":' + b"[" * 200_000, ""),
    "lists in lists": (b'{"given":' + b"[" * 50 + b"]" * 50 + b"}", "/given/0"),
}


@pytest.mark.parametrize(("body", "pointer"), CASES.values(), ids=CASES.keys())
def test_a_malformed_question_names_its_field(body: bytes, pointer: str) -> None:
    assert [where for where, _ in faults(body)] == [pointer]


def test_all_faults_of_the_facts_are_named_at_once() -> None:
    body = told(
        APPLIED,
        fact("withdrawn", "2011-06-01"),
        fact("reply_served", method="post", outcome="maybe"),
        on="1999-01-01",
    )
    assert [where for where, _ in faults(body)] == [
        "/on",
        "/given/1/date",
        "/given/1/date",
        "/given/2/outcome",
    ]


def test_what_the_calendar_and_the_facts_say_is_said_in_chinese() -> None:
    body = told(APPLIED, fact("withdrawn", "2025-03-01"), on="2011-06-01")
    assert faults(body) == [
        ("/on", "2011-06-01不在工作日历范围内（2018-01-01至2060-12-31）"),
        ("/given/1/date", "2025-03-01早于申请之日2025-03-03"),
    ]


def test_a_notice_may_be_older_than_the_application() -> None:
    body = told(fact("calendar_revised", "2025-01-10", ref="x", off=["2025-03-12"]), APPLIED)
    assert faults(body) == []


def test_no_facts_at_all_are_no_fault() -> None:
    assert faults(b'{"given":[]}') == []
