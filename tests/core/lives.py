"""Generated dated lives of a case, and a naive clock that steps through days; tests compare, this does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from gk_workflow.core.calendar import Calendar
from gk_workflow.core.events import Reopened, ReplyDelayed, ReplyExtended
from gk_workflow.core.life import Consultation, FeeRound, Life, Service, SupplementRound
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import ConsultationKind, FeeMethod, ServiceMethod

ONE_DAY = timedelta(days=1)

# --- lives ----------------------------------------------------------------------------------------

_EDGES = (
    date(2019, 4, 20),  # twenty working days reach over the change of law and of Labour Day
    date(2020, 1, 3),  # the Spring Festival that was prolonged while periods ran
    date(2024, 9, 13),
    date(2026, 12, 1),  # reaches into a year whose notice is not known
)
RECEIPTS = st.one_of(
    st.dates(date(2018, 2, 1), date(2026, 11, 1)),
    st.sampled_from(_EDGES).flatmap(lambda day: st.dates(day, day + timedelta(days=30))),
)


def _later(gap: int) -> st.SearchStrategy[timedelta]:
    return st.integers(0, gap).map(lambda days: timedelta(days=days))


def _maybe_after(draw: st.DrawFn, day: date, gap: int) -> date | None:
    later = draw(st.none() | _later(gap))
    return None if later is None else day + later


@st.composite
def _supplements(draw: st.DrawFn, first: date) -> tuple[SupplementRound, ...]:
    rounds = []
    day = first
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2)))):
        day += draw(_later(14))
        sent = draw(st.sampled_from((day, day, None)))
        served = _maybe_after(draw, day, 6) if sent else day
        period = draw(st.sampled_from((5, 10, 15)))
        came = _maybe_after(draw, served or day, 30)
        resumed = _maybe_after(draw, day, 30) if came is None else None
        excused = draw(st.booleans())
        rounds.append(SupplementRound(sent, served, period, came, excused, resumed))
        day = max(came or day, resumed or day)
    return tuple(rounds)


@st.composite
def consultations(draw: st.DrawFn, first: date, number: int = 1) -> Consultation:
    """One letter: perhaps never received, perhaps answered, perhaps after its lapse."""
    sent = first + draw(_later(60))
    received = _maybe_after(draw, sent, 12)
    ended = _maybe_after(draw, sent, 45)
    kind = draw(st.sampled_from(ConsultationKind))
    return Consultation(number, kind, "某机关", sent, received, ended)


@st.composite
def _extensions(draw: st.DrawFn, first: date) -> ReplyExtended:
    approved = first + draw(_later(70))
    notified = approved + draw(_later(4))
    workdays = draw(st.integers(1, 22))
    known = draw(st.sampled_from(("both",) * 8 + ("approved", "notified")))
    return ReplyExtended(
        workdays,
        None if known == "notified" else approved,
        None if known == "approved" else notified,
    )


@st.composite
def _delays(draw: st.DrawFn, first: date) -> ReplyDelayed:
    told = first + draw(_later(40))
    return ReplyDelayed(told + draw(_later(60)), told)


@st.composite
def _fees(draw: st.DrawFn, first: date) -> FeeRound:
    sent = first + draw(_later(45))
    served = _maybe_after(draw, sent, 6)
    paid = _maybe_after(draw, served or sent, 40)
    return FeeRound(FeeMethod.PER_PAGE, 10, sent, served, paid)


@st.composite
def _services(draw: st.DrawFn, first: date) -> Service:
    served = first + draw(_later(120))
    failed = _maybe_after(draw, served, 10) if draw(st.booleans()) else None
    return Service(1, draw(st.sampled_from(ServiceMethod)), served, None, failed_on=failed)


@st.composite
def _redos(draw: st.DrawFn, first: date) -> Reopened:
    return Reopened(1, first + draw(_later(200)), draw(st.integers(5, 30)))


def _few(kind: st.SearchStrategy[object], most: int) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(kind, max_size=most).map(tuple)


@st.composite
def lives(draw: st.DrawFn, *, fees: bool = True, received: date | None = None) -> Life:
    """A whole dated life; facts overlap freely, lawful or not, but none lies before receipt."""
    first = received or draw(RECEIPTS)
    letters = draw(st.lists(consultations(first), max_size=4))
    return Life(
        received_on=first,
        supplements=draw(_supplements(first)),
        consultations=tuple(
            Consultation(n, one.kind, one.party, one.sent_on, one.received_on, one.ended_on)
            for n, one in enumerate(letters, start=1)
        ),
        extensions=tuple(draw(st.lists(_extensions(first), max_size=3))),
        delays=tuple(draw(st.lists(_delays(first), max_size=1))),
        fees=tuple(draw(st.lists(_fees(first), max_size=2))) if fees else (),
        services=tuple(draw(st.lists(_services(first), max_size=2))),
        reopenings=tuple(draw(st.lists(_redos(first), max_size=1))),
    )


POLICIES = st.builds(
    Policy,
    pause_includes_sending_day=st.booleans(),
    late_supplement_notice_keeps_clock=st.booleans(),
    extension_notice_by_due_date=st.booleans(),
    payment_restarts_clock=st.booleans(),
    public_notice_timely_on_publication=st.booleans(),
)

# --- the naive clock ------------------------------------------------------------------------------
# Written from docs/law.md (1.4, section 9) alone: it knows sets of days and steps of one day.

REFORM = date(2019, 5, 15)


class Count(NamedTuple):
    """What a due date is stepped from."""

    start: date
    length: int
    letters: tuple[tuple[date, date | None], ...]
    extension: int


class Running(NamedTuple):
    """One clock of the oracle: how it began, what was told, whether it is over."""

    cause: str
    plain: Count
    told: Count | None = None
    served: date | None = None


class Found(NamedTuple):
    """What the oracle says of a life."""

    dues: tuple[tuple[str, date, date | None], ...]
    extensions: tuple[bool, ...]
    fees: tuple[tuple[bool, bool], ...]
    replies: tuple[tuple[date | None, bool], ...]
    supplements: tuple[tuple[bool, bool, bool], ...]


Worked = Callable[[date], bool]


def step(start: date, count: int, worked: Worked) -> date:
    """The count-th working day after ``start``, one day at a time."""
    day = start
    while count > 0:
        day += ONE_DAY
        count -= worked(day)
    return day


def days_between(after: date, to: date) -> Iterator[date]:
    """Each day of (after, to]."""
    day = after + ONE_DAY
    while day <= to:
        yield day
        day += ONE_DAY


class Oracle:
    """Steps through a life day by day; one use."""

    def __init__(self, life: Life, calendar: Calendar, policy: Policy) -> None:
        self.life, self.calendar, self.policy = life, calendar, policy
        assert life.received_on is not None
        self.first = life.received_on
        self.runs = [self._running("receipt", self.first)]
        self.extensions: list[bool] = []
        self.fees: dict[int, tuple[bool, bool]] = {}
        self.replies: list[tuple[date | None, bool]] = []

    def _running(self, cause: str, day: date, length: int = 0) -> Running:
        letters = self._now.plain.letters if cause != "receipt" else ()
        return Running(cause, Count(day, length or self._reform(day), letters, 0))

    @staticmethod
    def _reform(day: date) -> int:
        return 20 if day >= REFORM else 15

    @property
    def _now(self) -> Running:
        return self.runs[-1]

    def _stepped(self, count: Count, worked: Worked) -> date | None:
        out: set[date] = set()
        for sent, end in count.letters:
            if end is None:
                return None
            first = sent - ONE_DAY if self.policy.pause_includes_sending_day else sent
            out |= {day for day in days_between(first, end) if day > count.start and worked(day)}
        return step(count.start, count.length + len(out) + count.extension, worked)

    def _due(self, running: Running, worked: Worked | None = None) -> date | None:
        worked = worked or self.calendar.is_workday
        plain = self._stepped(running.plain, worked)
        if running.told is None or plain is None:
            return plain
        told = self._stepped(running.told, worked)
        return None if told is None else max(plain, told)

    def _over(self, day: date) -> bool:
        due = self._due(self._now, self.calendar.known_on(day).is_workday)
        return due is not None and day > due

    def _change(self, running: Running) -> None:
        self.runs[-1] = running

    def run(self) -> Found:
        """Step through every day on which something happens."""
        supplements = self._supplements()
        day, last = self.first, self._last()
        while day <= last:
            self._on(day, supplements)
            day += ONE_DAY
        return Found(
            tuple((one.cause, one.plain.start, self._due(one)) for one in self.runs),
            tuple(self.extensions),
            tuple(self.fees.values()),
            tuple(self.replies),
            tuple(supplements),
        )

    def _last(self) -> date:
        life = self.life
        days: list[date | None] = [self.first]
        days += [r.supplemented_on for r in life.supplements]
        days += [r.received_on for r in life.reopenings]
        days += [f.sent_on for f in life.fees] + [f.paid_on for f in life.fees]
        days += [x.notified_on or x.approved_on for x in life.extensions]
        days += [d.notified_on for d in life.delays]
        days += [c.sent_on for c in life.consultations] + [s.served_on for s in life.services]
        return max(day for day in days if day is not None)

    def _supplements(self) -> list[tuple[bool, bool, bool]]:
        """(late, second, restarts) of each notice: C5."""
        found = []
        for n, one in enumerate(self.life.supplements):
            told = one.sent_on or one.served_on
            begins = one.served_on or one.sent_on
            assert told is not None
            assert begins is not None
            late = told > step(self.first, 7, self.calendar.is_workday)
            last = step(begins, one.period_workdays, self.calendar.is_workday)
            came = one.supplemented_on
            good = came is not None and (one.excused or came <= last)
            flawed = self.policy.late_supplement_notice_keeps_clock and (late or n > 0)
            found.append((late, n > 0, good and not flawed))
        return found

    def _on(self, day: date, supplements: list[tuple[bool, bool, bool]]) -> None:
        for one, (_, _, restarts) in zip(self.life.supplements, supplements, strict=True):
            if restarts and one.supplemented_on == day and self._now.served is None:
                self.runs.append(self._running("supplement", day))
        for redo in self.life.reopenings:
            if redo.received_on == day:
                self.runs.append(self._running("redo", day, redo.workdays))
        self._money(day)
        for extension in self.life.extensions:
            if (extension.notified_on or extension.approved_on) == day:
                self._extension(extension)
        for delay in self.life.delays:
            if delay.notified_on == day and self._now.served is None and not self._over(day):
                self._delay(delay)
        for letter in self.life.consultations:
            if letter.sent_on == day and self._now.served is None:
                self._letter(letter)
        for service in self.life.services:
            if service.served_on == day and service.failed_on is None:
                self._service(service)

    def _money(self, day: date) -> None:
        for n, fee in enumerate(self.life.fees):
            if fee.sent_on == day and self._now.served is None:
                due = self._due(self._now)
                timely = due is None or day <= due
                last = step(fee.served_on or fee.sent_on, 20, self.calendar.is_workday)
                paid = fee.paid_on is not None and fee.paid_on <= last
                self.fees[n] = (timely, timely and paid and self.policy.payment_restarts_clock)
            if fee.paid_on == day and self._now.served is None and self.fees.get(n, (0, 0))[1]:
                self.runs.append(self._running("payment", day))

    def _extension(self, extension: ReplyExtended) -> None:
        now, days = self._now, [extension.approved_on, extension.notified_on]
        whole = None not in days and now.served is None
        most = self._reform(now.plain.start)
        judged = days if self.policy.extension_notice_by_due_date else days[:1]
        late = any(day is not None and self._over(day) for day in judged)
        valid = whole and not late and now.plain.extension + extension.workdays <= most
        self.extensions.append(valid)
        if valid:
            more = extension.workdays
            plain = now.plain._replace(extension=now.plain.extension + more)
            told = now.told and now.told._replace(extension=now.told.extension + more)
            self._change(now._replace(plain=plain, told=told))

    def _delay(self, delay: ReplyDelayed) -> None:
        start = max(self._now.plain.start, delay.notified_on)
        last = max(delay.until, start)
        while not self.calendar.is_workday(last):
            last += ONE_DAY
        length = sum(self.calendar.is_workday(day) for day in days_between(start, last))
        self._change(self._now._replace(told=Count(start, length, (), 0)))

    def _letter(self, letter: Consultation) -> None:
        now, due = self._now, self._due(self._now)
        if due is not None and letter.sent_on > due:
            return
        ends = [letter.ended_on] if letter.ended_on else []
        if letter.received_on:
            ends.append(step(letter.received_on, 15, self.calendar.is_workday))
        pause = (letter.sent_on, min(ends) if ends else None)
        plain = now.plain._replace(letters=(*now.plain.letters, pause))
        told = now.told and now.told._replace(letters=(*now.told.letters, pause))
        self._change(now._replace(plain=plain, told=told))

    def _service(self, service: Service) -> None:
        day = service.served_on
        publishes = service.method is ServiceMethod.PUBLIC_NOTICE
        if publishes and not self.policy.public_notice_timely_on_publication:
            day += 30 * ONE_DAY
        if self._now.served is None:
            self._close(day)
        due = None if self._waiting(service.served_on) else self._due(self._now)
        self.replies.append((due, due is not None and day > due))

    def _close(self, day: date) -> None:
        now = self._now
        closed = [
            count and count._replace(letters=tuple((s, e or max(day, s)) for s, e in count.letters))
            for count in (now.plain, now.told)
        ]
        assert closed[0] is not None
        self._change(now._replace(plain=closed[0], told=closed[1], served=day))

    def _waiting(self, day: date) -> bool:
        """Whether a timely notice still waits for the applicant: then no reply is overdue."""
        flawed = self.policy.late_supplement_notice_keeps_clock
        rounds = self.life.supplements
        for n, (one, (late, second, restarts)) in enumerate(
            zip(rounds, self._supplements(), strict=True)
        ):
            told = one.sent_on or one.served_on
            again = rounds[n + 1].notice_on if n + 1 < len(rounds) else None
            end = one.supplemented_on if restarts else one.resumed_on or again
            if not (flawed and (late or second)) and self._open(told, end, day):
                return True
        for n, fee in enumerate(self.life.fees):
            timely, paid = self.fees.get(n, (False, False))
            if not self.policy.payment_restarts_clock and fee.paid_on is not None:
                last = step(fee.served_on or fee.sent_on, 20, self.calendar.is_workday)
                paid = fee.paid_on <= last
            if timely and self._open(fee.sent_on, fee.paid_on if paid else None, day):
                return True
        return False

    def _open(self, since: date | None, until: date | None, day: date) -> bool:
        assert since is not None
        redone = [one.received_on for one in self.life.reopenings if one.received_on >= since]
        over = [end for end in (until, *redone) if end is not None]
        return since <= day and all(day < end for end in over)


def oracle(life: Life, calendar: Calendar, policy: Policy) -> Found:
    """What the naive clock says of a life."""
    return Oracle(life, calendar, policy).run()
