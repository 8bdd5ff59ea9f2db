"""Numbers, query codes, keys and ids that only the registry can give out; never used twice."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from uuid import UUID, uuid4

import msgspec
from msgspec.structs import replace

from gk_workflow.core.bookkeeping import NumberIssued
from gk_workflow.core.case import Case
from gk_workflow.core.events import (
    CaseEvent,
    CaseOpened,
    CaseSplit,
    RepliedOnTheSpot,
    ReplyApproved,
    ThirdPartyConsulted,
)
from gk_workflow.core.policy import Policy
from gk_workflow.core.terms import Outcome, Stamp
from gk_workflow.keys import KeyRing
from gk_workflow.registry.drafts import Draft
from gk_workflow.registry.rows import series_stream

# No I, L, O, U: read out over the telephone, a code must not be misheard.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def random_query_code() -> str:
    """A query code nobody can guess: 80 random bits in four groups of four letters."""
    bits = secrets.randbits(80)
    code = "".join(_LETTERS[bits >> shift & 31] for shift in range(0, 80, 5))
    return "-".join((code[:4], code[4:8], code[8:12], code[12:]))


def no_key() -> str:
    """The id of a new key where nothing is sealed: there is none."""
    return ""


class Issuer(msgspec.Struct, frozen=True):
    """Where chance comes from; the demo gives its own, to be the same by seed.

    ``new_key`` makes a key that is on disk already; a registry with keys puts its own here.
    """

    new_id: Callable[[], UUID] = uuid4
    new_query_code: Callable[[], str] = random_query_code
    new_key: Callable[[], str] = no_key


def with_keys(issuer: Issuer, keys: KeyRing | None) -> Issuer:
    """The issuer with keys from a ring, where there is one."""
    return issuer if keys is None else replace(issuer, new_key=keys.new_key)


class Desk(msgspec.Struct, frozen=True):
    """What issuing needs beside the event: the command's draft, case and stamp, the policy."""

    draft: Draft
    case_id: UUID
    stamp: Stamp
    policy: Policy
    issuer: Issuer

    def number(self, series: str, write: Callable[[int], str]) -> str:
        """The series' next number, issued in the command's own transaction."""
        stream = series_stream(series)
        number = write(self.draft.length(stream) + 1)
        issued = NumberIssued(series, number, str(self.case_id))
        self.draft.extend(stream, issued, self.stamp)
        return number

    def case_number(self, agency: str, year: int) -> str:
        """``agency-2026-0001``: gap-free per agency and year of submission."""
        series = f"{agency}-{year:04d}"
        return self.number(series, lambda n: f"{series}-{n:04d}")

    def document_number(self, agency: str, outcome: Outcome, year: int) -> str:
        """A letter's number in the office's own pattern (GB/T 9704-2012 7.2.5)."""
        series = self.policy.document_series(agency, outcome, year)
        return self.number(series, lambda n: self.policy.document_number(agency, outcome, year, n))


def completed(desk: Desk, event: CaseEvent, case: Case | None) -> CaseEvent:
    """The event with what the registry issues filled in; what is given already stays."""
    match event:
        case CaseOpened():
            return _opened(desk, event)
        case ReplyApproved(document_number="") if case is not None and case.content is not None:
            number = desk.document_number(case.agency, case.content.outcome, event.approved_on.year)
            return replace(event, document_number=number)
        case RepliedOnTheSpot(document_number="", content=content) if case is not None:
            number = desk.document_number(case.agency, content.outcome, event.replied_on.year)
            return replace(event, document_number=number)
        case CaseSplit(part_ids=()):
            ids = tuple(str(desk.issuer.new_id()) for _ in event.parts)
            return replace(event, part_ids=ids)
        case ThirdPartyConsulted(key=""):
            return replace(event, key=desk.issuer.new_key())
        case _:
            return event


def _opened(desk: Desk, event: CaseOpened) -> CaseOpened:
    number = event.number or desk.case_number(event.agency, event.submitted_on.year)
    code = event.query_code or desk.issuer.new_query_code()
    return replace(event, number=number, query_code=code, key=event.key or desk.issuer.new_key())
