"""The reply clock: segments, restarts, pauses and extensions of one case; all days are counted through the calendar.

The algebra is 条例33 with conventions C1 to C8: due = WD(start, length + excluded + extension).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

import msgspec

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.events import Reopened, ReplyDelayed, ReplyExtended
from gk_workflow.core.law import LimitId, limit
from gk_workflow.core.life import Consultation, FeeRound, Life, Service, SupplementRound
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ServiceMethod


class Cause(StrEnum):
    """Why a clock started."""

    RECEIPT = "receipt"
    SUPPLEMENT = "supplement"
    PAYMENT = "payment"
    REDO = "redo"


class Pause(msgspec.Struct, frozen=True):
    """A consultation as time that does not count: the days after ``after`` up to ``ends_on``.

    ``ends_on`` is None while the letter has not arrived and no opinion came: no end is known.
    """

    consultation: int
    article: str
    after: date
    ends_on: date | None


class Segment(msgspec.Struct, frozen=True):
    """One running of the reply clock; a restart forgets it and begins another (条例30, 109号7)."""

    cause: Cause
    article: str
    start: date
    length: int
    pauses: tuple[Pause, ...] = ()
    extension: int = 0
    delay: ReplyDelayed | None = None
    served_on: date | None = None

    @property
    def counts_after(self) -> date:
        """The day after which pauses count: the start, or the notice of a delay (条例35)."""
        return max(self.start, self.delay.notified_on) if self.delay else self.start


class ExtensionVerdict(msgspec.Struct, frozen=True):
    """Whether an extension holds (C6), and if not, why."""

    extension: ReplyExtended
    valid: bool
    why: str = ""


class SupplementVerdict(msgspec.Struct, frozen=True):
    """How a 补正告知 stands (C5): ``due`` is the office's 7th 工作日, ``ends_on`` the applicant's last day."""

    round: SupplementRound
    due: date | None
    late: bool
    second: bool
    ends_on: date
    restarts: bool
    effective: bool


class FeeVerdict(msgspec.Struct, frozen=True):
    """How a 收费通知 stands (C7): timely or not, the last day to pay, whether payment restarted."""

    round: FeeRound
    timely: bool
    ends_on: date
    restarts: bool


class Reply(msgspec.Struct, frozen=True):
    """One service that stood, judged by its own segment's due date."""

    service: Service
    timely_on: date
    due: date | None
    late: bool


class ReplyClock(msgspec.Struct, frozen=True):
    """Everything the reply clock knows of a case; empty before receipt."""

    segments: tuple[Segment, ...] = ()
    extensions: tuple[ExtensionVerdict, ...] = ()
    supplements: tuple[SupplementVerdict, ...] = ()
    fees: tuple[FeeVerdict, ...] = ()
    replies: tuple[Reply, ...] = ()
    due: date | None = None
    due_before_restart: date | None = None
    due_after_pause: date | None = None

    @property
    def current(self) -> Segment | None:
        """The segment that runs, or ran last."""
        return self.segments[-1] if self.segments else None


def excluded_intervals(segment: Segment) -> tuple[tuple[date, date], ...]:
    """The union of the pauses as disjoint (after, to] intervals; a pause without end is left out."""
    merged: list[tuple[date, date]] = []
    floor = segment.counts_after
    spans = [(max(p.after, floor), p.ends_on) for p in segment.pauses if p.ends_on]
    for after, to in sorted((a, t) for a, t in spans if t > a):
        if merged and after <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], to))
        else:
            merged.append((after, to))
    return tuple(merged)


def excluded_workdays(segment: Segment, calendar: Calendar) -> int:
    """工作日 not counted because of pauses: their union, never their sum (C3)."""
    return sum(calendar.workdays_between(a, t) for a, t in excluded_intervals(segment))


def endless(segment: Segment) -> bool:
    """Whether a pause has no known end, so that there is no due date yet."""
    return any(pause.ends_on is None for pause in segment.pauses)


def due_of(segment: Segment, calendar: Calendar, extension: int | None = None) -> date | None:
    """The last lawful day of a segment, None while a pause has no known end (条例33)."""
    if endless(segment):
        return None
    more = segment.extension if extension is None else extension
    extra = excluded_workdays(segment, calendar) + more
    if segment.delay:
        return calendar.add_workdays(segment.delay.until, extra)
    return calendar.add_workdays(segment.start, segment.length + extra)


def consultation_lapse(consultation: Consultation, calendar: Calendar) -> date | None:
    """The party's last day: 15 工作日 from the day after it received the letter (条例32, 34)."""
    if consultation.received_on is None:
        return None
    which = limit(LimitId.THIRD_PARTY_OPINION, consultation.received_on)
    return calendar.add_workdays(consultation.received_on, which.length)


