"""What can go wrong between a caller and the log; messages are Chinese and never show SQL."""

from __future__ import annotations


class RegistryError(Exception):
    """Everything the registry itself refuses or fails at; its text tells the person what to do."""


class VersionConflict(RegistryError):
    """The case moved on since the caller read it; ``current`` is its version now."""

    def __init__(self, expected: int, current: int) -> None:
        super().__init__(
            f"办件已被他人更新：提交依据的是第{expected}版，现为第{current}版。请刷新后再操作。"
        )
        self.expected = expected
        self.current = current


class IdempotencyKeyReused(RegistryError):
    """The same Idempotency-Key came with another command or for another case."""

    def __init__(self) -> None:
        super().__init__("同一幂等键（Idempotency-Key）已用于另一操作，请换用新的键重新提交。")


class NoticeConflict(RegistryError):
    """A notice of this reference is published already, with other days."""

    def __init__(self, reference: str) -> None:
        super().__init__(
            f"文号“{reference}”的放假通知已经发布且内容不同；如有调整，请以新文号的通知发布。"
        )
        self.reference = reference


class LogUnavailable(RegistryError):
    """The log could not be read or written: locked, full, missing or damaged.

    After a failed commit it is unknown whether the command had its effect; a retry with the
    same Idempotency-Key is safe.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"办件日志暂时无法读写（{reason}），请稍后重试；持续出现请联系管理员。")
        self.reason = reason


class UnreadableEvent(RegistryError):
    """A stored row is no event this program knows: damaged, or written by a newer program."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"日志中有无法读取的记录（{detail}），请升级程序或从备份核对。")


class KeysNeeded(RegistryError):
    """The log is sealed and was opened without a key store."""

    def __init__(self) -> None:
        super().__init__("办件日志中的个人信息已加密保存：请配置密钥库和主密钥后再打开。")


class OpenedUnsealed(RegistryError):
    """The case has no key to seal a personal text with: it was opened before there were any."""

    def __init__(self) -> None:
        super().__init__(
            "本件登记时尚未启用加密，只能查看，不能再写入个人信息；请另行登记新办件并注明本件编号。"
        )


class ShreddingUnfinished(RegistryError):
    """The decision to shred is on record, its keys could not be destroyed yet."""

    def __init__(self) -> None:
        super().__init__(
            "删除决定已经记入日志，但密钥尚未销毁：系统将自动再次销毁，请稍后核对；"
            "持续出现请联系管理员检查密钥库。"
        )


class UnstorableText(RegistryError):
    """A text holds a NUL or half a surrogate pair and must never reach the log."""

    def __init__(self) -> None:
        super().__init__("内容含有无法保存的字符（空字符或残缺的代理对），请删除后重新提交。")


class RegistryClosed(RegistryError):
    """The registry is shutting down and takes no more commands."""

    def __init__(self) -> None:
        super().__init__("系统正在停止，暂不接受新的操作，请稍后重试。")


class UnsupportedDatabase(RegistryError):
    """The database URL names something the registry cannot keep its log in."""

    def __init__(self, scheme: str) -> None:
        super().__init__(
            f"暂不支持 {scheme} 数据库：目前支持 SQLite 文件，"
            "例如 sqlite:////绝对路径/gk.sqlite3 或直接给出文件路径。"
        )
