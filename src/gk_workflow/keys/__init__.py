"""Keys of persons, so that what is personal can be erased from a log that is for ever."""

from __future__ import annotations

from gk_workflow.keys.errors import (
    KeyDestroyed,
    KeyMissing,
    KeysError,
    KeyStoreDamaged,
    KeyStoreMissing,
    KeyStoreUnavailable,
    MasterChanged,
    MasterUnusable,
    SealBroken,
    UnsealableText,
    WrongMaster,
)
from gk_workflow.keys.lookup import code_in, number_in
from gk_workflow.keys.master import Master, load, load_or_make, master_from_text
from gk_workflow.keys.ring import KeyRing
from gk_workflow.keys.rotation import rotate

__all__ = [
    "KeyDestroyed",
    "KeyMissing",
    "KeyRing",
    "KeyStoreDamaged",
    "KeyStoreMissing",
    "KeyStoreUnavailable",
    "KeysError",
    "Master",
    "MasterChanged",
    "MasterUnusable",
    "SealBroken",
    "UnsealableText",
    "WrongMaster",
    "code_in",
    "load",
    "load_or_make",
    "master_from_text",
    "number_in",
    "rotate",
]
