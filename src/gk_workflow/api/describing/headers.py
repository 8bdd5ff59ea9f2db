"""The headers of requests and answers, described once for the OpenAPI document; it reads none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gk_workflow.api.entry.identity import AGENCY, CSRF, ROLE, UNIT
from gk_workflow.api.wire.preconditions import IF_MATCH, KEY, KEY_PATTERN, REPLAYED
from gk_workflow.api.wire.stated import NAME, REASON
from gk_workflow.core.terms import Role

_WORD = {"type": "string", "maxLength": 200}

# Any: JSON.
REQUEST_HEADERS: Mapping[str, dict[str, Any]] = {
    ROLE: {
        "description": "以哪一角色办理; 只有一项职务时不必填写.",
        "schema": {"type": "string", "enum": [role.value for role in Role]},
        "example": "CLERK",
    },
    UNIT: {
        "description": "以哪一科室办理 (UTF-8, percent-encoded).",
        "schema": {**_WORD, "pattern": "^[A-Za-z0-9._~%-]*$"},
        "example": "%E5%85%9A%E6%94%BF%E5%8A%9E%E5%85%AC%E5%AE%A4",
    },
    AGENCY: {
        "description": "以哪一机关办理.",
        "schema": {**_WORD, "pattern": "^([A-Za-z0-9._~%-]*|[*])$"},
        "example": "zhichu",
    },
    CSRF: {
        "description": "登录会话的防伪令牌: 以 Cookie 登录的, 凡更改均须填写; 出示接口密钥的不必.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    },
    IF_MATCH: {
        "description": "所依据的版本 (读取办件时的 ETag), 或 * 表示任一版本.",
        "schema": {"type": "string", "pattern": r'^("[1-9][0-9]{0,8}"|\*)$'},
        "example": '"1"',
    },
    KEY: {
        "description": "幂等键: 同一键的重复提交得到第一次的答复.",
        "schema": {"type": "string", "pattern": KEY_PATTERN},
        "example": "5d8b2f0e-2b61-4d0a-9a53-0f9f2c8f3f11",
    },
    REASON: {
        "description": "查看的理由, 记入查阅记录 (UTF-8, percent-encoded).",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._~%-]+$", "maxLength": 1800},
        "example": "%E6%A0%B8%E5%AF%B9%E9%99%84%E4%BB%B6",
    },
    NAME: {
        "description": "文件名 (UTF-8, percent-encoded).",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9._~%-]+$", "maxLength": 2300},
        "example": "%E7%94%B3%E8%AF%B7%E8%A1%A8.pdf",
    },
    "Last-Event-ID": {
        "description": "断线后从这一位置之后继续.",
        "schema": {"type": "string", "pattern": "^[0-9]{1,15}$"},
        "example": "120",
    },
}

RESPONSE_HEADERS: Mapping[str, dict[str, Any]] = {
    "Set-Cookie": {"description": "登录会话 (__Host-gk).", "schema": {"type": "string"}},
    "ETag": {"description": "办件的版本.", "schema": {"type": "string"}},
    "Location": {"description": "所建资源的地址.", "schema": {"type": "string"}},
    "Link": {"description": '下一页 (rel="next").', "schema": {"type": "string"}},
    REPLAYED: {"description": "true: 同一幂等键第一次的答复.", "schema": {"type": "string"}},
}
