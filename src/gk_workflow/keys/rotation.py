"""A new master key for a store and its file, such that no crash ever leaves keys without master."""

from __future__ import annotations

from pathlib import Path

from gk_workflow.keys.master import load_or_make, replace_with
from gk_workflow.keys.ring import KeyRing


def rotate(ring: KeyRing, master_file: Path) -> int:
    """Wrap all keys under a new master and put it into the file; how many keys.

    The new master is on disk, in ``<file>.next``, before the first key depends on it. After a crash
    the one of both that fits the store is found there, and rotating again goes on from there.
    Copies of the store from before still open under the old master: destroy both. Raises
    MasterUnusable, MasterChanged, KeyStoreUnavailable.
    """
    following = master_file.with_name(f"{master_file.name}.next")
    new, _ = load_or_make(following)
    count = ring.rewrap(new)
    replace_with(master_file, following)
    return count
