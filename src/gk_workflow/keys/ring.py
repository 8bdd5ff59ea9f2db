"""The keys of persons in use: seals, opens, destroys for good; it never hands a key out.

Who reads the log calls `KeyRing.refresh` first, once for each reading: a key that another process
destroyed in the meantime is then forgotten here too. Who writes calls it before he seals.
"""

from __future__ import annotations

import os
from collections import OrderedDict, deque
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gk_workflow.keys import seals
from gk_workflow.keys.errors import (
    KeyDestroyed,
    KeysError,
    KeyStoreDamaged,
    MasterChanged,
    MasterUnusable,
    WrongMaster,
)
from gk_workflow.keys.lookup import Lookup
from gk_workflow.keys.master import KEY_BYTES, Master, UnwrapFailed
from gk_workflow.keys.store import FORMAT, Meta, NewKey, Store

POOL_KEYS = 256
"""How many keys are made ahead in one transaction, so that no command waits for one."""

CACHED_KEYS = 100_000
"""How many keys stay unwrapped in memory, about 300 bytes each."""

_CIPHERS = 1024
"""How many are ready for use: 2.6 KB each, and a microsecond to make."""

_LOOKUP = "gk.lookup"


class KeyRing:
    """The keys of one key store, for any number of threads; several processes may share a store.

    Every method may raise KeyStoreUnavailable or KeyStoreDamaged when it has to ask the file, and
    MasterChanged once another process has rotated the master.
    """

    def __init__(
        self,
        file: Path,
        master: Master,
        *,
        expect_existing: bool,
        pool_keys: int = POOL_KEYS,
        cached_keys: int = CACHED_KEYS,
    ) -> None:
        """Open the store; an empty one is made only if none is expected.

        ``expect_existing`` is whether the log holds seals already: then another store than theirs
        would be worse than none. Raises KeyStoreMissing, WrongMaster, KeyStoreDamaged,
        KeyStoreUnavailable.
        """
        self._store = Store(file, lambda: _first_meta(master), expect_existing=expect_existing)
        self._master = master
        try:
            self._lookup = self._opened_lookup()
            self._version = self._store.version()
            self._last_destruction = self._store.last_destruction()
        except BaseException:
            self._store.close()
            raise
        self._pool_keys = pool_keys
        self._cached_keys = cached_keys
        self._pool: deque[tuple[str, bytes]] = deque()
        self._cache: OrderedDict[str, bytes | None] = OrderedDict()
        self._cipher = lru_cache(_CIPHERS)(AESGCM)
        # Always taken in this order; the cache's is never held while the file is asked.
        self._pool_lock, self._store_lock, self._cache_lock = Lock(), Lock(), Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- keys ---------------------------------------------------------------------------------

    def new_key(self) -> str:
        """The id of a key that is durable already and that nobody else will be given."""
        with self._pool_lock:
            if not self._pool:
                self._pool.extend(self._taken())
            key_id, key = self._pool.popleft()
        with self._cache_lock:
            self._remember(key_id, key)
        return key_id

    def destroy(self, key_ids: Iterable[str]) -> int:
        """Destroy keys for good, all or none; how many were still alive (again: 0).

        Raises KeyMissing.
        """
        count = self._store.destroy(key_ids)
        self.refresh()
        return count

    def destroyed(self, key_id: str) -> bool:
        """Whether the key was destroyed; raises KeyMissing."""
        return self._key(key_id) is None

    def refresh(self) -> None:
        """Forget what other processes destroyed; some microseconds when nothing happened."""
        with self._store_lock:
            version = self._store.version()
            if version == self._version:
                return
            gone = self._store.destroyed_after(self._last_destruction)
            if gone:
                with self._cache_lock:
                    for _, key_id in gone:
                        self._remember(key_id, None)
                self._cipher.cache_clear()
                self._last_destruction = gone[-1][0]
            self._version = version

    def check(self) -> None:
        """Raise MasterChanged, KeyStoreUnavailable where no key could be made or read now."""
        with self._store_lock:
            if self._store.meta().master_id != self._master.id:
                raise MasterChanged

    def rewrap(self, new: Master) -> int:
        """Wrap all keys under a new master in one transaction; how many keys. No seal changes.

        Other processes on the store have to be started again with the new master. Raises
        MasterUnusable for the master already in use.
        """
        if new == self._master:
            raise MasterUnusable(
                "新的主密钥与正在使用的相同：请另换一个；如为上次更换时留下的 .next 文件，"
                "请删除该文件后重试。"
            )

        def change(key: NewKey) -> bytes:
            return new.wrap(self._unwrapped(*key), _purpose(key.key_id))

        def meta(old: Meta) -> Meta:
            lookup = new.wrap(self._lookup_secret(old), _LOOKUP)
            return old._replace(generation=old.generation + 1, master_id=new.id, lookup=lookup)

        with self._pool_lock, self._store_lock:
            count = self._store.rewrap(self._master.id, change, meta)
            self._master = new
        return count

    def close(self) -> None:
        """Give unused keys back, forget all others, close the file."""
        with self._pool_lock, self._store_lock:
            if self._pool:
                # Keys that cannot be given back are lost, not dangerous: nothing is sealed by them.
                with suppress(KeysError):
                    self._store.give_back((one for one, _ in self._pool), self._master.id)
            self._pool.clear()
            with self._cache_lock:
                self._cache.clear()
            self._cipher.cache_clear()
            self._store.close()

    # --- seals --------------------------------------------------------------------------------

    def seal(self, key_id: str, text: str, aad: bytes) -> str:
        """The text as ``gk1.<key id>.<base64url>``, bound to ``aad``: the place where it stands.

        Raises KeyDestroyed, KeyMissing, UnsealableText.
        """
        return seals.seal_text(self._living(key_id), key_id, text, aad)

    def open(self, token: str, aad: bytes) -> str | None:
        """The text of a seal, None when its key is destroyed; raises KeyMissing, SealBroken."""
        key_id, body = seals.parse_text(token)
        key = self._key(key_id)
        return None if key is None else seals.open_text(self._cipher(key), body, aad)

    def seal_bytes(self, key_id: str, content: bytes, aad: bytes) -> bytes:
        """A document's bytes, bound to ``aad``; raises KeyDestroyed, KeyMissing."""
        return seals.seal_bytes(self._living(key_id), key_id, content, aad)

    def open_bytes(self, blob: bytes, aad: bytes) -> bytes | None:
        """The bytes of a seal, None when its key is destroyed; raises KeyMissing, SealBroken."""
        key_id, body = seals.parse_bytes(blob)
        key = self._key(key_id)
        return None if key is None else seals.open_bytes(self._cipher(key), body, aad)

    # --- looking up ---------------------------------------------------------------------------

    def index(self, text: str) -> str:
        """The blind index of the document number in the text, 22 letters; "" where there is none."""
        return self._lookup.number(text)

    def index_of_code(self, text: str) -> str:
        """The blind index of a query code, 22 letters; "" for an empty one."""
        return self._lookup.code(text)

    def digest(self, data: bytes) -> str:
        """The keyed digest of any bytes, 64 hexadecimal digits: tells equal from other, no more."""
        return self._lookup.digest(data)

    # ------------------------------------------------------------------------------------------

    def _living(self, key_id: str) -> AESGCM:
        key = self._key(key_id)
        if key is None:
            raise KeyDestroyed(key_id)
        return self._cipher(key)

    def _key(self, key_id: str) -> bytes | None:
        with self._cache_lock:
            if key_id in self._cache:
                self._cache.move_to_end(key_id)
                return self._cache[key_id]
        # Loaded and remembered in one go: a destruction is noticed before or after, never between.
        with self._store_lock:
            wrapped = self._store.get(key_id)
            key = None if wrapped is None else self._unwrapped(key_id, wrapped)
            with self._cache_lock:
                self._remember(key_id, key)
        return key

    def _remember(self, key_id: str, key: bytes | None) -> None:
        """Put into the cache, whose lock is held; None is for ever, a destroyed key stays so."""
        self._cache[key_id] = key
        self._cache.move_to_end(key_id)
        if len(self._cache) > self._cached_keys:
            self._cache.popitem(last=False)

    def _taken(self) -> list[tuple[str, bytes]]:
        def make(count: int) -> list[NewKey]:
            return [self._made(seals.new_id()) for _ in range(count)]

        taken = self._store.take(self._pool_keys, self._master.id, make)
        with self._store_lock:
            return [(key_id, self._unwrapped(key_id, wrapped)) for key_id, wrapped in taken]

    def _made(self, key_id: str) -> NewKey:
        return NewKey(key_id, self._master.wrap(os.urandom(KEY_BYTES), _purpose(key_id)))

    def _unwrapped(self, key_id: str, wrapped: bytes) -> bytes:
        try:
            return self._master.unwrap(wrapped, _purpose(key_id))
        except UnwrapFailed:
            if self._store.meta().master_id != self._master.id:
                raise MasterChanged from None
            raise KeyStoreDamaged(f"密钥{key_id}无法解开") from None

    def _opened_lookup(self) -> Lookup:
        meta = self._store.meta()
        if meta.master_id != self._master.id:
            raise WrongMaster
        return Lookup(self._lookup_secret(meta))

    def _lookup_secret(self, meta: Meta) -> bytes:
        try:
            return self._master.unwrap(meta.lookup, _LOOKUP)
        except UnwrapFailed:
            raise KeyStoreDamaged("检索密钥无法解开") from None


def _first_meta(master: Master) -> Meta:
    return Meta(FORMAT, 1, master.id, master.wrap(os.urandom(KEY_BYTES), _LOOKUP))


def _purpose(key_id: str) -> str:
    """What a wrapped key is bound to: in another row it does not open."""
    return f"gk.key.{key_id}"
