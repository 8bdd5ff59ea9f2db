"""What other processes do to a key store; run by name, so no test lives here."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from gk_workflow.keys import KeyRing, load, load_or_make, rotate
from tests.keys.rings import NAME, PLACE, file_in, ring_in


def say(word: object) -> None:
    """Tell the test at once."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def first_start(folder: Path) -> None:
    """What a service does on a machine where nothing is there yet."""
    master, made = load_or_make(folder / "master.key")
    say(f"{master.id} {made}")
    with KeyRing(file_in(folder), master, expect_existing=False) as ring:
        for _ in range(300):
            say(ring.seal(ring.new_key(), NAME, PLACE))


def destroy(folder: Path, *key_ids: str) -> None:
    """Destroy keys one after the other, each said once it is done."""
    with ring_in(folder, expect_existing=True) as ring:
        for key_id in key_ids:
            ring.destroy([key_id])
            say(key_id)


def seal_for_ever(folder: Path) -> None:
    """Seal with new keys until killed."""
    ring = ring_in(folder, pool_keys=2)
    while True:
        say(ring.seal(ring.new_key(), NAME, PLACE))


def change_master(folder: Path) -> None:
    """Rotate the master of the store and its file."""
    file = folder / "master.key"
    with KeyRing(file_in(folder), load(file), expect_existing=True) as ring:
        say(rotate(ring, file))


WORK: dict[str, Callable[..., None]] = {
    one.__name__: one for one in (first_start, destroy, seal_for_ever, change_master)
}

if __name__ == "__main__":
    work, folder, *words = sys.argv[1:]
    WORK[work](Path(folder), *words)
