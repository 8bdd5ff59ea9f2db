"""The same life in the library's own style: a decorated aggregate and `Application.save`; it knows no case of ours.

It is given every advantage that a fair reading allows: no working days are counted, no numbers
issued, no key remembered, no `Machine` is made per object.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import JSONTranscoder, Transcoding

from bench import life
from gk_workflow.core.terms import Stamp

EXTENSION_LIMIT = 20

SOURCES = {
    "confirm_receipt": ("SUBMITTED",),
    "accept": ("RECEIVED",),
    "assign": ("RECEIVED", "UNDER_REVIEW", "IN_HANDLING"),
    "pass_review": ("UNDER_REVIEW",),
    "extend": ("UNDER_REVIEW", "IN_HANDLING"),
    "submit_draft": ("IN_HANDLING",),
    "approve": ("AWAITING_APPROVAL",),
    "serve": ("APPROVED",),
    "record_delivery": ("REPLIED",),
}
ROLES = {
    "confirm_receipt": ("CLERK",),
    "accept": ("CLERK",),
    "assign": ("CLERK", "REVIEWER", "HEAD"),
    "pass_review": ("REVIEWER", "HEAD"),
    "extend": ("HEAD",),
    "submit_draft": ("CLERK",),
    "approve": ("HEAD",),
    "serve": ("CLERK",),
    "record_delivery": ("CLERK",),
}


class NotLawful(Exception):
    """A guard of the stock aggregate said no."""


class StockCase(Aggregate):
    """A case as the library's tutorial would write it: guards and changes in one decorated body."""

    @event("Opened")
    def __init__(
        self,
        *,
        agency: str,
        channel: str,
        applicant_kind: str,
        applicant_name: str,
        contact: str,
        wanted: str,
        submitted_on: date,
        today: date,
        actor: str,
        role: str,
        unit: str,
    ) -> None:
        if role not in ("CLERK", "APPLICANT"):
            raise NotLawful("role")
        if submitted_on > today:
            raise NotLawful("submitted_on")
        self.agency = agency
        self.channel = channel
        self.applicant_kind = applicant_kind
        self.applicant_name = applicant_name
        self.contact = contact
        self.wanted = wanted
        self.submitted_on = submitted_on
        self.status = "SUBMITTED"
        self.unit = unit
        self.handler = ""
        self.extended = 0
        self.drafter = ""
        self.dates: dict[str, date] = {"submitted": submitted_on}

    @event("ReceiptConfirmed")
    def confirm_receipt(
        self, received_on: date, today: date, actor: str, role: str, unit: str
    ) -> None:
        """确认收到."""
        self._may("confirm_receipt", role)
        self._dated("received", received_on, today)
        self.status = "RECEIVED"

    @event("Accepted")
    def accept(self, accepted_on: date, today: date, actor: str, role: str, unit: str) -> None:
        """受理."""
        self._may("accept", role)
        self._dated("accepted", accepted_on, today)
        self.status = "UNDER_REVIEW"

    @event("Assigned")
    def assign(self, to_unit: str, handler: str, actor: str, role: str, unit: str) -> None:
        """分办."""
        self._may("assign", role)
        self.unit = to_unit
        self.handler = handler

    @event("ReviewPassed")
    def pass_review(
        self, reviewed_on: date, secrecy_opinion: str, today: date, actor: str, role: str, unit: str
    ) -> None:
        """审查."""
        self._may("pass_review", role)
        self._dated("reviewed", reviewed_on, today)
        self.secrecy_opinion = secrecy_opinion
        self.status = "IN_HANDLING"

    @event("ReplyExtended")
    def extend(
        self,
        workdays: int,
        approved_on: date,
        notified_on: date,
        reason: str,
        today: date,
        actor: str,
        role: str,
        unit: str,
    ) -> None:
        """延长答复."""
        self._may("extend", role)
        self._dated("extended", approved_on, today)
        if self.extended + workdays > EXTENSION_LIMIT:
            raise NotLawful("workdays")
        self.extended += workdays

    @event("DraftSubmitted")
    def submit_draft(
        self,
        outcome: str,
        reasons: str,
        legal_basis: str,
        provided: str,
        drafted_on: date,
        today: date,
        actor: str,
        role: str,
        unit: str,
    ) -> None:
        """拟稿送审."""
        self._may("submit_draft", role)
        self._dated("drafted", drafted_on, today)
        if not reasons or not legal_basis:
            raise NotLawful("reasons")
        self.outcome = outcome
        self.reasons = reasons
        self.legal_basis = legal_basis
        self.provided = provided
        self.drafter = actor
        self.status = "AWAITING_APPROVAL"

    @event("ReplyApproved")
    def approve(self, approved_on: date, today: date, actor: str, role: str, unit: str) -> None:
        """签发."""
        self._may("approve", role)
        self._dated("approved", approved_on, today)
        if actor == self.drafter:
            raise NotLawful("drafter")
        self.status = "APPROVED"

    @event("ReplyServed")
    def serve(
        self,
        method: str,
        served_on: date,
        proof: str,
        today: date,
        actor: str,
        role: str,
        unit: str,
    ) -> None:
        """送达."""
        self._may("serve", role)
        self._dated("served", served_on, today)
        self.method = method
        self.proof = proof
        self.status = "REPLIED"

    @event("ReplyDelivered")
    def record_delivery(
        self, delivered_on: date, signed_by: str, today: date, actor: str, role: str, unit: str
    ) -> None:
        """申请人收到."""
        self._may("record_delivery", role)
        self._dated("delivered", delivered_on, today)
        self.signed_by = signed_by

    def _may(self, step: str, role: str) -> None:
        if self.status not in SOURCES[step]:
            raise NotLawful(step)
        if role not in ROLES[step]:
            raise NotLawful("role")

    def _dated(self, name: str, day: date, today: date) -> None:
        if not self.submitted_on <= day <= today:
            raise NotLawful(name)
        self.dates[name] = day


