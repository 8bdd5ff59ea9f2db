"""The only place where something may be refused: a case, a command and a Stamp give events.

Pure: what day it is comes from the Stamp, what is law from Rules.
"""

from __future__ import annotations

from datetime import date
from typing import assert_never

import msgspec

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.calendar import DayOutsideCalendar
from gk_workflow.core.case import Case
from gk_workflow.core.chronology import faults_of_next
from gk_workflow.core.decide import appeal, erasure, handling, intake, reply
from gk_workflow.core.decide.intake import parts_of
from gk_workflow.core.decide.readiness import readiness
from gk_workflow.core.decide.refusal import Forbidden, NoSuchCase, Refused, Rules, require
from gk_workflow.core.life import Fact
from gk_workflow.core.permissions import command_relation, of_agency, reaches
from gk_workflow.core.terms import ROLE_NAMES, Grant, Role, Stamp
from gk_workflow.core.workflow import (
    LABELS,
    AppealStep,
    Step,
    appeal_steps_for,
    permitted,
    steps_for,
)

__all__ = [
    "Forbidden",
    "NoSuchCase",
    "Refused",
    "Rules",
    "allowed",
    "decide",
    "parts_of",
]

_MAY_LIE_AHEAD = frozenset({"until"})


def decide(
    case: Case | None, command: c.Command, stamp: Stamp, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """The events that lawfully follow a command.

    Raises `Refused` (with article and field) where the law says no, `Forbidden` where it is
    somebody else's to do, `NoSuchCase` where the case was never opened or is another agency's.
    """
    _is_of_own_agency(case, command, stamp)
    _step_exists(case, command, stamp)
    _is_of_own_unit(case, command, stamp)
    _days_are_possible(case, command, stamp, rules)
    try:
        if case is None:
            assert isinstance(command, c.OpenCase)
            return _in_order((), intake.open_case(command, stamp, rules))
        objection = readiness(case, type(command), rules, stamp.today)
        if objection is not None:
            raise objection
        return _in_order(case.facts, _decide(case, command, stamp, rules))
    except DayOutsideCalendar as beyond:
        raise Refused(
            f"期限超出工作日历范围（{beyond.first}至{beyond.last}）", "民法典201"
        ) from beyond


def allowed(
    case: Case | None, grant: Grant, rules: Rules, today: date
) -> tuple[type[msgspec.Struct], ...]:
    """What a post may do with a case today: the tables' steps less those the case cannot take."""
    if case is None:
        return permitted(grant.role, None, today)
    return tuple(
        command
        for command in permitted(grant.role, case.status, today)
        if _reaches(grant, command, case) and readiness(case, command, rules, today) is None
    )


def _reaches(grant: Grant, command: type[msgspec.Struct], case: Case) -> bool:
    relation = command_relation(grant.role, command)
    # That the applicant is this case's own has been proved before he is given his post.
    return reaches(relation, grant, case.agency, case.unit, own=True)


def _is_of_own_agency(case: Case | None, command: c.Command, stamp: Stamp) -> None:
    """Another agency's case is as good as none: who asks learns not even that it exists."""
    if case is None and isinstance(command, c.OpenCase):
        if not of_agency(stamp.grant, command.agency):
            raise Forbidden("只能登记本机关的申请", "条例29、45", "agency")
    elif case is None or not of_agency(stamp.grant, case.agency):
        raise NoSuchCase("没有这一办件")


def _is_of_own_unit(case: Case | None, command: c.Command, stamp: Stamp) -> None:
    if case is not None and not _reaches(stamp.grant, type(command), case):
        raise Forbidden(f"本件由{case.unit}办理, 应当由该科室经办", "条例45")


def _in_order(facts: tuple[Fact, ...], decided: tuple[e.CaseEvent, ...]) -> tuple[e.CaseEvent, ...]:
    """The events, if their dates stand in the order that the law gives them."""
    for event in decided:
        for fault in faults_of_next(facts, event):
            raise Refused(fault.text, fault.article, fault.field)
        facts = (*facts, Fact(len(facts) + 1, event))
    return decided


def _step_exists(case: Case | None, command: c.Command, stamp: Stamp) -> None:
    """A row of STEPS or APPEAL_STEPS, in force, for this role and this status."""
    kind = type(command)
    rows: tuple[Step | AppealStep, ...] = (*steps_for(kind), *appeal_steps_for(kind))
    rows = tuple(row for row in rows if row.retired_on is None or stamp.today < row.retired_on)
    require(bool(rows), "该事项已不再办理", "条例45")
    _role_may(rows, stamp.role)
    if case is None:
        return
    here = tuple(row for row in rows if case.status in _statuses(row))
    label, article = rows[0].label, rows[0].article
    require(bool(here), f"本件现为{LABELS[case.status]}, 不能{label}", article)
    _role_may(here, stamp.role)


def _role_may(rows: tuple[Step | AppealStep, ...], role: Role) -> None:
    if all(role not in row.roles for row in rows):
        raise Forbidden(f"{_roles(rows[0])}方可{rows[0].label}", rows[0].article)


def _statuses(row: Step | AppealStep) -> tuple[object, ...]:
    return row.case_statuses if isinstance(row, AppealStep) else row.sources


def _roles(row: Step | AppealStep) -> str:
    return "、".join(ROLE_NAMES[role] for role in row.roles)


def _days_are_possible(case: Case | None, command: c.Command, stamp: Stamp, rules: Rules) -> None:
    """No legal date before the calendar or the case, none after today but what is told ahead."""
    first, last, today = rules.calendar.first_day, rules.calendar.last_day, stamp.today
    submitted = None if case is None or isinstance(command, c.AmendDate) else case.submitted_on
    for name in command.__struct_fields__:
        day = getattr(command, name)
        if not isinstance(day, date):
            continue
        if not first <= day <= last:
            raise Refused(f"日期须在{first}至{last}之间", "民法典201", name)
        if day > today and name not in _MAY_LIE_AHEAD and not _amends_told_day(command):
            raise Refused(f"日期不得晚于今天（{today}）", "条例45", name)
        # Staff enter late what happened earlier; an applicant's own word moves no clock back.
        if stamp.role is Role.APPLICANT and day != today:
            raise Refused(f"申请人自行办理的, 日期为当天（{today}）", "条例31", name)
        if submitted is not None and day < submitted:
            raise Refused(f"日期不得早于申请提交之日（{submitted}）", "条例31", name)


def _amends_told_day(command: c.Command) -> bool:
    return isinstance(command, c.AmendDate) and command.field in _MAY_LIE_AHEAD


def _decide(case: Case, command: c.Command, stamp: Stamp, rules: Rules) -> tuple[e.CaseEvent, ...]:
    match command:
        case c.OpenCase():
            raise Refused("本件已经登记", "条例29、45")
        case c.ConfirmReceipt():
            return intake.confirm_receipt(case, command)
        case c.Accept():
            return intake.accept(case, command)
        case c.RequestSupplement():
            return intake.request_supplement(case, command, rules)
        case c.RecordNoticeService():
            return intake.record_notice_service(case, command)
        case c.Supplement():
            return intake.supplement(case, command, rules)
        case c.SplitCase():
            return intake.split_case(case, command)
        case c.DeemAbandoned():
            return intake.deem_abandoned(case, command, stamp, rules)
        case c.Withdraw():
            return intake.withdraw(case, command)
        case c.AttachDocument():
            return intake.attach_document(case, command)
        case c.AmendDate():
            return intake.amend_date(case, command)
        case c.RequestRecordCorrection():
            return intake.request_record_correction(case, command)
        case c.DecideRecordCorrection():
            return intake.decide_record_correction(case, command)
        case c.AskReasons():
            return handling.ask_reasons(case, command, rules)
        case c.GiveReasons():
            return handling.give_reasons(case, command)
        case c.Assign():
            return handling.assign(case, command)
        case c.HandBack():
            return handling.hand_back(case, command)
        case c.PassReview():
            return handling.pass_review(case, command)
        case c.ConsultThirdParty():
            return handling.consult_third_party(case, command)
        case c.ConsultAuthority():
            return handling.consult_authority(case, command)
        case c.RecordOpinion():
            return handling.record_opinion(case, command)
        case c.RecordLapse():
            return handling.record_lapse(case, command, stamp, rules)
        case c.EndConsultation():
            return handling.end_consultation(case, command)
        case c.RequestAssistance():
            return handling.request_assistance(case, command)
        case c.RecordAssistance():
            return handling.record_assistance(case, command)
        case c.ExtendReply():
            return handling.extend_reply(case, command, stamp, rules)
        case c.RemindDueSoon():
            return handling.remind_due_soon(case, stamp, rules)
        case c.DelayReply():
            return handling.delay_reply(case, command, rules)
        case c.ChargeFee():
            return handling.charge_fee(case, command)
        case c.RecordPayment():
            return handling.record_payment(case, command, rules)
        case c.WaiveFee():
            return handling.waive_fee(case, command)
        case c.SubmitDraft():
            return reply.submit_draft(case, command, stamp, rules)
        case c.ReturnDraft():
            return reply.return_draft(case, command)
        case c.ApproveReply():
            return reply.approve_reply(case, command, stamp, rules)
        case c.ReplyOnTheSpot():
            return reply.reply_on_the_spot(case, command, stamp, rules)
        case c.ServeReply():
            return reply.serve_reply(case, command)
        case c.RecordDelivery():
            return reply.record_delivery(command)
        case c.RecordServiceFailure():
            return reply.record_service_failure(command)
        case c.NotifyThirdParty():
            return reply.notify_third_party(case, command, rules)
        case c.Archive():
            return reply.archive(case, command, rules)
        case c.FileReconsideration():
            return appeal.file_reconsideration(case, command, rules)
        case c.AcceptReconsideration():
            return appeal.accept_reconsideration(case, command)
        case c.AnswerReconsideration():
            return appeal.answer_reconsideration(case, command)
        case c.RecordReconsideration():
            return appeal.record_reconsideration(case, command)
        case c.FileSuit():
            return appeal.file_suit(case, command, rules)
        case c.AcceptSuit():
            return appeal.accept_suit(case, command)
        case c.AnswerSuit():
            return appeal.answer_suit(case, command)
        case c.RecordJudgment():
            return appeal.record_judgment(case, command)
        case c.RecordAppealAgainstJudgment():
            return appeal.appeal_against_judgment(case, command)
        case c.RefuseAppeal():
            return appeal.refuse_appeal(case, command)
        case c.SuspendAppeal():
            return appeal.suspend_appeal(case, command)
        case c.ResumeAppeal():
            return appeal.resume_appeal(case, command)
        case c.TerminateAppeal():
            return appeal.terminate_appeal(case, command)
        case c.Reopen():
            return appeal.reopen(case, command)
        case c.ProposeErasure():
            return erasure.propose_erasure(case, command, stamp, rules)
        case c.DecideErasure():
            return erasure.decide_erasure(case, command, stamp, rules)
        case _:
            assert_never(command)
