"""The rows of one case, made from the case alone; it neither reads nor writes storage."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from gk_workflow.core.appeals import Appeal, table4_column
from gk_workflow.core.calendar import Calendar
from gk_workflow.core.case import Case
from gk_workflow.core.clock import run_clock
from gk_workflow.core.closing import Closing, first_closing
from gk_workflow.core.deadlines import answer_limit, reckon
from gk_workflow.core.events import Archived, Reopened
from gk_workflow.core.law import LimitId
from gk_workflow.core.personal import APPLICANT, ERASED, RESTRICTED, Mask, masked_text
from gk_workflow.core.policy import Policy
from gk_workflow.core.retention import retention_of
from gk_workflow.core.workflow import OPEN, PHASES
from gk_workflow.projections.blind import NO_INDEX, Blind, concerned, persons_of
from gk_workflow.projections.shapes import NEVER, AppealRow, Rows, StatusRow, TimelinessRow
from gk_workflow.projections.timeliness import overdue_spans, reaching, timeliness_of


def rows_of(
    case_id: UUID,
    case: Case,
    position: int,
    calendar: Calendar,
    policy: Policy,
    blind: Blind = NO_INDEX,
) -> Rows:
    """The rows of a case whose last event stands at ``position`` of the log.

    ``blind`` makes what a person is looked up by; without it nobody is found.
    """
    life = case.life
    clock = run_clock(life, calendar, policy)
    appeals = tuple(_appeal_row(case_id, case.agency, one, calendar) for one in case.appeals)
    timeliness = reaching(timeliness_of(case_id, case, life, clock, calendar), appeals)
    status = _status_row(case_id, case, position, timeliness, policy, blind)
    spans = tuple(overdue_spans(case_id, life, clock, calendar))
    return Rows(status, timeliness, spans, appeals, persons_of(case_id, case, blind))


def _shown_name(case: Case) -> str:
    """The masked name, or why there is none (个人信息保护法6, 47)."""
    if APPLICANT in case.erased:
        return ERASED
    if APPLICANT in case.restricted:
        return RESTRICTED
    return masked_text(Mask.NAME, case.applicant.name)


def _status_row(
    case_id: UUID,
    case: Case,
    position: int,
    clock: TimelinessRow,
    policy: Policy,
    blind: Blind,
) -> StatusRow:
    received, submitted = case.received_on, case.submitted_on
    closing, retention = first_closing(case), retention_of(case, policy)
    kept = {person for person, _ in concerned(case)}.difference(case.erased)
    concealed = APPLICANT in case.concealed
    next_duty, next_due, provisional = _next(case, clock)
    return StatusRow(
        case_id=case_id,
        number=case.number,
        query_index="" if concealed else blind.code(case.query_code),
        agency=case.agency,
        status=case.status.value,
        phase=PHASES[case.status].value,
        channel=case.channel.value,
        applicant_kind=case.kind.value,
        applicant_name=_shown_name(case),
        concealed=concealed,
        unit=case.unit,
        handler=case.handler,
        document_number=case.document_number,
        submitted_on=submitted,
        received_on=received,
        opened_at=case.opened_at,
        outcome=_outcome(case, closing),
        closed_on=closing.closed_on if closing else None,
        closed_outcome=closing.outcome.value if closing else None,
        archived_on=_archived_on(case),
        kept_until=retention.may_be_shredded_from if retention else None,
        persons_kept=len(kept),
        persons_restricted=len(kept.intersection(case.restricted)),
        appeals=len(case.appeals),
        open_appeals=len(case.open_appeals),
        documents=len(case.documents),
        next_duty=next_duty,
        next_due=next_due,
        next_due_provisional=provisional,
        sort_due=next_due or NEVER,
        sort_received=received or submitted,
        split_from=case.split_from,
        imported_from=case.imported_from,
        version=case.version,
        position=position,
    )


def _archived_on(case: Case) -> date | None:
    """The day of 归档, after which nothing is handled any more."""
    last = case.facts[-1].event
    return last.archived_on if isinstance(last, Archived) else None


def _outcome(case: Case, first: Closing | None) -> str | None:
    """The outcome as it stands: of a reopened case, that of its newest round."""
    if case.status in OPEN:
        return None
    reopened = [i for i, fact in enumerate(case.facts) if isinstance(fact.event, Reopened)]
    if reopened:
        newest = msgspec.structs.replace(case, facts=case.facts[reopened[-1] + 1 :])
        first = first_closing(newest) or first
    return first.outcome.value if first else None


def _next(case: Case, row: TimelinessRow) -> tuple[str | None, date | None, bool]:
    """What the office owes first: the reply, or the duty beside it."""
    owed: list[tuple[date, str, bool]] = []
    waiting = row.waiting_for is not None and row.waiting_to is None
    if case.status in OPEN and row.due and row.replied_on is None and not waiting:
        owed.append((row.due, LimitId.REPLY.value, row.provisional))
    if row.duty and row.duty_due:
        owed.append((row.duty_due, row.duty, row.duty_provisional))
    if not owed:
        return None, None, False
    due, duty, provisional = min(owed)
    return duty, due, provisional


def _appeal_row(case_id: UUID, agency: str, appeal: Appeal, calendar: Calendar) -> AppealRow:
    copy = appeal.copy_received_on
    return AppealRow(
        case_id=case_id,
        number=appeal.number,
        agency=agency,
        kind=appeal.kind.value,
        status=appeal.status.value,
        party=appeal.party.value,
        target=appeal.target.value,
        filed_on=appeal.filed_on,
        accepted_on=appeal.accepted_on,
        answer_due=reckon(answer_limit(appeal, copy), copy, calendar)[1] if copy else None,
        answered_on=appeal.answered_on,
        closed_on=appeal.closed_on,
        result=appeal.result.value if appeal.result else None,
        table4_column=table4_column(appeal).value,
        after_appeal=appeal.after_appeal,
    )
