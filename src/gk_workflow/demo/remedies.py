"""救济 in a simulated life: reviews and suits from filing to result, in the periods of their laws."""

from __future__ import annotations

from datetime import date, timedelta

from gk_workflow.core import commands as c
from gk_workflow.core.appeals import REDO_RESULTS, Table4Column
from gk_workflow.core.law import RECONSIDERATION_LAW_2023, LimitId, limit
from gk_workflow.core.terms import (
    AppealKind,
    AppealResult,
    AppealTarget,
    Procedure,
    TerminationGround,
)
from gk_workflow.demo.reply import redo
from gk_workflow.demo.script import APPEALS_CLERK, AppealDays, Pen, Script
from gk_workflow.demo.wishes import AppealWish

_TOLD_AT_ONCE = 0.4
_SUSPENDED = 0.25
_SECOND_INSTANCE = 0.35

_CORRECTED = (
    AppealResult.REVOKED_REDO,
    AppealResult.REVOKED_REDO,
    AppealResult.PARTLY_REVOKED,
    AppealResult.CHANGED,
    AppealResult.DECLARED_UNLAWFUL,
)


def remedies(script: Script) -> None:
    """All appeals of a life in turn: a suit after review follows from the review's result."""
    known_from = script.remedy_from
    for number, wish in enumerate(script.wish.appeals, start=1):
        assert known_from is not None, "only what was decided is appealed against"
        known_from = _Appeal(script, number, wish, known_from).run()