def pause_of(consultation: Consultation, calendar: Calendar, policy: Policy) -> Pause:
    """The time a consultation takes (C3): it ends at the opinion or the lapse, whichever is first."""
    ends = [
        day
        for day in (consultation.ended_on, consultation_lapse(consultation, calendar))
        if day is not None
    ]
    after = consultation.sent_on
    if policy.pause_includes_sending_day:
        after -= timedelta(days=1)
    return Pause(consultation.number, consultation.article, after, min(ends) if ends else None)


def timely_day(service: Service, calendar: Calendar, policy: Policy) -> date:
    """The day a service counts for timeliness (C8)."""
    if (
        service.method is ServiceMethod.PUBLIC_NOTICE
        and not policy.public_notice_timely_on_publication
    ):
        return effective_day(service, calendar)
    return service.served_on


def effective_day(service: Service, calendar: Calendar) -> date:
    """The day a 公告 takes effect (民诉法95), else the service itself."""
    if service.method is ServiceMethod.PUBLIC_NOTICE:
        period = limit(LimitId.PUBLIC_NOTICE, service.served_on)
        return calendar.add_days(service.served_on, period.length)
    return service.served_on


def receipt_of_reply(service: Service, calendar: Calendar) -> date | None:
    """The day the applicant has the reply, from which remedies run; None while only posted."""
    if service.delivered_on is not None:
        return service.delivered_on
    if service.method is ServiceMethod.POST:
        return None
    return effective_day(service, calendar)


def working_days_late(due: date, day: date, calendar: Calendar) -> int:
    """工作日 after ``due`` up to ``day``, at least 1 if late, 0 if in time."""
    if day <= due:
        return 0
    return max(1, calendar.workdays_between(due, day))


class _Payment(msgspec.Struct, frozen=True):
    """The day a fee was paid, as a moment of its own."""

    fee: FeeRound


_Acting = Consultation | ReplyExtended | ReplyDelayed | SupplementVerdict | FeeRound | _Payment
_Moment = _Acting | Service | Reopened


class _Run:
    """The clock while it is being run through the moments of a life in order of their dates."""

    def __init__(self, life: Life, calendar: Calendar, policy: Policy) -> None:
        self.calendar, self.policy = calendar, policy
        self.segments: list[Segment] = []
        self.extensions: list[ExtensionVerdict] = []
        self.fees: list[FeeVerdict] = []
        self.replies: list[Reply] = []
        self.before_restart: date | None = None
        self.after_pause: date | None = None
        if life.received_on is not None:
            self._start(Cause.RECEIPT, life.received_on)

    def _start(self, cause: Cause, day: date, length: int | None = None) -> None:
        carried = self.segments[-1].pauses if self.segments else ()
        if self.segments:
            self.before_restart = due_of(self.segments[-1], self.calendar)
        row = limit(LimitId.REPLY, day)
        self.segments.append(
            Segment(cause, _ARTICLES.get(cause, row.article), day, length or row.length, carried)
        )

    def _change(self, **changes: object) -> None:
        self.segments[-1] = msgspec.structs.replace(self.segments[-1], **changes)

    def due(self) -> date | None:
        return due_of(self.segments[-1], self.calendar)

    def due_as_known(self, day: date) -> date | None:
        """The due date as it was known on ``day``, under the notices published by then."""
        return due_of(self.segments[-1], self.calendar.known_on(day))

    def take(self, moment: _Moment) -> None:
        """Let one moment act on the clock; after service nothing acts but failure and redo."""
        segment = self.segments[-1]
        if isinstance(moment, Service):
            return self._serve(moment)
        if isinstance(moment, Reopened):
            return self._start(Cause.REDO, moment.received_on, moment.workdays)
        if segment.served_on is None:
            self._act(moment)
        return None

    def _act(self, moment: _Acting) -> None:
        match moment:
            case Consultation():
                self._pause(moment)
            case ReplyExtended():
                self._extend(moment)
            case ReplyDelayed():
                self._change(delay=moment, extension=0)
            case SupplementVerdict(round=SupplementRound(supplemented_on=day)) if day is not None:
                self._start(Cause.SUPPLEMENT, day)
            case FeeRound():
                self._charge(moment)
            case _Payment(fee=FeeRound(paid_on=day)) if day is not None:
                self._pay(moment.fee, day)
            case _:
                pass

    def _pause(self, consultation: Consultation) -> None:
        due = self.due()
        if due is not None and consultation.sent_on > due:
            return
        pause = pause_of(consultation, self.calendar, self.policy)
        self._change(pauses=(*self.segments[-1].pauses, pause))
        self.after_pause = self.due()

    def _extend(self, extension: ReplyExtended) -> None:
        why = self._objection(extension)
        self.extensions.append(ExtensionVerdict(extension, not why, why))
        if not why:
            self._change(extension=self.segments[-1].extension + extension.workdays)

    def _objection(self, extension: ReplyExtended) -> str:
        segment = self.segments[-1]
        if extension.approved_on is None:
            return "未经公开机构负责人同意"
        if extension.notified_on is None:
            return "未告知申请人"
        if segment.extension + extension.workdays > limit(LimitId.EXTENSION, segment.start).length:
            return "累计延长超过法定上限"
        days = [extension.approved_on]
        if self.policy.extension_notice_by_due_date:
            days.append(extension.notified_on)
        late = [d for d in days if (due := self.due_as_known(d)) is not None and d > due]
        return "期限届满后才同意或告知" if late else ""

    def _charge(self, fee: FeeRound) -> None:
        due = self.due()
        timely = due is None or fee.sent_on <= due
        ends = self.calendar.add_workdays(
            fee.begins_on, limit(LimitId.FEE_PAYMENT, fee.begins_on).length
        )
        paid = fee.paid_on is not None and fee.paid_on <= ends
        restarts = timely and paid and self.policy.payment_restarts_clock
        self.fees.append(FeeVerdict(fee, timely, ends, restarts))

    def _pay(self, fee: FeeRound, day: date) -> None:
        if any(verdict.round is fee and verdict.restarts for verdict in self.fees):
            self._start(Cause.PAYMENT, day)

    def _serve(self, service: Service) -> None:
        if service.failed_on is not None:
            return
        day = timely_day(service, self.calendar, self.policy)
        pauses = tuple(
            p if p.ends_on else msgspec.structs.replace(p, ends_on=max(day, p.after))
            for p in self.segments[-1].pauses
        )
        self._change(served_on=day, pauses=pauses)
        due = self.due()
        self.replies.append(Reply(service, day, due, due is not None and day > due))


