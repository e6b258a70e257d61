"""Rotation: another pepper in the place of the one there is, for the keys; or without them, if it is lost."""

from __future__ import annotations

from dataclasses import replace

from bot.rules.anonymity import rewrap
from db.keys import FileKeyStore, KeyFileBroken, KeyStore


async def rewrap_keys(store: KeyStore, before: bytes, pepper: bytes) -> int:
    """Wrap every key with ``pepper`` that is still wrapped with the one of before; all of them or none.

    May be repeated. Returns how many keys there are. Raises WrongPepper when neither opens one, and what the
    store raises.
    """
    async with store.changing() as keys:
        for number, stored in keys.items():
            keys[number] = replace(stored, wrapped=rewrap(before, pepper, number, stored.wrapped))
        return len(keys)


async def forget_keys(store: KeyStore) -> None:
    """Keys that nobody can open any more go, also from a file that can't be read. Raises what the store
    raises."""
    try:
        async with store.changing() as keys:
            keys.clear()
    except KeyFileBroken:
        if not isinstance(store, FileKeyStore):
            raise
        await store.save({})
