"""Rules that depend on the case alone, so that an action which must be refused is never offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import msgspec

from gk_workflow.core import commands as c
from gk_workflow.core.case import Case
from gk_workflow.core.clock import consultation_lapse, run_clock
from gk_workflow.core.decide.appeal import (
    outstanding_redo,
    replied_by,
    silent_by,
)
from gk_workflow.core.decide.erasure import erasure_ready, proposal_waits
from gk_workflow.core.decide.handling import assisting_units, due_soon, fee_stands
from gk_workflow.core.decide.intake import (
    abandonment,
    unserved_consultations,
    unserved_fee,
    unserved_supplement,
)
from gk_workflow.core.decide.refusal import Refused, Rules, require
from gk_workflow.core.decide.reply import (
    archive_ready,
    drafted,
    parties_to_tell,
    says_why_against_third_party,
    service_ready,
)
from gk_workflow.core.law import LimitId, limit
from gk_workflow.core.workflow import Status, appeal_steps_for

_Ready = Callable[[Case, Rules, date], None]
"""Raises `Refused` where the case as it stands cannot take the command."""


def _abandonable(case: Case, rules: Rules, today: date) -> None:
    abandonment(case, rules, today)


def _notice_unserved(case: Case, rules: Rules, today: date) -> None:
    waiting = unserved_supplement(case) or unserved_fee(case) or unserved_consultations(case)
    require(bool(waiting), "没有待登记送达的通知", "条例45")


def _room_for_documents(case: Case, rules: Rules, today: date) -> None:
    most = rules.policy.documents_per_case
    require(len(case.documents) < most, f"附件不得超过{most}件", "条例45", "document")


def _correction_asked(case: Case, rules: Rules, today: date) -> None:
    waiting = any(decided is None for _, decided in case.life.corrections)
    require(waiting, "没有待决定的更正申请", "条例41")


def _assigned(case: Case, rules: Rules, today: date) -> None:
    require(bool(case.unit), "尚未分办, 无从退回", "条例45")


def _reviewable(case: Case, rules: Rules, today: date) -> None:
    """From 待说明理由 only after the applicant's period (条例35)."""
    asked = case.life.reasons_asked
    if case.status is Status.AWAITING_REASONS and asked is not None:
        last = rules.calendar.add_workdays(asked.asked_on, asked.period_workdays)
        require(today > last, f"说明理由的期限至{last.isoformat()}届满, 尚未逾期", "条例35")


def _unanswered(case: Case, rules: Rules, today: date) -> None:
    waiting = any(one.ended_on is None for one in case.consultations)
    require(waiting, "没有待答复的征求意见", "条例32、34")


def _lapsed(case: Case, rules: Rules, today: date) -> None:
    lapses = (consultation_lapse(one, rules.calendar) for one in case.open_consultations)
    over = any(day is not None and today > day for day in lapses)
    require(over, "没有逾期未答复的征求意见", "条例32、34")


def _assistance_asked(case: Case, rules: Rules, today: date) -> None:
    require(bool(assisting_units(case)), "没有请求过协办", "条例45")


def _extendable(case: Case, rules: Rules, today: date) -> None:
    segment = run_clock(case.life, rules.calendar, rules.policy).current
    room = (
        segment is not None
        and segment.served_on is None
        and segment.extension < limit(LimitId.EXTENSION, segment.start).length
    )
    require(room, "没有可延长的答复期限, 或者累计延长已达上限", "条例33(2)")


def _due_soon(case: Case, rules: Rules, today: date) -> None:
    due_soon(case, rules, today)


def _reasons_given(case: Case, rules: Rules, today: date) -> None:
    given = case.life.reasons_given_on is not None
    require(given, "申请人尚未说明理由, 不得延迟答复", "条例35")


def _not_charged(case: Case, rules: Rules, today: date) -> None:
    require(not fee_stands(case), "已经收费, 不得重复收取", "109号3")


def _secrecy_reviewed(case: Case, rules: Rules, today: date) -> None:
    require(bool(case.secrecy_reviewer), "尚未经过审查(含保密审查)", "条例17")


