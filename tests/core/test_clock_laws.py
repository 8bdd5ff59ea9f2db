"""The laws of the clock over generated lives, each against a naive clock that steps through days."""

from __future__ import annotations

import os
from datetime import date, timedelta

from hypothesis import given, note, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.clock import ReplyClock, due_of, excluded_workdays, run_clock
from gk_workflow.core.deadlines import (
    Deadline,
    deadlines_of,
    overdue,
    standing,
)
from gk_workflow.core.events import ReplyExtended
from gk_workflow.core.explain import explain
from gk_workflow.core.law import LimitId, Unit
from gk_workflow.core.life import Consultation, Life
from gk_workflow.core.policy import Policy
from gk_workflow.notices import bundled_calendar
from tests.core.lives import ONE_DAY, POLICIES, Found, consultations, lives, oracle

FULL = os.environ.get("GK_TEST_PROFILE") == "full"
MANY = settings(max_examples=50_000 if FULL else 600)
SOME = settings(max_examples=2_000 if FULL else 150)

CALENDAR = bundled_calendar()
POLICY = Policy()
NEVER = date(9999, 12, 31)


def found(clock: ReplyClock, calendar: Calendar) -> Found:
    return Found(
        tuple((s.cause.value, s.start, due_of(s, calendar)) for s in clock.segments),
        tuple(verdict.valid for verdict in clock.extensions),
        tuple((verdict.timely, verdict.restarts) for verdict in clock.fees),
        tuple((reply.due, reply.late) for reply in clock.replies),
        tuple((v.late, v.second, v.restarts) for v in clock.supplements),
    )


def reply_deadlines(life: Life, policy: Policy = POLICY) -> list[Deadline]:
    limits = deadlines_of(life, (), CALENDAR, policy)
    return [one for one in limits if one.id is LimitId.REPLY]


def final_due(life: Life, policy: Policy = POLICY) -> date:
    """The due date, later than any day while a pause has no known end."""
    return run_clock(life, CALENDAR, policy).due or NEVER


def ends_paused(deadline: Deadline) -> bool:
    """A letter sent on the last day: the pause then runs up to the new last day."""
    return any(after < (deadline.due or after) <= to for after, to, _ in deadline.excluded)


@MANY
@given(lives(), POLICIES)
def test_the_clock_equals_a_naive_one_and_keeps_its_laws(life: Life, policy: Policy) -> None:
    note(asdict(life))
    clock = run_clock(life, CALENDAR, policy)
    assert found(clock, CALENDAR) == oracle(life, CALENDAR, policy)
    for deadline in reply_deadlines(life, policy):
        assert_explained(deadline)
        assert deadline.due is None or CALENDAR.is_workday(deadline.due)


def assert_explained(deadline: Deadline) -> None:
    """The explanation sums up to the date, day by day."""
    lines = explain(deadline, CALENDAR)
    if deadline.due is None:
        assert lines == ()
        return
    span = (deadline.due - deadline.starts_on).days
    assert [line.day for line in lines] == [
        deadline.starts_on + timedelta(days=n) for n in range(1, span + 1)
    ]
    counted = [line.counted for line in lines if line.counted is not None]
    assert counted == list(range(1, deadline.length + deadline.extension + 1))
    for line in lines:
        excluded = any(after < line.day <= to for after, to, _ in deadline.excluded)
        assert (line.counted is not None) is (CALENDAR.is_workday(line.day) and not excluded)
        assert line.reason
        assert line.article or line.counted is not None or CALENDAR.why(line.day).name == ""
        assert line.provisional is CALENDAR.is_provisional(line.day)
    if lines:
        assert (lines[-1].counted is not None) is not ends_paused(deadline)
    assert deadline.provisional is CALENDAR.is_provisional(deadline.due)


@SOME
@given(lives(), st.integers(0, 400))
def test_every_limit_explains_each_day_up_to_its_due_date(life: Life, after: int) -> None:
    assert life.received_on is not None
    on = life.received_on + timedelta(days=after)
    for deadline in deadlines_of(life, (), CALENDAR, POLICY, on):
        if deadline.unit is Unit.WORKDAY:
            assert_explained(deadline)
            continue
        lines = explain(deadline, CALENDAR)
        assert deadline.due is not None
        assert deadline.due_raw is not None
        days = [line.day for line in lines if line.counted is not None]
        assert [line.counted for line in lines if line.counted] == list(range(1, len(days) + 1))
        assert days[-1] == deadline.due_raw
        assert lines[-1].day == deadline.due
        assert [line.day for line in lines] == [
            deadline.starts_on + timedelta(days=n) for n in range(1, len(lines) + 1)
        ]


@SOME
@given(lives(fees=False), st.data())
def test_a_further_pause_never_shortens(life: Life, data: st.DataObject) -> None:
    assert life.received_on is not None
    more: Consultation = data.draw(consultations(life.received_on, len(life.consultations) + 1))
    longer = replace(life, consultations=(*life.consultations, more))
    assert final_due(longer) >= final_due(life)


@SOME
@given(lives(), st.integers(0, 3))
def test_the_same_pause_twice_counts_once(life: Life, which: int) -> None:
    if not life.consultations:
        return
    again = life.consultations[which % len(life.consultations)]
    doubled = replace(life, consultations=(*life.consultations, again))
    before, after = (run_clock(one, CALENDAR, POLICY) for one in (life, doubled))
    assert found(after, CALENDAR) == found(before, CALENDAR)


