"""What stands in a path; an id nobody could have been given is simply not found."""

from __future__ import annotations

import re
from uuid import UUID

from starlette.requests import Request

from gk_workflow.api.wire.problems import no_such_case

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def case_id_of(request: Request) -> UUID:
    """The case's id; raises ApiProblem 404."""
    text = request.path_params["case_id"]
    if not _UUID.fullmatch(text):
        raise no_such_case()
    return UUID(text)
