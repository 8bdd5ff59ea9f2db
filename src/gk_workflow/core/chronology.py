"""The order in which the legal dates of a case must stand, as one table; it refuses nothing itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from gk_workflow.core import events as e
from gk_workflow.core.life import Fact
from gk_workflow.core.terms import NoticeKind


class Order(msgspec.Struct, frozen=True):
    """One row: ``field`` of a ``later`` event is never before ``than`` of an earlier one.

    Compared is the nearest event of ``earlier`` recorded before it (of the same ``key``, where
    one is named), or with ``anywhere`` every one of that key. No ``earlier``: the same event.
    """

    later: type[msgspec.Struct]
    field: str
    earlier: tuple[type[msgspec.Struct], ...]
    than: tuple[str, ...]
    article: str
    label: str
    key: tuple[str, str] | None = None
    notice: NoticeKind | None = None
    anywhere: bool = False


class Fault(msgspec.Struct, frozen=True):
    """A date that stands before the ``floor`` it may not precede, or after a ``ceiling``."""

    field: str
    label: str
    article: str
    floor: date | None = None
    ceiling: date | None = None

    @property
    def text(self) -> str:
        """What is wrong, in Chinese."""
        if self.ceiling is not None:
            return f"{self.label}（不得晚于{self.ceiling.isoformat()}）"
        return f"{self.label}（不得早于{self.floor}）"


_CONSULTED = (e.ThirdPartyConsulted, e.AuthorityConsulted)
_CONSULTATION = ("consultation", "consultation")
_APPEAL = ("appeal", "appeal")
_FILED = (e.ReconsiderationFiled, e.SuitFiled)
_TAKEN = (e.ReconsiderationAccepted, e.SuitAccepted)
_SERVICE = "国办公开办函〔2016〕235号"


def _within(later: type[msgspec.Struct], field: str, than: str, article: str, label: str) -> Order:
    return Order(later, field, (), (than,), article, label)


ORDERS: tuple[Order, ...] = (
    _within(e.SupplementRequested, "served_on", "sent_on", "条例30", "送达日期有误"),
    _within(e.ThirdPartyConsulted, "received_on", "sent_on", "条例32", "对方收到日期有误"),
    _within(e.AuthorityConsulted, "received_on", "sent_on", "条例34", "对方收到日期有误"),
    _within(e.ReplyExtended, "notified_on", "approved_on", "条例33(2)", "告知日期有误"),
    _within(e.ReplyDelayed, "until", "notified_on", "条例35", "延迟日期有误"),
    _within(e.FeeCharged, "served_on", "sent_on", "109号6", "送达日期有误"),
    _within(
        e.ReconsiderationAccepted,
        "copy_received_on",
        "accepted_on",
        "行政复议法48",
        "收到副本日期有误",
    ),
    _within(e.SuitAccepted, "copy_received_on", "accepted_on", "行诉法67", "收到副本日期有误"),
    _within(e.ReconsiderationDecided, "received_on", "decided_on", "行政复议法75", "收到日期有误"),
    _within(e.JudgmentRecorded, "received_on", "decided_on", "行诉法80", "收到日期有误"),
    # 受理
    Order(
        e.Accepted, "accepted_on", (e.SupplementRequested,), ("sent_on",), "条例30", "受理日期有误"
    ),
    Order(
        e.Supplemented,
        "received_on",
        (e.SupplementRequested,),
        ("sent_on", "served_on"),
        "条例30",
        "补正日期有误",
    ),
    Order(
        e.NoticeServed,
        "served_on",
        (e.SupplementRequested,),
        ("sent_on",),
        "条例30",
        "送达日期有误",
        notice=NoticeKind.SUPPLEMENT,
    ),
    Order(
        e.NoticeServed,
        "served_on",
        (e.FeeCharged,),
        ("sent_on",),
        "109号6",
        "送达日期有误",
        notice=NoticeKind.FEE,
    ),
    Order(
        e.NoticeServed,
        "served_on",
        _CONSULTED,
        ("sent_on",),
        "条例32、34",
        "送达日期有误",
        _CONSULTATION,
    ),
    Order(
        e.RecordCorrectionDecided,
        "decided_on",
        (e.RecordCorrectionRequested,),
        ("requested_on",),
        "条例41",
        "决定日期有误",
        ("request", "request"),
    ),
    # 审查, 处理
    Order(e.ReasonsGiven, "given_on", (e.ReasonsAsked,), ("asked_on",), "条例35", "日期有误"),
    Order(
        e.ReplyDelayed, "notified_on", (e.ReasonsGiven,), ("given_on",), "条例35", "告知日期有误"
    ),
    Order(
        e.OpinionReceived,
        "received_on",
        _CONSULTED,
        ("received_on", "sent_on"),
        "条例32、34",
        "收到意见日期有误",
        _CONSULTATION,
    ),
    Order(
        e.OpinionReceived,
        "received_on",
        (e.NoticeServed,),
        ("served_on",),
        "条例32、34",
        "收到意见日期与对方收到日期不符",
        _CONSULTATION,
        anywhere=True,
    ),
    Order(
        e.ConsultationEnded,
        "ended_on",
        _CONSULTED,
        ("sent_on",),
        "条例33(3)",
        "终止日期有误",
        _CONSULTATION,
    ),
    Order(
        e.AssistanceGiven,
        "given_on",
        (e.AssistanceRequested,),
        ("requested_on",),
        "条例45",
        "协办答复日期有误",
        ("unit", "unit"),
    ),
    Order(e.FeePaid, "paid_on", (e.FeeCharged,), ("sent_on",), "109号6", "缴费日期有误"),
    Order(e.FeeWaived, "waived_on", (e.FeeCharged,), ("sent_on",), "109号8", "撤销日期有误"),
    # 答复
    *(
        Order(later, field, (e.Reopened,), ("received_on",), "行政复议法64、行诉法70", "日期有误")
        for later, field in (
            (e.DraftSubmitted, "drafted_on"),
            (e.FeeCharged, "sent_on"),
            (e.ReplyServed, "served_on"),
        )
    ),
    Order(
        e.ReplyApproved,
        "approved_on",
        (e.DraftSubmitted,),
        ("drafted_on",),
        "条例33",
        "签发日期有误",
    ),
    Order(
        e.ReplyServed, "served_on", (e.ReplyApproved,), ("approved_on",), _SERVICE, "送达日期有误"
    ),
    Order(e.ReplyServed, "served_on", (e.ServiceFailed,), ("failed_on",), _SERVICE, "送达日期有误"),
    Order(
        e.ReplyDelivered,
        "delivered_on",
        (e.ReplyServed,),
        ("served_on",),
        "民诉法87",
        "签收日期有误",
    ),
    Order(e.ServiceFailed, "failed_on", (e.ReplyServed,), ("served_on",), "民诉法87", "日期有误"),
    Order(
        e.ThirdPartyNotified,
        "notified_on",
        (e.ReplyApproved, e.RepliedOnTheSpot),
        ("approved_on", "replied_on"),
        "条例32",
        "告知日期有误",
    ),
    *(
        Order(e.Archived, "archived_on", (kind,), (field,), "条例45", "归档日期有误")
        for kind, field in (
            (e.ReplyServed, "served_on"),
            (e.ReplyDelivered, "delivered_on"),
            (e.RepliedOnTheSpot, "replied_on"),
            (e.CaseAbandoned, "abandoned_from"),
            (e.Withdrawn, "withdrawn_on"),
            (e.RecordCorrectionDecided, "decided_on"),
            (e.ReconsiderationDecided, "received_on"),
            (e.JudgmentRecorded, "received_on"),
            (e.AppealNotAdmitted, "decided_on"),
            (e.AppealTerminated, "terminated_on"),
        )
    ),
    # 救济
    *(
        Order(later, field, earlier, than, article, label, _APPEAL)
        for later, field, earlier, than, article, label in (
            (
                e.ReconsiderationAccepted,
                "accepted_on",
                _FILED,
                ("filed_on",),
                "行政复议法30",
                "受理日期有误",
            ),
            (e.SuitAccepted, "accepted_on", _FILED, ("filed_on",), "行诉法51", "立案日期有误"),
            (
                e.ReconsiderationAnswered,
                "answered_on",
                _TAKEN,
                ("copy_received_on", "accepted_on"),
                "行政复议法48、54",
                "答复日期有误",
            ),
            (
                e.SuitAnswered,
                "answered_on",
                _TAKEN,
                ("copy_received_on", "accepted_on"),
                "行诉法67",
                "答辩日期有误",
            ),
            (
                e.ReconsiderationDecided,
                "decided_on",
                _TAKEN,
                ("accepted_on",),
                "行政复议法62",
                "决定日期有误",
            ),
            (
                e.JudgmentRecorded,
                "decided_on",
                (*_TAKEN, e.JudgmentAppealed),
                ("accepted_on", "appealed_on"),
                "行诉法81、88",
                "裁判日期有误",
            ),
            (
                e.JudgmentAppealed,
                "appealed_on",
                (e.JudgmentRecorded,),
                ("decided_on",),
                "行诉法85",
                "上诉日期有误",
            ),
            (
                e.AppealNotAdmitted,
                "decided_on",
                _FILED,
                ("filed_on",),
                "行政复议法30",
                "日期有误",
            ),
            (
                e.AppealSuspended,
                "suspended_on",
                (*_FILED, *_TAKEN),
                ("accepted_on", "filed_on"),
                "行政复议法39",
                "日期有误",
            ),
            (
                e.AppealResumed,
                "resumed_on",
                (e.AppealSuspended,),
                ("suspended_on",),
                "行政复议法39",
                "日期有误",
            ),
            (
                e.AppealTerminated,
                "terminated_on",
                (*_FILED, *_TAKEN, e.AppealSuspended, e.AppealResumed),
                ("suspended_on", "resumed_on", "accepted_on", "filed_on"),
                "行政复议法41",
                "日期有误",
            ),
        )
    ),
    Order(
        e.SuitFiled,
        "filed_on",
        (e.ReconsiderationFiled, e.ReconsiderationDecided),
        ("decided_on", "filed_on"),
        "行诉法45",
        "起诉日期有误",
        ("after_appeal", "appeal"),
    ),
)

_BY_LATER: dict[type, tuple[Order, ...]] = {
    kind: tuple(row for row in ORDERS if row.later is kind) for kind in {r.later for r in ORDERS}
}
_ANYWHERE = tuple(row for row in ORDERS if row.anywhere)


def faults_of_next(facts: Sequence[Fact], event: e.CaseEvent) -> tuple[Fault, ...]:
    """What would be out of order if ``event`` were recorded after ``facts``."""
    line = (*(fact.event for fact in facts), event)
    return (*_faults_at(line, len(line) - 1), *_ceilings(line))


def faults(facts: Sequence[Fact]) -> frozenset[Fault]:
    """Everything that is out of order among ``facts``."""
    line = tuple(fact.event for fact in facts)
    return frozenset(fault for index in range(len(line)) for fault in _faults_at(line, index))


def _faults_at(line: tuple[e.CaseEvent, ...], index: int) -> Iterator[Fault]:
    event = line[index]
    yield from _before_receipt(line, event)
    for row in _BY_LATER.get(type(event), ()):
        day = getattr(event, row.field)
        floor = _floor(line, index, row)
        if day is not None and floor is not None and day < floor:
            yield Fault(row.field, row.label, row.article, floor=floor)


def _before_receipt(line: tuple[e.CaseEvent, ...], event: e.CaseEvent) -> Iterator[Fault]:
    """Nothing precedes the submission, and nothing but the submission the receipt (条例31)."""
    opened = line[0]
    assert isinstance(opened, e.CaseOpened)
    if isinstance(event, e.CaseOpened):
        return
    floor = opened.submitted_on
    if not isinstance(event, e.ReceiptConfirmed):
        received = [one.received_on for one in line if isinstance(one, e.ReceiptConfirmed)]
        floor = max((floor, *received))
    for field in event.__struct_fields__:
        day = getattr(event, field)
        if isinstance(day, date) and day < floor:
            yield Fault(field, "日期有误", "条例31、45", floor=floor)


def _floor(line: tuple[e.CaseEvent, ...], index: int, row: Order) -> date | None:
    event = line[index]
    if not row.earlier:
        return _first_date(event, row.than)
    if row.notice is not None and getattr(event, "notice", None) is not row.notice:
        return None
    where = line if row.anywhere else line[:index]
    found = (one for one in reversed(where) if isinstance(one, row.earlier))
    fits = (one for one in found if _same(event, one, row.key))
    earlier = next(fits, None)
    return None if earlier is None else _first_date(earlier, row.than)


def _same(later: e.CaseEvent, earlier: e.CaseEvent, key: tuple[str, str] | None) -> bool:
    return key is None or getattr(later, key[0]) == getattr(earlier, key[1])


def _first_date(event: e.CaseEvent, fields: tuple[str, ...]) -> date | None:
    days = (getattr(event, field, None) for field in fields)
    return next((day for day in days if isinstance(day, date)), None)


def _ceilings(line: tuple[e.CaseEvent, ...]) -> Iterator[Fault]:
    """Where the newest event tells late of something that came before an older one."""
    newest = line[-1]
    for row in _ANYWHERE:
        if not isinstance(newest, row.earlier):
            continue
        for one in line:
            if isinstance(one, row.later) and _same(one, newest, row.key):
                ceiling, day = getattr(one, row.field), getattr(newest, row.than[0])
                if day > ceiling:
                    yield Fault(row.than[0], row.label, row.article, ceiling=ceiling)
