"""答复: decisions about drafts, signing, service, third parties' notices and the archive."""

from __future__ import annotations

from datetime import date

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.case import Case
from gk_workflow.core.clock import effective_day, run_clock
from gk_workflow.core.decide.appeal import outstanding_redo
from gk_workflow.core.decide.refusal import Forbidden, Rules, require
from gk_workflow.core.law import OUTCOMES
from gk_workflow.core.life import Consultation, Service
from gk_workflow.core.remedies import remedy_deadlines
from gk_workflow.core.terms import ConsultationKind, Opinion, Outcome, ServiceMethod, Stamp
from gk_workflow.core.workflow import Status

_DISCLOSING = frozenset({Outcome.GRANTED, Outcome.PARTIAL})

_NEEDED = {
    "reasons": "理由",
    "legal_basis": "法律依据",
    "provided": "提供的内容或者获取方式、途径",
    "withheld": "不予公开的部分",
    "earlier_reference": "前次答复文号",
    "channel_hint": "获取途径",
    "special_rule": "特别规定名称",
}


def _content(case: Case, content: e.ReplyContent, prefix: str = "content") -> None:
    """条例36 to 39: what a reply of this outcome must say."""
    row = OUTCOMES[content.outcome]
    require(row.replied, f"{row.name}由期限届满产生, 不以答复作出", row.basis, f"{prefix}.outcome")
    for name in row.needs:
        filled = bool(str(getattr(content, name)).strip())
        require(filled, f"{row.name}应当写明{_NEEDED[name]}", row.basis, f"{prefix}.{name}")
    _specific(case, content, prefix)
    require(
        says_why_against_third_party(case, content),
        "第三方不同意公开, 予以公开的应当写明不采纳的理由或者对公共利益的重大影响",
        "条例32",
        f"{prefix}.public_interest",
    )


def against_third_party(case: Case, content: e.ReplyContent) -> bool:
    """Whether this reply discloses what a third party does not want disclosed (条例32, 37).

    部分公开 that invokes no public interest withholds what the third party objects to.
    """
    if not case.objecting_parties:
        return False
    if content.outcome is Outcome.PARTIAL:
        return bool(content.public_interest.strip())
    return content.outcome is Outcome.GRANTED


def says_why_against_third_party(case: Case, content: e.ReplyContent) -> bool:
    """条例32: no reasonable ground in the objection, or a grave public interest; say which."""
    said = content.public_interest.strip() or content.reasons.strip()
    return bool(said) or not against_third_party(case, content)


def untold_parties(case: Case) -> tuple[Consultation, ...]:
    """Objecting third parties that are still to be told of the disclosure decided upon (条例32)."""
    content = case.content
    if content is None or not against_third_party(case, content):
        return ()
    return tuple(one for one in case.objecting_parties if one.notified_on is None)


def _specific(case: Case, content: e.ReplyContent, prefix: str) -> None:
    life, field = case.life, f"{prefix}.outcome"
    match content.outcome:
        case Outcome.UNABLE_NOT_HELD:
            known = content.search_record.strip() or content.competent_agency.strip()
            require(
                bool(known),
                "应当写明检索情况(信息不存在)或者负责机关(非本机关)",
                "条例36(4)(5)",
                f"{prefix}.search_record",
            )
        case Outcome.UNABLE_STILL_UNCLEAR:
            require(bool(life.supplements), "未经补正告知, 不得以仍不明确为由答复", "条例30", field)
        case Outcome.REFUSED_EXCESSIVE:
            require(life.reasons_asked is not None, "未要求说明理由, 不得不予处理", "条例35", field)
        case _:
            pass


