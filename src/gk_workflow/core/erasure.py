"""Whose personal texts an event holds, and what is left of them once they are shredded; it destroys nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

import msgspec

from gk_workflow.core import events as e
from gk_workflow.core.personal import APPLICANT, ERASED, party, withheld
from gk_workflow.core.terms import ErasureGround, ErasureKind

T = TypeVar("T", bound=msgspec.Struct)

_OF_A_PARTY = (
    e.ThirdPartyConsulted,
    e.OpinionReceived,
    e.ConsultationEnded,
    e.ThirdPartyNotified,
)


class Proposal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """限制处理, 恢复处理 or 删除 as proposed, decided upon or not yet."""

    number: int
    kind: ErasureKind
    persons: tuple[str, ...]
    ground: ErasureGround
    legal_basis: str
    proposed_by: str
    decided: bool = False


def person_of(event: e.CaseEvent, persons: Collection[str]) -> str:
    """Whose of ``persons`` the texts of an event are: the third party's it is about, else the applicant's.

    An authority is no person: what it answers (条例34) is kept with the applicant's texts.
    """
    if isinstance(event, _OF_A_PARTY):
        asked = party(event.consultation)
        return asked if asked in persons else APPLICANT
    return APPLICANT


def scrubbed(event: e.CaseEvent, erased: Collection[str], keyed: Collection[str]) -> e.CaseEvent:
    """The event as it reads without the keys of the erased; ``keyed`` are those with a key of their own."""
    return withheld(event, ERASED) if person_of(event, keyed) in erased else event
