"""受理 in a simulated life: how a request arrives, is received, supplemented or given up."""

from __future__ import annotations

from datetime import date, timedelta

from gk_workflow.core import commands as c
from gk_workflow.core.events import Applicant
from gk_workflow.core.terms import (
    AbandonmentGround,
    ApplicantKind,
    Channel,
    NoticeKind,
    Outcome,
    ProvisionForm,
    ProvisionWay,
    Role,
)
from gk_workflow.demo.script import (
    CLERK_AT_DESK,
    ONLINE_APPLICANT,
    SWEEP,
    Pen,
    Person,
    Script,
)
from gk_workflow.demo.words import APPLICANT_NAMES, DESK, UNITS, matter

_CHANNELS = {
    Channel.ONLINE: 52,
    Channel.EMS: 26,
    Channel.IN_PERSON: 9,
    Channel.EMAIL: 5,
    Channel.REGISTERED: 4,
    Channel.ORDINARY_MAIL: 2,
    Channel.FAX: 1,
    Channel.ORAL: 1,
}
_ON_REST_DAYS = {Channel.ONLINE: 70, Channel.EMS: 22, Channel.EMAIL: 8}
_BY_POST = frozenset({Channel.EMS, Channel.REGISTERED, Channel.ORDINARY_MAIL})
_PLATFORM_CONFIRMS = 0.8
_HANDLERS_PER_UNIT = 3
_SUPPLEMENT_DAYS = 6


def arrive(script: Script, received: date) -> None:
    """提交、登记 and 收到 (条例29, 31) on a day of receipt, by a channel that serves on such a day."""
    _cast(script, received)
    script.received = received
    script.restart(received)
    later = _confirmed_later(script)
    person, submitted, recorded = _arrival(script, received, later)
    script.pen = Pen(script, recorded - timedelta(days=1))
    script.pen.act(person, _registration(script, submitted, later), recorded)
    if later:
        confirm = c.ConfirmReceipt(received, "与申请人电话确认")
        script.pen.act(CLERK_AT_DESK, confirm, script.workday(received, 0))
    script.receipt_recorded = script.pen.day


def _registration(script: Script, submitted: date, confirmed_later: bool) -> c.OpenCase:
    signed_for = script.channel in _BY_POST and not confirmed_later
    return c.OpenCase(
        agency=script.scene.agency,
        channel=script.channel,
        applicant=_applicant(script),
        wanted=script.wanted,
        submitted_on=submitted,
        form=script.form,
        way=script.way,
        received_on=script.received if signed_for else None,
        platform_confirmed=script.channel is Channel.ONLINE and not confirmed_later,
        unit=DESK,
    )


def _cast(script: Script, received: date) -> None:
    """Who asks whom for what, and how."""
    rng, wish = script.rng, script.wish
    weekday = script.calendar.is_workday(received)
    mix = _CHANNELS if weekday else _ON_REST_DAYS
    script.channel = rng.choices(list(mix), list(mix.values()))[0]
    if wish.kind is not ApplicantKind.NATURAL_PERSON and script.channel is Channel.ORAL:
        script.channel = Channel.IN_PERSON
    script.unit = rng.choice(UNITS)
    if wish.fee is not None and wish.fee.unit:
        script.unit = wish.fee.unit
    if wish.group is not None:
        script.unit, script.channel = wish.group.unit, Channel.ONLINE
    handler = f"经办{UNITS.index(script.unit) + 1 if script.unit in UNITS else 0}"
    number = rng.randrange(1, _HANDLERS_PER_UNIT + 1)
    script.handler = Person(f"{handler}{number:02d}", Role.CLERK, script.unit)
    script.wanted = matter(script.unit, received.year, rng)
    script.consents = rng.random() < (0.7 if _electronic(script) else 0.1)
    script.form, script.way = _provision(script)


def _electronic(script: Script) -> bool:
    return script.channel in (Channel.ONLINE, Channel.EMAIL)


def _provision(script: Script) -> tuple[ProvisionForm, ProvisionWay]:
    if script.consents:
        return ProvisionForm.ELECTRONIC_COPY, ProvisionWay.ONLINE
    if script.wish.fee is None and script.rng.random() < 0.04:
        return ProvisionForm.INSPECTION, ProvisionWay.COLLECT
    collects = script.channel is Channel.IN_PERSON and script.rng.random() < 0.5
    return ProvisionForm.PAPER, ProvisionWay.COLLECT if collects else ProvisionWay.POST


