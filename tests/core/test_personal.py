"""Each text of an event is personal or public by choice; masking tells too little, and marks stay marks."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from msgspec import Meta, Struct
from msgspec.structs import replace

from gk_workflow.core import events as e
from gk_workflow.core import terms as t
from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.personal import (
    APPLICANT,
    ERASED,
    HIDDEN,
    RESTRICTED,
    Mask,
    PersonalField,
    PersonName,
    PersonNumber,
    PersonText,
    changed,
    masked,
    masked_text,
    party,
    personal_fields,
    personal_texts,
    withheld,
    withheld_text,
)
from tests.core import facts
from tests.core.attempts import EVENTS
from tests.core.facts import CONSULTED, DRAFTED, NOTICE, OPENED, d

KINDS: tuple[type[Struct], ...] = (*EVENTS, AccessRecorded)
IDS = [kind.__name__ for kind in KINDS]

PUBLIC = frozenset(
    {
        # who of the office acted, for which of its units (条例45)
        "Assigned.unit",
        "Assigned.handler",
        "AssistanceRequested.unit",
        "AssistanceGiven.unit",
        "CaseOpened.unit",
        "DateAmended.approver",
        "ReplyExtended.approver",
        "RepliedOnTheSpot.approver",
        # authorities and courts
        "AuthorityConsulted.authority",
        "CaseOpened.agency",
        "DraftSubmitted.content.competent_agency",
        "RepliedOnTheSpot.content.competent_agency",
        "RecordCorrectionDecided.competent_agency",
        "ReconsiderationFiled.organ",
        "SuitFiled.court",
        # numbers of the office, keys and marks
        "CaseOpened.number",
        "CaseOpened.split_from",
        "CaseOpened.imported_from",
        "CaseOpened.key",
        "CaseSplit.part_ids",
        "ThirdPartyConsulted.key",
        "RepliedOnTheSpot.document_number",
        "ReplyApproved.document_number",
        "DateAmended.field",
        "DocumentAttached.attached_to",
        "DocumentAttached.document.digest",
        "DocumentAttached.document.kind",
        "DocumentAttached.document.media_type",
        # standard words of the letters
        "RepliedOnTheSpot.remedy_text",
        "ReplyApproved.remedy_text",
        "ThirdPartyNotified.remedy_text",
        # keeping and erasing: written when the key may be gone, so never personal
        "ErasureProposed.persons",
        "ErasureProposed.legal_basis",
        "ErasureDeclined.reason",
        *(
            f"{name}.{field}"
            for name in ("PersonalDataRestricted", "RestrictionLifted", "PersonalDataShredded")
            for field in ("persons", "legal_basis", "proposed_by", "approver")
        ),
        "PersonalDataShredded.keys",
        # the record of who looked
        "AccessRecorded.subject",
        "AccessRecorded.case_id",
        "AccessRecorded.number",
    }
)
"""Every text that is kept in clear. Who adds a field to an event decides here or by its type."""


def texts_of(kind: type[Struct], prefix: str = "") -> Iterator[tuple[str, bool]]:
    """Each field of a struct that may hold text, and whether its type says that it is personal."""
    for name, hint in get_type_hints(kind, include_extras=True).items():
        yield from _texts(hint, f"{prefix}{name}", personal=False)


# Any: type hints are of all kinds.
def _texts(hint: Any, name: str, *, personal: bool) -> Iterator[tuple[str, bool]]:
    origin = get_origin(hint)
    if origin is Annotated:
        inner, *marks = get_args(hint)
        said = any(isinstance(one, Meta) and "personal" in (one.extra or {}) for one in marks)
        yield from _texts(inner, name, personal=personal or said)
    elif origin in (tuple, Union, UnionType):
        for one in dict.fromkeys(get_args(hint)):
            if one is not Ellipsis:
                yield from _texts(one, name, personal=personal)
    elif hint is str:
        yield name, personal
    elif isinstance(hint, type) and issubclass(hint, Struct):
        yield from texts_of(hint, f"{name}.")
    else:
        # Anything else must be unable to hold a text.
        assert not issubclass(hint, str) or issubclass(hint, StrEnum), name


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_every_text_of_an_event_is_personal_by_type_or_public_by_choice(kind: type[Struct]) -> None:
    found = dict(texts_of(kind))
    public = {name for name, personal in found.items() if not personal}
    listed = {one.partition(".")[2] for one in PUBLIC if one.startswith(f"{kind.__name__}.")}
    assert public == listed


@pytest.mark.parametrize("kind", KINDS, ids=IDS)
def test_what_is_personal_by_type_is_found(kind: type[Struct]) -> None:
    personal = [name for name, said in texts_of(kind) if said]
    assert [one.name for one in personal_fields(kind)] == personal


def test_the_list_of_public_texts_names_events_that_exist() -> None:
    assert {one.partition(".")[0] for one in PUBLIC} <= set(IDS)


def test_no_text_of_keeping_is_personal_since_it_is_written_when_the_key_may_be_gone() -> None:
    for kind in (
        e.ErasureProposed,
        e.ErasureDeclined,
        e.PersonalDataRestricted,
        e.RestrictionLifted,
        e.PersonalDataShredded,
    ):
        assert personal_fields(kind) == ()


# --- what is reached ------------------------------------------------------------------------------


def test_the_fields_of_an_opening_lead_into_the_applicant() -> None:
    assert personal_fields(e.CaseOpened) == (
        PersonalField("applicant.name", Mask.NAME),
        PersonalField("applicant.identity_document", Mask.NUMBER),
        PersonalField("applicant.contact", Mask.NUMBER),
        PersonalField("applicant.agent", Mask.TEXT),
        PersonalField("wanted", Mask.TEXT),
        PersonalField("query_code", Mask.TEXT),
    )


def test_change_reaches_into_structs_and_tuples_with_full_names() -> None:
    seen: list[tuple[str, str]] = []

    def note(field: PersonalField, name: str, text: str) -> str:
        seen.append((name, text))
        return f"<{name}>"

    split = e.CaseSplit(d(3, 5), "合同", ("验收单", " ", "图纸"), ("a", "b"))
    assert changed(split, note) == e.CaseSplit(
        d(3, 5), "<wanted>", ("<parts.0>", " ", "<parts.2>"), ("a", "b")
    )
    assert changed(DRAFTED, note) == e.DraftSubmitted(
        e.ReplyContent(t.Outcome.GRANTED, provided="<content.provided>"), DRAFTED.drafted_on
    )
    assert seen == [
        ("wanted", "合同"),
        ("parts.0", "验收单"),
        ("parts.2", "图纸"),
        ("content.provided", "合同复印件"),
    ]


class Inner(Struct, frozen=True):
    """Nothing personal."""

    word: str = ""


class Outer(Struct, frozen=True):
    """A struct whose inner one holds nothing personal, and which may be without some."""

    inner: Inner = Inner()
    words: tuple[str, ...] = ()
    name: PersonName = ""


def test_a_struct_that_holds_nothing_personal_is_left_as_it_is() -> None:
    outer = Outer(Inner("a"), ("b",), "张三")
    assert personal_fields(Outer) == (PersonalField("name", Mask.NAME),)
    assert masked(outer) == Outer(Inner("a"), ("b",), "张*")
    untouched = e.Archived(d(3, 24))
    assert changed(untouched, lambda field, name, text: "x") is untouched


def test_blank_texts_are_nobodys() -> None:
    blank = replace(OPENED, applicant=replace(OPENED.applicant, agent=" "), wanted="")
    assert [name for _, name, _ in personal_texts(blank)] == [
        "applicant.name",
        "applicant.identity_document",
        "applicant.contact",
    ]
    gone = withheld(blank, ERASED)
    assert (gone.applicant.agent, gone.wanted, gone.query_code) == (" ", "", "")
    assert (withheld_text("", ERASED), withheld_text(" ", ERASED)) == ("", " ")
    assert withheld_text("合同", ERASED) == ERASED


def test_what_is_withheld_keeps_what_is_not_personal() -> None:
    assert withheld(CONSULTED, ERASED) == replace(CONSULTED, party=ERASED, interest=ERASED)
    assert withheld(NOTICE, RESTRICTED) == replace(NOTICE, items=RESTRICTED, guidance=RESTRICTED)


def test_persons_of_a_case_have_plain_names() -> None:
    assert (APPLICANT, party(1), party(12)) == ("applicant", "party-1", "party-12")


def test_personal_types_are_plain_text_on_the_wire() -> None:
    for kind in (PersonName, PersonNumber, PersonText):
        assert msgspec.json.decode(b'"x"', type=kind) == "x"


# --- masks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (Mask.NAME, "张三", "张*"),
        (Mask.NAME, "欧阳修远", "欧*"),
        (Mask.NAME, "张", "张*"),
        (Mask.NAME, "烟台某某贸易有限公司", "烟*"),
        (Mask.NAME, "Zhang San", "Z*"),
        (Mask.NUMBER, "370602199001011234", "3****************4"),
        (Mask.NUMBER, "13800001234", "1*********4"),
        (Mask.NUMBER, "1234567", "1*****7"),
        (Mask.NUMBER, "123456", "******"),
        (Mask.NUMBER, "1", "*"),
        (Mask.TEXT, "我的房子被拆", HIDDEN),
        (Mask.TEXT, "x", HIDDEN),
        *((mask, mark, mark) for mask in Mask for mark in ("", " ", ERASED, RESTRICTED, HIDDEN)),
    ],
)
def test_a_mask_shows_as_much_as_this(mask: Mask, text: str, shown: str) -> None:
    assert masked_text(mask, text) == shown


LETTERS = st.text(
    st.characters(categories=("L", "N"), exclude_characters="".join({*HIDDEN, *ERASED, "*"})),
    min_size=3,
)


@drawn(st.sampled_from(Mask), LETTERS)
def test_what_is_masked_does_not_contain_what_it_masks(mask: Mask, text: str) -> None:
    shown = masked_text(mask, text)
    assert text not in shown
    kept = [letter for letter in text if letter in shown]
    assert len(set(kept)) <= {Mask.NAME: 1, Mask.NUMBER: 2, Mask.TEXT: 0}[mask]


@drawn(st.sampled_from(Mask), st.text())
def test_masking_twice_is_masking_once(mask: Mask, text: str) -> None:
    once = masked_text(mask, text)
    assert masked_text(mask, once) == once


@drawn(st.sampled_from(Mask), st.text(min_size=7), st.text(min_size=7))
def test_a_mask_tells_two_texts_apart_by_their_ends_and_length_at_most(
    mask: Mask, one: str, other: str
) -> None:
    middle = one[0] + "x" * (len(one) - 2) + one[-1]
    if one.strip() and middle.strip() and {one, middle}.isdisjoint({ERASED, RESTRICTED, HIDDEN}):
        assert masked_text(mask, one) == masked_text(mask, middle)
    if mask is Mask.TEXT and one.strip() and other.strip():
        assert masked_text(mask, f"a{one}") == masked_text(mask, f"a{other}")


EXAMPLES = [
    one for one in vars(facts).values() if isinstance(one, Struct) and type(one) in set(KINDS)
]


@pytest.mark.parametrize("event", EXAMPLES, ids=lambda one: type(one).__name__)
def test_a_masked_event_tells_none_of_its_personal_texts(event: Struct) -> None:
    said = [text for _, _, text in personal_texts(event) if len(text) > 2]
    shown = repr(masked(event)).replace(HIDDEN, "")
    assert [text for text in said if text in shown] == []


def test_a_masked_applicant_still_counts_in_his_column_and_keeps_his_consent() -> None:
    before = e.Applicant(
        t.ApplicantKind.COMMERCIAL, "某公司", "91370602MA3C", "0535-6666666", "李四", True
    )
    assert masked(before) == e.Applicant(
        t.ApplicantKind.COMMERCIAL, "某*", "9**********C", "0**********6", HIDDEN, True
    )
