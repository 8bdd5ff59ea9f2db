"""Whose accounts an administrator manages, what he may grant, and how his changes are noted; no route of its own."""

from __future__ import annotations

from collections.abc import Iterable

from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.identity import Who
from gk_workflow.api.wire.problems import FieldError, problem
from gk_workflow.core.permissions import ANY_AGENCY, of_agency
from gk_workflow.core.terms import AccessKind, Grant
from gk_workflow.people import Account


def manages(admin: Who, account: Account) -> bool:
    """Whether an account is this administrator's to see and to change: all its posts are in his agency."""
    own = admin.grant.agency
    if own == ANY_AGENCY:
        return True
    return bool(account.grants) and all(one.agency == own for one in account.grants)


def may_grant(admin: Who, grant: Grant) -> None:
    """Raise ApiProblem 403 for a post outside the administrator's own agency."""
    if not of_agency(admin.grant, grant.agency):
        what = "只能授予或者撤销本机关的职务。"
        raise problem(403, what, FieldError(what, pointer="/agency"))


async def note(context: Context, admin: Who, subject: str, grants: Iterable[Grant]) -> None:
    """Note a change in the records of the agencies whose posts it concerns, else in one's own."""
    agencies = {grant.agency for grant in grants} or {admin.grant.agency}
    for agency in sorted(agencies):
        await context.record_access(admin, AccessKind.PEOPLE_CHANGED, subject, agency=agency)
