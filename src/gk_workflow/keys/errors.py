"""What can go wrong with keys and seals; messages are Chinese and never hold a secret."""

from __future__ import annotations


class KeysError(Exception):
    """Everything the key store refuses or fails at; its text tells the person what to do."""


class MasterUnusable(KeysError):
    """The master key is missing, malformed, or lies open to other accounts of the machine."""


class WrongMaster(KeysError):
    """The key store was wrapped under another master key."""

    def __init__(self) -> None:
        super().__init__(
            "主密钥与密钥库不符：请换回原来的主密钥（GK_MASTER_KEY 或主密钥文件）后再启动；"
            "如更换主密钥时曾中断，新主密钥在旁边以 .next 结尾的文件中，请以其替换原文件。"
        )


class MasterChanged(KeysError):
    """Another process gave the key store a new master key while this one ran with the old."""

    def __init__(self) -> None:
        super().__init__("主密钥已更换，本服务仍在使用旧的主密钥，请重新启动服务。")


class KeyStoreMissing(KeysError):
    """The log holds sealed fields, but the file of their keys is not there."""

    def __init__(self) -> None:
        super().__init__(
            "未找到密钥库文件，而日志中已有加密的个人信息：请从备份恢复密钥库（keys.sqlite），"
            "切勿另建新库。"
        )


class KeyStoreDamaged(KeysError):
    """The file is no key store of ours, is damaged, or was written by a newer program."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"密钥库无法使用（{detail}），请从备份恢复，或升级程序后重试。")


class KeyStoreUnavailable(KeysError):
    """The file could not be read or written just now: locked, full, read-only, no rights."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"密钥库暂时无法读写（{reason}），请稍后重试；持续出现请联系管理员。")
        self.reason = reason


class KeyMissing(KeysError):
    """No key of this id was ever made in this store; ``key_id`` is no secret."""

    def __init__(self, key_id: str) -> None:
        super().__init__(
            f"密钥库中从未有过密钥{key_id}：密钥库与日志不配套，请从同一时间的备份恢复。"
        )
        self.key_id = key_id


class KeyDestroyed(KeysError):
    """The key was destroyed for good: nothing can be sealed with it any more."""

    def __init__(self, key_id: str) -> None:
        super().__init__("该人员的个人信息已依法删除，不能再登记新的个人信息。")
        self.key_id = key_id


class SealBroken(KeysError):
    """What should be a seal is truncated, forged, damaged, or belongs to another place."""

    def __init__(self) -> None:
        super().__init__("加密内容已损坏、被改动或不属于此处，请从备份核对。")


class UnsealableText(KeysError):
    """A text holds half a surrogate pair: it is no text and cannot be stored."""

    def __init__(self) -> None:
        super().__init__("内容含有无法保存的字符（残缺的代理对），请删除后重新提交。")
