"""The documents of a case: bytes in, their digest out; read only by who may, for a reason that is recorded.

A case refers to its documents by `attach-document`. Names stand in a header, never in an address.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.entry.context import Context
from gk_workflow.api.entry.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.wire.bodies import media_type, query, read_bytes
from gk_workflow.api.wire.paths import case_id_of
from gk_workflow.api.wire.problems import ApiProblem, FieldError, problem
from gk_workflow.api.wire.stated import NAME, REASON, stated
from gk_workflow.core.case import Case
from gk_workflow.core.events import Document
from gk_workflow.core.permissions import View
from gk_workflow.core.personal import APPLICANT, ERASED, RESTRICTED
from gk_workflow.core.policy import Policy
from gk_workflow.core.showing import concealed_of
from gk_workflow.core.terms import AccessKind
from gk_workflow.documents import (
    MAX_NAME,
    MEDIA_TYPES,
    DocumentErased,
    DocumentMissing,
)
from gk_workflow.people import Scope

BYTES = "application/octet-stream"
MAX_REASON = 200
ERASURE = "个人信息保护法47"
_STATE = {ERASED: "已依法删除", RESTRICTED: "已限制处理"}


class DocumentQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the document is in the case: a form, a notice, an opinion."""

    kind: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.-]{0,39}$")] = "attachment"


class KeptDocument(msgspec.Struct, frozen=True):
    """What `attach-document` refers to, together with the name that only the sender knows."""

    digest: str
    kind: str
    media_type: str
    size: int


async def upload(context: Context, request: Request) -> Response:
    """Keep the bytes of the body for the case, sealed with its applicant's key."""
    who, case_id = context.who(request), case_id_of(request)
    read = await context.case_for(who, case_id, View.UPLOAD)
    key = _key_for_more(read.case, context.services.policy)
    asked, name = query(request, DocumentQuery), stated(request, NAME, MAX_NAME)
    kind = media_type(request)
    if kind not in MEDIA_TYPES:
        told = "不接受的文件类型。"
        raise problem(415, told, FieldError(told, header="Content-Type"))
    documents, most = context.services.documents, context.services.policy.documents_per_case
    content = await read_bytes(request, documents.max_bytes)

    def work() -> Document:
        # What nobody refers to takes up room as well.
        if documents.kept(case_id) >= most:
            raise _too_many(most)
        return documents.put(case_id, key, content, name=name, kind=asked.kind, media_type=kind)

    kept = await context.read(work)
    answer = KeptDocument(kept.digest, kept.kind, kept.media_type, kept.size)
    where = {"Location": f"{PREFIX}/cases/{case_id}/documents/{kept.digest}"}
    return json_response(answer, 201, where)


def _key_for_more(case: Case, policy: Policy) -> str:
    """The key that seals another document of a case; raises ApiProblem 409 where there may be none."""
    mark = concealed_of(case).mark(APPLICANT)
    if mark:
        raise problem(409, f"申请人的个人信息{_STATE[mark]}，不能再上传附件。", article=ERASURE)
    if len(case.documents) >= policy.documents_per_case:
        raise _too_many(policy.documents_per_case)
    key = dict(case.keys).get(APPLICANT)
    if key is None:
        raise problem(409, "本件登记时未加密保存，不能再上传附件。", article="个人信息保护法51")
    return key


def _too_many(most: int) -> ApiProblem:
    return problem(409, f"附件不得超过{most}件。", article="条例45")


async def download(context: Context, request: Request) -> Response:
    """The bytes under a digest the case refers to, never to be shown or run by a browser."""
    who, case_id = context.who(request), case_id_of(request)
    digest = request.path_params["digest"]
    read = await context.case_for(who, case_id, View.DOCUMENT)
    _may_be_read(read.case, digest)
    reason = stated(request, REASON, MAX_REASON)
    # Nothing is even read before it is safe on record who asked for it, and why.
    subject = f"附件{digest[:16]}"
    await context.record_access(who, AccessKind.DOCUMENT_READ, subject, reason=reason, read=read)
    content = await context.read(lambda: _opened(context, case_id, digest))
    headers = {
        "ETag": f'"{digest}"',
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{digest[:16]}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=BYTES, headers=headers)


def _opened(context: Context, case_id: UUID, digest: str) -> bytes:
    services = context.services
    if services.registry.keys is not None:
        services.registry.keys.refresh()  # what another process has destroyed meanwhile
    return services.documents.read(case_id, digest)


def _may_be_read(case: Case, digest: str) -> None:
    """Raise DocumentMissing, DocumentErased, or ApiProblem 409 where it is restricted."""
    if all(one.digest != digest for one in case.documents):
        raise DocumentMissing(digest)
    mark = concealed_of(case).mark(APPLICANT)
    if mark == ERASED:
        raise DocumentErased(digest)
    if mark:
        told = "申请人的个人信息已限制处理，附件不能查看；确需使用的，须先依法恢复处理。"
        raise problem(409, told, article=ERASURE)


# --- documentation -----------------------------------------------------------------------------

_PROBLEMS = (400, 401, 403, 404, 409, 422, 503)


def operations() -> tuple[Operation, ...]:
    """Upload and download."""
    documents = f"{PREFIX}/cases/{{case_id}}/documents"
    return (
        Operation(
            id="uploadDocument",
            method="POST",
            path=documents,
            tag="documents",
            summary="上传附件 (条例45)",
            description=(
                "Keeps the bytes sealed; the case refers to them after `attach-document`, which "
                "is sent the name again: names of documents are personal, and no answer has them."
            ),
            endpoint=upload,
            answers={201: Answer("已保存。", {JSON: KeptDocument}, ("Location",))},
            problems=(*_PROBLEMS, 413, 415),
            query=DocumentQuery,
            body=dict.fromkeys(MEDIA_TYPES, bytes),
            headers=(NAME,),
            needs=View.UPLOAD,
            scope=Scope.CASES_WRITE,
        ),
        Operation(
            id="getDocument",
            method="GET",
            path=f"{documents}/{{digest}}",
            tag="documents",
            summary="查看附件 (须写明理由, 留痕)",
            endpoint=download,
            answers={200: Answer("附件。", {BYTES: bytes}, ("ETag",))},
            problems=(*_PROBLEMS, 410),
            headers=(REASON,),
            needs=View.DOCUMENT,
            scope=Scope.PERSONAL,
        ),
    )
