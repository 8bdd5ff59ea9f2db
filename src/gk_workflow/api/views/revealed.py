"""A case with its personal data in clear, for who may see it and said why; of the concealed it shows only the mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec

from gk_workflow.core.case import Recorded, fold
from gk_workflow.core.erasure import person_of
from gk_workflow.core.events import Applicant
from gk_workflow.core.personal import APPLICANT, personal_texts, withheld
from gk_workflow.core.showing import Concealed, clear_event, concealed_of


class RevealedText(msgspec.Struct, frozen=True):
    """One personal text: in which event, of whom, under which name (``applicant.name``, ``parts.0``)."""

    version: int
    event: str
    person: str
    field: str
    text: str


class Revealed(msgspec.Struct, frozen=True):
    """The personal data of a case; ``restricted`` and ``erased`` are the persons shown as marks."""

    case_id: UUID
    number: str
    version: int
    applicant: Applicant
    wanted: str
    restricted: tuple[str, ...]
    erased: tuple[str, ...]
    texts: tuple[RevealedText, ...]


def revealed(case_id: UUID, recorded: Sequence[Recorded]) -> Revealed:
    """The case of these events; concealed persons are marks in it (个人信息保护法47)."""
    case = fold(recorded)
    assert case is not None, "a case that is asked for has events"
    concealed = concealed_of(case)
    mark = concealed.mark(APPLICANT)
    return Revealed(
        case_id=case_id,
        number=case.number,
        version=case.version,
        applicant=withheld(case.applicant, mark) if mark else case.applicant,
        wanted=mark or case.wanted,
        restricted=case.restricted,
        erased=case.erased,
        texts=tuple(_texts(recorded, case.persons, concealed)),
    )


def _texts(
    recorded: Sequence[Recorded], persons: tuple[str, ...], concealed: Concealed
) -> Iterator[RevealedText]:
    for one in recorded:
        person, event = person_of(one.event, persons), clear_event(one.event, concealed)
        for _, name, text in personal_texts(event):
            yield RevealedText(one.version, type(event).__name__, person, name, text)
