"""Before a notice is published it is known whom it moves, and nothing is stored by asking."""

from __future__ import annotations

from datetime import date

from gk_workflow.core import commands as c
from gk_workflow.core import terms as t
from gk_workflow.core.law import LimitId
from gk_workflow.projections import Affected
from tests.projections.office import NOTICE_2027, Office, stamp

RECEIVED = date(2026, 12, 21)


def moved(office: Office) -> list[tuple[str, LimitId, date | None, date | None]]:
    found = office.projections.affected_by(NOTICE_2027)
    return [(one.number, one.limit, one.old_due, one.new_due) for one in found]


def test_open_cases_are_listed_with_their_old_and_new_due_dates(office: Office) -> None:
    case_id = office.open(RECEIVED, unit="办公室")
    office.open(date(2026, 10, 12))
    position = office.registry.last_position()
    assert office.projections.affected_by(NOTICE_2027) == [
        Affected(
            case_id=case_id,
            number="zc-2026-0001",
            unit="办公室",
            limit=LimitId.REPLY,
            name="答复期限",
            whose="office",
            old_due=date(2027, 1, 19),
            new_due=date(2027, 1, 18),
            old_provisional=True,
            new_provisional=False,
        )
    ]
    assert office.registry.last_position() == position


def test_a_preview_may_be_of_one_agency(office: Office) -> None:
    office.open(RECEIVED)
    office.open(RECEIVED, agency="xn")
    for agency, numbers in (
        (None, ["xn-2026-0001", "zc-2026-0001"]),
        ("xn", ["xn-2026-0001"]),
        ("nobody", []),
    ):
        found = office.projections.affected_by(NOTICE_2027, agency)
        assert [one.number for one in found] == numbers


def test_what_the_preview_says_is_what_publishing_does(office: Office) -> None:
    cases = [office.open(date(2026, 12, day)) for day in (1, 4, 8, 15, 21, 28)]
    found = office.projections.affected_by(NOTICE_2027)
    foreseen = {one.case_id: one.new_due for one in found if one.limit is LimitId.REPLY}
    before = {one: office.queries.case(one, RECEIVED) for one in cases}
    office.registry.publish_notice(NOTICE_2027, stamp(RECEIVED, t.Role.ADMIN))
    for one in cases:
        old, new = before[one], office.queries.case(one, RECEIVED)
        assert old is not None
        assert new is not None
        assert new.timeliness.due == foreseen.get(one, old.timeliness.due)
    assert len(foreseen) == 5
    assert moved(office) == []


def test_answered_and_withdrawn_cases_are_not_listed(office: Office) -> None:
    office.replied(RECEIVED, RECEIVED)
    withdrawn = office.open(RECEIVED)
    office.do(withdrawn, c.Withdraw(RECEIVED), RECEIVED)
    assert moved(office) == []


def test_the_answer_owed_in_a_review_is_listed(office: Office) -> None:
    case_id = office.replied(RECEIVED, RECEIVED)
    office.filed(case_id, RECEIVED)
    late = date(2026, 12, 28)
    office.do(case_id, c.AcceptReconsideration(1, late, copy_received_on=late), late)
    assert ("zc-2026-0001", LimitId.RECONSIDERATION_ANSWER_ORDINARY) in {
        one[:2] for one in moved(office)
    }
