"""The reply clock of one case: its facts run in order of their days; lateness is asked, never stored.

What a restart forgets, what pauses and what holds is 条例30 to 35 with conventions C1 to C8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec
from msgspec.structs import replace

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.events import Reopened, ReplyDelayed, ReplyExtended
from gk_workflow.core.law import LimitId, limit
from gk_workflow.core.life import Consultation, FeeRound, Life, Service, SupplementRound
from gk_workflow.core.policy import Policy
from gk_workflow.core.segments import (
    Cause,
    Counting,
    Delay,
    Pause,
    Segment,
    carried,
    closed,
    consultation_lapse,
    delayed,
    due_of,
    endless,
    excluded_intervals,
    excluded_spans,
    excluded_workdays,
    extended,
    pause_of,
    paused,
)
from gk_workflow.core.verdicts import (
    ExtensionVerdict,
    FeeVerdict,
    Reply,
    SupplementVerdict,
    effective_day,
    fee_verdict,
    receipt_of_reply,
    supplement_verdicts,
    timely_day,
    working_days_late,
)

__all__ = [
    "Cause",
    "Counting",
    "Delay",
    "ExtensionVerdict",
    "FeeVerdict",
    "Pause",
    "Reply",
    "ReplyClock",
    "Segment",
    "SupplementVerdict",
    "Wait",
    "consultation_lapse",
    "due_of",
    "effective_day",
    "endless",
    "excluded_intervals",
    "excluded_spans",
    "excluded_workdays",
    "overdue",
    "pause_of",
    "receipt_of_reply",
    "run_clock",
    "timely_day",
    "waiting_for_applicant",
    "waits",
    "working_days_late",
]


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

    def segment_on(self, day: date) -> Segment | None:
        """The segment that ran on ``day``, None before receipt."""
        begun = [segment for segment in self.segments if segment.start <= day]
        return begun[-1] if begun else None


class _Payment(msgspec.Struct, frozen=True):
    """The day a fee was paid, as a moment of its own."""

    fee: FeeRound


_Acting = Consultation | ReplyExtended | ReplyDelayed | SupplementVerdict | FeeRound | _Payment
_Moment = _Acting | Service | Reopened


class _Run:
    """The clock while it is being run through the moments of a life in order of their dates."""

    def __init__(self, received_on: date, calendar: Calendar, policy: Policy) -> None:
        self.calendar, self.policy = calendar, policy
        row = limit(LimitId.REPLY, received_on)
        self.segments = [Segment(Cause.RECEIPT, row.article, received_on, row.length)]
        self.extensions: list[ExtensionVerdict] = []
        self.fees: list[FeeVerdict] = []
        self.replies: list[Reply] = []
        self.before_restart: date | None = None
        self.after_pause: date | None = None

    @property
    def now(self) -> Segment:
        """The segment that runs."""
        return self.segments[-1]

    def due(self) -> date | None:
        return due_of(self.now, self.calendar)

    def _lost_by(self, day: date) -> bool:
        """Whether the period was over on ``day``, as far as notices published by then told."""
        due = due_of(self.now, self.calendar.known_on(day))
        return due is not None and day > due

    def _restart(self, cause: Cause, day: date, length: int | None = None) -> None:
        self.before_restart = self.due()
        pauses = carried(self.now, day)
        length = length or limit(LimitId.REPLY, day).length
        self.segments.append(Segment(cause, _ARTICLES[cause], day, length, pauses))

    def take(self, moment: _Moment) -> None:
        """Let one moment act on the clock; after service nothing acts but a redo and its reply."""
        match moment:
            case Service():
                self._serve(moment)
            case Reopened(received_on=day, workdays=workdays):
                self._restart(Cause.REDO, day, workdays)
            case ReplyExtended():
                self._extend(moment)
            case _ if self.now.served_on is None:
                self._act(moment)
            case _:
                pass

    def _act(self, moment: _Acting) -> None:
        match moment:
            case Consultation():
                self._pause(moment)
            case ReplyDelayed() if not self._lost_by(moment.notified_on):
                self.segments[-1] = delayed(self.now, moment, self.calendar)
            case SupplementVerdict(round=SupplementRound(supplemented_on=day)) if day is not None:
                self._restart(Cause.SUPPLEMENT, day)
            case FeeRound():
                self.fees.append(fee_verdict(moment, self.due(), self.calendar, self.policy))
            case _Payment(fee=FeeRound(paid_on=day) as fee) if day is not None:
                if any(verdict.round is fee and verdict.restarts for verdict in self.fees):
                    self._restart(Cause.PAYMENT, day)
            case _:
                pass

    def _pause(self, consultation: Consultation) -> None:
        due = self.due()
        if due is not None and consultation.sent_on > due:
            return
        pause = pause_of(consultation, self.calendar, self.policy)
        self.segments[-1] = paused(self.now, pause, self.calendar)
        self.after_pause = self.due()

    def _extend(self, extension: ReplyExtended) -> None:
        why = self._objection(extension)
        self.extensions.append(ExtensionVerdict(extension, not why, why))
        if not why:
            self.segments[-1] = extended(self.now, extension.workdays, self.calendar)

    def _objection(self, extension: ReplyExtended) -> str:
        """C6: why an extension is void as a whole; empty where it holds."""
        segment = self.now
        if segment.served_on is not None:
            return "答复已经送达"
        if extension.approved_on is None:
            return "未经公开机构负责人同意"
        if extension.notified_on is None:
            return "未告知申请人"
        if segment.extension + extension.workdays > limit(LimitId.EXTENSION, segment.start).length:
            return "累计延长超过法定上限"
        days = [extension.approved_on]
        if self.policy.extension_notice_by_due_date:
            days.append(extension.notified_on)
        return "期限届满后才同意或告知" if any(map(self._lost_by, days)) else ""

    def _serve(self, service: Service) -> None:
        if service.failed_on is not None:
            return
        day = timely_day(service, self.calendar, self.policy)
        if self.now.served_on is None:  # the first reply stops the clock, a further one does not
            self.segments[-1] = closed(self.now, day, self.calendar)
        due = self.due()
        self.replies.append(Reply(service, day, due, due is not None and day > due))


_ARTICLES = {
    Cause.SUPPLEMENT: "条例30、33(2)",
    Cause.PAYMENT: "109号7、条例33(2)",
    Cause.REDO: "行政复议法64、法释〔2025〕8号",
}


def _moments(
    life: Life, supplements: Iterable[SupplementVerdict]
) -> Iterator[tuple[date, int, _Moment]]:
    """Each moment with its legal day and its rank among moments of the same day.

    On one day a restart comes first, so that what is told or sent that day belongs to the new
    clock, and service last, so that it stops what that day began.
    """
    for verdict in supplements:
        if verdict.restarts and verdict.round.supplemented_on is not None:
            yield verdict.round.supplemented_on, 1, verdict
    for reopened in life.reopenings:
        yield reopened.received_on, 1, reopened
    for fee in life.fees:
        yield fee.sent_on, 2, fee
        if fee.paid_on is not None:
            yield fee.paid_on, 2, _Payment(fee)
    for extension in life.extensions:
        day = extension.notified_on or extension.approved_on
        if day is not None:
            yield day, 3, extension
    for delay in life.delays:
        yield delay.notified_on, 4, delay
    for consultation in life.consultations:
        yield consultation.sent_on, 5, consultation
    for service in life.services:
        yield service.served_on, 6, service


def run_clock(life: Life, calendar: Calendar, policy: Policy) -> ReplyClock:
    """Run the reply clock of a life under a calendar and a policy (条例30 to 35)."""
    supplements = supplement_verdicts(life, calendar, policy)
    if life.received_on is None:
        return ReplyClock(supplements=supplements)
    run = _Run(life.received_on, calendar, policy)
    for _, _, moment in sorted(_moments(life, supplements), key=lambda m: m[:2]):
        run.take(moment)
    clock = ReplyClock(
        segments=tuple(run.segments),
        extensions=tuple(run.extensions),
        supplements=supplements,
        fees=tuple(run.fees),
        due=run.due(),
        due_before_restart=run.before_restart,
        due_after_pause=run.after_pause,
    )
    return replace(clock, replies=tuple(_judged(reply, clock) for reply in run.replies))


def _judged(reply: Reply, clock: ReplyClock) -> Reply:
    """等待期间不产生答复逾期: while the applicant must act, no reply has a due date."""
    if waiting_for_applicant(clock, reply.service.served_on) is None:
        return reply
    return replace(reply, due=None, late=False)


class Wait(msgspec.Struct, frozen=True):
    """The days from ``since`` until the day before ``until`` on which the applicant must act.

    Nothing is owed on them, though the old clock runs on (条例30, 109号6).
    """

    verdict: SupplementVerdict | FeeVerdict
    since: date
    until: date | None


def waits(clock: ReplyClock) -> tuple[Wait, ...]:
    """Every wait that a timely notice began; a restart by decision (责令重作) ends all of them."""
    begun: list[tuple[SupplementVerdict | FeeVerdict, date]] = [
        *((v, v.round.notice_on) for v in clock.supplements if v.effective),
        *((v, v.round.sent_on) for v in clock.fees if v.timely),
    ]
    redone = [segment.start for segment in clock.segments if segment.cause is Cause.REDO]
    return tuple(
        Wait(
            verdict,
            since,
            min(
                (
                    day
                    for day in (verdict.waits_until, *(d for d in redone if d >= since))
                    if day is not None
                ),
                default=None,
            ),
        )
        for verdict, since in begun
    )


def waiting_for_applicant(clock: ReplyClock, day: date) -> SupplementVerdict | FeeVerdict | None:
    """The timely notice on which nothing is owed on ``day`` until the applicant acts (条例30, 109号6)."""
    for wait in waits(clock):
        if wait.since <= day and (wait.until is None or day < wait.until):
            return wait.verdict
    return None


def overdue(life: Life, clock: ReplyClock, on: date | None, calendar: Calendar) -> bool:
    """Whether a reply is owed and late on ``on``; a reply served in time or late ends it."""
    segment = clock.segment_on(on) if on is not None else None
    if on is None or segment is None:
        return False
    due = due_of(segment, calendar)
    if due is None or on <= due:
        return False
    ends = (segment.served_on, life.abandoned_from, life.withdrawn_on)
    if any(day is not None and day <= on for day in ends):
        return False
    return waiting_for_applicant(clock, on) is None
