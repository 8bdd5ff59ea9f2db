"""Of which agency a list, a count or a feed tells; of no other than the post's own, unless it reaches all."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from gk_workflow.api.entry.identity import Who
from gk_workflow.api.wire.problems import FieldError, problem
from gk_workflow.core.permissions import ANY_AGENCY, Relation, View, view_relation

Agency = Annotated[str, Meta(max_length=40)]
"""An agency's code as it is asked for; one that no case has finds none."""


def agency_of(who: Who, view: View, asked: str | None) -> str | None:
    """The agency whose cases are told of; None: of all, which only posts for every agency may ask.

    Raises ApiProblem 403 where another agency's are asked for.
    """
    own = who.grant.agency
    if own == ANY_AGENCY or view_relation(who.grant.role, view) is Relation.ANY:
        return asked
    if asked not in (None, own):
        told = "只能查看本机关的办件。"
        raise problem(403, told, FieldError(told, parameter="agency"))
    return own