@SOME
@given(lives())
def test_pauses_are_a_union_and_never_more_than_their_sum(life: Life) -> None:
    clock = run_clock(life, CALENDAR, POLICY)
    for segment in clock.segments:
        days: set[date] = set()
        total = 0
        for pause in segment.pauses:
            to = pause.ends_on or pause.after
            after = max(pause.after, segment.counting.start)
            alone = {
                day
                for n in range(1, (to - after).days + 1)
                if CALENDAR.is_workday(day := after + timedelta(days=n))
            }
            if pause in segment.counting.pauses:
                days |= alone
                total += len(alone)
        assert excluded_workdays(segment, CALENDAR) == len(days) <= total


@SOME
@given(lives())
def test_a_restart_forgets_extensions_and_delays_told_before_it(life: Life) -> None:
    clock = run_clock(replace(life, fees=(), services=()), CALENDAR, POLICY)
    start = clock.segments[-1].start
    forgetful = replace(
        life,
        fees=(),
        services=(),
        extensions=tuple(
            one for one in life.extensions if (one.notified_on or one.approved_on or start) >= start
        ),
        delays=tuple(one for one in life.delays if one.notified_on >= start),
    )
    if len(clock.segments) > 1:
        # a letter sent in time only thanks to a forgotten extension is forgotten with it
        letters = tuple(c for c in life.consultations if c.sent_on >= start)
        clock = run_clock(
            replace(life, fees=(), services=(), consultations=letters), CALENDAR, POLICY
        )
        forgetful = replace(forgetful, consultations=letters)
        again = run_clock(forgetful, CALENDAR, POLICY)
        assert again.due == clock.due
        assert again.segments[-1].start == start


@SOME
@given(lives(), st.integers(1, 15))
def test_an_extension_on_the_last_day_adds_exactly_and_one_day_later_nothing(
    life: Life, workdays: int
) -> None:
    life = replace(life, extensions=(), services=(), delays=())
    clock = run_clock(life, CALENDAR, POLICY)
    due = clock.due
    if due is None or clock.segments[-1].start > due - ONE_DAY or not _last_word(life, due):
        return
    in_time = replace(life, extensions=(ReplyExtended(workdays, due, due),))
    assert run_clock(in_time, CALENDAR, POLICY).due == CALENDAR.add_workdays(due, workdays)
    too_late = replace(life, extensions=(ReplyExtended(workdays, due, due + ONE_DAY),))
    late = run_clock(too_late, CALENDAR, POLICY)
    assert late.due == due
    assert [verdict.valid for verdict in late.extensions] == [False]


def _last_word(life: Life, due: date) -> bool:
    """Nothing else happens from the due date on, and nothing that was not known on it."""
    days = [one.sent_on for one in life.consultations] + [one.sent_on for one in life.fees]
    days += [one.paid_on for one in life.fees if one.paid_on]
    days += [one.received_on for one in life.reopenings]
    days += [one.supplemented_on for one in life.supplements if one.supplemented_on]
    known = CALENDAR.known_on(due)
    settled = run_clock(life, known, POLICY).due == due
    return all(day < due for day in days) and settled


@SOME
@given(st.data(), st.integers(1, 30))
def test_later_receipt_never_gives_an_earlier_due_date(data: st.DataObject, days: int) -> None:
    # a notice that is in time only for the later receipt restarts, and a restart forgets
    later: Life = replace(data.draw(lives(fees=False)), supplements=())
    assert later.received_on is not None
    if later.received_on - timedelta(days=days) < CALENDAR.first_day:
        return
    earlier = replace(later, received_on=later.received_on - timedelta(days=days))
    assert final_due(later) >= final_due(earlier)


@SOME
@given(lives(), POLICIES)
def test_a_notice_not_yet_known_changes_only_what_reaches_into_its_year(
    life: Life, policy: Policy
) -> None:
    known = CALENDAR.known_on(date(2025, 11, 3))  # the day before the notice of 2026
    assert known.last_known_day == date(2025, 12, 31)
    then, now = run_clock(life, known, policy), run_clock(life, CALENDAR, policy)
    for before, after in zip(then.segments, now.segments, strict=False):
        due, due_now = due_of(before, known), due_of(after, CALENDAR)
        if before.cause is not after.cause or due is None or due_now is None:
            break
        if due <= known.last_known_day:
            assert due == due_now
            assert not known.is_provisional(due)
        else:
            assert known.is_provisional(due)
            assert due_now > known.last_known_day
            break


@SOME
@given(lives(), st.integers(0, 300))
def test_overdue_is_what_the_standing_of_the_reply_says(life: Life, after: int) -> None:
    assert life.received_on is not None
    on = life.received_on + timedelta(days=after)
    life = replace(
        life, supplements=tuple(replace(one, resumed_on=None) for one in life.supplements)
    )
    clock = run_clock(life, CALENDAR, POLICY)
    segment = clock.segment_on(on)
    assert segment is not None
    (place,) = [n for n, one in enumerate(clock.segments) if one is segment]
    deadline = reply_deadlines(life)[place]
    stands = standing(deadline, on, CALENDAR)
    assert overdue(life, clock, on, CALENDAR) is (stands.late and not stands.met)
    assert (stands.days_late > 0) is stands.late
    assert stands.days_left is None or stands.days_left >= 0
