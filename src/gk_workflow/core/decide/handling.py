"""审查 and 处理: decisions about reasons, review, consultations, extension and fees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.case import Case
from gk_workflow.core.clock import consultation_lapse, run_clock
from gk_workflow.core.deadlines import waiting_for_applicant
from gk_workflow.core.decide.intake import last_fee
from gk_workflow.core.decide.refusal import Refused, Rules, require
from gk_workflow.core.law import FEE_RULES_2021, PAGED_FORMS, fee
from gk_workflow.core.life import Consultation
from gk_workflow.core.terms import ConsultationKind, FeeMethod, LapseEffect, Stamp
from gk_workflow.core.workflow import Status

_EFFECTS = {
    ConsultationKind.THIRD_PARTY: LapseEffect.AGENCY_DECIDES,
    ConsultationKind.CO_AUTHOR: LapseEffect.CONSENT,
    ConsultationKind.OTHER_AGENCY: LapseEffect.NOTHING,
}


def ask_reasons(case: Case, command: c.AskReasons, rules: Rules) -> tuple[e.CaseEvent, ...]:
    """要求说明理由 (条例35); the clock goes on."""
    period = command.period_workdays or rules.policy.reasons_workdays
    return (e.ReasonsAsked(command.asked_on, command.finding, period),)


def give_reasons(case: Case, command: c.GiveReasons) -> tuple[e.CaseEvent, ...]:
    """说明理由 (条例35)."""
    return (e.ReasonsGiven(command.given_on, command.text),)


def assign(case: Case, command: c.Assign) -> tuple[e.CaseEvent, ...]:
    """分办、转办 (条例45); inner circulation moves no date (条例31)."""
    return (e.Assigned(command.unit, command.handler),)


def hand_back(case: Case, command: c.HandBack) -> tuple[e.CaseEvent, ...]:
    """退回 (条例45)."""
    return (e.HandedBack(command.reason),)


def pass_review(case: Case, command: c.PassReview) -> tuple[e.CaseEvent, ...]:
    """审查通过, 保密审查 included (条例17)."""
    return (e.ReviewPassed(command.reviewed_on, command.secrecy_opinion),)


def consult_third_party(case: Case, command: c.ConsultThirdParty) -> tuple[e.CaseEvent, ...]:
    """征求第三方意见 (条例32), in writing."""
    number = len(case.consultations) + 1
    return (
        e.ThirdPartyConsulted(
            number, command.party, command.interest, command.sent_on, command.received_on
        ),
    )


def consult_authority(case: Case, command: c.ConsultAuthority) -> tuple[e.CaseEvent, ...]:
    """征求共同制作机关或者其他机关意见 (条例34, 33(3))."""
    require(
        command.kind is not ConsultationKind.THIRD_PARTY,
        "第三方请用征求第三方意见",
        "条例32",
        "kind",
    )
    number = len(case.consultations) + 1
    return (
        e.AuthorityConsulted(
            number, command.authority, command.kind, command.sent_on, command.received_on
        ),
    )


def _consultation(case: Case, number: int) -> Consultation:
    for one in case.consultations:
        if one.number == number:
            return one
    raise Refused("没有这一项征求意见", "条例32、34", "consultation")


def _completed(case: Case, number: int, day: date) -> tuple[e.CaseEvent, ...]:
    """征求意见结束 when this was the last open one, on the day the last of them ended."""
    others = [one for one in case.open_consultations if one.number != number]
    if others or case.status is not Status.CONSULTING:
        return ()
    return (e.ConsultationsCompleted(max((day, *_ends(case)))),)


def _ends(case: Case) -> Iterator[date]:
    for fact in case.facts:
        match fact.event:
            case e.OpinionReceived(received_on=day):
                yield day
            case e.ConsultationLapsed(lapsed_on=day):
                yield day
            case e.ConsultationEnded(ended_on=day):
                yield day
            case _:
                pass


def record_opinion(case: Case, command: c.RecordOpinion) -> tuple[e.CaseEvent, ...]:
    """收到意见; one that comes after the lapse is recorded too, and moves no clock."""
    one = _consultation(case, command.consultation)
    require(one.ended_on is None, "该项征求意见已经结束", "条例32、34", "consultation")
    opinion = e.OpinionReceived(
        command.consultation, command.received_on, command.opinion, command.reasons
    )
    return (opinion, *_completed(case, one.number, command.received_on))


def record_lapse(
    case: Case, command: c.RecordLapse, stamp: Stamp, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """逾期未提意见: the office decides (32); the co-author consents (34); 33(3) decides nothing."""
    one = _consultation(case, command.consultation)
    require(one.open, "该项征求意见已经结束", "条例32、34", "consultation")
    lapse = consultation_lapse(one, rules.calendar)
    if lapse is None:
        raise Refused("对方收到征求意见书的日期尚未登记", "条例32、34", "consultation")
    require(
        stamp.today > lapse,
        f"期限至{lapse.isoformat()}届满, 尚未逾期",
        "条例32、34",
        "consultation",
    )
    lapsed = e.ConsultationLapsed(one.number, lapse, _EFFECTS[one.kind])
    return (lapsed, *_completed(case, one.number, lapse))


def end_consultation(case: Case, command: c.EndConsultation) -> tuple[e.CaseEvent, ...]:
    """终止征求意见, for instance of a letter that cannot be delivered."""
    one = _consultation(case, command.consultation)
    require(one.open, "该项征求意见已经结束", "条例33(3)", "consultation")
    ended = e.ConsultationEnded(one.number, command.ended_on, command.reason)
    return (ended, *_completed(case, one.number, command.ended_on))


def request_assistance(case: Case, command: c.RequestAssistance) -> tuple[e.CaseEvent, ...]:
    """请求协办: an inner unit, so nothing pauses."""
    return (e.AssistanceRequested(command.unit, command.requested_on, command.matter),)


def record_assistance(case: Case, command: c.RecordAssistance) -> tuple[e.CaseEvent, ...]:
    """协办答复 of a unit that was asked."""
    require(command.unit in assisting_units(case), "没有请求该单位协办", "条例45", "unit")
    return (e.AssistanceGiven(command.unit, command.given_on, command.answer),)


def assisting_units(case: Case) -> frozenset[str]:
    """The units that were asked for 协办."""
    events = (fact.event for fact in case.facts)
    return frozenset(one.unit for one in events if isinstance(one, e.AssistanceRequested))


def extend_reply(
    case: Case, command: c.ExtendReply, stamp: Stamp, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """延长答复 (条例33(2), C6): approved and notified before expiry, at most 20 工作日 in total."""
    extension = e.ReplyExtended(
        command.workdays, command.approved_on, command.notified_on, stamp.actor, command.reason
    )
    life = case.life
    would_be = replace(life, extensions=(*life.extensions, extension))
    before = run_clock(life, rules.calendar, rules.policy).current
    clock = run_clock(would_be, rules.calendar, rules.policy)
    why = next((v.why for v in clock.extensions if v.extension is extension), "")
    field = "workdays" if "累计" in why else "notified_on"
    require(not why, f"不能延长: {why}", "条例33(2)", field)
    grown = before and clock.current and clock.current.extension > before.extension
    require(bool(grown), "同意日期早于现行答复期限, 延长不及于该期限", "条例33(2)", "approved_on")
    return (extension,)


def remind_due_soon(case: Case, stamp: Stamp, rules: Rules) -> tuple[e.CaseEvent, ...]:
    """预警 of a due date that is near, once for each date (条例45)."""
    return (e.DueSoonReminded(due_soon(case, rules, stamp.today), stamp.today),)


def due_soon(case: Case, rules: Rules, today: date) -> date:
    """The reply's due date, if it is near on ``today`` and nobody was reminded of it yet.

    Raises `Refused` where nothing is to be reminded of.
    """
    clock = run_clock(case.life, rules.calendar, rules.policy)
    due = clock.due
    told = {f.event.due_on for f in case.facts if isinstance(f.event, e.DueSoonReminded)}
    waiting = waiting_for_applicant(clock, today) is not None
    if due is None or due in told or waiting or not _near(today, due, rules):
        raise Refused("没有临近而未预警的期限", "条例33、45")
    return due


def _near(today: date, due: date, rules: Rules) -> bool:
    left = rules.calendar.workdays_between(today, due)
    return today <= due and left <= rules.policy.due_soon_workdays


def delay_reply(case: Case, command: c.DelayReply, rules: Rules) -> tuple[e.CaseEvent, ...]:
    """延迟答复 (条例35): after reasons found reasonable, to a later day told before expiry."""
    due = run_clock(case.life, rules.calendar, rules.policy).due
    later, in_time = due is None or command.until > due, due is None or command.notified_on <= due
    require(later, f"延迟日期须晚于现届满日{due}", "条例35", "until")
    require(in_time, "须在期限届满前告知", "条例35", "notified_on")
    return (e.ReplyDelayed(command.until, command.notified_on, command.reason),)


def charge_fee(case: Case, command: c.ChargeFee) -> tuple[e.CaseEvent, ...]:
    """收费 (条例42, 109号): the amount is the tariff's; a late notice is recorded and flagged."""
    per_page = command.method is FeeMethod.PER_PAGE
    require(
        not per_page or case.form in PAGED_FORMS,
        "按量计收仅适用于提供纸质件、电子邮件或者复制电子数据的",
        "109号5",
        "method",
    )
    require(
        not per_page or command.counted_before == 0, "按量计收不累计", "109号5", "counted_before"
    )
    require(
        command.sent_on >= FEE_RULES_2021, "2021年1月1日前没有信息处理费标准", "109号", "sent_on"
    )
    due = fee(command.method, command.quantity, command.counted_before)
    require(due > 0, "未超过免费数量, 不得收费", "109号4、5", "quantity")
    require(command.amount_yuan == due, f"按标准应收{due}元", "109号4、5", "amount_yuan")
    return (
        e.FeeCharged(
            command.method,
            command.quantity,
            command.amount_yuan,
            command.finding,
            command.sent_on,
            command.served_on,
            command.counted_before,
        ),
    )


def fee_stands(case: Case) -> bool:
    """Whether a fee was charged and not taken back."""
    return any(one.waived_on is None for one in case.life.fees)


def record_payment(case: Case, command: c.RecordPayment, rules: Rules) -> tuple[e.CaseEvent, ...]:
    """缴费 (109号6): within 20 工作日 of a timely notice."""
    verdict = last_fee(case, rules)
    if verdict.timely and command.paid_on > verdict.ends_on:
        served = verdict.round.served_on is not None
        ended = f"缴费期限已于{verdict.ends_on.isoformat()}届满, 视为放弃申请"
        unknown = "收费通知的送达日期尚未登记, 请先登记送达"
        raise Refused(ended if served else unknown, "109号6", "paid_on")
    return (e.FeePaid(command.paid_on, command.receipt),)


def waive_fee(case: Case, command: c.WaiveFee) -> tuple[e.CaseEvent, ...]:
    """撤销收费 and go on under the old clock."""
    return (e.FeeWaived(command.waived_on, command.reason),)
