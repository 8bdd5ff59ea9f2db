"""How a change of accounts, grants and keys is written into the access record: in words, with no secret."""

from __future__ import annotations

from enum import StrEnum

from gk_workflow.core.terms import ROLE_NAMES, Grant


class Change(StrEnum):
    """What was done; an auditor searches for these words."""

    FIRST_ADMINISTRATOR = "建立首个管理员"
    ACCOUNT_MADE = "建立账户"
    DISABLED = "停用账户"
    ENABLED = "启用账户"
    PASSWORD_RESET = "重置密码"
    PASSWORD_REMOVED = "取消密码"
    GRANTED = "授权"
    WITHDRAWN = "收回授权"
    SESSIONS_ENDED = "结束登录会话"
    KEY_MADE = "签发接口密钥"
    KEY_REVOKED = "撤销接口密钥"


def told(*grants: Grant) -> str:
    """Grants in words: ``经办 zhichu 党政办公室``."""
    return "、".join(
        " ".join(word for word in (ROLE_NAMES[one.role], one.agency, one.unit) if word)
        for one in grants
    )


def subject(change: Change, name: str, *details: str) -> str:
    """``授权：zhangsan（经办 zhichu 党政办公室）``."""
    return f"{change}：{name}（{'，'.join(details)}）" if details else f"{change}：{name}"
