"""What can go wrong with accounts, log-ins and keys; messages are Chinese and never tell a secret."""

from __future__ import annotations


class PeopleError(Exception):
    """Everything this package refuses or fails at; its text tells the person what to do."""


class BadCredentials(PeopleError):
    """Unknown, disabled, or the wrong password: which of them is never told."""

    def __init__(self) -> None:
        super().__init__("账户名或密码不正确，或账户已停用。请核对后重试，或联系管理员。")


class TooManyAttempts(PeopleError):
    """Too many failed proofs; ``retry_after`` is in whole seconds, at least 1."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"失败次数过多，请在{_duration(retry_after)}后重试。")
        self.retry_after = retry_after


class Busy(TooManyAttempts):
    """More log-ins at once than passwords can be checked; nothing was counted against anybody."""

    def __init__(self, retry_after: int) -> None:
        PeopleError.__init__(self, f"当前登录人数较多，请在{_duration(retry_after)}后重试。")
        self.retry_after = retry_after


class WeakPassword(PeopleError):
    """The new password breaks a rule; the text says which."""


class BadAccountName(PeopleError):
    """No account may have this name."""

    def __init__(self) -> None:
        super().__init__(
            "账户名须以小写字母开头，长2至40位，只含小写字母、数字、点、下划线和连字符，且不得为保留名。"
        )


class BadDisplayName(PeopleError):
    """A person's name is empty, too long or not printable."""

    def __init__(self) -> None:
        super().__init__("姓名须为1至100个可显示的字符。")


class BadGrant(PeopleError):
    """Nobody may be granted this; the text says why."""


class BadKey(PeopleError):
    """An API key may not be made like this; the text says why."""


class AccountExists(PeopleError):
    """The name is taken."""

    def __init__(self, name: str) -> None:
        super().__init__(f"账户“{name}”已存在，请换一个账户名。")
        self.name = name


class NoSuchAccount(PeopleError, LookupError):
    """Asked by an administrator, who may know which accounts there are."""

    def __init__(self, name: str) -> None:
        super().__init__(f"没有账户“{name[:40]}”，请核对账户名。")
        self.name = name


class NoSuchKey(PeopleError, LookupError):
    """There is no API key of this id."""

    def __init__(self) -> None:
        super().__init__("没有此密钥，请核对密钥编号。")


class NoSuchSession(PeopleError, LookupError):
    """There is no session of this handle, or it ended already."""

    def __init__(self) -> None:
        super().__init__("没有此登录会话，可能已经退出。")


class PeopleUnavailable(PeopleError):
    """The accounts could not be read or written: locked, full, missing or damaged."""

    def __init__(self) -> None:
        super().__init__("账户数据暂时无法读写，请稍后重试；持续出现请联系管理员检查磁盘。")


class PeopleTooNew(PeopleError):
    """The file was written by a newer program, or is none of ours."""

    def __init__(self) -> None:
        super().__init__("账户数据由更新版本的程序写成，请升级程序后再启动。")


class OidcMissing(PeopleError):
    """The district's log-in is configured, but the extra that checks its tokens is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "已配置统一身份认证，但未安装所需组件。请安装：pip install 'gk-workflow[oidc]'，"
            "或去掉该项配置后重启。"
        )


class OidcMisconfigured(PeopleError):
    """A setting of the district's log-in cannot be right; the text says which."""


class OidcUnavailable(PeopleError):
    """The issuer cannot be reached or answers what no issuer may; ``reason`` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__("统一身份认证暂时不可用，请稍后重试，或使用本系统的账户和密码登录。")
        self.reason = reason


class OidcRefused(PeopleError):
    """The answer from the district's log-in proves nobody; ``reason`` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__("统一身份认证未能确认您的身份，请返回登录页重新登录。")
        self.reason = reason


def _duration(seconds: int) -> str:
    return f"{seconds}秒" if seconds < 120 else f"{-(-seconds // 60)}分钟"
