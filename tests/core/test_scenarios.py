"""Six worked lives, walked through real commands day by day; the dates are those of docs/law.md."""

from __future__ import annotations

from datetime import date

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core.calendar import Holiday, Notice
from gk_workflow.core.case import Case, evolve
from gk_workflow.core.clock import ReplyClock, due_of, excluded_workdays, run_clock
from gk_workflow.core.deadlines import Deadline, deadlines_of
from gk_workflow.core.decide import Rules, decide
from gk_workflow.core.explain import explain
from gk_workflow.core.law import LimitId
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import (
    ApplicantKind,
    Channel,
    Opinion,
    Outcome,
    Role,
    ServiceMethod,
    Stamp,
    utc,
)
from gk_workflow.notices import bundled_calendar

CALENDAR = bundled_calendar()
RULES = Rules(CALENDAR, Policy())
APPLICANT = e.Applicant(ApplicantKind.NATURAL_PERSON, "张三")
CLERK, REVIEWER, HEAD = Role.CLERK, Role.REVIEWER, Role.HEAD


class Walk:
    """A case that is led through commands, each given on its day."""

    def __init__(self, received: date) -> None:
        self.case: Case | None = None
        self.does(
            c.OpenCase(
                agency="zc",
                channel=Channel.IN_PERSON,
                applicant=APPLICANT,
                wanted="道路改造合同",
                submitted_on=received,
            ),
            received,
        )

    def does(self, command: c.Command, on: date, by: Role = CLERK) -> None:
        """Command it on that day; whatever is refused fails the test."""
        stamp = Stamp(utc(on), by.value, by, agency="zc")
        for event in decide(self.case, command, stamp, RULES):
            self.case = evolve(self.case, event, stamp)

    def handled(self, on: date) -> None:
        """Accept it and pass the review."""
        self.does(c.Accept(on), on)
        self.does(c.PassReview(on, "不涉及国家秘密"), on, REVIEWER)

    @property
    def clock(self) -> ReplyClock:
        """The reply clock as it stands."""
        assert self.case is not None
        return run_clock(self.case.life, CALENDAR, RULES.policy)

    def limit(self, which: LimitId, on: date | None = None) -> Deadline:
        """The one running of a limit."""
        assert self.case is not None
        limits = deadlines_of(self.case.life, self.case.appeals, CALENDAR, RULES.policy, on)
        (found,) = [one for one in limits if one.id is which]
        return found


def counted(deadline: Deadline) -> str:
    """The days counted, as the worked lives write them."""
    lines = explain(deadline, CALENDAR)
    return " ".join(f"{one.counted}:{one.day:%m-%d}" for one in lines if one.counted)


def test_s01_received_in_person_before_mid_autumn_and_national_day() -> None:
    walk = Walk(date(2024, 9, 13))
    assert walk.case is not None
    assert walk.case.received_on == date(2024, 9, 13)
    assert walk.limit(LimitId.SUPPLEMENT_NOTICE).due == date(2024, 9, 25)
    assert walk.limit(LimitId.REPLY).due == date(2024, 10, 17)
    assert due_of(walk.clock.segments[0], CALENDAR, 20) == date(2024, 11, 14)
    assert counted(walk.limit(LimitId.REPLY)) == (
        "1:09-14 2:09-18 3:09-19 4:09-20 5:09-23 6:09-24 7:09-25 8:09-26 9:09-27 10:09-29 "
        "11:09-30 12:10-08 13:10-09 14:10-10 15:10-11 16:10-12 17:10-14 18:10-15 19:10-16 "
        "20:10-17"
    )


def test_s08_a_supplement_restarts_the_clock() -> None:
    walk = Walk(date(2024, 4, 26))
    notice = c.RequestSupplement("请明确年度", "可提供文号", date(2024, 5, 7))
    walk.does(notice, date(2024, 5, 7))
    assert walk.limit(LimitId.SUPPLEMENT_NOTICE).due == date(2024, 5, 9)
    assert not walk.clock.supplements[0].late
    assert walk.clock.due == date(2024, 5, 27)
    walk.does(c.Supplement(date(2024, 5, 20)), date(2024, 5, 20))
    assert walk.clock.due_before_restart == date(2024, 5, 27)
    assert walk.clock.due == date(2024, 6, 18)
    assert counted(deadlines_of_reply(walk)[-1]) == (
        "1:05-21 2:05-22 3:05-23 4:05-24 5:05-27 6:05-28 7:05-29 8:05-30 9:05-31 10:06-03 "
        "11:06-04 12:06-05 13:06-06 14:06-07 15:06-11 16:06-12 17:06-13 18:06-14 19:06-17 "
        "20:06-18"
    )


def deadlines_of_reply(walk: Walk) -> list[Deadline]:
    """Every running of the reply limit."""
    assert walk.case is not None
    limits = deadlines_of(walk.case.life, (), CALENDAR, RULES.policy)
    return [one for one in limits if one.id is LimitId.REPLY]


