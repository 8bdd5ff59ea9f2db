"""What is late, near, paused or waited for is judged on the day of asking."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from gk_workflow.core import commands as c
from gk_workflow.core import terms as t
from gk_workflow.core.clock import overdue, run_clock
from gk_workflow.core.deadlines import reply_deadline, standing
from gk_workflow.core.workflow import Status
from gk_workflow.queries import Filter, Lateness
from tests.projections.office import POLICY, Office

RECEIVED = date(2025, 3, 3)
DUE = date(2025, 3, 31)
DAY = timedelta(days=1)


def lateness(office: Office, case_id: UUID, on: date) -> Lateness:
    row = office.queries.case(case_id, on)
    assert row is not None
    return row.lateness


def found(office: Office, wanted: Filter, on: date) -> set[UUID]:
    return {row.status.case_id for row in office.queries.page(wanted, on=on).rows}


def test_the_same_row_is_in_time_near_and_late_as_days_go_by(office: Office) -> None:
    case_id = office.open(RECEIVED)
    seen = [lateness(office, case_id, on) for on in (RECEIVED, date(2025, 3, 26), DUE, DUE + DAY)]
    assert [one.days_left for one in seen] == [20, 3, 0, None]
    assert [one.due_soon for one in seen] == [False, True, True, False]
    assert [(one.overdue, one.days_late) for one in seen] == [(False, 0)] * 3 + [(True, 1)]
    # 2025-04-04 to 06 is 清明节 with a weekend: late since Monday, four working days by the 8th.
    assert lateness(office, case_id, date(2025, 4, 6)).days_late == 3
    assert lateness(office, case_id, date(2025, 4, 8)).days_late == 5


def test_overdue_is_asked_for_a_day(office: Office) -> None:
    late, early = office.open(RECEIVED), office.open(RECEIVED + timedelta(days=14))
    assert found(office, Filter(overdue=True), DUE) == set()
    assert found(office, Filter(overdue=True), DUE + DAY) == {late}
    assert found(office, Filter(overdue=False), DUE + DAY) == {early}
    assert found(office, Filter(overdue=True), DUE + timedelta(days=30)) == {late, early}


def test_a_late_reply_ends_the_delay_but_not_the_days_before_it(office: Office) -> None:
    case_id = office.replied(RECEIVED, date(2025, 4, 3))
    assert found(office, Filter(overdue=True), date(2025, 4, 2)) == {case_id}
    assert found(office, Filter(overdue=True), date(2025, 4, 3)) == set()
    after = lateness(office, case_id, date(2025, 5, 6))
    assert (after.overdue, after.days_late, after.days_left) == (False, 3, None)


def test_due_soon_reaches_as_many_working_days_as_asked_for(office: Office) -> None:
    case_id = office.open(RECEIVED)
    for on, workdays, wanted in (
        (date(2025, 3, 26), 3, {case_id}),
        (date(2025, 3, 26), 2, set()),
        (date(2025, 3, 28), 1, {case_id}),
        (DUE, 0, {case_id}),
        (DUE + DAY, 3, set()),
    ):
        assert found(office, Filter(due_soon_workdays=workdays), on) == wanted


def test_an_answer_owed_in_review_is_near_and_late_like_a_reply(office: Office) -> None:
    case_id = office.replied(RECEIVED, RECEIVED)
    number = office.filed(case_id, RECEIVED)
    office.do(
        case_id, c.AcceptReconsideration(number, RECEIVED, copy_received_on=RECEIVED), RECEIVED
    )
    answer = date(2025, 3, 17)
    assert found(office, Filter(due_soon_workdays=3), answer) == {case_id}
    assert found(office, Filter(overdue=True), answer) == set()
    assert found(office, Filter(overdue=True), answer + DAY) == {case_id}
    assert lateness(office, case_id, answer + DAY).duty_overdue


def test_a_pause_is_on_from_the_day_after_the_letter_to_its_last_day(office: Office) -> None:
    case_id = office.open(RECEIVED)
    office.accept(case_id, RECEIVED)
    sent, lapse = date(2025, 3, 10), date(2025, 3, 31)
    office.do(case_id, c.ConsultThirdParty("某公司", "商业秘密", sent, sent), sent)
    paused = [lateness(office, case_id, on).paused for on in (sent, sent + DAY, lapse, lapse + DAY)]
    assert paused == [False, True, True, False]
    assert found(office, Filter(paused=True), lapse) == {case_id}
    assert found(office, Filter(paused=True), lapse + DAY) == set()
    assert found(office, Filter(paused=False), sent) == {case_id}
    left = [lateness(office, case_id, on).days_left for on in (sent, lapse, lapse + DAY)]
    assert left == [15, 15, 14]


def test_near_is_judged_by_the_days_until_the_due_date_paused_or_not(office: Office) -> None:
    case_id = office.open(RECEIVED)
    office.accept(case_id, RECEIVED)
    sent = date(2025, 3, 27)
    assert lateness(office, case_id, sent).due_soon
    office.do(case_id, c.ConsultThirdParty("某公司", "商业秘密", sent, sent), sent)
    seen = lateness(office, case_id, sent)
    assert (seen.days_left, seen.due_soon) == (2, False)
    assert found(office, Filter(due_soon_workdays=POLICY.due_soon_workdays), sent) == set()


def test_nothing_is_late_while_the_applicant_has_to_act(office: Office) -> None:
    case_id = office.open(RECEIVED)
    asked = RECEIVED + DAY
    office.do(case_id, c.RequestSupplement("哪一条路", "请写明", asked, asked), asked)
    far = DUE + timedelta(days=60)
    assert found(office, Filter(waiting=True), asked) == {case_id}
    assert found(office, Filter(waiting=True), RECEIVED) == set()
    assert found(office, Filter(waiting=False), RECEIVED) == {case_id}
    assert found(office, Filter(overdue=True), far) == set()
    assert lateness(office, case_id, far).waiting


def test_the_list_judges_as_the_core_does(office: Office) -> None:
    cases = [office.open(RECEIVED), office.replied(RECEIVED, date(2025, 4, 2))]
    paused = office.open(RECEIVED)
    office.accept(paused, RECEIVED)
    sent = date(2025, 3, 12)
    office.do(paused, c.ConsultThirdParty("某公司", "商业秘密", sent, sent), sent)
    office.do(paused, c.ExtendReply(7, sent, sent, "量大"), sent, t.Role.HEAD)
    calendar = office.registry.calendar()
    for case_id in (*cases, paused):
        case = office.registry.load(case_id)
        assert case is not None
        clock = run_clock(case.life, calendar, POLICY)
        assert clock.current is not None
        deadline = reply_deadline(clock.current, calendar)
        for number in range(120):
            on = RECEIVED + number * DAY
            row, stands = lateness(office, case_id, on), standing(deadline, on, calendar)
            assert row.overdue == overdue(case.life, clock, on, calendar)
            assert row.days_late == (stands.days_late if row.overdue or stands.met else 0)
            assert row.days_left in (None, stands.days_left)


def test_counts_agree_with_the_lists(office: Office) -> None:
    office.open(RECEIVED, channel=t.Channel.ONLINE)
    for number in range(4):
        office.open(RECEIVED + number * timedelta(days=2), unit="城建科")
    office.replied(RECEIVED, RECEIVED)
    on = DUE + DAY
    counts = office.queries.counts(on=on)
    assert counts.by_status[Status.RECEIVED] == 4
    assert counts.by_status[Status.ARCHIVED] == 0
    assert sum(counts.by_status.values()) == 6
    assert (counts.still_open, counts.overdue, counts.due_soon) == (5, 1, 3)
    assert counts.due_soon == len(found(office, Filter(due_soon_workdays=3), on))
    assert (counts.paused, counts.waiting) == (0, 0)
    assert office.queries.counts(Filter(unit="城建科"), on=on).still_open == 4
    assert office.queries.counts(Filter(unit="没有"), on=on).overdue == 0


@pytest.mark.parametrize("on", [date(2025, 3, 3), date(2025, 6, 30)])
def test_a_withdrawn_case_is_never_late(office: Office, on: date) -> None:
    case_id = office.open(RECEIVED)
    office.do(case_id, c.Withdraw(RECEIVED), RECEIVED)
    seen = lateness(office, case_id, on)
    assert (seen.overdue, seen.days_left, seen.days_late) == (False, None, 0)