def _signable(case: Case, rules: Rules, today: date) -> None:
    require(
        says_why_against_third_party(case, drafted(case)),
        "第三方不同意公开, 文稿未写明不采纳的理由或者对公共利益的重大影响, 请退回修改",
        "条例32",
    )


def _servable(case: Case, rules: Rules, today: date) -> None:
    service_ready(case, rules)


def _awaiting_proof(case: Case, rules: Rules, today: date) -> None:
    require(not case.life.services[-1].proof, "送达回证已登记", "民诉法87")


def _third_party_to_tell(case: Case, rules: Rules, today: date) -> None:
    require(bool(parties_to_tell(case)), "没有须告知的第三方", "条例32")


def _redo_ordered(case: Case, rules: Rules, today: date) -> None:
    redo = bool(outstanding_redo(case))
    require(redo, "没有尚待执行的责令重作或者责令履行", "行政复议法64、行诉法70", "appeal")


def _appealable(case: Case, rules: Rules, today: date) -> None:
    """A reply, deemed abandonment or silence, now or on the eve of a withdrawal (条例51)."""
    gone = case.life.withdrawn_on
    last = gone - timedelta(days=1) if gone is not None else today
    wronged = replied_by(case, today, rules) or silent_by(case, last, rules)
    require(wronged, "尚未答复, 答复期限也未届满", "条例51、行政复议法20")


def _suable(case: Case, rules: Rules, today: date) -> None:
    if not any(one.is_review for one in case.appeals):
        _appealable(case, rules, today)


READY: dict[type[msgspec.Struct], _Ready] = {
    c.DeemAbandoned: _abandonable,
    c.RecordNoticeService: _notice_unserved,
    c.AttachDocument: _room_for_documents,
    c.DecideRecordCorrection: _correction_asked,
    c.HandBack: _assigned,
    c.PassReview: _reviewable,
    c.RecordOpinion: _unanswered,
    c.RecordLapse: _lapsed,
    c.RecordAssistance: _assistance_asked,
    c.ExtendReply: _extendable,
    c.RemindDueSoon: _due_soon,
    c.DelayReply: _reasons_given,
    c.ChargeFee: _not_charged,
    c.SubmitDraft: _secrecy_reviewed,
    c.ApproveReply: _signable,
    c.ServeReply: _servable,
    c.RecordDelivery: _awaiting_proof,
    c.RecordServiceFailure: _awaiting_proof,
    c.NotifyThirdParty: _third_party_to_tell,
    c.Archive: archive_ready,
    c.Reopen: _redo_ordered,
    c.FileReconsideration: _appealable,
    c.FileSuit: _suable,
    c.ProposeErasure: erasure_ready,
    c.DecideErasure: proposal_waits,
}


def readiness(
    case: Case, command: type[msgspec.Struct], rules: Rules, today: date
) -> Refused | None:
    """Why the case as it stands cannot take this command at all; None where it may."""
    rule = READY.get(command)
    try:
        if rule is not None:
            rule(case, rules, today)
        _appeal_ready(case, command)
    except Refused as refused:
        return refused
    return None


_SUITS = frozenset({c.AcceptSuit, c.AnswerSuit, c.RecordJudgment, c.RecordAppealAgainstJudgment})
_REVIEWS = frozenset({c.AcceptReconsideration, c.AnswerReconsideration, c.RecordReconsideration})


def _appeal_ready(case: Case, command: type[msgspec.Struct]) -> None:
    """A command about a review or suit needs one in a status that the table names."""
    for row in appeal_steps_for(command):
        fits = any(
            one.status in row.sources
            and not (command in _SUITS and one.is_review)
            and not (command in _REVIEWS and not one.is_review)
            and not (command is c.RecordAppealAgainstJudgment and one.reopened)
            for one in case.appeals
        )
        require(
            fits or not row.sources, f"没有可以{row.label}的复议或者诉讼", row.article, "appeal"
        )
