"""Personal text that a request states in a header, so that no address ever holds it; it judges no content."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from starlette.requests import Request

from gk_workflow.api.wire.problems import ApiProblem, FieldError, unprocessable
from gk_workflow.api.wire.text import BadText, line

REASON, NAME = "X-Reason", "X-Document-Name"


def stated(request: Request, name: str, limit: int) -> str:
    """The header's text, UTF-8, percent-encoded or not, of at most ``limit`` characters.

    Raises ApiProblem 422 where it is missing, blank, said twice or no text.
    """
    values = [value for key, value in request.scope["headers"] if key == name.lower().encode()]
    if len(values) > 1:
        raise _bad(name, "只能填写一次。")
    try:
        raw = unquote_to_bytes(values[0]) if values else b""
        text = line(raw.decode("utf-8", "surrogateescape").strip(), limit)
    except BadText as fault:
        raise _bad(name, fault.message) from None
    if not text:
        raise _bad(name, "必填，未填写。")
    return text


def _bad(name: str, what: str) -> ApiProblem:
    return unprocessable(f"请求头 {name}：{what}", FieldError(what, header=name))