_ARTICLES = {
    Cause.SUPPLEMENT: "条例30、33(2)",
    Cause.PAYMENT: "109号7、条例33(2)",
    Cause.REDO: "行政复议法64、法释〔2025〕8号",
}


def _supplement_verdicts(
    life: Life, calendar: Calendar, policy: Policy
) -> tuple[SupplementVerdict, ...]:
    due = None
    if life.received_on is not None:
        due = calendar.add_workdays(
            life.received_on, limit(LimitId.SUPPLEMENT_NOTICE, life.received_on).length
        )
    return tuple(
        _supplement_verdict(round_, due, index > 0, calendar, policy)
        for index, round_ in enumerate(life.supplements)
    )


def _supplement_verdict(
    round_: SupplementRound, due: date | None, second: bool, calendar: Calendar, policy: Policy
) -> SupplementVerdict:
    late = due is not None and round_.notice_on > due
    ends_on = calendar.add_workdays(round_.begins_on, round_.period_workdays)
    effective = not (policy.late_supplement_notice_keeps_clock and (late or second))
    arrived = round_.supplemented_on
    in_time = arrived is not None and (arrived <= ends_on or round_.excused)
    return SupplementVerdict(round_, due, late, second, ends_on, effective and in_time, effective)


def _moments(
    life: Life, supplements: Iterable[SupplementVerdict]
) -> Iterable[tuple[date, int, _Moment]]:
    """Each moment with its legal day and its rank among moments of the same day."""
    for verdict in supplements:
        if verdict.restarts and verdict.round.supplemented_on is not None:
            yield verdict.round.supplemented_on, 1, verdict
    for reopened in life.reopenings:
        yield reopened.received_on, 1, reopened
    for extension in life.extensions:
        day = extension.notified_on or extension.approved_on
        if day is not None:
            yield day, 2, extension
    for delay in life.delays:
        yield delay.notified_on, 3, delay
    for consultation in life.consultations:
        yield consultation.sent_on, 4, consultation
    for fee in life.fees:
        yield fee.sent_on, 5, fee
        if fee.paid_on is not None:
            yield fee.paid_on, 5, _Payment(fee)
    for service in life.services:
        yield service.served_on, 6, service


def run_clock(life: Life, calendar: Calendar, policy: Policy) -> ReplyClock:
    """Run the reply clock of a life under a calendar and a policy (条例30 to 35)."""
    supplements = _supplement_verdicts(life, calendar, policy)
    if life.received_on is None:
        return ReplyClock(supplements=supplements)
    run = _Run(life, calendar, policy)
    for _, _, moment in sorted(_moments(life, supplements), key=lambda m: m[:2]):
        run.take(moment)
    return ReplyClock(
        segments=tuple(run.segments),
        extensions=tuple(run.extensions),
        supplements=supplements,
        fees=tuple(run.fees),
        replies=tuple(run.replies),
        due=run.due(),
        due_before_restart=run.before_restart,
        due_after_pause=run.after_pause,
    )
