"""What is shown of a case: masked to all, in clear to those who may, and of the restricted and erased a mark."""

from __future__ import annotations

import pytest
from hypothesis import given as drawn
from msgspec.structs import replace

from gk_workflow.core import events as e
from gk_workflow.core.case import Recorded, fold
from gk_workflow.core.clock import run_clock
from gk_workflow.core.personal import ERASED, HIDDEN, RESTRICTED, changed, masked, withheld
from gk_workflow.core.showing import (
    NOBODY,
    Concealed,
    clear_event,
    concealed_of,
    shown_case,
    shown_event,
)
from tests.core.facts import (
    APPLICANT,
    COMPLETED,
    CONSULTED,
    DISAGREED,
    DRAFTED,
    LIFTED,
    OPENED,
    SEALED,
    SHREDDED,
)
from tests.core.facts import RESTRICTED as RESTRICTION
from tests.core.generated import LIVES
from tests.core.given import RULES, given

KEYED = replace(CONSULTED, key="k-party-1")
PAPER = e.Document("ab" * 32, "张三的房产证.pdf", "form", "application/pdf", 1)
PLAIN = (*SEALED, KEYED, DISAGREED, COMPLETED, e.DocumentAttached(PAPER), DRAFTED)
WHOSE: dict[str, e.CaseEvent] = {"applicant": OPENED, "party-1": DISAGREED}
ENDS = [((RESTRICTION,), RESTRICTED), ((RESTRICTION, SHREDDED), ERASED), ((SHREDDED,), ERASED)]


def test_by_default_everything_is_masked() -> None:
    case = given(*PLAIN).so_far
    assert concealed_of(case) is NOBODY
    assert shown_event(OPENED, NOBODY) == masked(OPENED)
    assert shown_event(DISAGREED, NOBODY) == masked(DISAGREED)
    shown = shown_case(case)
    assert (shown.applicant, shown.wanted) == (masked(APPLICANT), HIDDEN)
    assert (shown.content, shown.documents) == (masked(DRAFTED.content), (masked(PAPER),))
    assert shown.consultations[0].party == "某*"


def test_who_may_sees_it_in_clear() -> None:
    assert clear_event(OPENED, concealed_of(given(*PLAIN).so_far)) == OPENED


def test_the_query_code_is_shown_to_nobody() -> None:
    case = given(*PLAIN).so_far
    assert (bool(case.query_code), shown_case(case).query_code) == (True, "")
    assert case.query_code not in repr(shown_case(case))
    assert shown_event(case.facts[0].event, NOBODY) == masked(case.facts[0].event)


@pytest.mark.parametrize(("steps", "mark"), ENDS)
def test_of_the_restricted_and_the_erased_nobody_sees_more_than_a_mark(
    steps: tuple[e.CaseEvent, ...], mark: str
) -> None:
    case = given(*PLAIN, *steps).so_far
    concealed = concealed_of(case)
    assert concealed.mark("applicant") == mark
    for show in (shown_event, clear_event):
        assert show(OPENED, concealed) == withheld(OPENED, mark)
    shown = shown_case(case)
    assert (shown.applicant, shown.wanted) == (withheld(APPLICANT, mark), mark)
    assert shown.content == withheld(DRAFTED.content, mark)
    assert shown.documents == (withheld(PAPER, mark),)


@pytest.mark.parametrize("whom", WHOSE)
def test_a_mark_for_one_leaves_the_other_as_he_was(whom: str) -> None:
    concealed = concealed_of(given(*PLAIN, replace(RESTRICTION, persons=(whom,))).so_far)
    assert concealed.everybody is False
    for person, event in WHOSE.items():
        expected = withheld(event, RESTRICTED) if person == whom else event
        assert clear_event(event, concealed) == expected


def test_where_everybody_is_concealed_nobody_is_left_to_be_shown() -> None:
    persons = ("applicant", "party-1")
    assert Concealed(persons, ("applicant",), ("party-1",)).everybody is True
    assert Concealed(persons, (), ("party-1",)).everybody is False
    assert NOBODY.everybody is False


def test_after_a_restriction_is_lifted_it_is_shown_again() -> None:
    case = given(*PLAIN, RESTRICTION, LIFTED).so_far
    assert clear_event(OPENED, concealed_of(case)) == OPENED


def test_a_case_without_a_draft_shows_none() -> None:
    assert shown_case(given(*SEALED).so_far).content is None


@drawn(LIVES)
def test_no_personal_text_is_left_in_what_is_shown_and_every_date_is_the_same(
    life: tuple[Recorded, ...],
) -> None:
    secret = "机密甲乙丙"
    case = fold(replace(one, event=changed(one.event, lambda *_: secret)) for one in life)
    assert case is not None
    shown = shown_case(case)
    assert secret not in repr(shown)
    for fact in case.facts:
        assert secret not in repr(shown_event(fact.event, concealed_of(case)))
    clocks = [run_clock(one.life, RULES.calendar, RULES.policy) for one in (case, shown)]
    assert [(one.due, len(one.segments)) for one in clocks] == (
        [(clocks[0].due, len(clocks[0].segments))] * 2
    )
