"""受理: opening and 收到之日, what dates are possible at all, acceptance, 补正, and letters that arrive."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.decide import NoSuchCase
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import (
    Channel,
    NoticeKind,
    Opinion,
    Role,
)
from gk_workflow.core.workflow import Status
from tests.core.facts import (
    APPLICANT,
    AWAITING_PAYMENT,
    AWAITING_SUPPLEMENT,
    CHARGED,
    CONSULTED,
    IN_HANDLING,
    NOTICE,
    OPENED,
    RECEIVED,
    RECEIVED_ON,
    SUBMITTED,
    SUPPLEMENT_NOTICE_DUE,
    UNDER_REVIEW,
    d,
)
from tests.core.given import RULES, given

# --- 登记 and 收到之日 (条例29, 31) --------------------------------------------------------------


def opening(channel: Channel = Channel.IN_PERSON, **changes: object) -> c.OpenCase:
    command = c.OpenCase(
        agency="zc",
        channel=channel,
        applicant=APPLICANT,
        wanted="道路改造合同",
        submitted_on=RECEIVED_ON,
    )
    return replace(command, **changes)


def opened(channel: Channel) -> e.CaseOpened:
    return replace(OPENED, channel=channel)


def test_what_is_handed_in_over_the_counter_is_received_that_day() -> None:
    given().when(opening(), on=RECEIVED_ON).then(OPENED, e.ReceiptConfirmed(d(3, 3), "当面提交"))


def test_an_oral_request_is_received_the_day_the_form_is_filled_in() -> None:
    given().when(opening(Channel.ORAL), on=d(3, 5)).then(
        opened(Channel.ORAL), e.ReceiptConfirmed(d(3, 3), "口头申请代填")
    )


def test_a_counter_request_cannot_have_been_received_on_another_day() -> None:
    given().when(opening(received_on=d(3, 4)), on=d(3, 5)).refused("条例31", "received_on")


@pytest.mark.parametrize(
    "channel", [Channel.EMS, Channel.REGISTERED, Channel.ORDINARY_MAIL, Channel.FAX, Channel.ONLINE]
)
def test_what_comes_otherwise_waits_for_its_signature_or_confirmation(channel: Channel) -> None:
    after = given().when(opening(channel), on=d(3, 5)).then(opened(channel))
    assert after.so_far.status is Status.SUBMITTED
    after.when(c.ConfirmReceipt(d(3, 6), "签收"), on=d(3, 6)).then(
        e.ReceiptConfirmed(d(3, 6), "签收")
    )


def test_a_letter_already_signed_for_is_received_at_once() -> None:
    given().when(opening(Channel.EMS, received_on=d(3, 5)), on=d(3, 6)).then(
        opened(Channel.EMS), e.ReceiptConfirmed(d(3, 5), "登记时已签收或者确认")
    )


def test_a_platform_that_says_submitted_has_received() -> None:
    given().when(opening(Channel.ONLINE, platform_confirmed=True), on=d(3, 3)).then(
        opened(Channel.ONLINE), e.ReceiptConfirmed(d(3, 3), "平台自动确认提交成功")
    )


def test_an_email_counts_from_its_arrival_unless_policy_says_both_must_confirm() -> None:
    command = opening(Channel.EMAIL)
    given().when(command, on=d(3, 5)).then(
        opened(Channel.EMAIL), e.ReceiptConfirmed(d(3, 3), "电子邮件到达")
    )
    both = Policy(email_counts_on_arrival=False)
    given().under(both).when(command, on=d(3, 5)).then(opened(Channel.EMAIL))


def test_nothing_is_received_before_it_was_submitted() -> None:
    command = opening(Channel.EMS, received_on=d(3, 2))
    given().when(command, on=d(3, 5)).refused("条例31、45", "received_on")
    early = c.ConfirmReceipt(d(3, 2))
    given(*SUBMITTED).when(early, on=d(3, 5)).refused("条例31", "received_on")


def test_a_request_names_its_applicant_and_what_is_wanted() -> None:
    nobody = replace(APPLICANT, name=" ")
    given().when(opening(applicant=nobody), on=d(3, 3)).refused("条例29(2)1", "applicant.name")
    given().when(opening(wanted="\n "), on=d(3, 3)).refused("条例29(2)2", "wanted")


def test_an_applicant_opens_a_case_online_and_not_otherwise() -> None:
    online = opening(Channel.ONLINE, platform_confirmed=True)
    given().when(online, by=Role.APPLICANT, on=d(3, 3)).then(
        opened(Channel.ONLINE), e.ReceiptConfirmed(d(3, 3), "平台自动确认提交成功")
    )
    given().when(opening(), by=Role.APPLICANT, on=d(3, 3)).refused("条例29、31", "channel")


def test_a_case_is_opened_once() -> None:
    for steps in (SUBMITTED, RECEIVED):
        given(*steps).when(opening(), on=d(3, 4)).refused("条例29、45")


def test_nothing_but_opening_is_done_to_a_case_that_does_not_exist() -> None:
    with pytest.raises(NoSuchCase):
        given().when(c.Accept(d(3, 3)), on=d(3, 3)).decided()


# --- dates in general ---------------------------------------------------------------------------


def test_no_date_lies_after_today() -> None:
    given(*RECEIVED).when(c.Accept(d(3, 5)), on=d(3, 4)).refused("条例45", "accepted_on")
    given(*RECEIVED).when(c.Accept(d(3, 4)), on=d(3, 4)).then(e.Accepted(d(3, 4)))


def test_staff_enter_late_what_happened_earlier_but_an_applicants_word_moves_no_clock_back() -> (
    None
):
    early = opening(Channel.ONLINE, platform_confirmed=True)
    given().when(early, by=Role.APPLICANT, on=d(4, 30)).refused("条例31", "submitted_on")
    supplement = c.Supplement(d(3, 25))
    case = given(*AWAITING_SUPPLEMENT)
    case.when(supplement, by=Role.APPLICANT, on=d(3, 26)).refused("条例31", "received_on")
    case.when(supplement, on=d(3, 26)).then(e.Supplemented(d(3, 25)))


def test_a_date_told_ahead_may_lie_after_today() -> None:
    case = given(*UNDER_REVIEW, e.ReasonsAsked(d(3, 5), "四十件"), e.ReasonsGiven(d(3, 6), "研究"))
    case.when(c.DelayReply(d(6, 30), d(3, 10), "数量多"), by=Role.HEAD, on=d(3, 10)).then(
        e.ReplyDelayed(d(6, 30), d(3, 10), "数量多")
    )


def test_no_date_lies_before_the_submission_or_outside_the_calendar() -> None:
    given(*RECEIVED).when(c.Accept(d(3, 2)), on=d(3, 4)).refused("条例31", "accepted_on")
    given().when(opening(submitted_on=date(2017, 12, 31)), on=d(3, 3)).refused(
        "民法典201", "submitted_on"
    )
    far = c.DelayReply(date(2999, 1, 1), d(3, 10), "数量多")
    case = given(*UNDER_REVIEW, e.ReasonsAsked(d(3, 5), "四十件"), e.ReasonsGiven(d(3, 6), "研究"))
    case.when(far, by=Role.HEAD, on=d(3, 10)).refused("民法典201", "until")


def test_the_first_day_of_the_calendar_is_a_day_of_it() -> None:
    first = RULES.calendar.first_day
    assert first == date(2018, 1, 1)
    given().when(opening(submitted_on=first), on=d(3, 3)).then(
        replace(OPENED, submitted_on=first), e.ReceiptConfirmed(first, "当面提交")
    )


def test_a_period_that_runs_out_of_the_calendar_is_refused_not_a_crash() -> None:
    last = date(2060, 12, 30)
    opened_late = replace(OPENED, submitted_on=last)
    case = given(opened_late, e.ReceiptConfirmed(last))
    command = c.ExtendReply(5, last, last, "忙")
    case.when(command, by=Role.HEAD, on=last).refused("民法典201")


def test_nothing_after_the_submission_precedes_the_receipt() -> None:
    late_receipt = (*SUBMITTED, e.ReceiptConfirmed(d(3, 7)))
    given(*late_receipt).when(c.Accept(d(3, 6)), on=d(3, 10)).refused("条例31、45", "accepted_on")
    given(*late_receipt).when(c.Accept(d(3, 7)), on=d(3, 10)).then(e.Accepted(d(3, 7)))


# --- 受理, 补正 (条例30, C5) --------------------------------------------------------------------


def test_a_received_request_is_accepted() -> None:
    assert given(*RECEIVED).when(c.Accept(d(3, 4)), on=d(3, 4)).then(
        e.Accepted(d(3, 4))
    ).so_far.status is (Status.UNDER_REVIEW)


def test_the_office_may_go_on_without_the_supplement_but_not_before_it_asked() -> None:
    given(*AWAITING_SUPPLEMENT).when(c.Accept(d(3, 12)), on=d(3, 12)).then(e.Accepted(d(3, 12)))
    given(*AWAITING_SUPPLEMENT).when(c.Accept(d(3, 9)), on=d(3, 12)).refused(
        "条例30", "accepted_on"
    )


def asking(
    sent: date, served: date | None = None, period: int | None = None
) -> c.RequestSupplement:
    return c.RequestSupplement("请明确年度", "可提供文号", sent, served, period)


def test_a_supplement_is_asked_for_with_the_offices_usual_period() -> None:
    case = (
        given(*RECEIVED)
        .when(asking(d(3, 10)), on=d(3, 10))
        .then(e.SupplementRequested("请明确年度", "可提供文号", d(3, 10), None, 10))
    )
    assert case.so_far.status is Status.AWAITING_SUPPLEMENT


def test_a_period_told_in_the_letter_stands() -> None:
    given(*RECEIVED).when(asking(d(3, 10), d(3, 11), 15), on=d(3, 11)).then(
        e.SupplementRequested("请明确年度", "可提供文号", d(3, 10), d(3, 11), 15)
    )


def test_a_notice_is_not_served_before_it_is_sent() -> None:
    given(*RECEIVED).when(asking(d(3, 10), d(3, 9)), on=d(3, 11)).refused("条例30", "served_on")


@pytest.mark.parametrize("sent", [SUPPLEMENT_NOTICE_DUE, d(3, 13), d(4, 30)])
def test_a_late_notice_is_recorded_never_refused(sent: date) -> None:
    given(*RECEIVED).when(asking(sent), on=d(4, 30)).then(
        e.SupplementRequested("请明确年度", "可提供文号", sent, None, 10)
    )


def test_a_second_notice_is_recorded_never_refused() -> None:
    given(*AWAITING_SUPPLEMENT).when(asking(d(3, 12)), on=d(3, 12)).then(
        e.SupplementRequested("请明确年度", "可提供文号", d(3, 12), None, 10)
    )


def test_a_supplement_in_its_period_is_taken_up() -> None:
    case = given(*AWAITING_SUPPLEMENT).when(c.Supplement(d(3, 25), "2024年合同"), on=d(3, 26))
    after = case.then(e.Supplemented(d(3, 25), "2024年合同"))
    assert (after.so_far.status, after.so_far.wanted) == (Status.UNDER_REVIEW, "2024年合同")


def test_a_supplement_may_leave_the_wish_as_it_is() -> None:
    after = given(*AWAITING_SUPPLEMENT).when(c.Supplement(d(3, 12)), by=Role.APPLICANT, on=d(3, 12))
    assert after.then(e.Supplemented(d(3, 12))).so_far.wanted == "道路改造合同"


def test_a_supplement_the_day_after_its_period_needs_a_justified_reason() -> None:
    late = c.Supplement(d(3, 26), "2024年合同")
    given(*AWAITING_SUPPLEMENT).when(late, on=d(3, 26)).refused("条例30", "excuse")
    blank = replace(late, excuse="  ")
    given(*AWAITING_SUPPLEMENT).when(blank, on=d(3, 26)).refused("条例30", "excuse")
    posted = replace(late, excuse="3月25日交邮")
    given(*AWAITING_SUPPLEMENT).when(posted, on=d(3, 26)).then(
        e.Supplemented(d(3, 26), "2024年合同", "3月25日交邮")
    )


def test_no_period_has_run_against_a_notice_whose_service_is_unknown() -> None:
    unserved = (*RECEIVED, replace(NOTICE, served_on=None))
    message = given(*unserved).when(c.Supplement(d(4, 30)), on=d(4, 30)).refused("条例30", "excuse")
    assert "送达日期尚未登记" in message


def test_after_a_late_notice_a_supplement_is_taken_whenever_it_comes() -> None:
    late = replace(NOTICE, sent_on=d(3, 13), served_on=d(3, 13))
    given(*RECEIVED, late).when(c.Supplement(d(4, 30)), on=d(4, 30)).then(e.Supplemented(d(4, 30)))


def test_a_supplement_does_not_come_before_the_notice() -> None:
    given(*AWAITING_SUPPLEMENT).when(c.Supplement(d(3, 9)), on=d(3, 12)).refused(
        "条例30", "received_on"
    )


# --- letters that arrive --------------------------------------------------------------------------


def arrival(kind: NoticeKind, day: date, consultation: int = 0) -> c.RecordNoticeService:
    return c.RecordNoticeService(kind, day, consultation)


def test_the_arrival_of_a_supplement_notice_is_recorded_once() -> None:
    unserved = (*RECEIVED, replace(NOTICE, served_on=None))
    command = arrival(NoticeKind.SUPPLEMENT, d(3, 12))
    after = (
        given(*unserved)
        .when(command, on=d(3, 12))
        .then(e.NoticeServed(NoticeKind.SUPPLEMENT, d(3, 12)))
    )
    after.when(command, on=d(3, 13)).refused("条例45")
    given(*unserved).when(arrival(NoticeKind.SUPPLEMENT, d(3, 9)), on=d(3, 12)).refused(
        "条例30", "served_on"
    )


def test_the_arrival_of_a_fee_notice_is_recorded_once() -> None:
    unserved = (*IN_HANDLING, replace(CHARGED, served_on=None))
    given(*unserved).when(arrival(NoticeKind.FEE, d(3, 12)), on=d(3, 12)).then(
        e.NoticeServed(NoticeKind.FEE, d(3, 12))
    )
    given(*unserved).when(arrival(NoticeKind.FEE, d(3, 9)), on=d(3, 12)).refused(
        "109号6", "served_on"
    )
    given(*AWAITING_PAYMENT).when(arrival(NoticeKind.FEE, d(3, 12)), on=d(3, 12)).refused("条例45")


def test_the_arrival_of_a_consultation_is_recorded_even_after_its_answer() -> None:
    answered = (
        *IN_HANDLING,
        replace(CONSULTED, received_on=None),
        e.OpinionReceived(1, d(3, 20), Opinion.AGREE),
        e.ConsultationsCompleted(d(3, 20)),
    )
    given(*answered).when(arrival(NoticeKind.CONSULTATION, d(3, 20), 1), on=d(3, 24)).then(
        e.NoticeServed(NoticeKind.CONSULTATION, d(3, 20), 1)
    )
    given(*answered).when(arrival(NoticeKind.CONSULTATION, d(3, 21), 1), on=d(3, 24)).refused(
        "条例32、34", "served_on"
    )


def test_a_consultation_letter_does_not_arrive_before_it_is_sent() -> None:
    sent = (*IN_HANDLING, replace(CONSULTED, received_on=None))
    given(*sent).when(arrival(NoticeKind.CONSULTATION, d(3, 7), 1), on=d(3, 24)).refused(
        "条例32、34", "served_on"
    )


def test_only_a_letter_that_is_waited_for_arrives() -> None:
    unserved = (*IN_HANDLING, replace(CONSULTED, received_on=None))
    given(*unserved).when(arrival(NoticeKind.CONSULTATION, d(3, 12), 2), on=d(3, 12)).refused(
        "条例45", "notice"
    )
    given(*unserved).when(arrival(NoticeKind.SUPPLEMENT, d(3, 12)), on=d(3, 12)).refused(
        "条例45", "notice"
    )
