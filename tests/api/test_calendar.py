"""The calendar over HTTP: a year day by day, and a new notice foreseen, published, and counted by."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.api.office import V1, Json, Office, places, problem

NOTICE: Json = {
    "reference": "国办发明电〔2026〕99号",
    "title": "国务院办公厅关于2027年部分节假日安排的通知",
    "published_on": "2026-11-20",
    "year": 2027,
    "holidays": [
        {"name": "元旦", "off": ["2027-01-01", "2027-01-02", "2027-01-03"]},
        {"name": "调休", "off": ["2027-01-04"], "makeup": ["2027-01-09"]},
    ],
}


STAFF = ["CLERK", "REVIEWER", "HEAD", "AUDITOR", "ANALYST", "ADMIN", "SYSTEM"]


def sent(office: Office, what: str, notice: Json, role: str = "ADMIN") -> Any:
    """Preview or publish."""
    address = f"{V1}/calendar/notices{what}"
    return office.client.post(address, json=notice, headers=office.identity(role))


def test_a_year_is_told_day_by_day_to_every_role(shared: Office) -> None:
    for role in STAFF:
        assert shared.get("/calendar/2026", role=role).status_code == 200
    found = shared.read("/calendar/2026")
    assert (len(found["days"]), found["calendar_status"]) == (365, "final")
    days = {one["day"]: one for one in found["days"]}
    assert days["2026-10-01"]["working"] is False
    assert days["2026-10-01"]["reference"] in found["references"]
    assert sum(one["working"] for one in found["days"]) == found["workdays"]
    assert shared.read("/calendar/2027")["calendar_status"] == "provisional"


@pytest.mark.parametrize("year", ["2017", "2061", "26", "abcd", "-2026", "２０２６", "20260"])
def test_a_year_without_calendar_is_not_found(shared: Office, year: str) -> None:
    answer = shared.get(f"/calendar/{year}")
    problem(answer)
    assert answer.status_code == 404


def test_the_notices_are_listed_with_their_record_time(shared: Office) -> None:
    found = shared.read("/calendar/notices")
    assert found["last_known_day"] == "2026-12-31"
    assert len(found["notices"]) >= 11
    assert found["notices"][0]["record_time"] == "2026-03-02T02:00:00Z"


def test_a_notice_is_foreseen_then_published_and_due_dates_are_counted_by_it(
    office: Office,
) -> None:
    office.clock.day = date(2026, 12, 10)
    case_id = office.open(submitted_on="2026-12-10")["case_id"]
    before = office.read(f"/cases/{case_id}")["timeliness"]
    assert (before["due"], before["calendar_status"]) == ("2027-01-08", "provisional")
    foreseen = sent(office, "/preview", NOTICE).json()
    assert foreseen["publishable"] is True
    reply = next(one for one in foreseen["affected"] if one["limit"] == "reply")
    assert (reply["old_due"], reply["new_due"], reply["new_provisional"]) == (
        "2027-01-08",
        "2027-01-09",
        False,
    )
    assert office.read(f"/cases/{case_id}")["timeliness"] == before

    done = sent(office, "", NOTICE)
    assert (done.status_code, done.json()["published"]) == (201, True)
    assert done.json()["affected"] == foreseen["affected"]
    after = office.read(f"/cases/{case_id}")["timeliness"]
    assert (after["due"], after["calendar_status"]) == ("2027-01-09", "final")
    assert office.read("/cases")["cases"][0]["timeliness"] == after

    again = sent(office, "", NOTICE)
    assert (again.status_code, again.json()["published"]) == (200, False)


def test_other_content_under_a_published_reference_is_a_conflict(office: Office) -> None:
    office.clock.day = date(2026, 12, 10)
    assert sent(office, "", NOTICE).status_code == 201
    other = NOTICE | {"title": "另一通知"}
    answer = sent(office, "", other)
    assert (answer.status_code, places(answer)) == (409, ["/reference"])


def test_what_does_not_fit_the_known_notices_is_previewed_and_not_published(
    office: Office,
) -> None:
    second = NOTICE | {"year": 2026, "holidays": [{"name": "x", "off": ["2026-07-01"]}]}
    foreseen = sent(office, "/preview", second).json()
    assert (foreseen["publishable"], foreseen["affected"]) == (False, [])
    answer = sent(office, "", second)
    assert (answer.status_code, places(answer)) == (409, ["/amends"])


def test_an_unsound_notice_is_refused_with_all_its_faults(shared: Office) -> None:
    wrong = NOTICE | {
        "title": " ",
        "published_on": "2020-01-01",
        "holidays": [{"name": "", "off": [], "makeup": ["2027-01-04", "2027-01-04"]}],
    }
    answer = sent(shared, "/preview", wrong)
    assert answer.status_code == 422
    assert places(answer) == [
        "/title",
        "/published_on",
        "/holidays/0/name",
        "/makeup",
        "/makeup",
        "/makeup",
    ]


def test_a_notice_for_a_year_beyond_the_calendar_is_refused(shared: Office) -> None:
    far = NOTICE | {
        "year": 2070,
        "published_on": "2069-11-20",
        "holidays": [{"name": "元旦", "off": ["2070-01-01"]}],
    }
    answer = sent(shared, "/preview", far)
    problem(answer)
    assert answer.status_code == 422


@pytest.mark.parametrize("role", [role for role in STAFF if role != "ADMIN"])
def test_only_the_administrator_publishes(shared: Office, role: str) -> None:
    for what in ("", "/preview"):
        answer = sent(shared, what, NOTICE, role)
        problem(answer)
        assert answer.status_code == 403
