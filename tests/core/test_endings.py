"""拆分, 视为放弃 and 撤回: how a request is divided or ends without a reply."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.decide import parts_of
from gk_workflow.core.terms import (
    AbandonmentGround,
    Channel,
    Role,
)
from gk_workflow.core.workflow import OPEN, Status
from tests.core.facts import (
    ABANDONED,
    AWAITING_PAYMENT,
    AWAITING_SUPPLEMENT,
    BY_STATUS,
    CHARGED,
    IN_HANDLING,
    NOTICE,
    OPENED,
    RECEIVED,
    REPLIED,
    SUBMITTED,
    WITHDRAWN,
    d,
)
from tests.core.given import given

# --- 一事一申请 (109号4) ------------------------------------------------------------------------


def test_a_request_for_several_matters_is_split_and_the_parts_keep_its_receipt() -> None:
    split = e.CaseSplit(d(3, 5), "合同", ("中标通知书", "验收单"))
    after = (
        given(*RECEIVED)
        .when(c.SplitCase(d(3, 5), "合同", ("中标通知书", "验收单")), on=d(3, 5))
        .then(split)
    )
    assert after.so_far.wanted == "合同"
    assert parts_of(after.so_far, split) == (
        (
            replace(OPENED, wanted="中标通知书"),
            e.ReceiptConfirmed(d(3, 3), "一事一申请拆分"),
        ),
        (replace(OPENED, wanted="验收单"), e.ReceiptConfirmed(d(3, 3), "一事一申请拆分")),
    )


def test_parts_of_a_request_not_yet_received_are_not_received_either() -> None:
    case = given(*SUBMITTED).so_far
    split = e.CaseSplit(d(3, 5), "合同", ("中标通知书",))
    assert parts_of(case, split) == (
        (replace(OPENED, channel=Channel.ORDINARY_MAIL, wanted="中标通知书"),),
    )


# --- 视为放弃 (条例30, 109号6) ------------------------------------------------------------------

GIVE_UP = c.DeemAbandoned(AbandonmentGround.SUPPLEMENT)
NOT_PAID = c.DeemAbandoned(AbandonmentGround.FEE)


def test_silence_is_not_giving_up_on_the_periods_last_day() -> None:
    given(*AWAITING_SUPPLEMENT).when(GIVE_UP, by=Role.SYSTEM, on=d(3, 25)).refused(
        "条例30", "ground"
    )


@pytest.mark.parametrize("run_on", [d(3, 26), d(4, 30), date(2026, 1, 5)])
def test_giving_up_has_its_legal_date_however_late_it_is_recorded(run_on: date) -> None:
    given(*AWAITING_SUPPLEMENT).when(GIVE_UP, by=Role.SYSTEM, on=run_on).then(
        e.CaseAbandoned(AbandonmentGround.SUPPLEMENT, d(3, 26))
    )


def test_a_late_notice_never_makes_silence_a_giving_up() -> None:
    late = replace(NOTICE, sent_on=d(3, 13), served_on=d(3, 13))
    message = given(*RECEIVED, late).when(GIVE_UP, on=d(4, 30)).refused("条例30", "ground")
    assert "原期限" in message


def test_a_second_notice_never_makes_silence_a_giving_up() -> None:
    second = replace(NOTICE, sent_on=d(3, 11), served_on=d(3, 12))
    given(*AWAITING_SUPPLEMENT, second).when(GIVE_UP, on=d(4, 30)).refused("条例30", "ground")


def test_a_notice_whose_service_is_unknown_makes_no_giving_up() -> None:
    unserved = (*RECEIVED, replace(NOTICE, served_on=None))
    given(*unserved).when(GIVE_UP, on=d(4, 30)).refused("条例30", "ground")


def test_an_unpaid_fee_is_giving_up_from_the_day_after_twenty_workdays() -> None:
    given(*AWAITING_PAYMENT).when(NOT_PAID, on=d(4, 9)).refused("109号6", "ground")
    given(*AWAITING_PAYMENT).when(NOT_PAID, on=d(5, 30)).then(
        e.CaseAbandoned(AbandonmentGround.FEE, d(4, 10))
    )


def test_a_fee_charged_too_late_makes_no_giving_up() -> None:
    late = replace(CHARGED, sent_on=d(4, 1), served_on=d(4, 1))
    given(*IN_HANDLING, late).when(NOT_PAID, on=d(6, 30)).refused("109号6", "ground")


def test_a_fee_notice_whose_service_is_unknown_makes_no_giving_up() -> None:
    unserved = replace(CHARGED, served_on=None)
    given(*IN_HANDLING, unserved).when(NOT_PAID, on=d(6, 30)).refused("109号6", "ground")


def test_the_ground_is_that_of_the_case() -> None:
    given(*AWAITING_PAYMENT).when(GIVE_UP, on=d(5, 30)).refused("条例30、109号6", "ground")
    given(*AWAITING_SUPPLEMENT).when(NOT_PAID, on=d(5, 30)).refused("条例30、109号6", "ground")


# --- 撤回 ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", OPEN, ids=str)
def test_a_request_is_withdrawn_from_any_open_status(status: Status) -> None:
    after = given(*BY_STATUS[status]).when(
        c.Withdraw(d(4, 30), "不再需要"), by=Role.APPLICANT, on=d(4, 30)
    )
    assert after.then(e.Withdrawn(d(4, 30), "不再需要")).so_far.status is Status.WITHDRAWN


@pytest.mark.parametrize("steps", [REPLIED, ABANDONED, WITHDRAWN])
def test_what_is_over_is_not_withdrawn(steps: tuple[e.CaseEvent, ...]) -> None:
    given(*steps).when(c.Withdraw(d(4, 30)), on=d(4, 30)).refused("条例29")