class DateAsISO(Transcoding):
    """Dates for the stock transcoder, the way its documentation adds types."""

    type = date
    name = "date_iso"

    def encode(self, obj: date) -> str:
        """``2026-03-31``."""
        return obj.isoformat()

    def decode(self, data: str) -> date:
        """The date again."""
        return date.fromisoformat(data)


class StockOffice(Application[UUID]):
    """The application: load, command, save."""

    def register_transcodings(self, transcoder: JSONTranscoder) -> None:
        """The stock ones and dates."""
        super().register_transcodings(transcoder)
        transcoder.register(DateAsISO())

    def open(self, content: dict[str, Any]) -> UUID:
        """Open a case."""
        case = StockCase(**content)
        self.save(case)
        return case.id

    def act(self, case_id: UUID, step: str, content: dict[str, Any]) -> int:
        """Load a case, have one method's effect, save; the new version."""
        case: StockCase = self.repository.get(case_id)
        getattr(case, step)(**content)
        self.save(case)
        return case.version


def open_office(file: Path, *, cached: int = 0) -> StockOffice:
    """The stock application on the same settings of SQLite: file, WAL, every commit synced.

    Raises RuntimeError if the settings are not the same.
    """
    env = {
        "PERSISTENCE_MODULE": "eventsourcing.sqlite",
        "SQLITE_DBNAME": str(file),
        "SQLITE_LOCK_TIMEOUT": "60",
        "SQLITE_POOL_SIZE": "32",
        "SQLITE_POOL_TIMEOUT": "60",
    }
    if cached:
        env["AGGREGATE_CACHE_MAXSIZE"] = str(cached)
    office = StockOffice(env)
    _same_settings(office)
    return office


def _same_settings(office: StockOffice) -> None:
    with office.recorder.datastore.get_connection(commit=False) as connection:  # type: ignore[attr-defined]  # SQLite's
        cursor = connection.cursor()
        found = []
        for pragma in ("journal_mode", "synchronous"):
            cursor.execute(f"PRAGMA {pragma}")
            found.append(cursor.fetchone()[0])
    if found != ["wal", 2]:
        raise RuntimeError(f"the stock connection has {found}, expected WAL and synchronous=FULL")


def _who(stamp: Stamp) -> dict[str, Any]:
    return {"actor": stamp.actor, "role": stamp.role.value, "unit": stamp.unit}


_CLERK, _REVIEWER, _HEAD = _who(life.CLERK), _who(life.REVIEWER), _who(life.HEAD)
_TODAY: dict[str, Any] = {"today": life.TODAY}

OPENING: dict[str, Any] = {
    "agency": life.AGENCY,
    "channel": "online",
    "applicant_kind": "natural_person",
    "applicant_name": "李四",
    "contact": "0535-6000000",
    "wanted": life.WANTED,
    "submitted_on": life.SUBMITTED,
    **_TODAY,
    **_CLERK,
}

STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("confirm_receipt", {"received_on": life.RECEIVED, **_TODAY, **_CLERK}),
    ("accept", {"accepted_on": life.RECEIVED, **_TODAY, **_CLERK}),
    ("assign", {"to_unit": "城建办公室", "handler": "赵六", **_CLERK}),
    (
        "pass_review",
        {
            "reviewed_on": life.REVIEWED,
            "secrecy_opinion": "不涉及国家秘密",
            **_TODAY,
            **_REVIEWER,
        },
    ),
    (
        "extend",
        {
            "workdays": 10,
            "approved_on": life.EXTENDED,
            "notified_on": life.EXTENDED,
            "reason": "涉及多个年度，需要查找",
            **_TODAY,
            **_HEAD,
        },
    ),
    (
        "submit_draft",
        {
            "outcome": "granted",
            "reasons": life.REASONS,
            "legal_basis": "条例36",
            "provided": "中标通知书",
            "drafted_on": life.DRAFTED,
            **_TODAY,
            **_CLERK,
        },
    ),
    ("approve", {"approved_on": life.APPROVED, **_TODAY, **_HEAD}),
    (
        "serve",
        {
            "method": "post",
            "served_on": life.SERVED,
            "proof": "EMS 1234567890",
            **_TODAY,
            **_CLERK,
        },
    ),
    ("record_delivery", {"delivered_on": life.DELIVERED, "signed_by": "李四", **_TODAY, **_CLERK}),
)


def live(office: StockOffice) -> UUID:
    """One whole life: ten commands, ten events, ten transactions."""
    case_id = office.open(OPENING)
    for step, content in STEPS:
        version = office.act(case_id, step, content)
    assert version == len(life.LIFE)
    return case_id
