"""The operations, one module for each subject: parse, call, answer; what the law decides, the core decides."""

from __future__ import annotations

from gk_workflow.api.entry.operation import Operation
from gk_workflow.api.routes import (
    access,
    applicant,
    calendar,
    cases,
    commands,
    documents,
    feed,
    keys,
    lists,
    oidc,
    people,
    personal,
    probes,
    reports,
    retention,
    session,
    what_if,
)


def operations() -> tuple[Operation, ...]:
    """Every operation of the service, the order in which paths are tried."""
    return (
        *cases.operations(),
        *lists.operations(),
        *reports.operations(),
        *feed.operations(),
        *calendar.operations(),
        *what_if.operations(),
        *documents.operations(),
        *personal.operations(),
        *access.operations(),
        *retention.operations(),
        *session.operations(),
        *oidc.operations(),
        *applicant.operations(),
        *people.operations(),
        *keys.operations(),
        *probes.operations(),
        *commands.operations(),
    )
