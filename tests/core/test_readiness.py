"""`allowed` offers what can be done and nothing else: each offer can be taken up, each refusal names its article."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec import Struct
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.case import Case
from gk_workflow.core.decide import Refused, decide
from gk_workflow.core.terms import Role
from gk_workflow.core.workflow import permitted
from tests.core.attempts import COMMANDS, attempts
from tests.core.facts import (
    APPROVED,
    AWAITING_SUPPLEMENT,
    BY_STATUS,
    CHARGED,
    COMPLETED,
    CONSULTED,
    CONSULTING,
    DAY_AFTER,
    DISAGREED,
    DRAFTED,
    DUE,
    GRANT_AGAINST_WILL,
    IN_HANDLING,
    JUDGMENT,
    NOTICE,
    OBJECTED,
    POSTED,
    PROVEN,
    RECEIVED,
    REOPENED,
    REPLIED,
    RESTRICTED,
    RESTRICTION_PROPOSED,
    REVIEW_ACCEPTED,
    REVIEW_ANSWERED,
    REVIEW_FILED,
    REVIEW_MAINTAINED,
    REVIEW_REDO,
    SEALED_ARCHIVED,
    SHREDDED,
    SHREDDING_PROPOSED,
    SIGNED,
    SUIT_ACCEPTED,
    SUIT_ANSWERED,
    SUIT_FILED,
    UNDER_REVIEW,
    d,
)
from tests.core.given import RULES, Step, given, is_chinese, stamp

FULL_EXTENSION = e.ReplyExtended(20, d(3, 20), d(3, 20))
SILENT = (replace(REVIEW_FILED, filed_on=DAY_AFTER, target=t.AppealTarget.SILENCE),)

_RESTRICTED = (*SEALED_ARCHIVED, RESTRICTION_PROPOSED, RESTRICTED)

LIVES: dict[str, tuple[Step, ...]] = {
    **BY_STATUS,
    "assigned": (*IN_HANDLING, e.Assigned("城建科")),
    "assisted": (*IN_HANDLING, e.AssistanceRequested("财政所", d(3, 5), "核对")),
    "extended to the full": (*IN_HANDLING, FULL_EXTENSION),
    "notice unserved": (*RECEIVED, replace(NOTICE, served_on=None)),
    "notice late": (*RECEIVED, replace(NOTICE, sent_on=d(3, 13), served_on=d(3, 13))),
    "notice twice": (*AWAITING_SUPPLEMENT, NOTICE),
    "reasons given": (*UNDER_REVIEW, e.ReasonsAsked(d(3, 5), "x"), e.ReasonsGiven(d(3, 6), "y")),
    "letter not arrived": (*IN_HANDLING, replace(CONSULTED, received_on=None)),
    "opinion late": (
        *CONSULTING,
        e.ConsultationLapsed(1, d(4, 2), t.LapseEffect.AGENCY_DECIDES),
        COMPLETED,
    ),
    "third party objects": OBJECTED,
    "objection after draft": (
        *CONSULTING,
        e.ConsultationLapsed(1, d(4, 2), t.LapseEffect.AGENCY_DECIDES),
        COMPLETED,
        DRAFTED,
        DISAGREED,
    ),
    "third party overruled": (
        *OBJECTED,
        e.DraftSubmitted(GRANT_AGAINST_WILL, d(3, 20)),
        replace(SIGNED, approved_on=d(3, 20)),
    ),
    "fee unserved": (*IN_HANDLING, replace(CHARGED, served_on=None)),
    "fee late": (*IN_HANDLING, replace(CHARGED, sent_on=DAY_AFTER, served_on=DAY_AFTER)),
    "fee paid": (*IN_HANDLING, CHARGED, e.FeePaid(d(3, 17))),
    "fee waived": (*IN_HANDLING, CHARGED, e.FeeWaived(d(3, 17), "x")),
    "proven": PROVEN,
    "by public notice": (*APPROVED, replace(POSTED, method=t.ServiceMethod.PUBLIC_NOTICE)),
    "came back": (*REPLIED, e.ServiceFailed(d(3, 24), "查无此人")),
    "correction wished": (*PROVEN, e.RecordCorrectionRequested(1, d(3, 24), "记录", "证据")),
    "withdrawn late": (*IN_HANDLING, e.Withdrawn(d(4, 14))),
    "withdrawn with a wish": (
        *IN_HANDLING,
        e.RecordCorrectionRequested(1, d(3, 10), "记录", "证据"),
        e.Withdrawn(d(3, 14)),
    ),
    "review filed": (*PROVEN, REVIEW_FILED),
    "review accepted": (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED),
    "review answered": (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_ANSWERED),
    "review suspended": (*PROVEN, REVIEW_FILED, e.AppealSuspended(1, d(4, 14), "x")),
    "review lost": (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_REDO),
    "review won": (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_MAINTAINED),
    "reopened": (*PROVEN, REVIEW_FILED, REVIEW_ACCEPTED, REVIEW_REDO, REOPENED),
    "ordered while drafting": (*APPROVED, *SILENT, REVIEW_ACCEPTED, REVIEW_REDO),
    "suit filed": (*PROVEN, SUIT_FILED),
    "suit accepted": (*PROVEN, SUIT_FILED, SUIT_ACCEPTED),
    "suit answered": (*PROVEN, SUIT_FILED, SUIT_ACCEPTED, SUIT_ANSWERED),
    "suit lost": (*PROVEN, SUIT_FILED, SUIT_ACCEPTED, JUDGMENT),
    "restriction proposed": (*SEALED_ARCHIVED, RESTRICTION_PROPOSED),
    "restricted": (*SEALED_ARCHIVED, RESTRICTION_PROPOSED, RESTRICTED),
    "shredding proposed": (*_RESTRICTED, SHREDDING_PROPOSED),
    "shredded": (*_RESTRICTED, SHREDDING_PROPOSED, SHREDDED),
    "restricted, then ordered to redo": (
        *PROVEN,
        RESTRICTION_PROPOSED,
        RESTRICTED,
        REVIEW_FILED,
        REVIEW_ACCEPTED,
        REVIEW_REDO,
        REOPENED,
    ),
    "suit carried out": (*PROVEN, SUIT_FILED, SUIT_ACCEPTED, JUDGMENT, e.Reopened(1, d(7, 4), 20)),
}

DAYS = (d(3, 26), DUE, DAY_AFTER, d(7, 4), date(2026, 3, 2))


def latest(steps: tuple[Step, ...]) -> date:
    events = [one[0] if isinstance(one, tuple) else one for one in steps]
    days = [getattr(one, name) for one in events for name in one.__struct_fields__]
    return max(day for day in days if isinstance(day, date))


CELLS = [
    pytest.param(name, day, id=f"{name} on {day}")
    for name, steps in LIVES.items()
    for day in DAYS
    if day >= latest(steps)
]


@pytest.mark.parametrize(("name", "day"), CELLS)
def test_every_offer_can_be_taken_up_and_nothing_else_can_be_done(name: str, day: date) -> None:
    case = given(*LIVES[name])
    for role in Role:
        doable = {kind for kind in COMMANDS if _doable(LIVES[name], kind, role, day)}
        assert set(case.offers(role, day)) == doable, role


def _doable(steps: tuple[Step, ...], kind: type[Struct], role: Role, day: date) -> bool:
    """Whether some plausible command of that kind is lawful."""
    case = given(*steps).so_far
    answers = [refusal(case, command, role, day) for command in attempts(kind, case, day)]
    for no in filter(None, answers):  # every refusal says why, in Chinese
        assert (bool(no.article), is_chinese(no.message)) == (True, True)
    return None in answers


def refusal(case: Case, command: c.Command, role: Role, day: date) -> Refused | None:
    try:
        decide(case, command, stamp(role, day, unit=case.unit), RULES)
    except Refused as refused:
        return refused
    return None


def test_what_is_offered_is_a_part_of_what_the_table_permits() -> None:
    for steps in LIVES.values():
        case = given(*steps)
        for role in Role:
            offers = case.offers(role, d(7, 4))
            table = permitted(role, case.so_far.status, d(7, 4))
            assert [one for one in table if one in offers] == list(offers)


def test_a_case_not_yet_opened_offers_to_be_opened() -> None:
    assert given().offers(Role.CLERK, DUE) == (c.OpenCase,)
    assert given().offers(Role.HEAD, DUE) == ()


@pytest.mark.parametrize(
    ("steps", "day", "offered"),
    [
        (IN_HANDLING, DUE, False),
        (IN_HANDLING, DAY_AFTER, True),
        (REPLIED, d(3, 19), True),
        (AWAITING_SUPPLEMENT, d(3, 25), False),
    ],
)
def test_no_remedy_is_offered_before_there_is_a_reply_or_an_overdue_silence(
    steps: tuple[Step, ...], day: date, offered: bool
) -> None:
    offers = given(*steps).offers(Role.CLERK, day)
    assert (c.FileReconsideration in offers, c.FileSuit in offers) == (offered, offered)
