"""What is shown of a case to those who need not know whom it is about; it gives no clear text away."""

from __future__ import annotations

from typing import TypeVar, get_args

import msgspec
from msgspec.structs import replace

from gk_workflow.core import events as e
from gk_workflow.core.case import Case
from gk_workflow.core.erasure import person_of
from gk_workflow.core.life import Fact
from gk_workflow.core.personal import (
    APPLICANT,
    ERASED,
    RESTRICTED,
    Mask,
    masked,
    masked_text,
    personal_fields,
    withheld,
)

T = TypeVar("T", bound=msgspec.Struct)


class Concealed(msgspec.Struct, frozen=True):
    """Of whom nothing may be shown any more (个人信息保护法47), as the case stands now.

    ``persons`` are those of the case; where nobody is concealed the applicant stands for all.
    """

    persons: tuple[str, ...]
    restricted: tuple[str, ...]
    erased: tuple[str, ...]

    @property
    def everybody(self) -> bool:
        """Whether there is nobody left whose data could be shown."""
        return all(self.mark(person) for person in self.persons)

    def mark(self, person: str) -> str:
        """What stands in the place of a person's texts; "" where they may still be shown."""
        if person in self.erased:
            return ERASED
        return RESTRICTED if person in self.restricted else ""

    def mark_of(self, event: e.CaseEvent) -> str:
        """The same for the texts of an event."""
        return self.mark(person_of(event, self.persons))


SHOWN_IN_PART = frozenset(
    field.name
    for kind in get_args(e.CaseEvent)
    for field in personal_fields(kind)
    if field.mask is not Mask.TEXT
)
"""The personal fields of which a mask shows something: to mask a case no other need be opened."""

NOBODY = Concealed((APPLICANT,), (), ())


def concealed_of(case: Case) -> Concealed:
    """Whose data of a case is restricted or erased."""
    if not case.concealed:
        return NOBODY  # as of nearly every case: its persons need not be gathered
    return Concealed(case.persons, case.restricted, case.erased)


def shown_event(event: e.CaseEvent, concealed: Concealed) -> e.CaseEvent:
    """An event as everybody sees it: masked, or marked where its person is concealed."""
    return _shown(event, concealed.mark_of(event))


def clear_event(event: e.CaseEvent, concealed: Concealed) -> e.CaseEvent:
    """An event as who may see personal data sees it: in clear, but for the concealed.

    The query code is left out here too: whoever has it may come in as the applicant.
    """
    mark = concealed.mark_of(event)
    if mark:
        return withheld(event, mark)
    return replace(event, query_code="") if isinstance(event, e.CaseOpened) else event


def shown_case(case: Case) -> Case:
    """A case as everybody sees it; it has the same dates, so all that is reckoned stays the same.

    The query code is left out: whoever has it may come in as the applicant.
    """
    concealed = concealed_of(case)
    mark = concealed.mark(APPLICANT)
    facts = tuple(Fact(one.version, shown_event(one.event, concealed)) for one in case.facts)
    return replace(
        case,
        query_code="",
        applicant=_shown(case.applicant, mark),
        wanted=mark or masked_text(Mask.TEXT, case.wanted),
        facts=facts,
        content=None if case.content is None else _shown(case.content, mark),
        documents=tuple(_shown(one, mark) for one in case.documents),
    )


def _shown(value: T, mark: str) -> T:
    return withheld(value, mark) if mark else masked(value)
