"""The file of wrapped keys: it never sees a plain key, and what it destroys is gone from the file.

The rows are laid out for that: all wrapped keys are of one length, so that destroying overwrites
them where they are, and rows are only ever added at the end, so that no page is split and leaves a
copy behind. Older copies of the file, and disk blocks that a deleted journal once had, are out of
its reach: what they hold stays wrapped, and is lost with the master when that is rotated.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from gk_workflow.keys.errors import (
    KeyMissing,
    KeysError,
    KeyStoreDamaged,
    KeyStoreMissing,
    KeyStoreUnavailable,
    MasterChanged,
)
from gk_workflow.keys.master import WRAPPED_BYTES

FORMAT = 1
LOCK_TIMEOUT_SECONDS = 30
_CHUNK = 10_000

# EXTRA also syncs the folder after a commit: else a power cut may bring the journal back, and
# with it a key that was destroyed. The journal is deleted at each commit, and those of single
# statements stay in memory, so nothing old is left lying about.
_PRAGMAS = (
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=EXTRA",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)
_SCHEMA = (
    f"""CREATE TABLE meta (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        format INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        master_id TEXT NOT NULL,
        lookup BLOB NOT NULL CHECK (length(lookup) = {WRAPPED_BYTES})
    )""",
    f"""CREATE TABLE keys (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        wrapped BLOB NOT NULL CHECK (length(wrapped) = {WRAPPED_BYTES}),
        spare INTEGER NOT NULL CHECK (spare IN (0, 1)),
        destroyed INTEGER NOT NULL CHECK (destroyed IN (0, 1)),
        CHECK ((wrapped = zeroblob({WRAPPED_BYTES})) = destroyed)
    )""",
    "CREATE INDEX keys_spare ON keys (number) WHERE spare = 1",
    """CREATE TABLE destructions (number INTEGER PRIMARY KEY, id TEXT NOT NULL)""",
    """CREATE TRIGGER keys_tell_destruction AFTER UPDATE OF destroyed ON keys
    BEGIN INSERT INTO destructions (id) VALUES (NEW.id); END""",
    """CREATE TRIGGER keys_never_come_back BEFORE UPDATE ON keys
    WHEN OLD.destroyed = 1 OR NEW.id <> OLD.id OR NEW.number <> OLD.number
    BEGIN SELECT RAISE(ABORT, 'a destroyed key stays destroyed'); END""",
    """CREATE TRIGGER keys_refuse_delete BEFORE DELETE ON keys
    BEGIN SELECT RAISE(ABORT, 'keys are destroyed, not deleted'); END""",
    # INSERT OR REPLACE deletes without asking the trigger above.
    """CREATE TRIGGER keys_refuse_replace BEFORE INSERT ON keys
    WHEN EXISTS (SELECT 1 FROM keys WHERE id = NEW.id OR number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'keys are never replaced'); END""",
)
_ASKED = "id IN (SELECT value FROM json_each(?))"


class Meta(NamedTuple):
    """What the store says of itself; ``lookup`` is the wrapped secret of the blind index."""

    format: int
    generation: int
    master_id: str
    lookup: bytes


class NewKey(NamedTuple):
    """A wrapped key that is alive."""

    key_id: str
    wrapped: bytes


class Store:
    """One connection for reading, not for several threads at once; each write opens its own."""

    def __init__(self, file: Path, first: Callable[[], Meta], *, expect_existing: bool) -> None:
        """Open the file; make it with ``first`` as its meta only if nothing is expected there.

        Raises KeyStoreMissing, KeyStoreDamaged, KeyStoreUnavailable.
        """
        self._file = file
        with _translated():
            if expect_existing and not file.exists():
                raise KeyStoreMissing
            file.touch(mode=0o600)
            file.chmod(0o600)
            self._reader = _connected(file)
            try:
                self._begin(first, expect_existing=expect_existing)
                _check_format(self.meta())
            except BaseException:
                self._reader.close()
                raise

    def _begin(self, first: Callable[[], Meta], *, expect_existing: bool) -> None:
        if _has_tables(self._reader):
            return
        if expect_existing:
            raise KeyStoreMissing
        with self._transaction() as connection:
            if _has_tables(connection):
                return  # another process was faster
            for statement in _SCHEMA:
                connection.execute(statement)
            connection.execute("INSERT INTO meta VALUES (1, ?, ?, ?, ?)", first())

    def meta(self) -> Meta:
        """What the store says of itself now; raises KeyStoreUnavailable."""
        return _meta(self._reader)

    def get(self, key_id: str) -> bytes | None:
        """The wrapped key, None when destroyed; raises KeyMissing, KeyStoreUnavailable."""
        try:
            rows = self._reader.execute(
                "SELECT wrapped, destroyed FROM keys WHERE id = ?", (key_id,)
            ).fetchall()
        except sqlite3.Error as error:
            raise _told(error) from error
        if not rows:
            raise KeyMissing(key_id)
        wrapped, destroyed = rows[0]
        return None if destroyed else wrapped

    def version(self) -> int:
        """Another number as soon as anybody committed anything; raises KeyStoreUnavailable."""
        try:
            version: int = self._reader.execute("PRAGMA data_version").fetchall()[0][0]
        except sqlite3.Error as error:
            raise _told(error) from error
        return version

    def last_destruction(self) -> int:
        """How many keys were destroyed so far; raises KeyStoreUnavailable."""
        with _translated():
            found: int = self._reader.execute(
                "SELECT coalesce(max(number), 0) FROM destructions"
            ).fetchall()[0][0]
        return found

    def destroyed_after(self, number: int) -> list[tuple[int, str]]:
        """Number and key id of each later destruction, in order; raises KeyStoreUnavailable."""
        with _translated():
            return self._reader.execute(
                "SELECT number, id FROM destructions WHERE number > ? ORDER BY number", (number,)
            ).fetchall()

    def take(self, count: int, master_id: str, make: Callable[[int], list[NewKey]]) -> list[NewKey]:
        """``count`` durable keys that nobody else was or will be given, in one transaction.

        Those given back come first, the rest is made. Raises MasterChanged, KeyStoreUnavailable.
        """
        with self._writing(master_id) as connection:
            spare = connection.execute(
                "UPDATE keys SET spare = 0 WHERE number IN"
                " (SELECT number FROM keys WHERE spare = 1 ORDER BY number LIMIT ?)"
                " RETURNING id, wrapped",
                (count,),
            ).fetchall()
            made = make(count - len(spare))
            connection.executemany(
                "INSERT INTO keys (id, wrapped, spare, destroyed) VALUES (?, ?, 0, 0)", made
            )
        return [NewKey(*row) for row in spare] + made

    def give_back(self, key_ids: Iterable[str], master_id: str) -> None:
        """Keep keys that were taken and never used for the next who takes some.

        Raises MasterChanged, KeyStoreUnavailable.
        """
        with self._writing(master_id) as connection:
            connection.execute(
                f"UPDATE keys SET spare = 1 WHERE destroyed = 0 AND {_ASKED}",
                (json.dumps(list(key_ids)),),
            )

    def destroy(self, key_ids: Iterable[str]) -> int:
        """Overwrite the keys where they lie, all or none; how many were alive.

        Raises KeyMissing, KeyStoreUnavailable.
        """
        asked = (json.dumps(sorted(set(key_ids))),)
        with self._transaction() as connection:
            unknown = connection.execute(
                "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT id FROM keys)", asked
            ).fetchall()
            if unknown:
                raise KeyMissing(unknown[0][0])
            return connection.execute(
                f"UPDATE keys SET wrapped = zeroblob({WRAPPED_BYTES}), spare = 0, destroyed = 1"
                f" WHERE destroyed = 0 AND {_ASKED}",
                asked,
            ).rowcount

    def rewrap(
        self, master_id: str, change: Callable[[NewKey], bytes], meta: Callable[[Meta], Meta]
    ) -> int:
        """Change every living wrapped key and the meta in one transaction; how many keys.

        Raises MasterChanged, KeyStoreUnavailable, and whatever ``change`` and ``meta`` raise.
        """
        count = last = 0
        with self._writing(master_id) as connection:
            while rows := connection.execute(
                "SELECT number, id, wrapped FROM keys WHERE number > ? AND destroyed = 0"
                " ORDER BY number LIMIT ?",
                (last, _CHUNK),
            ).fetchall():
                connection.executemany(
                    "UPDATE keys SET wrapped = ? WHERE number = ?",
                    [(change(NewKey(key_id, wrapped)), number) for number, key_id, wrapped in rows],
                )
                count, last = count + len(rows), rows[-1][0]
            connection.execute(
                "UPDATE meta SET format = ?, generation = ?, master_id = ?, lookup = ?",
                meta(_meta(connection)),
            )
        return count

    def close(self) -> None:
        """Close the file."""
        self._reader.close()

    @contextmanager
    def _writing(self, master_id: str) -> Iterator[sqlite3.Connection]:
        """A transaction for one who holds this master: no key may be wrapped under an old one."""
        with self._transaction() as connection:
            if _meta(connection).master_id != master_id:
                raise MasterChanged
            yield connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with _translated():
            connection = _connected(self._file)
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                connection.close()  # rolls back what was not committed


def _connected(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{file.absolute().as_uri()}?mode=rw",
        uri=True,
        timeout=LOCK_TIMEOUT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


def _has_tables(connection: sqlite3.Connection) -> bool:
    found = connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    return bool(found[0][0])


def _meta(connection: sqlite3.Connection) -> Meta:
    with _translated():
        rows = connection.execute(
            "SELECT format, generation, master_id, lookup FROM meta"
        ).fetchall()
    if len(rows) != 1:
        raise KeyStoreDamaged("缺少库信息")
    return Meta(*rows[0])


def _check_format(meta: Meta) -> None:
    if meta.format != FORMAT:
        raise KeyStoreDamaged(f"格式为第{meta.format}版，本程序只认第{FORMAT}版")


_DAMAGED = {
    sqlite3.SQLITE_CORRUPT: "文件损坏",
    sqlite3.SQLITE_NOTADB: "不是密钥库文件",
    sqlite3.SQLITE_ERROR: "不是密钥库文件",
}
_UNAVAILABLE = {
    sqlite3.SQLITE_BUSY: "正被其他进程占用",
    sqlite3.SQLITE_LOCKED: "正被其他进程占用",
    sqlite3.SQLITE_FULL: "磁盘空间不足",
    sqlite3.SQLITE_READONLY: "文件只读",
    sqlite3.SQLITE_CANTOPEN: "无法打开文件",
    sqlite3.SQLITE_IOERR: "磁盘读写错误",
}


@contextmanager
def _translated() -> Iterator[None]:
    """Trouble of disk, locks and driver for a person, its technical text left to the cause."""
    try:
        yield
    except sqlite3.Error as error:
        raise _told(error) from error
    except OSError as error:
        raise KeyStoreUnavailable("无法打开文件") from error


def _told(error: sqlite3.Error) -> KeysError:
    # A connection that is closed already has no code.
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _DAMAGED:
        return KeyStoreDamaged(_DAMAGED[code])
    return KeyStoreUnavailable(_UNAVAILABLE.get(code, "存储故障"))
