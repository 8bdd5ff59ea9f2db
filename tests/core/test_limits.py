"""Every limit a case can have as a row: its start, its length, its last lawful day and the day after."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core.appeals import Appeal, AppealStatus
from gk_workflow.core.deadlines import (
    standing,
)
from gk_workflow.core.events import (
    ReasonsAsked,
    RecordCorrectionRequested,
    Reopened,
)
from gk_workflow.core.law import LIMITS, LimitId, Unit, limit
from gk_workflow.core.life import FeeRound, Life, Service, SupplementRound
from gk_workflow.core.terms import (
    AppealResult,
    ConsultationKind,
    FeeMethod,
    Procedure,
    ServiceMethod,
)
from tests.core.limited import (
    ANSWERED,
    CALENDAR,
    DUE,
    HEARD,
    LIFE,
    ONE_DAY,
    ORDINARY,
    SIMPLE,
    D,
    M,
    W,
    all_of,
    consulted,
    d,
    only,
    review,
    suit,
)

# --- each limit: (of which life, start, length, unit, raw, due, whose duty) -----------------------

ROWS: dict[LimitId, tuple[Life, tuple[Appeal, ...], date, int, Unit, date, date, str]] = {
    LimitId.REPLY: (LIFE, (), d(3, 3), 20, W, DUE, DUE, "office"),
    LimitId.SUPPLEMENT_NOTICE: (LIFE, (), d(3, 3), 7, W, d(3, 12), d(3, 12), "office"),
    LimitId.SUPPLEMENT: (
        replace(LIFE, supplements=(SupplementRound(d(3, 10), d(3, 11), 10),)),
        (),
        d(3, 11),
        10,
        W,
        d(3, 25),
        d(3, 25),
        "applicant",
    ),
    LimitId.REASONS: (
        replace(LIFE, reasons_asked=ReasonsAsked(d(3, 5), "一月内四十件", 7)),
        (),
        d(3, 5),
        7,
        W,
        d(3, 14),
        d(3, 14),
        "applicant",
    ),
    LimitId.THIRD_PARTY_OPINION: (
        consulted(ConsultationKind.THIRD_PARTY),
        (),
        d(3, 12),
        15,
        W,
        d(4, 2),
        d(4, 2),
        "third_party",
    ),
    LimitId.AUTHORITY_OPINION: (
        consulted(ConsultationKind.CO_AUTHOR),
        (),
        d(3, 12),
        15,
        W,
        d(4, 2),
        d(4, 2),
        "authority",
    ),
    LimitId.FEE_PAYMENT: (
        replace(LIFE, fees=(FeeRound(FeeMethod.PER_PAGE, 10, d(3, 10), d(3, 11)),)),
        (),
        d(3, 11),
        20,
        W,
        d(4, 9),
        d(4, 9),
        "applicant",
    ),
    LimitId.RECORD_CORRECTION: (
        replace(LIFE, corrections=((RecordCorrectionRequested(1, d(3, 17), "户籍", "证"), None),)),
        (),
        d(3, 17),
        20,
        W,
        d(4, 15),
        d(4, 15),
        "office",
    ),
    LimitId.PUBLIC_NOTICE: (
        replace(LIFE, services=(Service(5, ServiceMethod.PUBLIC_NOTICE, d(3, 6), None),)),
        (),
        d(3, 6),
        30,
        D,
        d(4, 5),
        d(4, 5),  # a rest day: after thirty days it is served, nothing rolls
        "applicant",
    ),
    LimitId.RECONSIDERATION_FILING: (
        ANSWERED,
        (),
        d(3, 26),
        60,
        D,
        d(5, 25),
        d(5, 26),
        "applicant",
    ),
    LimitId.DIRECT_SUIT_FILING: (ANSWERED, (), d(3, 26), 6, M, d(9, 26), d(9, 26), "applicant"),
    LimitId.RECONSIDERATION_EXAMINATION: (
        LIFE,
        (review(),),
        d(4, 7),
        5,
        W,
        d(4, 14),
        d(4, 14),
        "review_organ",
    ),
    LimitId.COPY_SIMPLIFIED: (
        LIFE,
        (replace(SIMPLE, copy_received_on=None),),
        d(4, 9),
        3,
        W,
        d(4, 14),
        d(4, 14),
        "review_organ",
    ),
    LimitId.COPY_ORDINARY: (
        LIFE,
        (replace(ORDINARY, copy_received_on=None),),
        d(4, 9),
        7,
        W,
        d(4, 18),
        d(4, 18),
        "review_organ",
    ),
    LimitId.RECONSIDERATION_ANSWER_SIMPLIFIED: (
        LIFE,
        (SIMPLE,),
        d(4, 11),
        5,
        W,
        d(4, 18),
        d(4, 18),
        "office",
    ),
    LimitId.RECONSIDERATION_ANSWER_ORDINARY: (
        LIFE,
        (ORDINARY,),
        d(4, 11),
        10,
        W,
        d(4, 25),
        d(4, 25),
        "office",
    ),
    LimitId.RECONSIDERATION_DECISION_SIMPLIFIED: (
        LIFE,
        (SIMPLE,),
        d(4, 9),
        30,
        D,
        d(5, 9),
        d(5, 9),
        "review_organ",
    ),
    LimitId.RECONSIDERATION_DECISION_ORDINARY: (
        LIFE,
        (ORDINARY,),
        d(4, 9),
        60,
        D,
        d(6, 8),
        d(6, 9),
        "review_organ",
    ),
    LimitId.SUIT_AFTER_RECONSIDERATION_FILING: (
        LIFE,
        (review(status=AppealStatus.DECIDED, result_received_on=d(5, 9)),),
        d(5, 9),
        15,
        D,
        d(5, 24),
        d(5, 26),
        "applicant",
    ),
    LimitId.COURT_ANSWER: (LIFE, (HEARD,), d(4, 18), 15, D, d(5, 3), d(5, 6), "office"),
    LimitId.COURT_DECISION_ORDINARY: (
        LIFE,
        (HEARD,),
        d(4, 14),
        6,
        M,
        d(10, 14),
        d(10, 14),
        "court",
    ),
    LimitId.COURT_DECISION_SIMPLIFIED: (
        LIFE,
        (replace(HEARD, procedure=Procedure.SIMPLIFIED),),
        d(4, 14),
        45,
        D,
        d(5, 29),
        d(5, 29),
        "court",
    ),
    LimitId.JUDGMENT_APPEAL: (
        LIFE,
        (suit(result=AppealResult.MAINTAINED, result_received_on=d(7, 4)),),
        d(7, 4),
        15,
        D,
        d(7, 19),
        d(7, 21),
        "either_party",
    ),
    LimitId.RULING_APPEAL: (
        LIFE,
        (suit(result=AppealResult.DISMISSED, result_received_on=d(7, 4)),),
        d(7, 4),
        10,
        D,
        d(7, 14),
        d(7, 14),
        "either_party",
    ),
}


@pytest.mark.parametrize("which", ROWS)
def test_each_limit_says_when_it_starts_how_long_it_is_and_when_it_is_due(which: LimitId) -> None:
    life, appeals, start, length, unit, raw, due, whose = ROWS[which]
    found = only(which, life, *appeals)
    assert (found.starts_on, found.length, found.unit) == (start, length, unit)
    assert (found.due_raw, found.due, found.whose) == (raw, due, whose)
    assert found.provisional is False
    assert found.name
    row = limit(which, start)
    assert found.article == row.article


@pytest.mark.parametrize("which", [w for w in ROWS if w is not LimitId.PUBLIC_NOTICE])
def test_each_limit_is_open_on_its_last_lawful_day_and_late_on_the_day_after(
    which: LimitId,
) -> None:
    life, appeals, _, _, unit, _, due, _ = ROWS[which]
    found = only(which, life, *appeals)
    before, last, after = (standing(found, day, CALENDAR) for day in near(due))
    assert (last.met, last.late, last.days_left, last.days_late) == (False, False, 0, 0)
    assert (before.late, before.days_left) == (False, 1)
    if found.ended_on is None:
        assert (after.late, after.days_left, after.days_late) == (True, 0, 1)
    assert {one.last_lawful_day for one in (before, last, after)} == {due}
    assert unit is found.unit


def near(due: date) -> tuple[date, date, date]:
    """The last day one working or calendar day before, the day itself, the day after."""
    before = max(CALENDAR.add_workdays(due, -1), due - ONE_DAY)
    return before, due, due + ONE_DAY


def test_silence_opens_review_and_suit_from_the_day_the_period_expired() -> None:
    assert [one.subject for one in all_of(LIFE, on=DUE)] == ["", ""]
    found = {one.id: one for one in all_of(LIFE, on=DUE + ONE_DAY) if one.subject == "silence"}
    filing = found[LimitId.RECONSIDERATION_FILING]
    assert (filing.starts_on, filing.due_raw, filing.due) == (DUE, d(5, 30), d(5, 30))
    sue = found[LimitId.SUIT_AGAINST_SILENCE_FILING]
    assert (sue.starts_on, sue.due_raw, sue.due) == (DUE, d(9, 30), d(9, 30))
    assert (sue.unit, sue.length, sue.whose) == (M, 6, "applicant")


def test_silence_on_an_order_to_redo_stands_beside_the_remedies_against_the_first_reply() -> None:
    life = replace(ANSWERED, reopenings=(Reopened(1, d(7, 1), 15),))
    rows = [(one.id, one.subject, one.starts_on) for one in all_of(life, on=d(7, 23))]
    assert rows[-4:] == [
        (LimitId.RECONSIDERATION_FILING, "", d(3, 26)),
        (LimitId.DIRECT_SUIT_FILING, "", d(3, 26)),
        (LimitId.RECONSIDERATION_FILING, "silence", d(7, 22)),
        (LimitId.SUIT_AGAINST_SILENCE_FILING, "silence", d(7, 22)),
    ]


def test_every_limit_that_a_case_can_have_appears_somewhere_here() -> None:
    lengths_only = {
        LimitId.EXTENSION,
        LimitId.REDO,
        LimitId.RECONSIDERATION_DECISION_EXTENSION,
        LimitId.COURT_SECOND_INSTANCE,
        LimitId.RECONSIDERATION_SUPPLEMENT_NOTICE,
        LimitId.RECONSIDERATION_SUPPLEMENT,
        LimitId.RECONSIDERATION_ADVICE_REPORT,
        LimitId.PROACTIVE_DISCLOSURE,
    }
    rows = set(ROWS) | {LimitId.SUIT_AGAINST_SILENCE_FILING}
    assert rows | lengths_only == {row.id for row in LIMITS}
    assert not rows & lengths_only
