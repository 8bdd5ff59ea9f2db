"""延长, 预警, 延迟 and 收费: what moves the day on which a reply is due."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import (
    FeeMethod,
    NoticeKind,
    ProvisionForm,
    Role,
)
from gk_workflow.core.workflow import Status
from tests.core.facts import (
    APPROVED,
    ASKED,
    AWAITING_APPROVAL,
    AWAITING_PAYMENT,
    AWAITING_SUPPLEMENT,
    CHARGED,
    CONSULTED,
    CONSULTING,
    DAY_AFTER,
    DUE,
    IN_HANDLING,
    OPENED,
    POSTED,
    REVIEWED,
    UNDER_REVIEW,
    d,
)
from tests.core.given import HEAD, given

# --- 延长 (条例33(2), C6) -----------------------------------------------------------------------


def extending(approved: date, notified: date, workdays: int = 20) -> c.ExtendReply:
    return c.ExtendReply(workdays, approved, notified, "需查阅历史档案")


def extended(approved: date, notified: date, workdays: int = 20) -> e.ReplyExtended:
    return e.ReplyExtended(workdays, approved, notified, HEAD, "需查阅历史档案")


def test_an_extension_told_on_the_last_day_adds_exactly_its_days() -> None:
    after = (
        given(*IN_HANDLING)
        .when(extending(DUE, DUE), by=Role.HEAD, on=d(4, 10))
        .then(extended(DUE, DUE))
    )
    assert after.due == d(4, 28)


@pytest.mark.parametrize(("approved", "notified"), [(DUE, DAY_AFTER), (DAY_AFTER, DAY_AFTER)])
def test_an_extension_approved_or_told_the_day_after_is_refused(
    approved: date, notified: date
) -> None:
    command = extending(approved, notified)
    given(*IN_HANDLING).when(command, by=Role.HEAD, on=d(4, 10)).refused("条例33(2)", "notified_on")


def test_an_office_may_hold_that_approval_alone_must_be_in_time() -> None:
    case = given(*IN_HANDLING).under(Policy(extension_notice_by_due_date=False))
    case.when(extending(DUE, DAY_AFTER), by=Role.HEAD, on=d(4, 10)).then(extended(DUE, DAY_AFTER))


def test_extensions_may_not_exceed_twenty_working_days_in_all() -> None:
    day = d(3, 20)
    case = given(*IN_HANDLING)
    case.when(extending(day, day, 21), by=Role.HEAD, on=day).refused("条例33(2)", "workdays")
    twelve = case.when(extending(day, day, 12), by=Role.HEAD, on=day).then(extended(day, day, 12))
    twelve.when(extending(day, day, 9), by=Role.HEAD, on=day).refused("条例33(2)", "workdays")
    full = twelve.when(extending(day, day, 8), by=Role.HEAD, on=day).then(extended(day, day, 8))
    full.when(extending(day, day, 1), by=Role.HEAD, on=day).refused("条例33(2)")


def test_an_extension_is_told_after_it_is_approved() -> None:
    command = extending(d(3, 20), d(3, 19))
    given(*IN_HANDLING).when(command, by=Role.HEAD, on=d(3, 20)).refused("条例33(2)", "notified_on")


def test_an_extension_from_before_the_running_period_does_not_reach_it() -> None:
    restarted = (*AWAITING_SUPPLEMENT, e.Supplemented(d(3, 25)))
    command = extending(d(3, 20), d(3, 20))
    given(*restarted).when(command, by=Role.HEAD, on=d(3, 26)).refused("条例33(2)", "approved_on")
    new = extending(d(3, 26), d(3, 26))
    after = (
        given(*restarted).when(new, by=Role.HEAD, on=d(3, 26)).then(extended(d(3, 26), d(3, 26)))
    )
    assert after.due == d(5, 23)


def test_only_the_head_extends() -> None:
    for role in (Role.CLERK, Role.REVIEWER, Role.SYSTEM):
        given(*IN_HANDLING).when(extending(DUE, DUE), by=role, on=DUE).forbidden("条例33(2)")


@pytest.mark.parametrize("steps", [AWAITING_SUPPLEMENT, AWAITING_APPROVAL, APPROVED, CONSULTING])
def test_an_extension_is_lawful_while_a_reply_is_still_owed(steps: tuple[e.CaseEvent, ...]) -> None:
    command = extending(d(3, 21), d(3, 21), 5)
    given(*steps).when(command, by=Role.HEAD, on=d(3, 21)).then(extended(d(3, 21), d(3, 21), 5))


def test_a_served_reply_is_not_extended() -> None:
    given(*APPROVED, POSTED).when(extending(DUE, DUE), by=Role.HEAD, on=DUE).refused("条例33(2)")


# --- 预警, 延迟 (条例33, 35) --------------------------------------------------------------------


def test_each_due_date_is_warned_of_once_three_workdays_before() -> None:
    case = given(*IN_HANDLING)
    case.when(c.RemindDueSoon(), by=Role.SYSTEM, on=d(3, 25)).refused("条例33、45")
    told = case.when(c.RemindDueSoon(), by=Role.SYSTEM, on=d(3, 26)).then(
        e.DueSoonReminded(DUE, d(3, 26))
    )
    case.when(c.RemindDueSoon(), by=Role.SYSTEM, on=DUE).then(e.DueSoonReminded(DUE, DUE))
    told.when(c.RemindDueSoon(), by=Role.SYSTEM, on=d(3, 27)).refused("条例33、45")
    extended_ = told.then_also(extended(DUE, DUE, 5))
    extended_.when(c.RemindDueSoon(), by=Role.SYSTEM, on=d(4, 3)).then(
        e.DueSoonReminded(d(4, 8), d(4, 3))
    )


@pytest.mark.parametrize(
    ("steps", "day"),
    [
        (IN_HANDLING, DAY_AFTER),
        (AWAITING_SUPPLEMENT, d(3, 28)),
        ((*IN_HANDLING, replace(CONSULTED, received_on=None)), d(3, 28)),
    ],
    ids=["overdue already", "waiting for the applicant", "no end known"],
)
def test_nothing_is_warned_of_where_nothing_falls_due(
    steps: tuple[e.CaseEvent, ...], day: date
) -> None:
    given(*steps).when(c.RemindDueSoon(), by=Role.SYSTEM, on=day).refused("条例33、45")


EXCESSIVE = (*UNDER_REVIEW, ASKED, e.ReasonsGiven(d(3, 10), "研究"))


def delaying(until: date, told: date) -> c.DelayReply:
    return c.DelayReply(until, told, "数量多")


def test_a_reply_is_delayed_to_a_told_day_after_good_reasons() -> None:
    case = given(*EXCESSIVE)
    after = case.when(delaying(d(6, 30), DUE), by=Role.HEAD, on=DUE).then(
        e.ReplyDelayed(d(6, 30), DUE, "数量多")
    )
    assert after.due == d(6, 30)


def test_a_delay_is_told_in_time_and_is_one() -> None:
    case = given(*EXCESSIVE)
    case.when(delaying(d(6, 30), DAY_AFTER), by=Role.HEAD, on=DAY_AFTER).refused(
        "条例35", "notified_on"
    )
    case.when(delaying(DUE, DUE), by=Role.HEAD, on=DUE).refused("条例35", "until")
    case.when(delaying(d(6, 30), d(3, 7)), by=Role.HEAD, on=DUE).refused("条例35", "notified_on")


def test_a_delay_is_told_before_the_day_it_leads_to_even_while_no_due_date_is_known() -> None:
    endless = (*EXCESSIVE, REVIEWED, replace(CONSULTED, received_on=None))
    back = (*endless, e.ConsultationEnded(1, d(3, 14), "退信"), e.ConsultationsCompleted(d(3, 14)))
    assert given(*endless).due is None
    case = given(*back)
    case.when(delaying(d(3, 13), d(3, 14)), by=Role.HEAD, on=d(3, 14)).refused("条例35", "until")


def test_no_reasons_no_delay() -> None:
    given(*UNDER_REVIEW).when(delaying(d(6, 30), DUE), by=Role.HEAD, on=DUE).refused("条例35")


# --- 收费 (条例42, 109号) -----------------------------------------------------------------------


def charging(**changes: object) -> c.ChargeFee:
    command = c.ChargeFee(FeeMethod.PER_PAGE, 119, 1080, "页数明显超过合理范围", d(3, 10), d(3, 11))
    return replace(command, **changes)


def test_a_fee_is_charged_by_the_tariff_and_its_payment_starts_the_period_anew() -> None:
    charged = given(*IN_HANDLING).when(charging(), on=d(3, 11)).then(CHARGED)
    assert charged.so_far.status is Status.AWAITING_PAYMENT
    paid = charged.when(c.RecordPayment(d(3, 17), "鲁财票1"), on=d(3, 17)).then(
        e.FeePaid(d(3, 17), "鲁财票1")
    )
    assert (paid.so_far.status, paid.due) == (Status.IN_HANDLING, d(4, 15))


def test_items_of_one_month_are_counted_together() -> None:
    by_item = charging(method=FeeMethod.PER_ITEM, quantity=2, amount_yuan=100, counted_before=9)
    given(*IN_HANDLING).when(by_item, on=d(3, 11)).then(
        replace(CHARGED, method=FeeMethod.PER_ITEM, quantity=2, amount_yuan=100, counted_before=9)
    )


@pytest.mark.parametrize(
    ("changes", "article", "field"),
    [
        ({"amount_yuan": 1079}, "109号4、5", "amount_yuan"),
        ({"quantity": 30, "amount_yuan": 0}, "109号4、5", "quantity"),
        ({"counted_before": 1}, "109号5", "counted_before"),
        ({"sent_on": d(3, 12)}, "109号6", "served_on"),
    ],
)
def test_no_fee_but_the_tariffs(changes: dict[str, object], article: str, field: str) -> None:
    given(*IN_HANDLING).when(charging(**changes), on=d(3, 12)).refused(article, field)


def test_pages_are_charged_for_copies_only() -> None:
    looked_at = (replace(OPENED, form=ProvisionForm.INSPECTION), *IN_HANDLING[1:])
    given(*looked_at).when(charging(), on=d(3, 11)).refused("109号5", "method")


def test_no_fee_before_there_were_rules_on_fees() -> None:
    last = date(2020, 12, 31)
    early = (
        replace(OPENED, submitted_on=date(2020, 12, 21)),
        e.ReceiptConfirmed(date(2020, 12, 21)),
        e.Accepted(date(2020, 12, 21)),
        e.ReviewPassed(date(2020, 12, 22), "不涉密"),
    )
    given(*early).when(charging(sent_on=last, served_on=None), on=last).refused("109号", "sent_on")
    first = date(2021, 1, 1)
    given(*early).when(charging(sent_on=first, served_on=None), on=first).then(
        replace(CHARGED, sent_on=first, served_on=None)
    )


def test_a_late_fee_notice_is_recorded_but_its_payment_restarts_nothing() -> None:
    late = charging(sent_on=DAY_AFTER, served_on=DAY_AFTER)
    charged = (
        given(*IN_HANDLING)
        .when(late, on=DAY_AFTER)
        .then(replace(CHARGED, sent_on=DAY_AFTER, served_on=DAY_AFTER))
    )
    paid = charged.when(c.RecordPayment(d(6, 30)), on=d(6, 30)).then(e.FeePaid(d(6, 30)))
    assert paid.due == DUE


def test_a_fee_is_paid_within_twenty_workdays() -> None:
    case = given(*AWAITING_PAYMENT)
    case.when(c.RecordPayment(d(4, 9)), on=d(4, 30)).then(e.FeePaid(d(4, 9)))
    case.when(c.RecordPayment(d(4, 10)), on=d(4, 30)).refused("109号6", "paid_on")
    case.when(c.RecordPayment(d(3, 7)), on=d(4, 30)).refused("109号6", "paid_on")


def test_no_period_to_pay_has_run_while_the_notices_service_is_unknown() -> None:
    case = given(*IN_HANDLING, replace(CHARGED, served_on=None))
    message = case.when(c.RecordPayment(d(4, 9)), on=d(4, 9)).refused("109号6", "paid_on")
    assert "先登记送达" in message
    served = case.then_also(e.NoticeServed(NoticeKind.FEE, d(3, 12)))
    served.when(c.RecordPayment(d(4, 9)), on=d(4, 9)).then(e.FeePaid(d(4, 9)))


def test_a_fee_taken_back_leaves_the_old_period_and_a_new_one_may_be_charged() -> None:
    case = given(*AWAITING_PAYMENT)
    case.when(c.WaiveFee(d(3, 7), "误算"), by=Role.HEAD, on=d(3, 14)).refused("109号8", "waived_on")
    waived = case.when(c.WaiveFee(d(3, 14), "误算"), by=Role.HEAD, on=d(3, 14)).then(
        e.FeeWaived(d(3, 14), "误算")
    )
    assert (waived.so_far.status, waived.due) == (Status.IN_HANDLING, DUE)
    again = charging(sent_on=d(3, 17), served_on=d(3, 17))
    once_more = waived.when(again, on=d(3, 17)).then(
        replace(CHARGED, sent_on=d(3, 17), served_on=d(3, 17))
    )
    once_more.when(c.RecordPayment(d(4, 15)), on=d(4, 15)).then(e.FeePaid(d(4, 15)))


def test_nobody_pays_twice_for_one_request() -> None:
    paid = given(*AWAITING_PAYMENT, e.FeePaid(d(3, 17)))
    paid.when(charging(sent_on=d(3, 18), served_on=None), on=d(3, 18)).refused("109号3")
