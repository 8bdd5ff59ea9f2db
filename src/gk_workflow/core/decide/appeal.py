"""救济: decisions about reviews and suits; what others do is recorded, only what cannot be is refused."""

from __future__ import annotations

from datetime import date

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.appeals import REDO_RESULTS, Appeal
from gk_workflow.core.case import Case
from gk_workflow.core.clock import run_clock
from gk_workflow.core.deadlines import overdue
from gk_workflow.core.decide.refusal import Refused, Rules, ordered, require
from gk_workflow.core.law import RECONSIDERATION_LAW_2023, LimitId, limit
from gk_workflow.core.terms import (
    AppealKind,
    AppealParty,
    AppealResult,
    AppealTarget,
    ConsultationKind,
    Procedure,
)
from gk_workflow.core.workflow import LABELS, appeal_steps_for


def file_reconsideration(
    case: Case, command: c.FileReconsideration, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """申请复议 against a reply or against silence (行政复议法20)."""
    _target(case, command.target, command.filed_on, rules)
    _party(case, command.party)
    return (
        e.ReconsiderationFiled(
            len(case.appeals) + 1,
            command.filed_on,
            command.party,
            command.target,
            command.organ or rules.policy.reconsideration_organ,
        ),
    )


def _target(case: Case, target: AppealTarget, filed_on: date, rules: Rules) -> None:
    life = case.life
    clock = run_clock(life, rules.calendar, rules.policy)
    if target is AppealTarget.REPLY:
        acted = [reply.service.served_on for reply in clock.replies]
        acted += [life.abandoned_from] if life.abandoned_from else []
        require(
            any(day <= filed_on for day in acted),
            "尚无可以申请救济的答复",
            "行政复议法20",
            "target",
        )
        return
    require(
        overdue(life, clock, filed_on, rules.calendar) or _was_late(clock.due, filed_on),
        "答复期限尚未届满, 不构成不答复",
        "行政复议法20、行诉解释66",
        "target",
    )


def _was_late(due: date | None, filed_on: date) -> bool:
    return due is not None and filed_on > due


def _party(case: Case, party: AppealParty) -> None:
    third = any(one.kind is ConsultationKind.THIRD_PARTY for one in case.consultations)
    require(party is AppealParty.APPLICANT or third, "本件没有第三方", "条例51", "party")


def file_suit(case: Case, command: c.FileSuit, rules: Rules) -> tuple[e.CaseEvent, ...]:
    """起诉 directly or after a review of the same case (行诉法45, 46)."""
    require(command.kind is not AppealKind.RECONSIDERATION, "复议请用申请复议", "行诉法44", "kind")
    _party(case, command.party)
    after = command.kind is AppealKind.SUIT_AFTER_RECONSIDERATION
    if after:
        _after_review(case, command, rules)
    else:
        require(command.after_appeal == 0, "直接起诉没有在先复议", "行诉法46", "after_appeal")
        _target(case, command.target, command.filed_on, rules)
    return (
        e.SuitFiled(
            len(case.appeals) + 1,
            command.filed_on,
            command.kind,
            command.party,
            command.target,
            command.court or rules.policy.court,
            command.after_appeal,
        ),
    )


def _after_review(case: Case, command: c.FileSuit, rules: Rules) -> None:
    """行诉法45: after the decision, or after the review's time has run out."""
    review = case.appeal(command.after_appeal)
    if review is None or not review.is_review:
        raise Refused("请指明在先的行政复议", "行诉法45", "after_appeal")
    ordered(review.filed_on, command.filed_on, "起诉日期有误", "行诉法45", "filed_on")
    if not review.open:
        return
    begins = review.accepted_on or review.filed_on
    row = limit(LimitId.RECONSIDERATION_DECISION_ORDINARY, begins)
    last = rules.calendar.add_days(begins, row.length)
    require(
        command.filed_on > last, "复议尚未决定, 期限也未届满", "行诉法45、行政复议法29", "filed_on"
    )


def _appeal(case: Case, number: int, command: type, *, review: bool | None = None) -> Appeal:
    """The appeal a command names, of the right kind and in a status that the table allows."""
    appeal = case.appeal(number)
    if appeal is None:
        raise Refused("没有这一复议或者诉讼", "条例51", "appeal")
    if review is not None and appeal.is_review is not review:
        wanted = "行政复议" if review else "行政诉讼"
        raise Refused(f"该项不是{wanted}", "条例51", "appeal")
    (row,) = appeal_steps_for(command)
    require(
        appeal.status in row.sources,
        f"该项救济现为{LABELS[appeal.status]}, 不能{row.label}",
        row.article,
        "appeal",
    )
    return appeal


def accept_reconsideration(case: Case, command: c.AcceptReconsideration) -> tuple[e.CaseEvent, ...]:
    """复议受理 (行政复议法30); 简易程序 only under the law of 2023 (53)."""
    appeal = _appeal(case, command.appeal, type(command), review=True)
    ordered(appeal.filed_on, command.accepted_on, "受理日期有误", "行政复议法30", "accepted_on")
    ordered(
        command.accepted_on,
        command.copy_received_on,
        "收到副本日期有误",
        "行政复议法48",
        "copy_received_on",
    )
    require(
        command.procedure is Procedure.ORDINARY or command.accepted_on >= RECONSIDERATION_LAW_2023,
        "2024年1月1日前没有简易程序",
        "行政复议法53",
        "procedure",
    )
    return (
        e.ReconsiderationAccepted(
            command.appeal, command.accepted_on, command.procedure, command.copy_received_on
        ),
    )


def answer_reconsideration(case: Case, command: c.AnswerReconsideration) -> tuple[e.CaseEvent, ...]:
    """Our answer with evidence; late ones are recorded, the clock shows it (行政复议法70)."""
    appeal = _appeal(case, command.appeal, type(command), review=True)
    since = appeal.copy_received_on or appeal.accepted_on
    ordered(since, command.answered_on, "答复日期有误", "行政复议法48、54", "answered_on")
    return (e.ReconsiderationAnswered(command.appeal, command.answered_on),)


def record_reconsideration(case: Case, command: c.RecordReconsideration) -> tuple[e.CaseEvent, ...]:
    """复议决定."""
    appeal = _appeal(case, command.appeal, type(command), review=True)
    _result(appeal, command.decided_on, command.received_on, command.result, command.redo_workdays)
    return (
        e.ReconsiderationDecided(
            command.appeal,
            command.decided_on,
            command.received_on,
            command.result,
            command.redo_workdays,
        ),
    )


def _result(
    appeal: Appeal,
    decided_on: date,
    received_on: date,
    result: AppealResult,
    redo_workdays: int | None,
) -> None:
    ordered(appeal.accepted_on, decided_on, "决定日期有误", "行政复议法62、行诉法81", "decided_on")
    ordered(decided_on, received_on, "收到日期有误", "行政复议法75", "received_on")
    require(
        redo_workdays is None or result in REDO_RESULTS,
        "只有责令重作或者责令履行才载明重作期限",
        "行政复议法64",
        "redo_workdays",
    )


def accept_suit(case: Case, command: c.AcceptSuit) -> tuple[e.CaseEvent, ...]:
    """立案 (行诉法51)."""
    appeal = _appeal(case, command.appeal, type(command), review=False)
    ordered(appeal.filed_on, command.accepted_on, "立案日期有误", "行诉法51", "accepted_on")
    ordered(
        command.accepted_on,
        command.copy_received_on,
        "收到副本日期有误",
        "行诉法67",
        "copy_received_on",
    )
    return (
        e.SuitAccepted(
            command.appeal, command.accepted_on, command.procedure, command.copy_received_on
        ),
    )


def answer_suit(case: Case, command: c.AnswerSuit) -> tuple[e.CaseEvent, ...]:
    """应诉答辩; late ones are recorded, the clock shows it (行诉法34, 67)."""
    appeal = _appeal(case, command.appeal, type(command), review=False)
    since = appeal.copy_received_on or appeal.accepted_on
    ordered(since, command.answered_on, "答辩日期有误", "行诉法67", "answered_on")
    return (e.SuitAnswered(command.appeal, command.answered_on),)


def record_judgment(case: Case, command: c.RecordJudgment) -> tuple[e.CaseEvent, ...]:
    """判决、裁定."""
    appeal = _appeal(case, command.appeal, type(command), review=False)
    _result(appeal, command.decided_on, command.received_on, command.result, command.redo_workdays)
    return (
        e.JudgmentRecorded(
            command.appeal,
            command.decided_on,
            command.received_on,
            command.result,
            command.redo_workdays,
        ),
    )


def appeal_against_judgment(
    case: Case, command: c.RecordAppealAgainstJudgment
) -> tuple[e.CaseEvent, ...]:
    """上诉 (行诉法85): the suit is open again."""
    appeal = _appeal(case, command.appeal, type(command), review=False)
    require(not appeal.reopened, "判决已执行, 不能再登记上诉", "行诉法85", "appeal")
    ordered(appeal.closed_on, command.appealed_on, "上诉日期有误", "行诉法85", "appealed_on")
    return (e.JudgmentAppealed(command.appeal, command.appealed_on, command.by),)


def refuse_appeal(case: Case, command: c.RefuseAppeal) -> tuple[e.CaseEvent, ...]:
    """不予受理、不予立案."""
    appeal = _appeal(case, command.appeal, type(command))
    ordered(appeal.filed_on, command.decided_on, "日期有误", "行政复议法30", "decided_on")
    return (e.AppealNotAdmitted(command.appeal, command.decided_on, command.reason),)


def suspend_appeal(case: Case, command: c.SuspendAppeal) -> tuple[e.CaseEvent, ...]:
    """中止."""
    appeal = _appeal(case, command.appeal, type(command))
    ordered(appeal.filed_on, command.suspended_on, "日期有误", "行政复议法39", "suspended_on")
    return (e.AppealSuspended(command.appeal, command.suspended_on, command.reason),)


def resume_appeal(case: Case, command: c.ResumeAppeal) -> tuple[e.CaseEvent, ...]:
    """恢复审理."""
    appeal = _appeal(case, command.appeal, type(command))
    ordered(appeal.filed_on, command.resumed_on, "日期有误", "行政复议法39", "resumed_on")
    return (e.AppealResumed(command.appeal, command.resumed_on),)


def terminate_appeal(case: Case, command: c.TerminateAppeal) -> tuple[e.CaseEvent, ...]:
    """终止."""
    appeal = _appeal(case, command.appeal, type(command))
    ordered(appeal.filed_on, command.terminated_on, "日期有误", "行政复议法41", "terminated_on")
    return (e.AppealTerminated(command.appeal, command.terminated_on, command.ground),)


def reopen(case: Case, command: c.Reopen) -> tuple[e.CaseEvent, ...]:
    """责令重作、责令履行: the decision's own period, else 20 工作日 from its receipt."""
    appeal = case.appeal(command.appeal)
    if appeal is None or appeal.result not in REDO_RESULTS or appeal.result_received_on is None:
        raise Refused("没有责令重作或者责令履行的决定", "行政复议法64、行诉法70", "appeal")
    require(not appeal.reopened, "已按该决定重新办理", "行政复议法64", "appeal")
    received = appeal.result_received_on
    workdays = appeal.redo_workdays or limit(LimitId.REDO, received).length
    return (e.Reopened(command.appeal, received, workdays),)
