"""An applicant's own case by its query code and one thing only he knows; it never tells which of the two was wrong."""

from __future__ import annotations

import hmac
import unicodedata
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Known, Operation
from gk_workflow.api.entry.peers import Peer
from gk_workflow.api.routes.session import SessionView, let_in
from gk_workflow.api.wire.bodies import decode, read_json
from gk_workflow.api.wire.problems import CHALLENGE, problem
from gk_workflow.core.bookkeeping import AccessRecorded
from gk_workflow.core.case import Case
from gk_workflow.core.events import Applicant
from gk_workflow.core.personal import APPLICANT
from gk_workflow.core.terms import AccessKind, Role, Stamp
from gk_workflow.people import APPLICANT_ACCOUNT
from gk_workflow.registry import landed

DIGITS_OF_A_NUMBER = 4
"""A text with fewer digits and no @ is no number or address but words (身份证复印件), and may be guessed."""


class CaseLogIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code of the receipt, and the document number or contact of the application.

    Where the application has neither, the applicant's name.
    """

    query_code: Annotated[str, Meta(min_length=1, max_length=100)]
    proof: Annotated[str, Meta(min_length=1, max_length=200)]


class _Tried(msgspec.Struct, frozen=True):
    """The case that the code names, if any, and whether the proof was right."""

    case_id: UUID | None
    case: Case | None
    right: bool


async def log_in_applicant(context: Context, request: Request) -> Response:
    """A session for the one case."""
    asked = decode(await read_json(request), CaseLogIn)
    peer: Peer = request.state.peer
    tried = await context.read(lambda: _tried(context, asked, peer))
    if tried.case is not None:
        await _note(context, tried)
    if not tried.right or tried.case_id is None or tried.case is None:
        told = "查询码或者证明信息不正确。请核对后重试，或者联系受理机关。"
        raise problem(401, told, headers=CHALLENGE)
    case_id, agency = tried.case_id, tried.case.agency
    people = context.services.people
    new = await context.read(lambda: people.open_applicant_session(case_id, agency))
    return await let_in(context, request, new)


def _tried(context: Context, asked: CaseLogIn, peer: Peer) -> _Tried:
    """Look the case up and compare; a failure is counted, whatever failed. Raises TooManyAttempts."""
    people, code = context.services.people, _plain(asked.query_code)
    # However a code is spelt, it is the same code: another hyphen gives no new tries.
    subject = context.services.registry.code_index(code) or code
    people.attempt_applicant(peer.address, subject)
    try:
        tried = _compared(context, code, asked.proof)
    except BaseException:
        people.proved_applicant(peer.address, subject)
        raise
    if tried.right:
        people.proved_applicant(peer.address, subject)
    return tried


def _compared(context: Context, code: str, proof: str) -> _Tried:
    services = context.services
    case_id = services.queries.case_id_of_code(code)
    case = services.registry.load(case_id) if case_id else None
    right = case is not None and APPLICANT not in case.concealed
    right = proves(case.applicant, proof) and right if case else False
    return _Tried(case_id, case, right)


def proves(applicant: Applicant, given: str) -> bool:
    """Whether what was given is what only the applicant knows, width, case and spaces apart.

    All is compared in constant time, so that nothing is told by how long it takes.
    """
    own = [one for one in (applicant.identity_document, applicant.contact) if _is_number(one)]
    proof = _plain(given).encode()
    same = [hmac.compare_digest(_plain(one).encode(), proof) for one in own or [applicant.name]]
    return any(same)


def _is_number(text: str) -> bool:
    plain = _plain(text)
    return "@" in plain or sum(letter.isdigit() for letter in plain) >= DIGITS_OF_A_NUMBER


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


async def _note(context: Context, tried: _Tried) -> None:
    """Note in the agency's record that somebody came, or tried to come, with a code of its case."""
    services, case = context.services, tried.case
    assert case is not None, "only an existing case has an agency to note it"
    kind = AccessKind.LOGGED_IN if tried.right else AccessKind.LOG_IN_FAILED
    access = AccessRecorded(kind, "申请人凭查询码登录", "", str(tried.case_id), case.number)
    stamp = Stamp(services.now(), APPLICANT_ACCOUNT, Role.APPLICANT, "", case.agency)
    await landed(services.registry.record_access(case.agency, access, stamp))


def operations() -> tuple[Operation, ...]:
    """The one operation."""
    return (
        Operation(
            id="logInApplicant",
            method="POST",
            path=f"{PREFIX}/applicant/session",
            tag="session",
            summary="申请人凭查询码登录",
            description=(
                "The code and what the application gives: the number of the identity document or "
                "the contact; where it gives neither, the name. One case, one session."
            ),
            endpoint=log_in_applicant,
            answers={201: Answer("已登录。", {JSON: SessionView}, ("Set-Cookie",))},
            needs=Known.NEWCOMER,
            problems=(401, 415, 422),
            body={JSON: CaseLogIn},
            example=CaseLogIn("7KQ2M9XD4T", "370602190001010000"),
        ),
    )
