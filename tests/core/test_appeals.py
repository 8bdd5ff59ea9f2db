"""救济: what may be taken to review and to court, by whom and when."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.appeals import AppealStatus
from gk_workflow.core.terms import (
    AppealKind,
    AppealParty,
    AppealTarget,
    Procedure,
)
from gk_workflow.core.workflow import Status
from tests.core.facts import (
    ABANDONED,
    APPROVED,
    AWAITING_SUPPLEMENT,
    DAY_AFTER,
    DUE,
    IN_HANDLING,
    POSTED,
    PROVEN,
    REPLIED,
    REVIEW_ACCEPTED,
    REVIEW_FILED,
    REVIEW_MAINTAINED,
    SUIT_FILED,
    WITHDRAWN,
    d,
)
from tests.core.given import Given, given

SILENCE = AppealTarget.SILENCE
THIRD = AppealParty.THIRD_PARTY


IN_REVIEW = (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED)


def status(case: Given, number: int = 1) -> AppealStatus:
    return case.so_far.appeals[number - 1].status


# --- 申请复议 (行政复议法20) --------------------------------------------------------------------


def test_a_reply_is_taken_to_review() -> None:
    after = given(*PROVEN).when(c.FileReconsideration(d(4, 7)), on=d(4, 8)).then(REVIEW_FILED)
    assert (status(after), after.so_far.status) == (AppealStatus.FILED, Status.REPLIED)


def test_another_organ_may_be_named() -> None:
    command = c.FileReconsideration(d(4, 7), organ="烟台市人民政府")
    given(*PROVEN).when(command, on=d(4, 8)).then(replace(REVIEW_FILED, organ="烟台市人民政府"))


def test_there_is_no_remedy_against_a_reply_that_was_not_given() -> None:
    given(*IN_HANDLING).when(c.FileReconsideration(d(3, 14)), on=d(3, 14)).refused(
        "条例51、行政复议法20"
    )
    given(*PROVEN).when(c.FileReconsideration(d(3, 18)), on=d(4, 8)).refused(
        "行政复议法20、行诉法46", "target"
    )


def test_a_letter_that_came_back_is_no_reply() -> None:
    failed = given(*REPLIED, e.ServiceFailed(d(3, 24), "查无此人"))
    failed.when(c.FileReconsideration(d(3, 25)), on=d(3, 25)).refused("条例51、行政复议法20")


def test_deemed_abandonment_is_taken_to_review_from_the_day_it_counts() -> None:
    case = given(*ABANDONED)
    case.when(c.FileReconsideration(d(3, 25)), on=d(4, 1)).refused(
        "行政复议法20、行诉法46", "target"
    )
    case.when(c.FileReconsideration(d(3, 26)), on=d(4, 1)).then(
        replace(REVIEW_FILED, filed_on=d(3, 26))
    )


def against_silence(day: date, party: AppealParty = AppealParty.APPLICANT) -> c.FileReconsideration:
    return c.FileReconsideration(day, party, SILENCE)


SILENCE_FILED = replace(REVIEW_FILED, filed_on=DAY_AFTER, target=SILENCE)


def test_silence_is_taken_to_review_from_the_day_after_the_last() -> None:
    case = given(*IN_HANDLING)
    case.when(against_silence(DUE), on=DAY_AFTER).refused("行政复议法20、行诉解释66", "target")
    case.when(against_silence(DAY_AFTER), on=DAY_AFTER).then(SILENCE_FILED)


def test_a_reply_that_came_late_cures_no_silence() -> None:
    late = (*APPROVED, replace(POSTED, served_on=d(4, 10)))
    case = given(*late)
    for day in (DAY_AFTER, d(4, 30)):
        case.when(against_silence(day), on=d(4, 30)).then(replace(SILENCE_FILED, filed_on=day))
    case.when(against_silence(DUE), on=d(4, 30)).refused("行政复议法20、行诉解释66", "target")


def test_a_reply_in_time_is_no_silence_however_long_ago() -> None:
    given(*PROVEN).when(against_silence(d(6, 2)), on=d(6, 2)).refused(
        "行政复议法20、行诉解释66", "target"
    )


@pytest.mark.parametrize(
    ("steps", "article", "field"),
    [
        (WITHDRAWN, "条例51、行政复议法20", ""),
        (ABANDONED, "行政复议法20、行诉解释66", "target"),
        (AWAITING_SUPPLEMENT, "条例51、行政复议法20", ""),
    ],
)
def test_who_withdrew_gave_up_or_is_waited_for_met_no_silence(
    steps: tuple[e.CaseEvent, ...], article: str, field: str
) -> None:
    given(*steps).when(against_silence(d(6, 2)), on=d(6, 2)).refused(article, field)


def test_a_remedy_sought_before_a_withdrawal_is_recorded_after_it() -> None:
    case = given(*IN_HANDLING, e.Withdrawn(d(4, 8)))
    case.when(against_silence(d(4, 7)), on=d(4, 9)).then(replace(SILENCE_FILED, filed_on=d(4, 7)))
    case.when(against_silence(d(4, 8)), on=d(4, 9)).refused("行政复议法20、行诉解释66", "target")


def test_a_third_party_never_asked_may_say_a_disclosure_wronged_it() -> None:
    command = c.FileReconsideration(d(4, 7), THIRD)
    given(*PROVEN).when(command, on=d(4, 8)).then(replace(REVIEW_FILED, party=THIRD))


def test_only_the_applicant_meets_with_silence() -> None:
    given(*IN_HANDLING).when(against_silence(DAY_AFTER, THIRD), on=DAY_AFTER).refused(
        "条例51", "party"
    )


# --- 起诉 (行诉法45, 46) ------------------------------------------------------------------------


def suing(day: date, kind: AppealKind = AppealKind.SUIT_DIRECT, after: int = 0) -> c.FileSuit:
    return c.FileSuit(day, kind, after_appeal=after)


AFTER = AppealKind.SUIT_AFTER_RECONSIDERATION
SUED_AFTER = replace(SUIT_FILED, appeal=2, kind=AFTER, after_appeal=1)


def test_a_reply_or_silence_is_taken_to_court() -> None:
    given(*PROVEN).when(suing(d(4, 7)), on=d(4, 8)).then(SUIT_FILED)
    silence = replace(suing(DAY_AFTER), target=SILENCE, court="芝罘区人民法院")
    given(*IN_HANDLING).when(silence, on=DAY_AFTER).then(
        replace(SUIT_FILED, filed_on=DAY_AFTER, target=SILENCE, court="芝罘区人民法院")
    )


def test_no_suit_where_there_was_neither_reply_nor_silence() -> None:
    given(*IN_HANDLING).when(suing(DUE), on=DUE).refused("条例51、行政复议法20")
    given(*PROVEN).when(suing(d(3, 18)), on=d(4, 8)).refused("行政复议法20、行诉法46", "target")


def test_a_suit_is_not_a_review_and_a_direct_one_follows_none() -> None:
    case = given(*PROVEN)
    case.when(suing(d(4, 7), AppealKind.RECONSIDERATION), on=d(4, 8)).refused("行诉法44", "kind")
    case.when(suing(d(4, 7), after=1), on=d(4, 8)).refused("行诉法46", "after_appeal")


@pytest.mark.parametrize("number", [0, 2, 3])
def test_a_suit_after_review_names_its_review(number: int) -> None:
    case = given(*IN_REVIEW, replace(SUIT_FILED, appeal=2))
    case.when(suing(d(5, 12), AFTER, number), on=d(5, 12)).refused("行诉法45", "after_appeal")


def test_a_suit_follows_the_decision_in_review_and_not_the_day_before() -> None:
    case = given(*IN_REVIEW, REVIEW_MAINTAINED)
    case.when(suing(d(5, 7), AFTER, 1), on=d(5, 12)).refused("行诉法45", "filed_on")
    case.when(suing(d(5, 12), AFTER, 1), on=d(5, 12)).then(replace(SUED_AFTER, filed_on=d(5, 12)))


@pytest.mark.parametrize(
    ("steps", "last"),
    [
        (IN_REVIEW, d(5, 9)),  # 30 days from 4-9
        (
            (*PROVEN, REVIEW_FILED, replace(REVIEW_ACCEPTED, procedure=Procedure.ORDINARY)),
            d(6, 9),  # 60 days from 4-9 end on a Sunday
        ),
        ((*PROVEN, REVIEW_FILED), d(6, 6)),  # never accepted: 60 days from 4-7
    ],
    ids=["simplified", "ordinary", "not accepted"],
)
def test_a_suit_follows_a_review_whose_time_has_run_out(
    steps: tuple[e.CaseEvent, ...], last: date
) -> None:
    case = given(*steps)
    case.when(suing(last, AFTER, 1), on=d(8, 1)).refused("行诉法45、行政复议法29", "filed_on")
    after = last.replace(day=last.day + 1)
    case.when(suing(after, AFTER, 1), on=d(8, 1)).then(replace(SUED_AFTER, filed_on=after))
