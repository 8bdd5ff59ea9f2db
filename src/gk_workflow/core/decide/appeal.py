"""救济: decisions about reviews and suits; what others do is recorded, only what cannot be is refused."""

from __future__ import annotations

from datetime import date

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.appeals import REDO_RESULTS, Appeal
from gk_workflow.core.case import Case
from gk_workflow.core.clock import run_clock
from gk_workflow.core.deadlines import overdue, reckon
from gk_workflow.core.decide.refusal import Refused, Rules, require
from gk_workflow.core.law import RECONSIDERATION_LAW_2023, LimitId, limit
from gk_workflow.core.terms import (
    AppealKind,
    AppealParty,
    AppealResult,
    AppealTarget,
    Procedure,
)
from gk_workflow.core.workflow import LABELS, appeal_steps_for


def file_reconsideration(
    case: Case, command: c.FileReconsideration, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """申请复议 against a reply or against silence (行政复议法20)."""
    _target(case, command, rules)
    return (
        e.ReconsiderationFiled(
            len(case.appeals) + 1,
            command.filed_on,
            command.party,
            command.target,
            command.organ or rules.policy.reconsideration_organ,
        ),
    )


def _target(case: Case, command: c.FileReconsideration | c.FileSuit, rules: Rules) -> None:
    """There was a reply, or silence, on the day the remedy was sought (条例51).

    Any third party may say that a disclosure wronged it, asked before or not; only the applicant
    can have met with silence.
    """
    if command.target is AppealTarget.REPLY:
        require(
            replied_by(case, command.filed_on, rules),
            "尚无可以申请救济的答复",
            "行政复议法20、行诉法46",
            "target",
        )
        return
    require(command.party is AppealParty.APPLICANT, "不答复只能由申请人申请救济", "条例51", "party")
    require(
        silent_by(case, command.filed_on, rules),
        "答复期限尚未届满或者已按期答复, 不构成不答复",
        "行政复议法20、行诉解释66",
        "target",
    )


def replied_by(case: Case, day: date, rules: Rules) -> bool:
    """Whether by ``day`` a reply was served or the request was treated as given up."""
    clock = run_clock(case.life, rules.calendar, rules.policy)
    acted = [reply.service.served_on for reply in clock.replies]
    given_up = case.life.abandoned_from
    return any(one <= day for one in (*acted, *([given_up] if given_up else [])))


def silent_by(case: Case, day: date, rules: Rules) -> bool:
    """Whether on ``day`` a reply was overdue, or had come late: a late one cures nothing (C11)."""
    clock = run_clock(case.life, rules.calendar, rules.policy)
    came_late = any(
        reply.late and reply.due is not None and reply.due < day for reply in clock.replies
    )
    return came_late or overdue(case.life, clock, day, rules.calendar)


def file_suit(case: Case, command: c.FileSuit, rules: Rules) -> tuple[e.CaseEvent, ...]:
    """起诉 directly or after a review of the same case (行诉法45, 46)."""
    require(command.kind is not AppealKind.RECONSIDERATION, "复议请用申请复议", "行诉法44", "kind")
    after = command.kind is AppealKind.SUIT_AFTER_RECONSIDERATION
    if after:
        _after_review(case, command, rules)
    else:
        require(command.after_appeal == 0, "直接起诉没有在先复议", "行诉法46", "after_appeal")
        _target(case, command, rules)
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
    if not review.open:
        return
    simple = review.procedure is Procedure.SIMPLIFIED
    which = (
        LimitId.RECONSIDERATION_DECISION_SIMPLIFIED
        if simple
        else LimitId.RECONSIDERATION_DECISION_ORDINARY
    )
    begins = review.accepted_on or review.filed_on
    _, last = reckon(limit(which, begins), begins, rules.calendar)
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
    _appeal(case, command.appeal, type(command), review=True)
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
    _appeal(case, command.appeal, type(command), review=True)
    return (e.ReconsiderationAnswered(command.appeal, command.answered_on),)


def record_reconsideration(case: Case, command: c.RecordReconsideration) -> tuple[e.CaseEvent, ...]:
    """复议决定."""
    _appeal(case, command.appeal, type(command), review=True)
    _redo_period(command.result, command.redo_workdays)
    return (
        e.ReconsiderationDecided(
            command.appeal,
            command.decided_on,
            command.received_on,
            command.result,
            command.redo_workdays,
        ),
    )


def _redo_period(result: AppealResult, redo_workdays: int | None) -> None:
    require(
        redo_workdays is None or result in REDO_RESULTS,
        "只有责令重作或者责令履行才载明重作期限",
        "行政复议法64",
        "redo_workdays",
    )


def accept_suit(case: Case, command: c.AcceptSuit) -> tuple[e.CaseEvent, ...]:
    """立案 (行诉法51)."""
    _appeal(case, command.appeal, type(command), review=False)
    return (
        e.SuitAccepted(
            command.appeal, command.accepted_on, command.procedure, command.copy_received_on
        ),
    )


def answer_suit(case: Case, command: c.AnswerSuit) -> tuple[e.CaseEvent, ...]:
    """应诉答辩; late ones are recorded, the clock shows it (行诉法34, 67)."""
    _appeal(case, command.appeal, type(command), review=False)
    return (e.SuitAnswered(command.appeal, command.answered_on),)


def record_judgment(case: Case, command: c.RecordJudgment) -> tuple[e.CaseEvent, ...]:
    """判决、裁定."""
    _appeal(case, command.appeal, type(command), review=False)
    _redo_period(command.result, command.redo_workdays)
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
    return (e.JudgmentAppealed(command.appeal, command.appealed_on, command.by),)


def refuse_appeal(case: Case, command: c.RefuseAppeal) -> tuple[e.CaseEvent, ...]:
    """不予受理、不予立案."""
    _appeal(case, command.appeal, type(command))
    return (e.AppealNotAdmitted(command.appeal, command.decided_on, command.reason),)


def suspend_appeal(case: Case, command: c.SuspendAppeal) -> tuple[e.CaseEvent, ...]:
    """中止."""
    _appeal(case, command.appeal, type(command))
    return (e.AppealSuspended(command.appeal, command.suspended_on, command.reason),)


def resume_appeal(case: Case, command: c.ResumeAppeal) -> tuple[e.CaseEvent, ...]:
    """恢复审理."""
    _appeal(case, command.appeal, type(command))
    return (e.AppealResumed(command.appeal, command.resumed_on),)


def terminate_appeal(case: Case, command: c.TerminateAppeal) -> tuple[e.CaseEvent, ...]:
    """终止."""
    _appeal(case, command.appeal, type(command))
    return (e.AppealTerminated(command.appeal, command.terminated_on, command.ground),)


def reopen(case: Case, command: c.Reopen) -> tuple[e.CaseEvent, ...]:
    """责令重作、责令履行: the decision's own period, else 20 工作日 from its receipt."""
    ordered_by = next((one for one in outstanding_redo(case) if one.number == command.appeal), None)
    if ordered_by is None or ordered_by.result_received_on is None:
        raise Refused("该项没有尚待执行的责令重作或者责令履行", "行政复议法64、行诉法70", "appeal")
    received = ordered_by.result_received_on
    workdays = ordered_by.redo_workdays or limit(LimitId.REDO, received).length
    return (e.Reopened(command.appeal, received, workdays),)


def outstanding_redo(case: Case) -> tuple[Appeal, ...]:
    """Appeals that ordered a new reply which is neither taken up nor, served since, given."""
    served = [one.served_on for one in case.life.services if one.failed_on is None]
    return tuple(
        appeal
        for appeal in case.appeals
        if appeal.result in REDO_RESULTS
        and not appeal.reopened
        and appeal.result_received_on is not None
        and not any(day >= appeal.result_received_on for day in served)
    )
