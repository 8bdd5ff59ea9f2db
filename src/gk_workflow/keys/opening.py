"""Opens the key store of a deployment with its master key; makes either only where nothing depends on it yet."""

from __future__ import annotations

from pathlib import Path

from gk_workflow.keys.master import Master, load, load_or_make, master_from_text
from gk_workflow.keys.ring import KeyRing


def open_ring(
    file: Path, *, master_text: str | None, master_file: Path, sealed: bool
) -> tuple[KeyRing, bool]:
    """The keys, and whether the master was made just now: then it wants to be kept elsewhere too.

    ``sealed`` is whether the log holds sealed texts already. Raises MasterUnusable, WrongMaster,
    KeyStoreMissing, KeyStoreDamaged, KeyStoreUnavailable.
    """
    master, made = _master(master_text, master_file, must_exist=sealed or file.exists())
    return KeyRing(file, master, expect_existing=sealed), made


def _master(text: str | None, file: Path, *, must_exist: bool) -> tuple[Master, bool]:
    if text is not None:
        return master_from_text(text), False
    return (load(file), False) if must_exist else load_or_make(file)