def submit_draft(
    case: Case, command: c.SubmitDraft, stamp: Stamp, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """拟稿送审: secrecy reviewed by another, reasons of its outcome, the right remedy."""
    if case.secrecy_reviewer == stamp.actor and not rules.policy.drafter_may_review_secrecy:
        raise Forbidden("拟稿人不得与保密审查人为同一人", "条例17、45")
    _content(case, command.content)
    right = rules.policy.review_mandatory(command.content.outcome, command.drafted_on)
    require(
        command.review_mandatory in (None, right),
        "救济告知有误: " + ("应当告知复议前置" if right else "可以选择复议或者诉讼"),
        "行政复议法23",
        "review_mandatory",
    )
    return (e.DraftSubmitted(command.content, command.drafted_on),)


def return_draft(case: Case, command: c.ReturnDraft) -> tuple[e.CaseEvent, ...]:
    """退回修改."""
    return (e.DraftReturned(command.reasons),)


def approve_reply(
    case: Case, command: c.ApproveReply, stamp: Stamp, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """签发 by the head, who neither drafted nor, if policy says so, reviewed secrecy."""
    if stamp.actor == case.drafter and not rules.policy.drafter_may_sign:
        raise Forbidden("拟稿人不得签发本人所拟文稿", "条例33、45")
    if stamp.actor == case.secrecy_reviewer and not rules.policy.secrecy_reviewer_may_sign:
        raise Forbidden("保密审查人不得签发", "条例17、45")
    return (_approved(drafted(case).outcome, command.approved_on, rules),)


def drafted(case: Case) -> e.ReplyContent:
    """What the draft that waits to be signed says."""
    assert case.content is not None, "a case 待签发 has a draft"
    return case.content


def _approved(outcome: Outcome, day: date, rules: Rules) -> e.ReplyApproved:
    return e.ReplyApproved(
        approved_on=day,
        review_mandatory=rules.policy.review_mandatory(outcome, day),
        remedy_text=rules.policy.remedy_text(outcome, day),
    )


def reply_on_the_spot(
    case: Case, command: c.ReplyOnTheSpot, stamp: Stamp, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """当场答复 (条例33(1)), approved by another, its secrecy reviewed, signed for at once."""
    if command.approver == stamp.actor and not rules.policy.drafter_may_sign:
        raise Forbidden("经办人不得自行批准当场答复", "条例33、45", "approver")
    _content(case, command.content)
    require(
        not against_third_party(case, command.content)
        or not rules.policy.notify_third_party_before_service,
        _TELL_FIRST,
        "条例32",
        "content.outcome",
    )
    told = _approved(command.content.outcome, command.replied_on, rules)
    return (
        e.RepliedOnTheSpot(
            content=command.content,
            replied_on=command.replied_on,
            approver=command.approver,
            secrecy_opinion=command.secrecy_opinion,
            signed_by=command.signed_by,
            review_mandatory=told.review_mandatory,
            remedy_text=told.remedy_text,
        ),
    )


_SIGNED = frozenset({ServiceMethod.DIRECT, ServiceMethod.ENTRUSTED})
_TELL_FIRST = "第三方不同意公开, 应当先将公开的内容和理由书面告知第三方"


def serve_reply(case: Case, command: c.ServeReply) -> tuple[e.CaseEvent, ...]:
    """送达 (235号): each method with what makes it count."""
    article = "国办公开办函〔2016〕235号、民诉法88至95"
    if command.method in _SIGNED:
        require(
            bool(command.signed_by.strip()), "直接或者委托送达应当有签收人", article, "signed_by"
        )
    elif command.method is ServiceMethod.ELECTRONIC:
        require(
            case.applicant.electronic_service_consent, "申请人未同意电子送达", article, "method"
        )
    else:
        require(
            bool(command.proof.strip()),
            "邮寄须有邮政单号, 留置须有见证人, 公告须有刊登凭证",
            article,
            "proof",
        )
    return (e.ReplyServed(command.method, command.served_on, command.proof, command.signed_by),)


def service_ready(case: Case, rules: Rules) -> None:
    """Refuse service while an objecting third party has not been told (条例32)."""
    tell = rules.policy.notify_third_party_before_service
    require(not (tell and untold_parties(case)), _TELL_FIRST, "条例32", "served_on")


def record_delivery(command: c.RecordDelivery) -> tuple[e.CaseEvent, ...]:
    """送达回证 in hand: once per service (see readiness)."""
    return (e.ReplyDelivered(command.delivered_on, command.signed_by, command.relation),)


def record_service_failure(command: c.RecordServiceFailure) -> tuple[e.CaseEvent, ...]:
    """送达不成: the letter came back, serve again."""
    return (e.ServiceFailed(command.failed_on, command.reason),)


def notify_third_party(
    case: Case, command: c.NotifyThirdParty, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """告知第三方 (条例32): content, reasons and its own remedies."""
    numbers = [one.number for one in parties_to_tell(case)]
    require(
        command.consultation in numbers,
        "没有这一第三方, 或者其同意公开, 或者已经告知",
        "条例32",
        "consultation",
    )
    return (
        e.ThirdPartyNotified(
            command.consultation,
            command.notified_on,
            command.content,
            command.reasons,
            rules.policy.remedy_text(Outcome.GRANTED, command.notified_on),
        ),
    )


def parties_to_tell(case: Case) -> tuple[Consultation, ...]:
    """Third parties that may be told of the disclosure: silent ones too, agreeing ones need not."""
    if case.content is None or case.content.outcome not in _DISCLOSING:
        return ()
    return tuple(
        one
        for one in case.consultations
        if one.kind is ConsultationKind.THIRD_PARTY
        and one.notified_on is None
        and one.opinion is not Opinion.AGREE
    )


def archive(case: Case, command: c.Archive, rules: Rules) -> tuple[e.CaseEvent, ...]:
    """归档 (条例45): what must be done before is in `archive_ready`."""
    if case.status is Status.REPLIED:
        service = case.life.services[-1]
        if service.method is ServiceMethod.PUBLIC_NOTICE:
            _takes_effect(service, command.archived_on, rules)
    return (e.Archived(command.archived_on),)


def archive_ready(case: Case, rules: Rules, today: date) -> None:
    """Refuse the archive without 送达回证, with an open appeal, order or wish for 更正 (条例45)."""
    if case.status is Status.REPLIED:
        _served_for_good(case, rules, today)
    require(
        not case.open_appeals, "尚有未审结的复议或者诉讼, 不得归档", "条例45、51", "archived_on"
    )
    # Who withdrew wants no reply any more, whatever a decision ordered.
    redo = case.status is not Status.WITHDRAWN and outstanding_redo(case)
    require(not redo, "责令重作或者履行尚未执行, 不得归档", "行政复议法77、条例45", "archived_on")
    undecided = [asked for asked, decided in case.life.corrections if decided is None]
    require(not undecided, "更正申请尚未决定, 不得归档", "条例41、45", "archived_on")


def _served_for_good(case: Case, rules: Rules, today: date) -> None:
    service = case.life.services[-1]
    if service.method is ServiceMethod.PUBLIC_NOTICE:
        _takes_effect(service, today, rules)
    else:
        require(
            service.proof,
            "没有送达回证, 不得归档",
            "国办公开办函〔2016〕235号、条例45",
            "archived_on",
        )
    require(
        not untold_parties(case), "尚未告知不同意公开的第三方, 不得归档", "条例32", "archived_on"
    )
    if rules.policy.archive_waits_for_remedies:
        _remedies_are_over(case, rules, today)


def _remedies_are_over(case: Case, rules: Rules, today: date) -> None:
    """After 归档 nothing can be recorded, an appeal neither: some offices wait (条例51)."""
    clock = run_clock(case.life, rules.calendar, rules.policy)
    limits = remedy_deadlines(case.life, clock, rules.calendar, rules.policy, None)
    last = max(one.due for one in limits if one.due is not None)
    require(
        today > last, f"救济期限至{last.isoformat()}届满, 此前不得归档", "条例45、51", "archived_on"
    )


def _takes_effect(service: Service, day: date, rules: Rules) -> None:
    effect = effective_day(service, rules.calendar)
    require(
        day >= effect,
        f"公告送达于{effect.isoformat()}生效, 此前不得归档",
        "民诉法95、条例45",
        "archived_on",
    )
