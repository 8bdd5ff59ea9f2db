"""答复 in a simulated life: drafts, signing, service and the archive."""

from __future__ import annotations

from datetime import date, timedelta

from gk_workflow.core import commands as c
from gk_workflow.core.terms import Outcome, RecordCorrectionDecision, ServiceMethod
from gk_workflow.demo.script import CLERK_AT_DESK, Pen, Script
from gk_workflow.demo.words import reply_content

_RETURNED = 0.08
_CAME_BACK = 0.02
_SERVED_AGAIN_AFTER = 5
_ARCHIVED_AFTER = (61, 90)
_DISCLOSING = (Outcome.GRANTED, Outcome.PARTIAL)


def on_the_spot(script: Script) -> None:
    """当场答复 (条例33(1)), signed for by the applicant."""
    content = reply_content(script.outcome, script.wanted, script.rng, False)
    command = c.ReplyOnTheSpot(
        content, script.pen.day, script.head.actor, "无涉密信息", "申请人本人"
    )
    script.pen.act(CLERK_AT_DESK, command)
    script.closed_on = script.remedy_from = script.pen.day


def reply(script: Script) -> None:
    """拟稿, 签发, 送达: in the time that is left, or some days too late where that is wished."""
    span = _span(script)
    served = script.later(span)
    comes_back = _comes_back(script, span)
    signed = script.workday(script.pen.day, max(span - script.rng.randrange(2), 0))
    _draft(script, signed)
    script.pen.act(script.head, c.ApproveReply(signed), signed)
    _tell_third_parties(script)
    if comes_back:
        _serve_in_vain(script, served)
        served = script.later(0)
    _serve(script, max(served, script.pen.day))


def _span(script: Script) -> int:
    """工作日 from now to service: most replies use much of the period, few all of it."""
    left = script.left
    if script.wish.late:
        return max(left, 0) + script.rng.randrange(3, 11)
    return max(int(script.rng.triangular(0, left + 0.99, left * 0.75)), 0)


def _comes_back(script: Script, span: int) -> bool:
    posted = not script.consents and not script.wish.late
    return posted and span + _SERVED_AGAIN_AFTER < script.left and script.rng.random() < _CAME_BACK


def _draft(script: Script, signed: date) -> None:
    content = reply_content(script.outcome, script.wanted, script.rng, bool(script.objecting))
    between = script.calendar.workdays_between(script.pen.day, signed)
    day = script.later(between // 2 if between > 0 else 0)
    script.pen.act(script.handler, c.SubmitDraft(content, day), day)
    if between > 2 and script.rng.random() < _RETURNED:
        back = script.later(1)
        person = script.rng.choice((script.reviewer, script.head))
        script.pen.act(person, c.ReturnDraft("理由表述不够明确, 请修改"), back)
        script.pen.act(script.handler, c.SubmitDraft(content, back))


def _tell_third_parties(script: Script) -> None:
    """告知第三方 of a disclosure against its will, before the applicant is served (条例32)."""
    if script.outcome not in _DISCLOSING:
        return
    for number in script.objecting:
        notice = c.NotifyThirdParty(
            number, script.pen.day, script.wanted, "不公开可能对公共利益造成重大影响"
        )
        script.pen.act(script.handler, notice)


def _tracking(script: Script) -> str:
    return f"EMS{script.rng.randrange(10**10, 10**11)}"


def _serve_in_vain(script: Script, posted: date) -> None:
    """送达不成: the letter comes back and is served again, still in time."""
    first = c.ServeReply(ServiceMethod.POST, posted, _tracking(script))
    script.pen.act(CLERK_AT_DESK, first, posted)
    script.first_posted = script.pen.day
    back = script.later(_SERVED_AGAIN_AFTER - 1)
    script.pen.act(CLERK_AT_DESK, c.RecordServiceFailure(back, "地址不详退回"), back)


def _serve(script: Script, day: date) -> None:
    """送达 by the way wanted (235号) and the 送达回证; remedies run from the applicant's receipt."""
    pen, rng = script.pen, script.rng
    script.closed_on = day
    if script.consents:
        electronic = c.ServeReply(ServiceMethod.ELECTRONIC, day, "平台送达记录")
        pen.act(CLERK_AT_DESK, electronic, day)
        pen.act(CLERK_AT_DESK, c.RecordDelivery(day, "平台送达回执"))
        script.remedy_from = day
    elif script.way.value == "collect" or rng.random() < 0.12:
        direct = c.ServeReply(ServiceMethod.DIRECT, day, signed_by="申请人本人")
        pen.act(CLERK_AT_DESK, direct, day)
        script.remedy_from = day
    else:
        posted = c.ServeReply(ServiceMethod.POST, day, _tracking(script))
        pen.act(CLERK_AT_DESK, posted, day)
        signed = script.after_post(day)
        delivered = c.RecordDelivery(signed, "申请人本人")
        pen.act(CLERK_AT_DESK, delivered, script.workday(signed, 1))
        script.remedy_from = signed


def redo(script: Script, pen: Pen, appeal: int) -> None:
    """责令重作: handled again within 20 工作日 of the decision's receipt, this time disclosed."""
    rng = script.rng
    pen.act(script.handler, c.Reopen(appeal))
    if not any(isinstance(step.command, c.Assign) for step in script.steps):
        # Answered on the spot, withdrawn or abandoned: the desk has had it until now.
        pen.act(CLERK_AT_DESK, c.Assign(script.unit, script.handler.actor))
    pen.act(script.reviewer, c.PassReview(pen.day, "按决定重新审查, 无涉密内容"))
    day = script.workday(pen.day, rng.randrange(2, 8))
    content = reply_content(Outcome.GRANTED, script.wanted, rng, bool(script.objecting))
    pen.act(script.handler, c.SubmitDraft(content, day), day)
    signed = script.workday(day, rng.randrange(1, 4))
    pen.act(script.head, c.ApproveReply(signed), signed)
    for number in script.objecting:
        notice = c.NotifyThirdParty(number, signed, script.wanted, "根据决定公开")
        pen.act(script.handler, notice)
    served = script.workday(signed, rng.randrange(3))
    direct = c.ServeReply(ServiceMethod.DIRECT, served, signed_by="申请人本人")
    pen.act(CLERK_AT_DESK, direct, served)


def correct_record(script: Script) -> None:
    """更正 of a record, asked for and decided after the reply (条例41); now and then."""
    asked = script.later(script.rng.randrange(2, 10))
    wish = c.RequestRecordCorrection(asked, "公开信息中的面积记载", "测绘成果报告")
    script.pen.act(script.handler, wish, asked)
    decided = script.later(script.rng.randrange(3, 15))
    decision = script.rng.choice(
        (RecordCorrectionDecision.CORRECTED, RecordCorrectionDecision.NOT_SUBSTANTIATED)
    )
    answer = c.DecideRecordCorrection(1, decided, decision, "经核对档案")
    script.pen.act(script.head, answer, decided)


def archive(script: Script) -> None:
    """归档 once the time for remedies is over and nothing is open (条例45)."""
    last = max(step.day for step in script.steps)
    day = script.workday(last + timedelta(days=script.rng.randrange(*_ARCHIVED_AFTER)), 0)
    script.pen.day = max(script.pen.day, last)
    script.pen.act(CLERK_AT_DESK, c.Archive(day), day)
