"""A case as the API shows it, masked, with Chinese labels and the reply's timeliness today; it judges nothing."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from gk_workflow.api.views.labels import word
from gk_workflow.api.views.timeliness import Timeliness, lateness_of, timeliness
from gk_workflow.core.appeals import Appeal, AppealStatus
from gk_workflow.core.calendar import Calendar
from gk_workflow.core.case import Case
from gk_workflow.core.events import Applicant, Document
from gk_workflow.core.law import OUTCOMES
from gk_workflow.core.personal import APPLICANT
from gk_workflow.core.policy import Policy
from gk_workflow.core.showing import concealed_of
from gk_workflow.core.terms import (
    AppealKind,
    AppealParty,
    AppealResult,
    AppealTarget,
    Channel,
    Outcome,
    ProvisionForm,
    ProvisionWay,
)
from gk_workflow.core.workflow import PHASES, Phase, Status
from gk_workflow.projections.rows import rows_of


class AppealView(msgspec.Struct, frozen=True):
    """A review or suit of the case."""

    number: int
    kind: AppealKind
    kind_label: str
    status: AppealStatus
    status_label: str
    party: AppealParty
    target: AppealTarget
    filed_on: date
    accepted_on: date | None
    answered_on: date | None
    closed_on: date | None
    result: AppealResult | None
    result_label: str


class CaseView(msgspec.Struct, frozen=True, kw_only=True):
    """One case; ``version`` is also its ETag. Personal texts are masked or marked."""

    case_id: UUID
    number: str
    agency: str
    version: int
    status: Status
    status_label: str
    phase: Phase
    phase_label: str
    channel: Channel
    channel_label: str
    applicant: Applicant
    applicant_kind_label: str
    wanted: str
    form: ProvisionForm
    way: ProvisionWay
    unit: str
    handler: str
    opened_at: datetime
    submitted_on: date
    received_on: date | None
    outcome: Outcome | None
    outcome_label: str
    table3_row: str
    document_number: str
    review_mandatory: bool | None
    split_from: str
    imported_from: str
    timeliness: Timeliness
    appeals: tuple[AppealView, ...]
    documents: tuple[Document, ...]
    restricted: tuple[str, ...]
    erased: tuple[str, ...]


def case_view(
    case_id: UUID, case: Case, calendar: Calendar, policy: Policy, today: date
) -> CaseView:
    """The case as it stands, its timeliness reckoned for ``today``; ``case`` is masked already."""
    rows = rows_of(case_id, case, 0, calendar, policy)
    outcome = Outcome(rows.status.outcome) if rows.status.outcome else None
    lateness = lateness_of(rows, today, calendar, policy)
    return CaseView(
        case_id=case_id,
        number=case.number,
        agency=case.agency,
        version=case.version,
        status=case.status,
        status_label=word(case.status),
        phase=PHASES[case.status],
        phase_label=word(PHASES[case.status]),
        channel=case.channel,
        channel_label=word(case.channel),
        applicant=case.applicant,
        applicant_kind_label=word(case.kind),
        wanted=case.wanted,
        form=case.form,
        way=case.way,
        unit=case.unit,
        handler=case.handler,
        opened_at=case.opened_at,
        submitted_on=case.submitted_on,
        received_on=case.received_on,
        outcome=outcome,
        outcome_label=word(outcome),
        table3_row=OUTCOMES[outcome].table3_row if outcome else "",
        document_number=case.document_number,
        review_mandatory=case.review_mandatory,
        split_from=case.split_from,
        imported_from=case.imported_from,
        timeliness=timeliness(rows.timeliness, lateness),
        appeals=tuple(map(_appeal, case.appeals)),
        documents=case.documents,
        restricted=case.restricted,
        erased=case.erased,
    )


def for_applicant(view: bytes, own: Case) -> bytes:
    """The same view, encoded, as the applicant may see it; ``own`` is his case, not masked.

    What he said of himself and asked for he may read (个人信息保护法45).
    Which drafts and letters of third parties the office has is not told him (条例16(2), 32), nor
    that one of them appeals: that is for the organ to tell (行政复议法16). The number of a letter
    says what is in it: before service it is none of his. An account's name would help to guess
    its password; the unit is told.
    """
    found = _DECODE(view)
    if not concealed_of(own).mark(APPLICANT):
        found = replace(found, applicant=own.applicant, wanted=own.wanted)
    if found.status is Status.APPROVED:
        found = replace(found, document_number="", review_mandatory=None)
    lodged = tuple(one for one in found.appeals if one.party is AppealParty.APPLICANT)
    return _ENCODE(
        replace(found, handler="", appeals=lodged, documents=(), erased=(), restricted=())
    )


_ENCODE = msgspec.json.Encoder().encode
_DECODE = msgspec.json.Decoder(CaseView).decode


def _appeal(appeal: Appeal) -> AppealView:
    return AppealView(
        number=appeal.number,
        kind=appeal.kind,
        kind_label=word(appeal.kind),
        status=appeal.status,
        status_label=word(appeal.status),
        party=appeal.party,
        target=appeal.target,
        filed_on=appeal.filed_on,
        accepted_on=appeal.accepted_on,
        answered_on=appeal.answered_on,
        closed_on=appeal.closed_on,
        result=appeal.result,
        result_label=word(appeal.result),
    )
