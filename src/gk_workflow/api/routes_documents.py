"""Documents: bytes in, their digest out; a case refers to them afterwards by `attach-document`."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from gk_workflow.api.bodies import media_type, query, read_bytes
from gk_workflow.api.context import Context
from gk_workflow.api.operation import JSON, PREFIX, Answer, Operation, json_response
from gk_workflow.api.problems import FieldError, problem
from gk_workflow.core.events import Document
from gk_workflow.documents import MEDIA_TYPES

BYTES = "application/octet-stream"


class DocumentQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the document is called, and what it is in the case: a form, a notice, an opinion."""

    name: Annotated[str, Meta(min_length=1, max_length=255)]
    kind: Annotated[str, Meta(min_length=1, max_length=40)] = "attachment"


async def upload(context: Context, request: Request) -> Response:
    """Keep the bytes of the body; the same bytes are kept once."""
    context.stamp(request)
    asked = query(request, DocumentQuery)
    kind = media_type(request)
    if kind not in MEDIA_TYPES:
        told = "不接受的文件类型。"
        raise problem(415, told, FieldError(told, header="Content-Type"))
    documents = context.services.documents
    content = await read_bytes(request, documents.max_bytes)
    kept = await context.read(
        lambda: documents.put(content, name=asked.name, kind=asked.kind, media_type=kind)
    )
    where = {"Location": f"{PREFIX}/documents/{kept.digest}"}
    return json_response(kept, 201, where)


async def download(context: Context, request: Request) -> Response:
    """The bytes under a digest, never to be shown or run by a browser."""
    context.stamp(request)
    digest = request.path_params["digest"]
    content = await context.read(lambda: context.services.documents.read(digest))
    headers = {
        "ETag": f'"{digest}"',
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{digest[:16]}"',
    }
    return Response(content, media_type=BYTES, headers=headers)


def operations() -> tuple[Operation, ...]:
    """Upload and download."""
    return (
        Operation(
            id="uploadDocument",
            method="POST",
            path=f"{PREFIX}/documents",
            tag="documents",
            summary="上传文件 (条例45)",
            endpoint=upload,
            answers={201: Answer("已保存。", {JSON: Document}, ("Location",))},
            problems=(400, 401, 403, 413, 415, 422, 503),
            query=DocumentQuery,
            body=dict.fromkeys(MEDIA_TYPES, bytes),
        ),
        Operation(
            id="getDocument",
            method="GET",
            path=f"{PREFIX}/documents/{{digest}}",
            tag="documents",
            summary="下载文件",
            endpoint=download,
            answers={200: Answer("文件。", {BYTES: bytes}, ("ETag",))},
            problems=(400, 401, 403, 404),
        ),
    )
