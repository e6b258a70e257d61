"""The key file: private, whole or untouched, and never made anew over a broken one."""

from __future__ import annotations

import base64
import json
import os
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.keys import FileKeyStore, KeyFileBroken, StoredKey

START = datetime(2026, 5, 4, tzinfo=UTC)


def a_key(epoch: int, wrapped: bytes = b"wrapped" * 8) -> StoredKey:
    starts_at = START + timedelta(hours=epoch)
    return StoredKey(epoch, starts_at, starts_at + timedelta(days=7), starts_at + timedelta(days=28), wrapped)


@pytest.fixture
def store(tmp_path: Path) -> FileKeyStore:
    return FileKeyStore(tmp_path / "data" / "keys.json")


async def test_a_new_installation_has_no_keys_and_makes_no_file(store: FileKeyStore) -> None:
    assert await store.load() == {}
    assert not store.path.exists()


async def test_what_is_saved_is_loaded_also_by_the_next_process(store: FileKeyStore) -> None:
    keys = {7: a_key(7), 8: a_key(8, bytes(range(60)))}
    await store.save(keys)
    assert await FileKeyStore(store.path).load() == keys


async def test_only_its_owner_can_read_the_file_whatever_the_umask(store: FileKeyStore) -> None:
    before = os.umask(0)
    try:
        await store.save({7: a_key(7)})
        await store.save({8: a_key(8)})
    finally:
        os.umask(before)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


async def test_a_destroyed_key_is_gone_from_the_folder_and_from_the_replaced_file(
    store: FileKeyStore,
) -> None:
    await store.save({7: a_key(7, b"to be destroyed")})
    needle = base64.b64encode(b"to be destroyed")
    with store.path.open("rb") as still_open:
        assert needle in still_open.read()
        await store.save({8: a_key(8)})
        still_open.seek(0)
        assert needle not in still_open.read()
    assert [path.name for path in store.path.parent.iterdir()] == ["keys.json"]
    assert needle not in store.path.read_bytes()


async def test_a_crash_while_saving_leaves_the_old_keys_and_no_leftover(store: FileKeyStore) -> None:
    await store.save({7: a_key(7)})
    leftover = store.path.with_name("keys.json.new")
    leftover.write_text('{"format": "good-enough epoch keys 1", "keys": [{"epo')
    assert await store.load() == {7: a_key(7)}
    assert not leftover.exists()
    leftover.write_text("half")
    await store.save({8: a_key(8)})
    assert await store.load() == {8: a_key(8)}


async def test_when_the_disk_refuses_the_old_keys_stay(
    store: FileKeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.save({7: a_key(7)})

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            await store.save({8: a_key(8)})
    assert await store.load() == {7: a_key(7)}


GOOD = {
    "epoch": 7,
    "starts_at": "2026-05-04T00:00:00+00:00",
    "ends_at": "2026-05-11T00:00:00+00:00",
    "destroy_at": "2026-06-01T00:00:00+00:00",
    "wrapped": "c2VjcmV0",
}


def a_file(*rows: object, **changes: object) -> bytes:
    return json.dumps({"format": "good-enough epoch keys 1", "keys": list(rows), **changes}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 300,
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 100_000,
        a_file(GOOD)[:-1],
        a_file(GOOD)[:40],
        a_file(GOOD, format="good-enough epoch keys 2"),
        a_file(GOOD, keys=None),
        a_file(GOOD, GOOD),
        a_file([]),
        a_file("c2VjcmV0"),
        a_file({**GOOD, "epoch": "7"}),
        a_file({**GOOD, "epoch": True}),
        a_file({**GOOD, "wrapped": "c2VjcmV0!"}),
        a_file({**GOOD, "wrapped": None}),
        a_file({**GOOD, "destroy_at": "2026-06-01T00:00:00"}),
        a_file({**GOOD, "destroy_at": "soon"}),
        a_file({**GOOD, "destroy_at": "2026-05-05T00:00:00+00:00"}),
        a_file({name: value for name, value in GOOD.items() if name != "wrapped"}),
    ],
)
async def test_a_broken_file_is_named_and_left_as_it_is(store: FileKeyStore, content: bytes) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(content)
    with pytest.raises(KeyFileBroken) as broken:
        await store.load()
    assert store.path.read_bytes() == content
    said = str(broken.value)
    assert str(store.path) in said
    assert "move it away" in said
    assert "c2VjcmV0" not in said + repr(broken.value)
    assert broken.value.__suppress_context__


async def test_a_whole_file_is_understood(store: FileKeyStore) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(a_file(GOOD))
    assert (await store.load())[7].wrapped == b"secret"


async def test_a_file_that_isnt_readable_is_named(store: FileKeyStore) -> None:
    store.path.mkdir(parents=True)
    with pytest.raises(KeyFileBroken, match=re.escape(str(store.path))):
        await store.load()


def test_no_wrapped_key_shows_in_a_repr(store: FileKeyStore) -> None:
    assert "wrapped" not in repr(a_key(7))
    assert repr(store) == f"FileKeyStore('{store.path}')"