def test_s11_a_third_party_answers_in_time() -> None:
    walk = Walk(date(2025, 3, 3))
    walk.handled(date(2025, 3, 4))
    assert walk.clock.due == date(2025, 3, 31)
    letter = c.ConsultThirdParty("某公司", "商业秘密", date(2025, 3, 10), date(2025, 3, 12))
    walk.does(letter, date(2025, 3, 12))
    assert walk.limit(LimitId.THIRD_PARTY_OPINION).due == date(2025, 4, 2)
    walk.does(c.RecordOpinion(1, date(2025, 3, 24), Opinion.AGREE), date(2025, 3, 24))
    assert excluded_workdays(walk.clock.segments[0], CALENDAR) == 10
    assert walk.clock.due == date(2025, 4, 15)


def test_s15_an_extension_over_new_year_and_spring_festival() -> None:
    walk = Walk(date(2024, 12, 16))
    walk.handled(date(2024, 12, 17))
    assert walk.clock.due == date(2025, 1, 14)
    day = date(2025, 1, 13)
    walk.does(c.ExtendReply(20, day, day, "需查阅历史档案"), day, HEAD)
    assert walk.clock.extensions[0].valid
    assert walk.clock.due == date(2025, 2, 17)
    lines = explain(walk.limit(LimitId.REPLY), CALENDAR)
    extension = [one for one in lines if one.counted and one.counted > 20]
    assert " ".join(f"{n}:{one.day:%m-%d}" for n, one in enumerate(extension, 1)) == (
        "1:01-15 2:01-16 3:01-17 4:01-20 5:01-21 6:01-22 7:01-23 8:01-24 9:01-26 10:01-27 "
        "11:02-05 12:02-06 13:02-07 14:02-08 15:02-10 16:02-11 17:02-12 18:02-13 19:02-14 "
        "20:02-17"
    )
    assert {one.article for one in extension} == {"条例33(2)"}


def test_s22_sixty_days_after_a_denial_end_in_national_day() -> None:
    walk = Walk(date(2024, 7, 22))
    walk.handled(date(2024, 7, 23))
    denial = e.ReplyContent(
        Outcome.DENIED_PROCESS_INFO, reasons="属于过程性信息", legal_basis="条例16(2)"
    )
    walk.does(c.SubmitDraft(denial, date(2024, 8, 2)), date(2024, 8, 2))
    walk.does(c.ApproveReply(date(2024, 8, 2)), date(2024, 8, 2), HEAD)
    walk.does(c.ServeReply(ServiceMethod.POST, date(2024, 8, 3), "EMS1"), date(2024, 8, 5))
    walk.does(c.RecordDelivery(date(2024, 8, 5), "张三"), date(2024, 8, 6))
    assert walk.case is not None
    assert walk.case.review_mandatory
    filing = walk.limit(LimitId.RECONSIDERATION_FILING)
    assert (filing.due_raw, filing.due) == (date(2024, 10, 4), date(2024, 10, 8))
    ids = {one.id for one in deadlines_of(walk.case.life, (), CALENDAR, RULES.policy)}
    assert LimitId.DIRECT_SUIT_FILING not in ids


def test_s28_a_due_date_in_a_year_without_notice_is_provisional() -> None:
    walk = Walk(date(2026, 12, 14))
    reply = walk.limit(LimitId.REPLY)
    assert CALENDAR.last_known_day == date(2026, 12, 31)
    assert (reply.due, reply.provisional) == (date(2027, 1, 12), True)
    lines = [one for one in explain(reply, CALENDAR) if one.counted]
    assert [one.provisional for one in lines] == [False] * 13 + [True] * 7
    assert counted(reply) == (
        "1:12-15 2:12-16 3:12-17 4:12-18 5:12-21 6:12-22 7:12-23 8:12-24 9:12-25 10:12-28 "
        "11:12-29 12:12-30 13:12-31 14:01-04 15:01-05 16:01-06 17:01-07 18:01-08 19:01-11 "
        "20:01-12"
    )


def test_s28_the_notice_makes_the_date_final_and_history_keeps_both() -> None:
    walk = Walk(date(2026, 12, 14))
    assert walk.case is not None
    notice = Notice(
        reference="国办发明电〔2026〕9号",
        title="国务院办公厅关于2027年部分节假日安排的通知",
        published_on=date(2026, 12, 20),
        year=2027,
        holidays=(Holiday("元旦", (date(2027, 1, 1), date(2027, 1, 4)), (date(2027, 1, 9),)),),
    )
    after = CALENDAR.with_notice(notice)
    before = after.known_on(date(2026, 12, 19))
    dues = [
        (one.due, one.provisional)
        for calendar in (before, after)
        for one in deadlines_of(walk.case.life, (), calendar, RULES.policy)
        if one.id is LimitId.REPLY
    ]
    assert dues == [(date(2027, 1, 12), True), (date(2027, 1, 12), False)]
