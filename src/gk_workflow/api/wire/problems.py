"""Everything that goes wrong as RFC 9457 problem+json in Chinese; it never shows an exception's text."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from gk_workflow.core.calendar import DayOutsideCalendar
from gk_workflow.core.decide import Forbidden, NoSuchCase, Refused
from gk_workflow.documents import (
    DocumentDamaged,
    DocumentErased,
    DocumentMissing,
    DocumentRefused,
    DocumentTooLarge,
)
from gk_workflow.keys import KeyDestroyed, KeyStoreUnavailable, MasterChanged, UnsealableText
from gk_workflow.people import (
    AccountExists,
    BadAccountName,
    BadCredentials,
    BadDisplayName,
    BadGrant,
    BadKey,
    NoSuchAccount,
    NoSuchKey,
    NoSuchSession,
    PeopleError,
    PeopleUnavailable,
    TooManyAttempts,
    WeakPassword,
)
from gk_workflow.registry import (
    IdempotencyKeyReused,
    LogUnavailable,
    NoticeConflict,
    OpenedUnsealed,
    RegistryClosed,
    ShreddingUnfinished,
    UnstorableText,
    VersionConflict,
)

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2

TITLES: Mapping[int, str] = {
    400: "请求格式有误",
    401: "尚未登录",
    403: "无权办理",
    404: "未找到",
    405: "不支持的请求方法",
    406: "无法按所要求的格式提供",
    408: "请求超时",
    409: "依法现在不能办理",
    410: "已依法删除",
    412: "办件已被更新",
    413: "内容过大",
    415: "不支持的内容类型",
    422: "填写内容有误",
    428: "须说明所依据的版本",
    429: "请求过于频繁",
    431: "请求头过大",
    500: "系统内部错误",
    503: "服务暂不可用",
}
"""Chinese titles; the statuses are all that this API answers with beside success."""


class FieldError(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fault, where it is: a JSON pointer into the body, a query parameter or a header."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """RFC 9457 problem details, with the article of law where one decides."""

    type: str
    title: str
    status: int
    detail: str
    instance: str = ""
    article: str = ""
    errors: tuple[FieldError, ...] = ()
    current_version: int | None = None


class ApiProblem(Exception):
    """Raised by the edge itself; carries the whole answer."""

    def __init__(self, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem.title)
        self.problem = problem
        self.headers = dict(headers or {})


def problem(
    status: int,
    detail: str,
    *errors: FieldError,
    article: str = "",
    current_version: int | None = None,
    headers: Mapping[str, str] | None = None,
) -> ApiProblem:
    """An answer of this status; its type is a URN by status, so that it never rots."""
    return ApiProblem(
        Problem(
            type=f"urn:gk-workflow:problem:{status}",
            title=TITLES[status],
            status=status,
            detail=detail,
            article=article,
            errors=errors,
            current_version=current_version,
        ),
        headers,
    )


def unprocessable(detail: str, *errors: FieldError) -> ApiProblem:
    """422: what was filled in is malformed."""
    return problem(422, detail, *errors)


def answer_to(error: Exception) -> ApiProblem:
    """The answer to any exception: what is not foreseen is a 500 that tells nothing."""
    if isinstance(error, ApiProblem):
        return error
    return (
        _law(error)
        or _storage(error)
        or _sealing(error)
        or _people(error)
        or _documents(error)
        or _http(error)
        or internal_error()
    )


def internal_error() -> ApiProblem:
    """500 for whatever was not foreseen; the log has the place, the answer has nothing."""
    return problem(500, "系统出现故障，已记录。请稍后重试；持续出现请凭请求编号联系管理员。")


def no_such_case() -> ApiProblem:
    """404 for a case id that names nothing."""
    return problem(404, "没有这一办件，请核对办件编号。")


def _law(error: Exception) -> ApiProblem | None:
    match error:
        case Forbidden():
            return problem(403, error.message, article=error.article)
        case Refused():
            fault = FieldError(error.message, pointer=f"/{error.field}")
            errors = (fault,) if error.field else ()
            return problem(409, error.message, *errors, article=error.article)
        case NoSuchCase():
            return no_such_case()
        case DayOutsideCalendar():
            told = f"日期超出工作日历范围（{error.first}至{error.last}），请核对日期。"
            return unprocessable(told)
        case _:
            return None


def _storage(error: Exception) -> ApiProblem | None:
    match error:
        case VersionConflict(current=0):
            return no_such_case()
        case VersionConflict(current=current):
            return problem(
                412,
                f"办件现为第{current}版，与提交所依据的版本不同。请重新读取后再办理。",
                FieldError("版本已过时", header="If-Match"),
                current_version=current,
                headers={"ETag": f'"{current}"'},
            )
        case IdempotencyKeyReused():
            told = "同一幂等键已用于另一操作，请换用新的键重新提交。"
            return unprocessable(told, FieldError(told, header="Idempotency-Key"))
        case NoticeConflict(reference=reference):
            told = f"文号“{reference}”的放假通知已经发布且内容不同；如有调整，请以新文号发布。"
            return problem(409, told, FieldError(told, pointer="/reference"))
        case LogUnavailable() | RegistryClosed():
            told = "办件日志暂时无法读写，请稍后以同一幂等键重试。"
            return problem(503, told, headers={"Retry-After": str(RETRY_SECONDS)})
        case UnstorableText():
            return unprocessable("内容含有无法保存的字符，请删除后重新提交。")
        case _:
            return None


def _sealing(error: Exception) -> ApiProblem | None:
    """What the keys of personal data refuse; no text of theirs tells whom it is about."""
    match error:
        case OpenedUnsealed():
            return problem(409, str(error), article="个人信息保护法51")
        case KeyDestroyed():
            return problem(409, str(error), article="个人信息保护法47")
        case ShreddingUnfinished():
            return problem(503, str(error), headers={"Retry-After": str(RETRY_SECONDS)})
        case KeyStoreUnavailable() | MasterChanged():
            told = "密钥库暂时无法读写，请稍后重试；持续出现请联系管理员。"
            return problem(503, told, headers={"Retry-After": str(RETRY_SECONDS)})
        case UnsealableText():
            return unprocessable("内容含有无法保存的字符，请删除后重新提交。")
        case _:
            return None


CHALLENGE = {"WWW-Authenticate": 'Bearer realm="gk-workflow"'}

_FIELDS: Mapping[type[PeopleError], str] = {
    WeakPassword: "/new",
    BadAccountName: "/account",
    BadDisplayName: "/display_name",
    BadGrant: "/grant",
    BadKey: "",
}


def _people(error: Exception) -> ApiProblem | None:
    """What the accounts refuse; their texts are written for persons and tell no secret."""
    match error:
        case TooManyAttempts(retry_after=seconds):
            return problem(429, str(error), headers={"Retry-After": str(seconds)})
        case BadCredentials():
            return problem(401, str(error), headers=CHALLENGE)
        case WeakPassword() | BadAccountName() | BadDisplayName() | BadGrant() | BadKey():
            return unprocessable(str(error), FieldError(str(error), pointer=_FIELDS[type(error)]))
        case AccountExists():
            return problem(409, str(error), FieldError(str(error), pointer="/account"))
        case NoSuchAccount() | NoSuchKey() | NoSuchSession():
            return problem(404, str(error))
        case PeopleUnavailable():
            return problem(503, str(error), headers={"Retry-After": str(RETRY_SECONDS)})
        case _:
            return None


def _documents(error: Exception) -> ApiProblem | None:
    match error:
        case DocumentTooLarge():
            return problem(413, str(error))
        case DocumentRefused(field=field):
            fault = {
                "name": FieldError(str(error), header="X-Document-Name"),
                "media_type": FieldError(str(error), header="Content-Type"),
            }.get(field, FieldError(str(error), pointer=""))
            return unprocessable(str(error), fault)
        case DocumentMissing():
            return problem(404, "未找到该文件，请核对摘要后重试。")
        case DocumentErased():
            told = "该附件所含个人信息已依法删除，无法再查看。"
            return problem(410, told, article="个人信息保护法47")
        case DocumentDamaged():
            return problem(500, "文件内容与登记的摘要不符，请联系管理员从备份恢复。")
        case _:
            return None


def _http(error: Exception) -> ApiProblem | None:
    if not isinstance(error, HTTPException) or error.status_code not in _ROUTING:
        return None
    return problem(error.status_code, _ROUTING[error.status_code], headers=error.headers)


_ROUTING = {
    400: "请求无法解析，请检查后重新提交。",
    404: "没有这一地址，请核对路径。",
    405: "该地址不支持这一请求方法，可用的方法见 Allow。",
    413: "请求内容超过上限，请缩减后重新提交。",
}

_ENCODE = msgspec.json.Encoder().encode


def respond(found: ApiProblem, instance: str) -> Response:
    """The HTTP answer; ``instance`` is the request's id as a URN, for the operator's log."""
    body = msgspec.structs.replace(found.problem, instance=instance)
    headers = {"Cache-Control": "no-store", **found.headers}
    return Response(_ENCODE(body), status_code=body.status, media_type=MEDIA_TYPE, headers=headers)
