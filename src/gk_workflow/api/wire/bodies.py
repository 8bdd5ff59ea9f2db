"""Request bodies and queries as typed values; what does not fit is told with its place."""

from __future__ import annotations

import time
from collections.abc import Hashable
from functools import cache
from typing import TypeVar, cast, get_args, get_origin

import msgspec
from anyio import fail_after
from starlette.requests import Request
from starlette.types import Message, Receive

from gk_workflow.api.wire.problems import ApiProblem, FieldError, problem, unprocessable
from gk_workflow.api.wire.text import BadText, line, parse
from gk_workflow.api.wire.wording import pointer, told

MAX_BODY = 1024 * 1024
MAX_PARAMETER = 500

T = TypeVar("T")


def media_type(request: Request) -> str:
    """The media type of the body in lower case, parameters cut off."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_json(request: Request) -> bytes:
    """The bytes of a JSON body; raises ApiProblem 415, 413."""
    if media_type(request) != "application/json":
        told_type = "请以 Content-Type: application/json 提交。"
        raise problem(415, told_type, FieldError(told_type, header="Content-Type"))
    return await read_bytes(request, MAX_BODY)


async def read_bytes(request: Request, limit: int) -> bytes:
    """The body, given up as soon as it is longer than ``limit`` bytes (413)."""
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise _too_large(limit)
    chunks: list[bytes] = []
    length = 0
    async for chunk in request.stream():
        length += len(chunk)
        if length > limit:
            raise _too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)


def in_time(receive: Receive, seconds: float) -> Receive:
    """The same body, given up when it is not there after ``seconds`` (408): slow clients hold no place."""
    deadline = time.monotonic() + seconds
    whole = False

    async def received() -> Message:
        nonlocal whole
        if whole:  # what comes after the body is news of the client, which may take its time
            return await receive()
        try:
            with fail_after(max(deadline - time.monotonic(), 0)):
                message = await receive()
        except TimeoutError:
            raise problem(408, "请求内容未能按时收完，请检查网络后重新提交。") from None
        whole = not message.get("more_body", False)
        return message

    return received


def _too_large(limit: int) -> ApiProblem:
    return problem(413, f"请求内容不得超过{limit // (1024 * 1024)} MiB，请缩减后重新提交。")


def decode(body: bytes, kind: type[T]) -> T:
    """A JSON body as a value of ``kind``, texts in NFC; raises ApiProblem 422 naming the field."""
    try:
        return msgspec.convert(parse(body), kind)
    except BadText as fault:
        raise unprocessable(
            _whole(fault.pointer, fault.message), FieldError(fault.message, pointer=fault.pointer)
        ) from None
    except msgspec.ValidationError as error:
        steps, what = told(str(error))
        place = pointer(steps)
        raise unprocessable(_whole(place, what), FieldError(what, pointer=place)) from None


def _whole(place: str, what: str) -> str:
    return f"{place.removeprefix('/').replace('/', '.') or '请求内容'}：{what}"


def query(request: Request, kind: type[T]) -> T:
    """The query string as a struct, lists given by repeating; raises ApiProblem 422."""
    several = _lists(cast("Hashable", kind))
    found: dict[str, object] = {}
    for name, raw in request.query_params.multi_items():
        value = _parameter(name, raw)
        if name in several:
            entries = found.setdefault(name, [])
            assert isinstance(entries, list)
            entries.append(value)
        elif name in found:
            raise _bad_parameter(name, "只能填写一次。")
        else:
            found[name] = value
    try:
        return msgspec.convert(found, kind, strict=False)
    except msgspec.ValidationError as error:
        steps, what = told(str(error))
        raise _bad_parameter(steps[0] if steps else "", what) from None


def _parameter(name: str, value: str) -> str:
    try:
        line(name, 100)
        return line(value, MAX_PARAMETER)
    except BadText as fault:
        raise _bad_parameter(name[:100], fault.message) from None


def _bad_parameter(name: str, what: str) -> ApiProblem:
    shown = name.encode("utf-8", "replace").decode()
    return unprocessable(f"查询参数 {shown}：{what}", FieldError(what, parameter=shown))


@cache
def _lists(kind: Hashable) -> frozenset[str]:
    """The fields that may be given several times."""
    assert isinstance(kind, type)
    fields = msgspec.structs.fields(kind)
    return frozenset(field.name for field in fields if _is_list(field.type))


def _is_list(annotation: object) -> bool:
    inner = get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation
    return get_origin(inner) is tuple
