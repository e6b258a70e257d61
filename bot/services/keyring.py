"""The keyring: the keys of the living epochs, and their destruction on time."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from bot.rules.anonymity import (
    SECRET_BYTES,
    Purpose,
    epoch_length,
    epoch_of,
    epoch_start,
    mute_limit,
    tag,
    unwrap,
    wrap,
)
from db.keys import KeyStore, StoredKey


class Keyring:
    """Makes a key for each epoch, keeps it in memory unwrapped and in the store wrapped, and destroys it.

    A key is destroyed at its epoch's start plus the window, whatever the epoch's end: nothing can be
    tested for longer. A window that the operator shortens shortens the lives of the keys there are; one
    that is lengthened holds for new epochs only, because tellers were promised the old one.

    ``open`` comes first. ``destroy_due`` and ``epoch`` cost nothing when nothing is due: every tick calls
    both, and nobody else does, so that the store changes when an epoch begins or a key's time is over, and
    its last change never says when somebody told.
    """

    def __init__(
        self,
        store: KeyStore,
        pepper: bytes,
        window_days: int,
        random_bytes: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        """Raises ValueError for a pepper that isn't 32 bytes long or a window outside 1 to 28 days."""
        if len(pepper) != SECRET_BYTES:
            raise ValueError(f"the pepper is {SECRET_BYTES} bytes long")
        self._length = epoch_length(window_days)
        self._store = store
        self._pepper = pepper
        self._window_days = window_days
        self._random_bytes = random_bytes
        self._stored: dict[int, StoredKey] = {}
        self._keys: dict[int, bytes] = {}
        self._saving = asyncio.Lock()

    def __repr__(self) -> str:
        return f"Keyring({len(self._keys)} epochs, window of {self._window_days} days)"

    async def open(self, now: datetime) -> None:
        """Read the keys; those whose time is over are destroyed before anything else, whatever follows.

        Raises KeyFileBroken when the store can't be read and WrongPepper when a living key doesn't open:
        then nothing may start, because what the keys recognise would be lost in silence.
        """
        async with self._saving:
            await self._destroy_over(now)
            self._keys = self._unwrapped(self._stored)

    async def epoch(self, now: datetime) -> int:
        """The number of the epoch that ``now`` is in. Its key exists, and is saved, when this returns."""
        await self.destroy_due(now)
        number = epoch_of(now, self._window_days)
        if number not in self._keys:
            async with self._saving:
                await self._make(number)
        return number

    async def current(self, now: datetime) -> int:
        """The epoch for what somebody tells at ``now``; its key exists, and nothing is written for it.

        In the moments between an epoch's begin and the next tick it is the epoch before. Only where no key
        lives at all, because ticks have failed for weeks, one is made.
        """
        living = {number for number in self._keys if self._stored[number].destroy_at > now}
        number = epoch_of(now, self._window_days)
        if number in living:
            return number
        return max(living) if living else await self.epoch(now)

    def key(self, epoch: int) -> bytes | None:
        """The key of an epoch, or None: it was destroyed, or never made."""
        return self._keys.get(epoch)

    def ends(self, epoch: int) -> datetime | None:
        """When an epoch's key is destroyed, and with it all that it recognises; None: it has been."""
        stored = self._stored.get(epoch)
        return stored.destroy_at if stored and epoch in self._keys else None

    def tag(self, epoch: int, purpose: Purpose, subject: int | str, user_id: int) -> bytes | None:
        """What recognises somebody at a subject of this epoch; None when its key is destroyed."""
        key = self._keys.get(epoch)
        return None if key is None else tag(key, purpose, subject, user_id)

    async def destroy_due(self, now: datetime) -> int:
        """Destroy the keys whose time is over, and say how many there were.

        They are out of use at once. When the store can't be written, its error is raised and the next
        call tries again.
        """
        if not any(stored.destroy_at <= now for stored in self._stored.values()):
            return 0
        async with self._saving:
            return await self._destroy_over(now)

    async def follow(self) -> None:
        """Learn of the keys that other processes have made or destroyed. Raises WrongPepper."""
        if not self._store.shared:
            return
        async with self._saving:
            stored = await self._store.load()
            if stored != self._stored:
                self._keys = self._unwrapped(stored)
                self._stored = stored

    async def destroyed(self, epochs: Collection[int]) -> frozenset[int]:
        """Which of these epochs have no key any more. Looks at the store: another process may have made one.

        To be right about an epoch found in a row, look the row up first and ask afterwards: a key is
        saved before the first row of its epoch.
        """
        async with self._saving:
            return frozenset(epochs) - (await self._store.load()).keys()

    async def _destroy_over(self, now: datetime) -> int:
        over = {number for number, stored in self._stored.items() if stored.destroy_at <= now}
        self._forget(over)
        async with self._store.changing() as keys:
            before = len(keys)
            limited = {number: self._limited(stored) for number, stored in keys.items()}
            living = {number: stored for number, stored in limited.items() if stored.destroy_at > now}
            keys.clear()
            keys.update(living)
        self._stored = living
        self._forget(self._keys.keys() - living.keys())  # somebody may have removed the file itself
        return before - len(living)

    def _forget(self, numbers: Collection[int]) -> None:
        for number in numbers:
            self._keys.pop(number, None)

    def _limited(self, stored: StoredKey) -> StoredKey:
        limit = mute_limit(stored.starts_at, self._window_days)
        return replace(stored, destroy_at=min(stored.destroy_at, limit))

    async def _make(self, number: int) -> None:
        if number in self._keys:  # made while we waited for the lock
            return
        async with self._store.changing() as keys:
            if number not in keys:
                starts_at = epoch_start(number)
                keys[number] = StoredKey(
                    epoch=number,
                    starts_at=starts_at,
                    ends_at=starts_at + self._length,
                    destroy_at=mute_limit(starts_at, self._window_days),
                    wrapped=wrap(self._pepper, number, self._random_bytes(SECRET_BYTES)),
                )
            stored = dict(keys)
        self._keys = self._unwrapped(stored)
        self._stored = stored

    def _unwrapped(self, stored: Mapping[int, StoredKey]) -> dict[int, bytes]:
        """The keys themselves; one that we know isn't opened again. Raises WrongPepper."""
        return {
            number: self._keys.get(number) or unwrap(self._pepper, number, key.wrapped)
            for number, key in stored.items()
        }
