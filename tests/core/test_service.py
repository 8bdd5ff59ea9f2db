"""送达, 送达回证, 告知第三方 and 归档: nothing is over without proof."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.clock import run_clock
from gk_workflow.core.deadlines import deadlines_of
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import LapseEffect, Opinion, Role, ServiceMethod
from gk_workflow.core.workflow import Status
from tests.core.facts import (
    ABANDONED,
    APPROVED,
    CO_AUTHOR,
    COMPLETED,
    CONSULTED,
    CONSULTING,
    DAY_AFTER,
    DELIVERED,
    DENIAL,
    DISAGREED,
    DRAFTED,
    DUE,
    GRANT_AGAINST_WILL,
    IN_HANDLING,
    OBJECTED,
    ONLINE_APPLICANT,
    OPENED,
    PARTIAL,
    POSTED,
    PROVEN,
    REPLIED,
    REVIEW_ACCEPTED,
    REVIEW_FILED,
    REVIEW_MAINTAINED,
    REVIEW_REDO,
    SIGNED,
    WITHDRAWN,
    d,
)
from tests.core.given import RULES, Given, Step, given

ARTICLE = "国办公开办函〔2016〕235号、民诉法88至95"


def serving(
    method: ServiceMethod, day: date = POSTED.served_on, proof: str = "", signed_by: str = ""
) -> c.ServeReply:
    return c.ServeReply(method, day, proof, signed_by)


# --- each method with what makes it count -------------------------------------------------------


@pytest.mark.parametrize("method", [ServiceMethod.DIRECT, ServiceMethod.ENTRUSTED])
def test_who_is_handed_a_letter_signs_for_it(method: ServiceMethod) -> None:
    case = given(*APPROVED)
    case.when(serving(method, proof="EMS1", signed_by=" "), on=d(3, 19)).refused(
        ARTICLE, "signed_by"
    )
    after = case.when(serving(method, signed_by="张三"), on=d(3, 19)).then(
        e.ReplyServed(method, d(3, 19), "", "张三")
    )
    assert after.so_far.life.services[-1].proof


@pytest.mark.parametrize(
    "method", [ServiceMethod.POST, ServiceMethod.LEFT, ServiceMethod.PUBLIC_NOTICE]
)
def test_other_services_state_their_proof(method: ServiceMethod) -> None:
    case = given(*APPROVED)
    case.when(serving(method), on=d(3, 19)).refused(ARTICLE, "proof")
    after = case.when(serving(method, proof="EMS1"), on=d(3, 19)).then(
        e.ReplyServed(method, d(3, 19), "EMS1")
    )
    assert not after.so_far.life.services[-1].proof


def test_a_posted_letter_is_not_proven_delivered_by_naming_a_signatory() -> None:
    after = given(*APPROVED).when(
        serving(ServiceMethod.POST, proof="EMS1", signed_by="张三"), on=d(3, 19)
    )
    event = e.ReplyServed(ServiceMethod.POST, d(3, 19), "EMS1", "张三")
    after.then(event).when(c.Archive(d(3, 19)), on=d(3, 19)).refused(
        "国办公开办函〔2016〕235号、条例45", "archived_on"
    )


def test_electronic_service_needs_consent() -> None:
    command = serving(ServiceMethod.ELECTRONIC)
    given(*APPROVED).when(command, on=d(3, 19)).refused(ARTICLE, "method")
    consenting = (replace(OPENED, applicant=ONLINE_APPLICANT), *APPROVED[1:])
    given(*consenting).when(command, on=d(3, 19)).then(
        e.ReplyServed(ServiceMethod.ELECTRONIC, d(3, 19))
    )


def test_a_letter_is_not_served_before_it_is_signed() -> None:
    command = serving(ServiceMethod.POST, d(3, 17), "EMS1")
    given(*APPROVED).when(command, on=d(3, 19)).refused("国办公开办函〔2016〕235号", "served_on")


@pytest.mark.parametrize(
    ("method", "delivered"),
    [(ServiceMethod.POST, d(4, 8)), (ServiceMethod.DIRECT, None), (ServiceMethod.ELECTRONIC, None)],
)
def test_the_day_of_the_method_decides_whether_a_reply_is_in_time(
    method: ServiceMethod, delivered: date | None
) -> None:
    for served, late in ((DUE, False), (DAY_AFTER, True)):
        case = given(*APPROVED, e.ReplyServed(method, served, "EMS1", "张三"))
        if delivered:
            case = case.then_also(e.ReplyDelivered(delivered, "张三"))
        (reply,) = run_clock(case.so_far.life, RULES.calendar, RULES.policy).replies
        assert (reply.timely_on, reply.late) == (served, late)


# --- 送达回证, 送达不成 -------------------------------------------------------------------------


def test_the_proof_of_delivery_is_recorded_once_and_not_before_the_posting() -> None:
    command = c.RecordDelivery(d(3, 21), "张三", "本人")
    after = given(*REPLIED).when(command, on=d(3, 21)).then(DELIVERED)
    after.when(command, on=d(3, 24)).refused("民诉法87")
    given(*REPLIED).when(c.RecordDelivery(d(3, 18), "张三"), on=d(3, 21)).refused(
        "民诉法87", "delivered_on"
    )


def test_a_letter_that_came_back_is_served_again_and_only_then_counts() -> None:
    failed = (
        given(*REPLIED)
        .when(c.RecordServiceFailure(d(3, 24), "查无此人"), on=d(3, 24))
        .then(e.ServiceFailed(d(3, 24), "查无此人"))
    )
    assert failed.so_far.status is Status.APPROVED
    failed.when(serving(ServiceMethod.POST, d(3, 21), "EMS2"), on=d(3, 25)).refused(
        "国办公开办函〔2016〕235号", "served_on"
    )
    again = failed.when(serving(ServiceMethod.POST, d(3, 25), "EMS2"), on=d(3, 25)).then(
        e.ReplyServed(ServiceMethod.POST, d(3, 25), "EMS2")
    )
    clock = run_clock(again.so_far.life, RULES.calendar, RULES.policy)
    assert [reply.timely_on for reply in clock.replies] == [d(3, 25)]


def test_a_delivered_letter_has_not_come_back() -> None:
    given(*PROVEN).when(c.RecordServiceFailure(d(3, 24), "查无此人"), on=d(3, 24)).refused(
        "民诉法87"
    )
    given(*REPLIED).when(c.RecordServiceFailure(d(3, 18), "查无此人"), on=d(3, 24)).refused(
        "民诉法87", "failed_on"
    )


# --- 告知第三方 (条例32) ------------------------------------------------------------------------

OVERRULED: tuple[Step, ...] = (
    *OBJECTED,
    e.DraftSubmitted(GRANT_AGAINST_WILL, d(3, 21)),
    replace(SIGNED, approved_on=d(3, 21)),
)
TELL = c.NotifyThirdParty(1, d(3, 24), "合同复印件", "关系重大公共利益")
TOLD = e.ThirdPartyNotified(
    1,
    d(3, 24),
    "合同复印件",
    "关系重大公共利益",
    "如对本告知不服，可以自收到本告知书之日起60日内向芝罘区人民政府申请行政复议，"
    "或者自收到之日起6个月内向有管辖权的人民法院提起行政诉讼。",
)


def test_an_overruled_third_party_is_told_before_the_applicant_gets_the_reply() -> None:
    command = serving(ServiceMethod.POST, d(3, 24), "EMS1")
    case = given(*OVERRULED)
    case.when(command, on=d(3, 24)).refused("条例32", "served_on")
    told = case.when(TELL, on=d(3, 24)).then(TOLD)
    told.when(command, on=d(3, 24)).then(e.ReplyServed(ServiceMethod.POST, d(3, 24), "EMS1"))
    told.when(TELL, on=d(3, 25)).refused("条例32")


def test_a_part_disclosed_in_the_public_interest_is_told_too() -> None:
    content = replace(PARTIAL, public_interest="关系重大公共利益")
    signed = replace(SIGNED, approved_on=d(3, 21))
    command = serving(ServiceMethod.POST, d(3, 24), "EMS1")
    overruled = given(*OBJECTED, e.DraftSubmitted(content, d(3, 21)), signed)
    overruled.when(command, on=d(3, 24)).refused("条例32", "served_on")
    withheld = given(*OBJECTED, e.DraftSubmitted(PARTIAL, d(3, 21)), signed)
    withheld.when(command, on=d(3, 24)).then(e.ReplyServed(ServiceMethod.POST, d(3, 24), "EMS1"))


def test_where_policy_lets_it_be_told_afterwards_nothing_is_archived_before() -> None:
    case = given(*OVERRULED).under(Policy(notify_third_party_before_service=False))
    served = case.when(serving(ServiceMethod.DIRECT, d(3, 24), signed_by="张三"), on=d(3, 24)).then(
        e.ReplyServed(ServiceMethod.DIRECT, d(3, 24), "", "张三")
    )
    served.when(c.Archive(d(3, 24)), on=d(3, 24)).refused("条例32", "archived_on")
    served.when(TELL, on=d(3, 24)).then(TOLD).when(c.Archive(d(3, 24)), on=d(3, 24)).then(
        e.Archived(d(3, 24))
    )


def test_a_third_party_is_told_of_a_decision_and_not_before_it() -> None:
    given(*OVERRULED).when(replace(TELL, notified_on=d(3, 20)), on=d(3, 24)).refused(
        "条例32", "notified_on"
    )


def test_a_silent_third_party_may_be_told_too() -> None:
    silent = (
        *CONSULTING,
        e.ConsultationLapsed(1, d(4, 2), LapseEffect.AGENCY_DECIDES),
        e.ConsultationsCompleted(d(4, 2)),
        replace(DRAFTED, drafted_on=d(4, 3)),
        replace(SIGNED, approved_on=d(4, 3)),
    )
    case = given(*silent)
    case.when(replace(TELL, notified_on=d(4, 3)), on=d(4, 3)).then(
        replace(TOLD, notified_on=d(4, 3))
    )
    served = case.when(serving(ServiceMethod.POST, d(4, 3), "EMS1"), on=d(4, 3))
    served.then(e.ReplyServed(ServiceMethod.POST, d(4, 3), "EMS1"))


def test_who_agreed_need_not_be_told() -> None:
    agreed = (*CONSULTING, replace(DISAGREED, opinion=Opinion.AGREE), COMPLETED, DRAFTED, SIGNED)
    given(*agreed).when(TELL, on=d(3, 24)).refused("条例32")


def test_only_third_parties_are_told_and_only_of_a_disclosure() -> None:
    withheld = (
        *OBJECTED,
        e.DraftSubmitted(DENIAL, d(3, 21)),
        replace(SIGNED, approved_on=d(3, 21)),
    )
    given(*withheld).when(TELL, on=d(3, 24)).refused("条例32")
    two = (
        *IN_HANDLING,
        CO_AUTHOR,
        replace(CONSULTED, consultation=2),
        replace(DISAGREED, consultation=1),
        replace(DISAGREED, consultation=2),
        COMPLETED,
        e.DraftSubmitted(GRANT_AGAINST_WILL, d(3, 21)),
        replace(SIGNED, approved_on=d(3, 21)),
    )
    given(*two).when(TELL, on=d(3, 24)).refused("条例32", "consultation")


# --- 归档 (条例45) ------------------------------------------------------------------------------


def archive(case: Given, day: date) -> None:
    assert case.when(c.Archive(day), on=day).then(e.Archived(day)).so_far.status is Status.ARCHIVED


def test_a_proven_reply_is_archived() -> None:
    archive(given(*PROVEN), d(3, 24))


def test_nothing_is_archived_without_proof_of_service() -> None:
    given(*REPLIED).when(c.Archive(d(3, 24)), on=d(3, 24)).refused(
        "国办公开办函〔2016〕235号、条例45", "archived_on"
    )


def test_where_policy_says_so_nothing_is_archived_while_a_remedy_can_be_sought() -> None:
    waiting = Policy(archive_waits_for_remedies=True)
    case = given(*PROVEN).under(waiting)
    last = max(
        one.due
        for one in deadlines_of(case.so_far.life, (), RULES.calendar, waiting)
        if one.whose == "applicant" and one.due is not None
    )
    case.when(c.Archive(last), on=last).refused("条例45、51", "archived_on")
    after = last + timedelta(days=1)
    case.when(c.Archive(after), on=after).then(e.Archived(after))


def test_a_public_notice_is_archived_from_the_day_it_takes_effect() -> None:
    case = given(*APPROVED, replace(POSTED, method=ServiceMethod.PUBLIC_NOTICE))
    case.when(c.Archive(d(4, 17)), on=d(4, 17)).refused("民诉法95、条例45", "archived_on")
    case.when(c.Archive(d(4, 17)), on=d(4, 30)).refused("民诉法95、条例45", "archived_on")
    archive(case, d(4, 18))


@pytest.mark.parametrize("steps", [ABANDONED, WITHDRAWN], ids=["abandoned", "withdrawn"])
def test_what_ended_without_a_reply_is_archived(steps: tuple[Step, ...]) -> None:
    archive(given(*steps), d(4, 30))


@pytest.mark.parametrize("steps", [PROVEN, WITHDRAWN])
def test_nothing_is_archived_before_it_ended(steps: tuple[Step, ...]) -> None:
    given(*steps).when(c.Archive(d(3, 13)), on=d(4, 30)).refused("条例45", "archived_on")


def test_nothing_is_archived_while_a_remedy_is_open_or_its_order_not_carried_out() -> None:
    open_ = given(*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED)
    open_.when(c.Archive(d(6, 2)), on=d(6, 2)).refused("条例45、51", "archived_on")
    ordered = open_.then_also(REVIEW_REDO)
    ordered.when(c.Archive(d(6, 2)), on=d(6, 2)).refused("行政复议法77、条例45", "archived_on")
    archive(open_.then_also(REVIEW_MAINTAINED), d(6, 2))


def test_an_order_that_a_later_reply_obeyed_is_carried_out() -> None:
    overtaken = (
        *APPROVED,
        replace(REVIEW_FILED, filed_on=DAY_AFTER),
        REVIEW_ACCEPTED,
        REVIEW_REDO,
        e.ReplyServed(ServiceMethod.DIRECT, d(5, 9), "", "张三"),
    )
    archive(given(*overtaken), d(5, 12))
    given(*overtaken).when(c.Reopen(1), on=d(5, 12)).refused("行政复议法64、行诉法70", "appeal")


def test_who_withdrew_wants_no_reply_whatever_was_ordered() -> None:
    gone = (
        *IN_HANDLING,
        replace(REVIEW_FILED, filed_on=DAY_AFTER),
        REVIEW_ACCEPTED,
        REVIEW_REDO,
        e.Withdrawn(d(5, 12)),
    )
    archive(given(*gone), d(5, 12))


def test_nothing_is_archived_while_a_wish_for_correction_is_undecided() -> None:
    asked = e.RecordCorrectionRequested(1, d(3, 5), "低保登记信息", "户口簿")
    given(*IN_HANDLING, asked, e.Withdrawn(d(3, 10))).when(
        c.Archive(d(3, 24)), on=d(3, 24)
    ).refused("条例41、45", "archived_on")


def test_only_a_clerk_archives() -> None:
    given(*PROVEN).when(c.Archive(d(3, 24)), by=Role.HEAD, on=d(3, 24)).forbidden("条例45")
