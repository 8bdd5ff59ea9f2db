"""Archived cases are listed from the day their retention has ended, and until everybody is erased."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

from gk_workflow.core import terms as t
from gk_workflow.core.personal import RESTRICTED
from gk_workflow.core.policy import Policy, RetentionRule
from gk_workflow.queries import Kept
from tests.projections.office import Office, office_in

RECEIVED, ARCHIVED = date(2018, 3, 5), date(2019, 6, 3)
LAST_DAY, DUE = date(2029, 12, 31), date(2030, 1, 1)


def due(office: Office, on: date, agency: str | None = None) -> list[UUID]:
    return [one.case_id for one in office.queries.retention_due(on, agency)]


def test_a_case_is_due_from_new_year_after_ten_full_years(office: Office) -> None:
    case_id = office.archived(RECEIVED, ARCHIVED)
    assert due(office, LAST_DAY) == []
    assert office.queries.retention_due(DUE) == [
        Kept(
            case_id=case_id,
            number="zc-2018-0001",
            agency="zc",
            unit="",
            applicant_name="李*",
            outcome="granted",
            archived_on=ARCHIVED,
            kept_until=DUE,
            persons=1,
            restricted=False,
        )
    ]
    row = office.queries.case(case_id, ARCHIVED)
    assert row is not None
    assert (row.status.archived_on, row.status.kept_until) == (ARCHIVED, DUE)


def test_what_is_not_archived_is_never_due(office: Office) -> None:
    case_id = office.replied(RECEIVED, RECEIVED)
    assert due(office, date(2099, 1, 1)) == []
    row = office.queries.case(case_id, ARCHIVED)
    assert row is not None
    assert (row.status.archived_on, row.status.kept_until) == (None, None)


def test_the_list_is_of_one_agency_or_all_and_begins_with_what_was_due_first(
    office: Office,
) -> None:
    second = office.archived(RECEIVED, date(2020, 6, 1))
    first = office.archived(RECEIVED, ARCHIVED)
    elsewhere = office.replied(RECEIVED, RECEIVED, agency="xn")
    assert due(office, date(2031, 1, 1)) == [first, second]
    assert due(office, DUE) == [first]
    assert due(office, DUE, "zc") == [first]
    assert due(office, DUE, "xn") == []
    assert elsewhere not in due(office, date(2099, 1, 1))


def test_the_erased_are_done_with_and_the_restricted_are_not(office: Office) -> None:
    case_id = office.archived(RECEIVED, ARCHIVED)
    office.erase(case_id, t.ErasureKind.RESTRICT, DUE)
    (kept,) = office.queries.retention_due(DUE)
    assert (kept.applicant_name, kept.persons, kept.restricted) == (RESTRICTED, 1, True)
    office.erase(case_id, t.ErasureKind.SHRED, DUE, ground=t.ErasureGround.RETENTION_ENDED)
    assert due(office, DUE) == []
    row = office.queries.case(case_id, ARCHIVED)
    assert row is not None
    assert row.status.kept_until == DUE


def test_what_is_kept_for_ever_or_by_no_rule_is_never_due(tmp_path: Path) -> None:
    for number, rules in enumerate(
        ((RetentionRule(name="永久", since=date(2007, 1, 1), years=None),), ())
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        with office_in(folder, Policy(retention=rules)) as office:
            case_id = office.archived(RECEIVED, ARCHIVED)
            row = office.queries.case(case_id, ARCHIVED)
            assert row is not None
            assert (row.status.archived_on, row.status.kept_until) == (ARCHIVED, None)
            assert due(office, date(2099, 1, 1)) == []
