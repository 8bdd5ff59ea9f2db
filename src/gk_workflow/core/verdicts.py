"""How single facts stand in law: notices, extensions, fees, services; no due date is counted here."""

from __future__ import annotations

from datetime import date

import msgspec
from msgspec.structs import replace

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.events import ReplyExtended
from gk_workflow.core.law import LimitId, limit
from gk_workflow.core.life import FeeRound, Life, Service, SupplementRound
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ServiceMethod


class ExtensionVerdict(msgspec.Struct, frozen=True, gc=False):
    """Whether an extension holds (C6), and if not, why."""

    extension: ReplyExtended
    valid: bool
    why: str = ""


class SupplementVerdict(msgspec.Struct, frozen=True, gc=False):
    """How a 补正告知 stands (C5): ``due`` is the office's 7th 工作日, ``ends_on`` the applicant's last day.

    ``asked_again_on`` is the day of a further notice; from it on the old clock counts.
    """

    round: SupplementRound
    due: date | None
    late: bool
    second: bool
    ends_on: date
    restarts: bool
    effective: bool
    asked_again_on: date | None = None

    @property
    def waits_until(self) -> date | None:
        """The day on which waiting for the applicant was over, None while it is not."""
        if self.restarts:
            return self.round.supplemented_on
        return self.round.resumed_on or self.asked_again_on


class FeeVerdict(msgspec.Struct, frozen=True, gc=False):
    """How a 收费通知 stands (C7): timely or not, the last day to pay, whether payment restarted."""

    round: FeeRound
    timely: bool
    ends_on: date
    restarts: bool
    paid_in_time: bool = False

    @property
    def waits_until(self) -> date | None:
        """The day on which waiting for the applicant was over, None while it is not."""
        return self.round.paid_on if self.paid_in_time else self.round.waived_on


class Reply(msgspec.Struct, frozen=True, gc=False):
    """One service that stood, judged by its own segment's due date; None: nothing was due then."""

    service: Service
    timely_on: date
    due: date | None
    late: bool


def supplement_verdicts(
    life: Life, calendar: Calendar, policy: Policy
) -> tuple[SupplementVerdict, ...]:
    """How each 补正告知 of a life stands (条例30, C5)."""
    due = None
    if life.received_on is not None:
        row = limit(LimitId.SUPPLEMENT_NOTICE, life.received_on)
        due = calendar.add_workdays(life.received_on, row.length)
    verdicts = [
        _supplement_verdict(round_, due, index > 0, calendar, policy)
        for index, round_ in enumerate(life.supplements)
    ]
    again: list[date | None] = [verdict.round.notice_on for verdict in verdicts[1:]]
    return tuple(
        replace(verdict, asked_again_on=day)
        for verdict, day in zip(verdicts, [*again, None], strict=False)
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


def fee_verdict(
    fee: FeeRound, reply_due: date | None, calendar: Calendar, policy: Policy
) -> FeeVerdict:
    """How a 收费通知 stands against the reply's due date at that time (109号6, C7)."""
    timely = reply_due is None or fee.sent_on <= reply_due
    row = limit(LimitId.FEE_PAYMENT, fee.begins_on)
    ends_on = calendar.add_workdays(fee.begins_on, row.length)
    paid = fee.paid_on is not None and fee.paid_on <= ends_on
    restarts = timely and paid and policy.payment_restarts_clock
    return FeeVerdict(fee, timely, ends_on, restarts, timely and paid)


def timely_day(service: Service, calendar: Calendar, policy: Policy) -> date:
    """The day a service counts for timeliness (C8)."""
    if (
        service.method is ServiceMethod.PUBLIC_NOTICE
        and not policy.public_notice_timely_on_publication
    ):
        return effective_day(service, calendar)
    return service.served_on


def effective_day(service: Service, calendar: Calendar) -> date:
    """The day a 公告 takes effect (民诉法95: 经过三十日, so nothing rolls), else the service itself."""
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
