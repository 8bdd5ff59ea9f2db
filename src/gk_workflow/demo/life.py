"""Writes whole lives: draws one after another until the wish is met; it never bends a date to fit."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from uuid import UUID

import msgspec

from gk_workflow.core.appeals import Table4Column
from gk_workflow.core.commands import ChargeFee
from gk_workflow.core.law import FEE_RULES_2021
from gk_workflow.core.terms import AppealKind, Channel, Outcome
from gk_workflow.demo import handling, intake, remedies, reply
from gk_workflow.demo.script import AppealDays, Scene, Script, Step
from gk_workflow.demo.wishes import AppealWish, Wish

_DRAWS = 5_000
_SUPPLEMENTED = 0.06
_EXTENDED = 0.07
_CORRECTED_RECORDS = 0.004
_DELAYED = 0.004
_ON_THE_SPOT = 0.35
_WITHDRAWN = 0.9
_CONSULTED = {Outcome.PARTIAL: 0.35, Outcome.GRANTED: 0.06}
_AUTHORITY_CONSULTED = 0.03
_REST_DAYS_KEPT = 0.3


class Life(msgspec.Struct, frozen=True):
    """A case to be: its id and everything that happens to it up to the end of the year."""

    case_id: UUID
    wish: Wish
    steps: tuple[Step, ...]


class NoSuchLife(RuntimeError):
    """No drawn life met the wish: the report asks for what the calendar cannot hold."""

    def __init__(self, wish: Wish) -> None:
        super().__init__(f"无法为第{wish.index + 1}件编排符合报告的办理过程")
        self.wish = wish


def live(scene: Scene, wish: Wish, seed: str) -> Life:
    """The life of a wish: the same for the same seed, whatever other lives there are.

    Raises NoSuchLife where no draw meets the wish.
    """
    rng = Random(f"{seed}:{wish.index}")
    case_id = UUID(int=rng.getrandbits(128), version=4)
    for _ in range(_DRAWS):
        script = Script(scene, wish, rng)
        _write(script, _day_of_receipt(scene, wish, rng))
        if _fits(script):
            return Life(case_id, wish, _until(script.steps, scene.last_day))
    raise NoSuchLife(wish)


def _until(steps: list[Step], last: date) -> tuple[Step, ...]:
    kept = [step for step in steps if step.day <= last]
    return tuple(sorted(kept, key=lambda step: (step.day, step.second)))


# --- one draw ---------------------------------------------------------------------------------


def _write(script: Script, received: date) -> None:
    if script.wish.outcome is None:
        script.outcome = script.rng.choice(_WHAT_OPEN_ONES_WOULD_BE)
    intake.arrive(script, received)
    _course(script)
    if script.closed_on is None:
        return
    remedies.remedies(script)
    if not any(days.closed_on is None for days in script.appeals):
        reply.archive(script)


_WHAT_OPEN_ONES_WOULD_BE = (
    Outcome.GRANTED,
    Outcome.GRANTED,
    Outcome.PARTIAL,
    Outcome.UNABLE_NOT_HELD,
    Outcome.REFUSED_PETITION,
    Outcome.REFUSED_EXCESSIVE,
    Outcome.DENIED_THIRD_PARTY,
    Outcome.UNABLE_STILL_UNCLEAR,
    Outcome.OTHER_CORRECTION_OVERDUE,
    Outcome.OTHER_FEE_OVERDUE,
)


def _course(script: Script) -> None:
    """From receipt to the end of the request, by the path of its outcome."""
    rng, outcome = script.rng, script.outcome
    if outcome is Outcome.OTHER_CORRECTION_OVERDUE:
        return intake.never_supplement(script)
    if _at_the_counter(script):
        return reply.on_the_spot(script)
    if outcome is Outcome.UNABLE_STILL_UNCLEAR or rng.random() < _SUPPLEMENTED:
        intake.supplement(script)
    else:
        intake.accept(script)
    handling.assign(script)
    if outcome is Outcome.OTHER_OTHER and rng.random() < _WITHDRAWN:
        if rng.random() < 0.5:
            handling.review(script)
        return intake.withdraw(script)
    return _handle(script)


def _at_the_counter(script: Script) -> bool:
    plain = script.wish.fee is None and not script.wish.late
    counter = script.channel is Channel.IN_PERSON and script.outcome is Outcome.GRANTED
    return counter and plain and script.rng.random() < _ON_THE_SPOT


def _handle(script: Script) -> None:
    rng, outcome = script.rng, script.outcome
    wish = script.wish
    if wish.outcome is None and wish.received:
        handling.ask_reasons(script, reasonable=True)
        return handling.delay(script, script.scene.last_day + timedelta(days=rng.randrange(20, 80)))
    delayed = outcome is Outcome.GRANTED and not wish.late and rng.random() < _DELAYED
    if outcome is Outcome.REFUSED_EXCESSIVE or delayed:
        handling.ask_reasons(script, reasonable=delayed)
    else:
        handling.review(script)
    handling.assist(script)
    if outcome is Outcome.OTHER_FEE_OVERDUE:
        return handling.charge_in_vain(script)
    if wish.fee is not None:
        handling.pay(script, handling.charge(script, wish.fee))
    _consult(script)
    if delayed:
        handling.delay(script, _reasonable_day(script))
    elif not wish.late and script.left > 3 and rng.random() < _EXTENDED:
        handling.extend(script)
    reply.reply(script)
    if rng.random() < _CORRECTED_RECORDS:
        reply.correct_record(script)
    return None


def _reasonable_day(script: Script) -> date:
    """合理期限: some 工作日 after the period in force."""
    more = script.rng.randrange(5, 16)
    return script.workday(script.start, script.length + script.paused + more)


def _consult(script: Script) -> None:
    third = script.outcome is Outcome.DENIED_THIRD_PARTY
    if third or script.rng.random() < _CONSULTED.get(script.outcome, 0):
        handling.consult_third_parties(script)
    elif script.rng.random() < _AUTHORITY_CONSULTED:
        handling.consult_authority(script)


# --- the day of receipt -----------------------------------------------------------------------


def _day_of_receipt(scene: Scene, wish: Wish, rng: Random) -> date:
    """A day from the stretch of the year that suits the wish; few on rest days."""
    if wish.group is not None:
        return scene.calendar.roll_forward(scene.first_day + timedelta(days=wish.group.day))
    first, last = _stretch(scene, wish)
    while True:
        day = first + timedelta(days=rng.randrange((last - first).days + 1))
        if scene.calendar.is_workday(day) or rng.random() < _REST_DAYS_KEPT:
            return day


def _stretch(scene: Scene, wish: Wish) -> tuple[date, date]:
    """First and last day on which it is worth drawing a receipt."""
    year = scene.year - wish.received
    if wish.closed:
        return date(year, 1, 10), _latest_earlier(year, wish.appeals)
    if wish.received:
        return date(year, 11, 10), date(year, 12, 31)
    if wish.outcome is None:
        return date(year, 11, 10), date(year, 12, 31)
    months = [_months(appeal) for appeal in wish.appeals]
    return date(year, 1, 1), date(year, 12, 31) - timedelta(days=30 * sum(months))


def _months(appeal: AppealWish) -> int:
    """About how many months an appeal takes at the least."""
    if appeal.column is Table4Column.PENDING:
        return 1
    return 2 if appeal.kind is AppealKind.RECONSIDERATION else 3


def _latest_earlier(year: int, appeals: tuple[AppealWish, ...]) -> date:
    return date(year, 9, 15) if any(appeal.before for appeal in appeals) else date(year, 12, 1)


# --- does it meet the wish? -------------------------------------------------------------------


def _fits(script: Script) -> bool:
    wish, scene = script.wish, script.scene
    if any(isinstance(s.command, ChargeFee) and s.day < FEE_RULES_2021 for s in script.steps):
        return False
    if script.receipt_recorded is None or script.receipt_recorded > scene.last_day:
        return False
    if wish.outcome is None:
        return not _closed_by(script, scene.last_day)
    if script.closed_on is None or script.closed_on.year != scene.year - wish.closed:
        return False
    pairs = zip(wish.appeals, script.appeals, strict=True)
    return all(_appeal_fits(scene, appeal, days) for appeal, days in pairs)


def _closed_by(script: Script, day: date) -> bool:
    """A letter that will come back has closed the case as long as nobody knows."""
    ends = (script.first_posted, script.closed_on)
    return any(end is not None and end <= day for end in ends)


def _appeal_fits(scene: Scene, wish: AppealWish, days: AppealDays) -> bool:
    if wish.column is Table4Column.PENDING:
        return days.pending_on(scene.last_day)
    if days.closed_on is None or days.closing_recorded_on is None:
        return False
    if wish.before:
        return days.closed_on < scene.first_day
    return days.closed_on >= scene.first_day and days.closing_recorded_on <= scene.last_day
