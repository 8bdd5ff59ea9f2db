"""答复: decisions about drafts, signing, service, third parties' notices and the archive."""

from __future__ import annotations

from datetime import date

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.appeals import REDO_RESULTS
from gk_workflow.core.case import Case
from gk_workflow.core.clock import effective_day
from gk_workflow.core.decide.refusal import Forbidden, Refused, Rules, ordered, require
from gk_workflow.core.law import OUTCOMES
from gk_workflow.core.life import Consultation, Service
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
    if content.outcome in _DISCLOSING and case.objecting_parties:
        require(
            bool(content.public_interest.strip()),
            "第三方不同意公开, 决定公开的应当写明对公共利益的重大影响",
            "条例32",
            f"{prefix}.public_interest",
        )


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
    require(bool(case.secrecy_reviewer), "尚未经过审查(含保密审查)", "条例17", "content")
    if case.secrecy_reviewer == stamp.actor and not rules.policy.drafter_may_review_secrecy:
        raise Forbidden("拟稿人不得与保密审查人为同一人", "条例17、45")
    ordered(case.received_on, command.drafted_on, "拟稿日期有误", "条例33", "drafted_on")
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
    content = case.content
    if content is None:
        raise Refused("没有待签发的文稿", "条例33", "approved_on")
    if stamp.actor == case.drafter and not rules.policy.drafter_may_sign:
        raise Forbidden("拟稿人不得签发本人所拟文稿", "条例33、45")
    if stamp.actor == case.secrecy_reviewer and not rules.policy.secrecy_reviewer_may_sign:
        raise Forbidden("保密审查人不得签发", "条例17、45")
    ordered(_drafted_on(case), command.approved_on, "签发日期有误", "条例33", "approved_on")
    return (_approved(content.outcome, command.approved_on, rules),)


def _drafted_on(case: Case) -> date | None:
    days = [f.event.drafted_on for f in case.facts if isinstance(f.event, e.DraftSubmitted)]
    return days[-1] if days else None


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
    ordered(case.received_on, command.replied_on, "答复日期有误", "条例33(1)", "replied_on")
    if command.approver == stamp.actor and not rules.policy.drafter_may_sign:
        raise Forbidden("经办人不得自行批准当场答复", "条例33、45", "approver")
    _content(case, command.content)
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


def serve_reply(case: Case, command: c.ServeReply, rules: Rules) -> tuple[e.CaseEvent, ...]:
    """送达 (235号): each method with what makes it count."""
    ordered(
        case.life.decided_on,
        command.served_on,
        "送达日期有误",
        "国办公开办函〔2016〕235号",
        "served_on",
    )
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
    outcome = case.content.outcome if case.content else None
    require(
        outcome not in _DISCLOSING
        or not rules.policy.notify_third_party_before_service
        or not case.objecting_parties,
        "第三方不同意公开, 应当先将公开的内容和理由书面告知第三方",
        "条例32",
        "method",
    )
    return (e.ReplyServed(command.method, command.served_on, command.proof, command.signed_by),)


def _standing_service(case: Case, field: str) -> Service:
    services = case.life.services
    if not services or services[-1].failed_on is not None:
        raise Refused("没有待登记的送达", "国办公开办函〔2016〕235号", field)
    return services[-1]


def record_delivery(case: Case, command: c.RecordDelivery) -> tuple[e.CaseEvent, ...]:
    """送达回证 in hand: once per service."""
    service = _standing_service(case, "delivered_on")
    require(not service.proof, "送达回证已登记", "民诉法87", "delivered_on")
    ordered(service.served_on, command.delivered_on, "签收日期有误", "民诉法87", "delivered_on")
    return (e.ReplyDelivered(command.delivered_on, command.signed_by, command.relation),)


def record_service_failure(case: Case, command: c.RecordServiceFailure) -> tuple[e.CaseEvent, ...]:
    """送达不成: the letter came back, serve again."""
    service = _standing_service(case, "failed_on")
    require(not service.proof, "已有送达回证, 不得登记送达不成", "民诉法87", "failed_on")
    ordered(service.served_on, command.failed_on, "日期有误", "民诉法87", "failed_on")
    return (e.ServiceFailed(command.failed_on, command.reason),)


def notify_third_party(
    case: Case, command: c.NotifyThirdParty, rules: Rules
) -> tuple[e.CaseEvent, ...]:
    """告知第三方 (条例32): content, reasons and its own remedies."""
    one = _objecting(case, command.consultation)
    outcome = case.content.outcome if case.content else None
    if outcome is None or outcome not in _DISCLOSING:
        raise Refused("本件不公开该信息, 无须告知", "条例32", "consultation")
    ordered(one.sent_on, command.notified_on, "告知日期有误", "条例32", "notified_on")
    return (
        e.ThirdPartyNotified(
            command.consultation,
            command.notified_on,
            command.content,
            command.reasons,
            rules.policy.remedy_text(Outcome.GRANTED, command.notified_on),
        ),
    )


def _objecting(case: Case, number: int) -> Consultation:
    for one in case.consultations:
        if one.number == number and one.kind is ConsultationKind.THIRD_PARTY:
            require(one.notified_on is None, "已告知该第三方", "条例32", "consultation")
            require(one.opinion is not Opinion.AGREE, "该第三方同意公开", "条例32", "consultation")
            return one
    raise Refused("没有这一第三方", "条例32", "consultation")


def archive(case: Case, command: c.Archive, stamp: Stamp, rules: Rules) -> tuple[e.CaseEvent, ...]:
    """归档 (条例45): with the 送达回证, no open appeal, no unanswered 更正."""
    if case.status is Status.REPLIED:
        _served_for_good(case, stamp, rules)
    require(
        not case.open_appeals, "尚有未审结的复议或者诉讼, 不得归档", "条例45、51", "archived_on"
    )
    redo = [a for a in case.appeals if a.result in REDO_RESULTS and not a.reopened]
    require(not redo, "责令重作或者履行尚未执行, 不得归档", "行政复议法77、条例45", "archived_on")
    undecided = [asked for asked, decided in case.life.corrections if decided is None]
    require(not undecided, "更正申请尚未决定, 不得归档", "条例41、45", "archived_on")
    return (e.Archived(command.archived_on),)


def _served_for_good(case: Case, stamp: Stamp, rules: Rules) -> None:
    service = _standing_service(case, "archived_on")
    if service.method is ServiceMethod.PUBLIC_NOTICE:
        effect = effective_day(service, rules.calendar)
        require(
            stamp.today >= effect,
            f"公告送达于{effect.isoformat()}生效, 此前不得归档",
            "民诉法95、条例45",
            "archived_on",
        )
    else:
        require(
            service.proof,
            "没有送达回证, 不得归档",
            "国办公开办函〔2016〕235号、条例45",
            "archived_on",
        )
    outcome = case.content.outcome if case.content else None
    require(
        outcome not in _DISCLOSING or not case.objecting_parties,
        "尚未告知不同意公开的第三方, 不得归档",
        "条例32",
        "archived_on",
    )
