"""One route per command, made from the command union; what is lawful is decided in the core.

Answers are masked. The one text in clear is the query code, told to whoever opened the case: it
is the applicant's receipt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from uuid import UUID, uuid4

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.describing.examples import EXAMPLES
from gk_workflow.api.describing.next_steps import COMMANDS, following, operation_id
from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.identity import Who
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.wire.bodies import decode, read_json
from gk_workflow.api.wire.paths import case_id_of
from gk_workflow.api.wire.preconditions import (
    IF_MATCH,
    KEY,
    REPLAYED,
    etag,
    expected_version,
    idempotency_key,
)
from gk_workflow.api.wire.problems import (
    ApiProblem,
    FieldError,
    answer_to,
    no_such_case,
    unprocessable,
)
from gk_workflow.core.case import Case
from gk_workflow.core.commands import AttachDocument, Command, DecideErasure, OpenCase
from gk_workflow.core.events import CaseEvent, Document
from gk_workflow.core.permissions import View, of_agency
from gk_workflow.core.personal import APPLICANT
from gk_workflow.core.showing import Concealed, concealed_of, shown_event
from gk_workflow.core.terms import Stamp
from gk_workflow.core.workflow import (
    LABELS,
    AppealStep,
    Status,
    Step,
    appeal_steps_for,
    steps_for,
)
from gk_workflow.documents import DocumentMissing
from gk_workflow.people import Scope
from gk_workflow.registry import Handled, landed

_WORD = re.compile(r"(?<!^)(?=[A-Z])")


class CommandDone(msgspec.Struct, frozen=True):
    """The answer to a command once it is safe on disk; ``position`` is its place in the log.

    ``events`` are masked; ``query_code`` is told where the case was opened, else it is "".
    """

    case_id: UUID
    number: str
    query_code: str
    version: int
    position: int
    status: Status
    status_label: str
    events: tuple[CaseEvent, ...]


def kebab(command: type[msgspec.Struct]) -> str:
    """``RequestSupplement`` as it stands in a path: ``request-supplement``."""
    return _WORD.sub("-", command.__name__).lower()


def path_of(command: type[msgspec.Struct]) -> str:
    """Where a command is posted."""
    if command is OpenCase:
        return f"{PREFIX}/cases"
    return f"{PREFIX}/cases/{{case_id}}/{kebab(command)}"


async def open_case(context: Context, request: Request) -> Response:
    """Open a case under an id of our own."""
    who, key = context.who(request), idempotency_key(request)
    command = decode(await read_json(request), OpenCase)
    handled = await _handled(context, uuid4(), command, who.stamp, None, key)
    concealed = await _concealed(context, who, handled)
    mark = concealed.mark(APPLICANT)
    location = {"Location": f"{PREFIX}/cases/{handled.case_id}"}
    return _done(handled, concealed, mark or handled.case.query_code, 201, location)


async def command_case(kind: type[msgspec.Struct], context: Context, request: Request) -> Response:
    """Send a command to an existing case, at the version the person saw."""
    who, case_id = context.who(request), case_id_of(request)
    body = await read_json(request)
    expected, key = expected_version(request), idempotency_key(request)
    command: Command = decode(body, kind)  # type: ignore[assignment]  # a member of the union
    if isinstance(command, AttachDocument):
        await context.case_for(who, case_id, View.UPLOAD)
        await _bytes_are_kept(context, case_id, command.document)
    handled = await _handled(context, case_id, command, who.stamp, expected, key)
    if isinstance(command, DecideErasure):
        await _forgotten(context, handled)
    return _done(handled, await _concealed(context, who, handled))


async def _forgotten(context: Context, handled: Handled) -> None:
    """Nothing of the erased waits for the next reader: masks, indexes, and files no key opens."""
    services = context.services

    def work() -> None:
        services.projections.ensure(handled.position)
        if APPLICANT in handled.case.erased:
            services.documents.forget(handled.case_id)

    await context.read(work)


async def _of_own_agency(context: Context, who: Who, case_id: UUID) -> Case:
    """The case as it stands; raises ApiProblem 404 where it is another agency's."""
    case = (await context.case(case_id)).case
    if not of_agency(who.grant, case.agency):
        raise no_such_case()
    return case