def _applicant(script: Script) -> Applicant:
    wish = script.wish
    name = f"{APPLICANT_NAMES[wish.kind]}{wish.index + 1:04d}"
    return Applicant(
        kind=wish.kind,
        name=wish.group.applicant if wish.group else name,
        identity_document="（演示数据，略）",
        contact="（演示数据，略）",
        electronic_service_consent=script.consents,
    )


def _arrival(script: Script, received: date, confirmed_later: bool) -> tuple[Person, date, date]:
    """Who registers it, when it was handed in, and when the registry hears of it."""
    rng, channel = script.rng, script.channel
    on_paper = script.workday(received, 0)
    if channel is Channel.ONLINE:
        handed_in = received - timedelta(days=1) if confirmed_later else received
        return ONLINE_APPLICANT, handed_in, handed_in
    if channel in _BY_POST:
        posted = received - timedelta(days=rng.randrange(1, 5))
        return CLERK_AT_DESK, max(posted, script.calendar.first_day), on_paper
    return CLERK_AT_DESK, received, on_paper


def _confirmed_later(script: Script) -> bool:
    """Whether 收到之日 waits for 双方确认 (条例31(3))."""
    if script.channel in (Channel.ORDINARY_MAIL, Channel.FAX):
        return True
    if script.channel is not Channel.ONLINE or script.wish.group is not None:
        return False
    workday = script.calendar.is_workday(script.received)
    return workday and script.rng.random() >= _PLATFORM_CONFIRMS


def accept(script: Script) -> None:
    """受理 (条例33)."""
    tomorrow = script.pen.after_hours or script.rng.random() < 0.5
    day = script.later(1 if tomorrow else 0)
    script.pen.act(CLERK_AT_DESK, c.Accept(day), day)


def ask_supplement(script: Script, period: int) -> date:
    """补正告知 within 7 工作日 (条例30); the day from which the applicant's period runs."""
    sent = script.workday(script.received, script.rng.randrange(1, _SUPPLEMENT_DAYS + 1))
    sent = max(sent, script.later(0))
    at_once = script.consents
    notice = c.RequestSupplement(
        items="请明确所需信息的名称、文号或者其他特征描述",
        guidance="可提供项目名称、坐落位置或者文件形成的大致时间",
        sent_on=sent,
        served_on=sent if at_once else None,
        period_workdays=period,
    )
    script.pen.act(CLERK_AT_DESK, notice, sent)
    return sent if at_once else _notice_arrives(script, NoticeKind.SUPPLEMENT, sent)


def _notice_arrives(script: Script, kind: NoticeKind, sent: date) -> date:
    served = script.after_post(sent)
    script.pen.act(CLERK_AT_DESK, c.RecordNoticeService(kind, served), script.workday(served, 1))
    return served


def supplement(script: Script) -> None:
    """补正 in time: the period begins anew (条例30)."""
    begins = ask_supplement(script, 10)
    arrived = script.workday(begins, script.rng.randrange(1, 10))
    arrived = max(arrived, script.later(0))
    person = CLERK_AT_DESK
    if script.channel is Channel.ONLINE:
        person = ONLINE_APPLICANT
    unclear = script.outcome is Outcome.UNABLE_STILL_UNCLEAR
    wanted = "" if unclear else f"{script.wanted}（已补充特征描述）"
    script.wanted = wanted or script.wanted
    script.pen.act(person, c.Supplement(arrived, wanted), arrived)
    script.restart(arrived)


def never_supplement(script: Script) -> None:
    """逾期不补正, 视为放弃 (条例30)."""
    period = script.rng.choice((10, 10, 15))
    begins = ask_supplement(script, period)
    _lapse(script, AbandonmentGround.SUPPLEMENT, script.workday(begins, period))


def _lapse(script: Script, ground: AbandonmentGround, last: date) -> None:
    """The daily sweep deems the request abandoned on the day after the period's last one."""
    day = last + timedelta(days=1)
    script.pen.act(SWEEP, c.DeemAbandoned(ground), day)
    script.closed_on = script.remedy_from = day


def never_pay(script: Script, begins: date, workdays: int) -> None:
    """逾期不缴费, 视为放弃 (109号6)."""
    _lapse(script, AbandonmentGround.FEE, script.workday(begins, workdays))


def withdraw(script: Script) -> None:
    """撤回 by the applicant, from whatever open status the request is in."""
    online = script.channel is Channel.ONLINE and script.rng.random() < 0.7
    person = ONLINE_APPLICANT if online else script.handler
    day = script.later(script.rng.randrange(1, 6))
    reason = script.rng.choice(("已通过其他途径取得", "与工作人员沟通后撤回", "改为书面咨询"))
    script.pen.act(person, c.Withdraw(day, reason), day)
    script.closed_on = day