class _Appeal:
    """One review or suit being written down."""

    def __init__(self, script: Script, number: int, wish: AppealWish, known_from: date) -> None:
        self.script, self.rng = script, script.rng
        self.number, self.wish, self.known_from = number, wish, known_from
        self.is_review = wish.kind is AppealKind.RECONSIDERATION
        self.followed = number < len(script.wish.appeals)
        corrected = wish.column is Table4Column.CORRECTED
        self.silence = self.is_review and corrected and script.wish.late
        self.filed = self._filed_on()
        self.accepted = self.filed
        self.procedure = Procedure.ORDINARY
        self.closed: date | None = None
        self.first_instance: tuple[date | None, date | None] = (None, None)
        self.pen = Pen(script, self.filed - timedelta(days=1))

    def run(self) -> date | None:
        """Write it down; the day from which a suit may follow."""
        received = self._course()
        recorded = next(step.day for step in self.script.steps[self.begins :])
        closing = None if self.closed is None else self.pen.day
        days = AppealDays(
            self.wish.kind, self.filed, recorded, self.closed, closing, *self.first_instance
        )
        self.script.appeals.append(days)
        if self.script.closed_on is not None and self.reopens:
            redo(self.script, self.pen, self.number)
        return received

    def _filed_on(self) -> date:
        rng = self.rng
        if self.silence:
            # Against silence: after the period, before the late reply (行政复议法20).
            return self.script.workday(_due(self.script), rng.randrange(1, 3))
        if self.is_review:
            return self.known_from + timedelta(days=rng.randrange(3, 56))
        if self.wish.kind is AppealKind.SUIT_AFTER_RECONSIDERATION:
            return self.known_from + timedelta(days=rng.randrange(2, 15))
        return self.known_from + timedelta(days=rng.randrange(10, 170))

    def _course(self) -> date | None:
        self.begins, self.reopens = len(self.script.steps), False
        refused = self.wish.column is Table4Column.OTHER and self.rng.random() < 0.15
        if refused:
            self._file(self.filed)
            return self._refuse()
        self._accept()
        self._answer()
        if self.wish.column is Table4Column.PENDING and self.rng.random() < _SUSPENDED:
            self._suspend()
            return None
        if self.wish.column is Table4Column.OTHER and not self.followed and self.rng.random() < 0.6:
            self._terminate()
            return None
        return self._decide()

    # --- filing and acceptance ----------------------------------------------------------------

    def _file(self, recorded: date) -> None:
        day = self.script.workday(recorded, 0)
        if self.is_review:
            target = AppealTarget.SILENCE if self.silence else AppealTarget.REPLY
            self.pen.act(APPEALS_CLERK, c.FileReconsideration(self.filed, target=target), day)
            return
        after = self.number - 1 if self.wish.kind is not AppealKind.SUIT_DIRECT else 0
        suit = c.FileSuit(self.filed, self.wish.kind, after_appeal=after)
        self.pen.act(APPEALS_CLERK, suit, day)

    def _accept(self) -> None:
        """受理 and the copy: most appeals become known to the office by the copy alone."""
        rng, script = self.rng, self.script
        self.accepted = script.workday(self.filed, rng.randrange(1, 6))
        copy = script.workday(self.accepted, rng.randrange(1, 4))
        self._file(self.filed if rng.random() < _TOLD_AT_ONCE else copy)
        if self.is_review:
            simple = self.accepted >= RECONSIDERATION_LAW_2023 and rng.random() < 0.5
        else:
            simple = rng.random() < 0.3
        self.procedure = Procedure.SIMPLIFIED if simple else Procedure.ORDINARY
        command = c.AcceptReconsideration if self.is_review else c.AcceptSuit
        accepted = command(self.number, self.accepted, self.procedure, copy)
        self.pen.act(APPEALS_CLERK, accepted, copy)

    def _answer(self) -> None:
        """Our own answer within 5 or 10 days (复议) or 15 calendar days (诉讼)."""
        latest = self.pen.day + timedelta(days=9 if self.is_review else 14)
        answered = self.script.workday(self.pen.day, self.rng.randrange(2, 6))
        answered = max(min(answered, latest), self.pen.day)
        command = c.AnswerReconsideration if self.is_review else c.AnswerSuit
        day = self.script.workday(answered, 0)
        self.pen.act(APPEALS_CLERK, command(self.number, min(answered, day)), day)

    # --- ends ---------------------------------------------------------------------------------

    def _closes(self, day: date) -> date:
        self.closed = day
        return day

    def _refuse(self) -> date:
        """不予受理、不予立案 within 5 or 7 days."""
        day = self._closes(self.script.workday(self.pen.day, self.rng.randrange(1, 5)))
        reason = "超过法定期限" if self.is_review else "不符合起诉条件"
        self.pen.act(APPEALS_CLERK, c.RefuseAppeal(self.number, day, reason), day)
        return day

    def _suspend(self) -> None:
        day = self.script.workday(self.pen.day, self.rng.randrange(2, 20))
        reason = "需以另案审理结果为依据"
        self.pen.act(APPEALS_CLERK, c.SuspendAppeal(self.number, day, reason), day)

    def _terminate(self) -> None:
        later = timedelta(days=self.rng.randrange(5, 40))
        day = self._closes(self.script.workday(self.pen.day + later, 0))
        ground = self.rng.choice((TerminationGround.WITHDRAWN, TerminationGround.SETTLED))
        self.pen.act(APPEALS_CLERK, c.TerminateAppeal(self.number, day, ground), day)

    def _decide(self) -> date:
        """决定、判决, now and then in second instance; the day it reaches the parties."""
        received = self._record(self.pen.day, self._result())
        may_go_on = not self.is_review and not self.reopens
        pending = self.wish.column is Table4Column.PENDING
        if may_go_on and self.rng.random() < (_SECOND_INSTANCE if pending else 0.1):
            self._appeal_on()
            if self.rng.random() < 0.5 or not pending:
                received = self._record(self.pen.day, self._result())
        return received

    def _record(self, begins: date, result: AppealResult) -> date:
        decided = self._closes(max(begins, self.accepted + self._length()))
        received = self.script.workday(decided + timedelta(days=self.rng.randrange(1, 6)), 0)
        command = c.RecordReconsideration if self.is_review else c.RecordJudgment
        self.pen.act(APPEALS_CLERK, command(self.number, decided, received, result), received)
        self.reopens = result in REDO_RESULTS
        return received

    def _length(self) -> timedelta:
        simple = self.procedure is Procedure.SIMPLIFIED
        if self.is_review:
            first, last = (12, 30) if simple else (28, 60)
        else:
            first, last = (20, 45) if simple else (45, 170)
        return timedelta(days=self.rng.randrange(first, last))

    def _appeal_on(self) -> None:
        """上诉 (行诉法85): open again, in the second instance."""
        day = self.pen.day + timedelta(days=self.rng.randrange(3, limit_of_appeal()))
        recorded = self.script.workday(day, 0)
        appealed = c.RecordAppealAgainstJudgment(self.number, day, "原告")
        self.pen.act(APPEALS_CLERK, appealed, recorded)
        self.first_instance = (self.closed, recorded)
        self.accepted, self.closed = recorded, None

    def _result(self) -> AppealResult:
        rng = self.rng
        match self.wish.column:
            case Table4Column.CORRECTED if self.silence:
                return AppealResult.DECLARED_UNLAWFUL
            case Table4Column.CORRECTED:
                return rng.choice(_CORRECTED)
            case Table4Column.OTHER:
                mediated = self.is_review and not self.followed and rng.random() < 0.2
                return AppealResult.MEDIATED if mediated else AppealResult.DISMISSED
            case _ if self.is_review:
                rejected = rng.random() < 0.1
                return AppealResult.CLAIM_REJECTED if rejected else AppealResult.MAINTAINED
            case _:
                return AppealResult.CLAIM_REJECTED


def limit_of_appeal() -> int:
    """Calendar days within which a judgment may be appealed against."""
    return limit(LimitId.JUDGMENT_APPEAL, date.max).length


def _due(script: Script) -> date:
    """The last day of the reply's period, as the script reckons it."""
    return script.workday(script.start, script.length + script.paused)
