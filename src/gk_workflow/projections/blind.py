"""By which blind indexes a case and its persons are found; it hands out no number and no code."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import msgspec

from gk_workflow.core.case import Case
from gk_workflow.core.events import ThirdPartyConsulted
from gk_workflow.core.personal import APPLICANT, party
from gk_workflow.projections.shapes import PersonRow


class Blind(msgspec.Struct, frozen=True):
    """How a document number and a query code become keyed blind indexes; "" is found by nobody."""

    number: Callable[[str], str]
    code: Callable[[str], str]


def _nothing(_: str) -> str:
    return ""


NO_INDEX = Blind(_nothing, _nothing)
"""For rows that are shown and not stored."""


def persons_of(case_id: UUID, case: Case, blind: Blind) -> tuple[PersonRow, ...]:
    """The index rows of a case in the order of their key; none of the restricted and the erased."""
    found = sorted(
        (person, blind.number(text))
        for person, text in concerned(case)
        # Of a third party only a name is on record, and nobody is indexed by a mere name.
        if any(map(str.isdecimal, text)) and person not in case.concealed
    )
    return tuple(
        PersonRow(case_id=case_id, person=person, number_index=index)
        for person, index in found
        if index
    )


def concerned(case: Case) -> Iterator[tuple[str, str]]:
    """`Case.persons`, each with the text in which his number stands, if anywhere."""
    yield APPLICANT, case.applicant.identity_document
    for fact in case.facts:
        if isinstance(fact.event, ThirdPartyConsulted):
            yield party(fact.event.consultation), fact.event.party
