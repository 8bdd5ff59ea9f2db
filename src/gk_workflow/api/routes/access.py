"""The access record (查阅记录) over HTTP: who looked at what, when and why; reading it changes nothing."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.agencies import Agency, agency_of
from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.views.access import AccessPage, accesses, entry, place_in, written_place
from gk_workflow.api.wire.bodies import query
from gk_workflow.core.permissions import ANY_AGENCY, View
from gk_workflow.core.personal import APPLICANT, RESTRICTED
from gk_workflow.core.showing import concealed_of
from gk_workflow.people import Scope

MAX_PAGE = 100


class AccessQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose record (for posts in every agency), before which place, how many entries.

    Without an agency such a post reads what concerns no single one: "*".
    """

    agency: Agency | None = None
    before: Annotated[str, Meta(max_length=400)] = ""
    limit: Annotated[int, Meta(ge=1, le=MAX_PAGE)] = 50


async def get_access_record(context: Context, request: Request) -> Response:
    """A page of the record, newest first."""
    who, asked = context.who(request), query(request, AccessQuery)
    agency = agency_of(who, View.ACCESS_RECORD, asked.agency) or ANY_AGENCY
    before = place_in(asked.before, agency) if asked.before else None
    registry = context.services.registry
    rows = await context.read(lambda: registry.access_record(agency, before, asked.limit))
    found = accesses(rows)
    restricted = await _restricted(context, {access.case_id for _, access in found})
    following = written_place(agency, rows[-1].version) if len(rows) == asked.limit else None
    page = AccessPage(
        agency, tuple(entry(row, access, restricted) for row, access in found), following
    )
    return json_response(page, headers=_link(asked, following))


async def _restricted(context: Context, case_ids: set[str]) -> set[str]:
    """The cases of whose applicant nothing may be shown, not even why somebody looked at him."""
    reads = [(one, await context.case(UUID(one))) for one in case_ids if one]
    marks = {one: concealed_of(read.case).mark(APPLICANT) for one, read in reads}
    return {one for one, mark in marks.items() if mark == RESTRICTED}


def _link(asked: AccessQuery, following: str | None) -> dict[str, str]:
    if following is None:
        return {}
    said = {"before": following, "limit": asked.limit}
    said |= {"agency": asked.agency} if asked.agency is not None else {}
    return {"Link": f'<{PREFIX}/access-record?{urlencode(said)}>; rel="next"'}


def operations() -> tuple[Operation, ...]:
    """The one operation."""
    return (
        Operation(
            id="getAccessRecord",
            method="GET",
            path=f"{PREFIX}/access-record",
            tag="personal data",
            summary="查阅记录",
            endpoint=get_access_record,
            answers={200: Answer("一页查阅记录。", {JSON: AccessPage}, ("Link",))},
            problems=(400, 401, 403, 422, 503),
            query=AccessQuery,
            needs=View.ACCESS_RECORD,
            scope=Scope.AUDIT,
        ),
    )