async def _concealed(context: Context, who: Who, handled: Handled) -> Concealed:
    """Whose data may not be told in the answer; an old answer is told as the case stands today.

    Raises ApiProblem 404 where a repeated command is of an agency that is no longer the asker's.
    """
    if not handled.repeated:
        return concealed_of(handled.case)
    return concealed_of(await _of_own_agency(context, who, handled.case_id))


async def _handled(
    context: Context,
    case_id: UUID,
    command: Command,
    stamp: Stamp,
    expected: int | None,
    key: str | None,
) -> Handled:
    """The group commit's answer, counted; the loop goes on while it waits."""
    name = type(command).__name__
    metrics, registry = context.metrics, context.services.registry
    metrics.waiting.inc()
    try:
        future = registry.submit(case_id, command, stamp, expected=expected, idempotency_key=key)
        handled = await landed(future)
    except Exception as error:
        metrics.commanded(name, str(answer_to(error).problem.status))
        raise
    finally:
        metrics.waiting.dec()
    metrics.commanded(name, "repeated" if handled.repeated else "done")
    return handled


def _done(
    handled: Handled,
    concealed: Concealed,
    query_code: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    case = handled.case
    answer = CommandDone(
        case_id=handled.case_id,
        number=case.number,
        query_code=query_code,
        version=handled.version,
        position=handled.position,
        status=case.status,
        status_label=LABELS[case.status],
        events=tuple(shown_event(event, concealed) for event in handled.events),
    )
    told = {"ETag": etag(handled.version), **(headers or {})}
    if handled.repeated:
        told[REPLAYED] = "true"
    return json_response(answer, status, told)


async def _bytes_are_kept(context: Context, case_id: UUID, document: Document) -> None:
    """A case may only refer to bytes kept for it, of the length it says (条例45)."""
    documents = context.services.documents
    if not 0 < document.size <= documents.max_bytes:
        raise _other_size(f"文件大小须在1至{documents.max_bytes}字节之间。")
    try:
        size = await context.read(lambda: len(documents.read(case_id, document.digest)))
    except DocumentMissing:
        told = "没有这一文件，请先上传，再以返回的摘要登记。"
        raise unprocessable(told, FieldError(told, pointer="/document/digest")) from None
    if size != document.size:
        raise _other_size(f"文件实为{size}字节，与所填不符。")


def _other_size(told: str) -> ApiProblem:
    return unprocessable(told, FieldError(told, pointer="/document/size"))


# --- documentation -----------------------------------------------------------------------------

_PROBLEMS = (400, 401, 403, 409, 413, 415, 422, 503)


def operations() -> tuple[Operation, ...]:
    """All of them, opening first."""
    return (_opening(), *(_of(command) for command in COMMANDS if command is not OpenCase))


def _opening() -> Operation:
    return Operation(
        id=operation_id(OpenCase),
        method="POST",
        path=path_of(OpenCase),
        tag="cases",
        summary="提交登记 (条例29、45)",
        endpoint=open_case,
        answers={
            201: Answer(
                "已登记。",
                {JSON: CommandDone},
                ("Location", "ETag", REPLAYED),
                following(OpenCase),
            )
        },
        problems=_PROBLEMS,
        body={JSON: OpenCase},
        example=EXAMPLES[OpenCase],
        needs=OpenCase,
        scope=Scope.CASES_WRITE,
        headers=(KEY,),
    )


def _of(command: type[msgspec.Struct]) -> Operation:
    labels, articles = _wording(command)
    return Operation(
        id=operation_id(command),
        method="POST",
        path=path_of(command),
        tag="commands",
        summary=f"{labels} ({articles})",
        endpoint=partial(command_case, command),
        answers={
            200: Answer("已办理。", {JSON: CommandDone}, ("ETag", REPLAYED), following(command))
        },
        problems=(*_PROBLEMS, 404, 412, 428),
        body={JSON: command},
        example=EXAMPLES[command],
        needs=command,
        scope=Scope.CASES_WRITE,
        headers=(IF_MATCH, KEY),
    )


def _wording(command: type[msgspec.Struct]) -> tuple[str, str]:
    rows: tuple[Step | AppealStep, ...] = (*steps_for(command), *appeal_steps_for(command))
    return _joined(row.label for row in rows), _joined(row.article for row in rows)


def _joined(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(words))
