"""Rules that depend on the case alone, so that an action which must be refused is never offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import msgspec

from gk_workflow.core import commands as c
from gk_workflow.core.appeals import REDO_RESULTS
from gk_workflow.core.case import Case
from gk_workflow.core.clock import consultation_lapse, run_clock
from gk_workflow.core.decide.handling import due_soon
from gk_workflow.core.decide.intake import last_fee, last_supplement
from gk_workflow.core.decide.refusal import Refused, Rules
from gk_workflow.core.law import LimitId, limit
from gk_workflow.core.terms import ConsultationKind, Opinion, Outcome
from gk_workflow.core.workflow import Status, appeal_steps_for

_Ready = Callable[[Case, Rules, date], bool]


def _abandonable(case: Case, rules: Rules, today: date) -> bool:
    if case.status is Status.AWAITING_PAYMENT:
        fee = last_fee(case, rules)
        return bool(fee and fee.timely and fee.round.served_on and today > fee.ends_on)
    supplement = last_supplement(case, rules)
    return bool(
        supplement
        and supplement.effective
        and supplement.round.served_on
        and today > supplement.ends_on
    )


def _unserved_notice(case: Case, rules: Rules, today: date) -> bool:
    life = case.life
    return (
        bool(life.supplements and not life.supplements[-1].served_on)
        or bool(life.fees and not life.fees[-1].served_on)
        or any(one.received_on is None for one in life.consultations)
    )


def _unanswered(case: Case, rules: Rules, today: date) -> bool:
    return any(one.ended_on is None for one in case.consultations)


def _lapsed(case: Case, rules: Rules, today: date) -> bool:
    lapses = (consultation_lapse(one, rules.calendar) for one in case.open_consultations)
    return any(day is not None and today > day for day in lapses)


def _extendable(case: Case, rules: Rules, today: date) -> bool:
    clock = run_clock(case.life, rules.calendar, rules.policy)
    segment = clock.current
    if segment is None:
        return False
    room = segment.extension < limit(LimitId.EXTENSION, segment.start).length
    return room and segment.served_on is None


def _due_soon(case: Case, rules: Rules, today: date) -> bool:
    return due_soon(case, rules, today) is not None


def _reasons_given(case: Case, rules: Rules, today: date) -> bool:
    return case.life.reasons_given_on is not None


def _reviewable(case: Case, rules: Rules, today: date) -> bool:
    """From 待说明理由 only after the applicant's period (条例35)."""
    asked = case.life.reasons_asked
    if case.status is not Status.AWAITING_REASONS or asked is None:
        return True
    return today > rules.calendar.add_workdays(asked.asked_on, asked.period_workdays)


def _secrecy_reviewed(case: Case, rules: Rules, today: date) -> bool:
    return bool(case.secrecy_reviewer)


def _assigned(case: Case, rules: Rules, today: date) -> bool:
    return bool(case.unit)


def _awaiting_proof(case: Case, rules: Rules, today: date) -> bool:
    services = case.life.services
    return bool(services and services[-1].failed_on is None and not services[-1].proof)


def _to_be_notified(case: Case, rules: Rules, today: date) -> bool:
    discloses = case.content is not None and case.content.outcome in (
        Outcome.GRANTED,
        Outcome.PARTIAL,
    )
    return discloses and any(
        one.kind is ConsultationKind.THIRD_PARTY
        and one.notified_on is None
        and one.opinion is not Opinion.AGREE
        for one in case.consultations
    )


def _archivable(case: Case, rules: Rules, today: date) -> bool:
    redo = any(one.result in REDO_RESULTS and not one.reopened for one in case.appeals)
    undecided = any(decided is None for _, decided in case.life.corrections)
    return not (case.open_appeals or redo or undecided)


def _redo_ordered(case: Case, rules: Rules, today: date) -> bool:
    return any(one.result in REDO_RESULTS and not one.reopened for one in case.appeals)


def _correction_asked(case: Case, rules: Rules, today: date) -> bool:
    return any(decided is None for _, decided in case.life.corrections)


READY: dict[type[msgspec.Struct], tuple[_Ready, str, str]] = {
    c.DeemAbandoned: (
        _abandonable,
        "期限尚未届满、告知未送达或者告知逾期, 不得视为放弃",
        "条例30、109号6",
    ),
    c.RecordNoticeService: (_unserved_notice, "没有待登记送达的通知", "条例45"),
    c.RecordOpinion: (_unanswered, "没有待答复的征求意见", "条例32、34"),
    c.RecordLapse: (_lapsed, "没有逾期未答复的征求意见", "条例32、34"),
    c.ExtendReply: (_extendable, "没有可延长的答复期限", "条例33(2)"),
    c.RemindDueSoon: (_due_soon, "没有临近而未预警的期限", "条例33、45"),
    c.DelayReply: (_reasons_given, "申请人尚未说明理由, 不得延迟答复", "条例35"),
    c.PassReview: (_reviewable, "说明理由的期限尚未届满", "条例35"),
    c.SubmitDraft: (_secrecy_reviewed, "尚未经过审查(含保密审查)", "条例17"),
    c.HandBack: (_assigned, "尚未分办, 无从退回", "条例45"),
    c.RecordDelivery: (_awaiting_proof, "没有待登记的送达回证", "民诉法87"),
    c.RecordServiceFailure: (_awaiting_proof, "没有可登记不成的送达", "民诉法87"),
    c.NotifyThirdParty: (_to_be_notified, "没有须告知的第三方", "条例32"),
    c.Archive: (_archivable, "尚有未结的救济、责令重作或者更正申请, 不得归档", "条例45、51"),
    c.Reopen: (_redo_ordered, "没有责令重作或者责令履行的决定", "行政复议法64、行诉法70"),
    c.DecideRecordCorrection: (_correction_asked, "没有待决定的更正申请", "条例41"),
}


def readiness(
    case: Case, command: type[msgspec.Struct], rules: Rules, today: date
) -> Refused | None:
    """Why the case as it stands cannot take this command at all; None where it may."""
    rule = READY.get(command)
    if rule and not rule[0](case, rules, today):
        return Refused(rule[1], rule[2])
    return _appeal_readiness(case, command)


def _appeal_readiness(case: Case, command: type[msgspec.Struct]) -> Refused | None:
    rows = appeal_steps_for(command)
    if not rows or not rows[0].sources:
        return None
    suits = command in (c.AcceptSuit, c.AnswerSuit, c.RecordJudgment, c.RecordAppealAgainstJudgment)
    reviews = command in (c.AcceptReconsideration, c.AnswerReconsideration, c.RecordReconsideration)
    fits = any(
        appeal.status in rows[0].sources
        and not (suits and appeal.is_review)
        and not (reviews and not appeal.is_review)
        for appeal in case.appeals
    )
    return (
        None
        if fits
        else Refused(f"没有可以{rows[0].label}的复议或者诉讼", rows[0].article, "appeal")
    )
