"""After shredding a case is what reading it without the keys gives, and nothing that is reckoned of it has changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from msgspec.structs import replace

from gk_workflow.core import commands as c
from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.appeals import table4_column
from gk_workflow.core.case import Case, Recorded, evolve, fold
from gk_workflow.core.chronology import faults
from gk_workflow.core.clock import run_clock
from gk_workflow.core.closing import first_closing
from gk_workflow.core.deadlines import deadlines_of
from gk_workflow.core.decide import allowed
from gk_workflow.core.erasure import person_of, scrubbed
from gk_workflow.core.personal import APPLICANT, ERASED, changed, personal_texts, withheld
from gk_workflow.core.retention import retention_of
from gk_workflow.core.terms import Grant, Role
from tests.core.facts import (
    CO_AUTHOR,
    COMPLETED,
    CONSULTED,
    DISAGREED,
    DRAFTED,
    IN_HANDLING,
    SEALED,
    SEALED_ARCHIVED,
    SHREDDED,
    d,
)
from tests.core.generated import LIVES
from tests.core.given import ADMIN, AGENCY, HEAD, RULES, given, stamp
from tests.core.test_personal import PUBLIC

Told = tuple[Recorded, ...]

# --- whose a text is, and which key seals it ------------------------------------------------------

KEYED = replace(CONSULTED, key="k-party-1")
ENDED = e.ConsultationEnded(1, d(3, 20), "退信")
TOLD = e.ThirdPartyNotified(1, d(3, 24), "合同", "公共利益")


@pytest.mark.parametrize(
    "event", [KEYED, DISAGREED, ENDED, TOLD], ids=lambda one: type(one).__name__
)
def test_what_is_told_of_a_third_party_is_the_third_partys(event: e.CaseEvent) -> None:
    assert person_of(event, ("applicant", "party-1")) == "party-1"
    case = given(*SEALED, KEYED).so_far
    assert case.key_of(event) == "k-party-1"


def test_what_an_authority_answers_is_kept_with_the_applicants_texts() -> None:
    case = given(*SEALED, CO_AUTHOR).so_far
    assert case.persons == (APPLICANT,)
    assert person_of(DISAGREED, case.persons) == APPLICANT
    assert case.key_of(DISAGREED) == "k-applicant"


def test_everything_else_is_the_applicants() -> None:
    case = given(*SEALED, KEYED).so_far
    assert (case.persons, case.keys) == (
        ("applicant", "party-1"),
        (("applicant", "k-applicant"), ("party-1", "k-party-1")),
    )
    assert person_of(DRAFTED, case.persons) == APPLICANT
    assert case.key_of(DRAFTED) == "k-applicant"


def test_a_key_of_its_own_seals_the_event_that_brings_it() -> None:
    assert given(*SEALED).so_far.key_of(KEYED) == "k-party-1"


def test_a_party_without_a_key_shares_the_applicants_and_is_erased_with_him() -> None:
    case = given(*SEALED, CONSULTED, DISAGREED).so_far
    assert case.key_of(CONSULTED) == case.key_of(DISAGREED) == "k-applicant"
    after = evolve(case, SHREDDED, stamp(Role.HEAD, d(7, 2)))
    assert after.consultations[0].party == ERASED


def test_a_case_without_keys_seals_nothing() -> None:
    case = given(*IN_HANDLING, CONSULTED).so_far
    assert (case.keys, case.key_of(DRAFTED), case.key_of(DISAGREED)) == ((), "", "")


def test_only_the_events_of_the_erased_are_scrubbed() -> None:
    keyed = ("applicant", "party-1")
    assert scrubbed(KEYED, ("applicant",), keyed) == KEYED
    assert scrubbed(KEYED, ("party-1",), keyed) == withheld(KEYED, ERASED)
    assert scrubbed(DRAFTED, ("party-1",), keyed) == DRAFTED


# --- a shredded case ------------------------------------------------------------------------------


def test_of_a_shredded_applicant_nothing_is_remembered() -> None:
    paper = e.Document("ab" * 32, "张三的房产证.pdf", "form", "application/pdf", 1)
    asked = (*SEALED, KEYED, DISAGREED, COMPLETED)
    case = given(*asked, e.DocumentAttached(paper), DRAFTED, SHREDDED).so_far
    assert case.applicant == e.Applicant(t.ApplicantKind.NATURAL_PERSON, ERASED, ERASED, ERASED)
    assert (case.wanted, case.query_code) == (ERASED, ERASED)
    assert case.content == e.ReplyContent(t.Outcome.GRANTED, provided=ERASED)
    assert case.documents == (replace(paper, name=ERASED),)
    assert case.consultations[0].party == CONSULTED.party
    assert (case.erased, case.concealed) == (("applicant",), ("applicant",))


def test_a_shredded_third_party_leaves_the_applicant_as_he_was() -> None:
    gone = e.PersonalDataShredded(
        1, ("party-1",), ("k-party-1",), t.ErasureGround.ORDERED, "判决", ADMIN, HEAD, d(7, 2)
    )
    case = given(*SEALED, KEYED, DISAGREED, gone).so_far
    assert case.consultations[0].party == ERASED
    assert case.applicant.name == "张三"
    assert [text for fact in case.facts[-2:] for _, _, text in personal_texts(fact.event)] == (
        [ERASED, ERASED, ERASED]
    )


def test_what_was_never_said_is_not_said_to_be_erased() -> None:
    plain = (replace(SEALED[0], query_code=""), *SEALED[1:])  # type: ignore[type-var]  # an event
    case = given(*plain, SHREDDED).so_far
    assert (case.query_code, case.content) == ("", None)
    assert case.applicant.agent == ""


# --- over all lives -------------------------------------------------------------------------------


def shredding(case: Case, persons: tuple[str, ...]) -> Recorded:
    """The event that erases these persons of a case, lawful or not: `evolve` never refuses."""
    keys = tuple(dict(case.keys)[one] for one in persons)
    event = e.PersonalDataShredded(
        99, persons, keys, t.ErasureGround.ORDERED, "判决", ADMIN, HEAD, d(7, 2)
    )
    return Recorded(case.version + 1, stamp(Role.HEAD, d(7, 2)), event)


def read_without(destroyed: Collection[str], life: Told) -> Told:
    """The life as it is read from a log whose keys are destroyed: each text under the key it had."""
    case: Case | None = None
    read: list[Recorded] = []
    for one in life:
        key = getattr(one.event, "key", "") or (case.key_of(one.event) if case else "")
        event = withheld(one.event, ERASED) if key in destroyed else one.event
        read.append(replace(one, event=event))
        case = evolve(case, one.event, one.stamp)
    return tuple(read)


def folded(life: Told) -> Case:
    case = fold(life)
    assert case is not None
    return case


@drawn(LIVES, st.data())
def test_a_shredded_case_is_what_reading_it_without_the_keys_gives(
    life: Told, data: st.DataObject
) -> None:
    case = folded(life)
    persons = tuple(data.draw(st.sets(st.sampled_from(case.persons)), "erased"))
    whole = (*life, shredding(case, persons))
    destroyed = {
        key for one in whole for key in getattr(one.event, "keys", ()) if isinstance(key, str)
    }
    live, reread = folded(whole), folded(read_without(destroyed, whole))
    assert live == reread
    assert set(live.erased) == {one for one, key in case.keys if key in destroyed}
    left = [
        text
        for fact in live.facts
        if person_of(fact.event, live.persons) in live.erased
        for _, _, text in personal_texts(fact.event)
    ]
    assert set(left) <= {ERASED}


@drawn(LIVES)
def test_shredding_everybody_changes_nothing_that_is_reckoned(life: Told) -> None:
    told = renamed(life, lambda n: ERASED)
    case = folded(told)
    gone = folded((*told, shredding(case, case.persons)))
    assert reckoned(gone) == reckoned(case)
    assert offers(gone, keeping=False) == offers(case, keeping=False)


@drawn(LIVES)
def test_no_rule_reads_what_a_personal_text_says(life: Told) -> None:
    told = folded(life)
    each, same = folded(renamed(life, lambda n: f"¤{n}¤")), folded(renamed(life, lambda n: "某"))
    assert (each.status, each.version) == (same.status, same.version) == (told.status, told.version)
    assert re.sub("¤[0-9]+¤", "某", reckoned(each)) == reckoned(same)
    assert offers(each) == offers(same) == offers(told)
    assert dates(each) == dates(told)


def renamed(life: Told, name: Callable[[int], str]) -> Told:
    """The same life with other words in the place of every personal text."""
    count = 0

    def other(*_: object) -> str:
        nonlocal count
        count += 1
        return name(count)

    return tuple(replace(one, event=changed(one.event, other)) for one in life)


def reckoned(case: Case) -> str:
    """Everything that is counted, judged or shown of a case beside its texts."""
    life, today = case.life, d(7, 2)
    clock = run_clock(life, RULES.calendar, RULES.policy)
    return repr(
        (
            clock,
            deadlines_of(life, case.appeals, RULES.calendar, RULES.policy, today),
            deadlines_of(life, case.appeals, RULES.calendar, RULES.policy, None),
            first_closing(case),
            retention_of(case, RULES.policy),
            [table4_column(one) for one in case.appeals],
            sorted(map(str, faults(case.facts))),
            (case.status, case.kind, case.channel, case.received_on, case.submitted_on),
            (case.unit, case.handler, case.document_number, len(case.documents)),
            (case.open_consultations, case.objecting_parties, case.open_appeals),
        )
    )


def dates(case: Case) -> list[object]:
    """The dates that a case owes."""
    life = case.life
    limits = deadlines_of(life, case.appeals, RULES.calendar, RULES.policy, None)
    return [(one.id, one.due) for one in limits]


def offers(case: Case, *, keeping: bool = True) -> list[list[str]]:
    """What may be done with a case, by role."""
    hidden = () if keeping else (c.ProposeErasure, c.DecideErasure)
    return [
        [
            one.__name__
            for one in allowed(case, Grant(role, AGENCY, case.unit), RULES, d(7, 2))
            if one not in hidden
        ]
        for role in Role
    ]


def test_what_stays_after_shredding_is_what_the_list_of_public_texts_says() -> None:
    case = given(*SEALED_ARCHIVED, SHREDDED).so_far
    assert all(text == ERASED for fact in case.facts for _, _, text in personal_texts(fact.event))
    assert "CaseOpened.applicant.name" not in PUBLIC
