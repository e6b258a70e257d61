"""The keyring: a key for each epoch, saved before it is used, destroyed on time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.anonymity import Purpose, WrongPepper, epoch_of, epoch_start
from bot.services.keyring import Keyring
from db.keys import FileKeyStore, KeyFileBroken, StoredKey

PEPPER, OTHER_PEPPER = bytes(range(32)), bytes(range(1, 33))
NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
START = epoch_start(epoch_of(NOON, 28))
WINDOW = timedelta(days=28)
STORY, PERSON = 42, 812345678901234567


class Shelf:
    """A key store in memory, which can be made to refuse."""

    shared = False

    def __init__(self) -> None:
        self.kept: dict[int, StoredKey] = {}
        self.saves = 0
        self.full = False

    @asynccontextmanager
    async def changing(self) -> AsyncGenerator[dict[int, StoredKey]]:
        keys = await self.load()
        before = dict(keys)
        yield keys
        if keys != before:
            await self.save(keys)

    async def load(self) -> dict[int, StoredKey]:
        await asyncio.sleep(0)
        return dict(self.kept)

    async def save(self, keys: Mapping[int, StoredKey]) -> None:
        await asyncio.sleep(0)
        if self.full:
            raise OSError(28, "No space left on device")
        self.kept = dict(keys)
        self.saves += 1


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


async def opened(
    store: Shelf | FileKeyStore, now: datetime, pepper: bytes = PEPPER, window: int = 28
) -> Keyring:
    keyring = Keyring(store, pepper, window)
    await keyring.open(now)
    return keyring


async def test_a_person_is_recognised_at_their_story_also_after_a_restart(tmp_path: Path) -> None:
    store = FileKeyStore(tmp_path / "keys.json")
    keyring = await opened(store, NOON)
    epoch = await keyring.epoch(NOON)
    tag = keyring.tag(epoch, Purpose.TELLER, STORY, PERSON)
    assert tag is not None
    later = await opened(store, NOON + timedelta(days=20))
    assert later.tag(epoch, Purpose.TELLER, STORY, PERSON) == tag
    assert later.tag(epoch, Purpose.TELLER, STORY, PERSON + 1) != tag


async def test_opening_alone_makes_no_key(shelf: Shelf) -> None:
    await opened(shelf, NOON)
    assert shelf.saves == 0


async def test_one_epoch_has_one_key_however_many_ask_at_once(shelf: Shelf) -> None:
    keyring = await opened(shelf, NOON)
    assert len(set(await asyncio.gather(*(keyring.epoch(NOON) for _ in range(20))))) == 1
    assert shelf.saves == 1
    assert len(shelf.kept) == 1


async def test_each_epoch_has_a_key_of_its_own(shelf: Shelf) -> None:
    keyring = await opened(shelf, NOON)
    epochs = [await keyring.epoch(NOON + timedelta(days=7 * week)) for week in range(3)]
    keys = {keyring.key(epoch) for epoch in epochs}
    assert None not in keys
    assert len(keys) == 3
    assert len({keyring.tag(epoch, Purpose.TELLER, STORY, PERSON) for epoch in epochs}) == 3


async def test_a_key_is_saved_before_it_is_used(shelf: Shelf) -> None:
    keyring = await opened(shelf, NOON)
    shelf.full = True
    with pytest.raises(OSError, match="No space"):
        await keyring.epoch(NOON)
    assert keyring.key(epoch_of(NOON, 28)) is None
    shelf.full = False
    epoch = await keyring.epoch(NOON)
    assert keyring.key(epoch) is not None
    assert epoch in shelf.kept


async def test_a_key_dies_at_its_epochs_start_plus_the_window_to_the_second(shelf: Shelf) -> None:
    keyring = await opened(shelf, NOON)
    epoch = await keyring.epoch(NOON)
    assert keyring.ends(epoch) == START + WINDOW
    assert await keyring.destroy_due(START + WINDOW - timedelta(seconds=1)) == 0
    assert keyring.key(epoch) is not None
    assert await keyring.destroy_due(START + WINDOW) == 1
    assert keyring.key(epoch) is None
    assert keyring.ends(epoch) is None
    assert keyring.tag(epoch, Purpose.TELLER, STORY, PERSON) is None
    assert shelf.kept == {}


async def test_asking_for_an_epoch_destroys_what_is_over(shelf: Shelf) -> None:
    keyring = await opened(shelf, NOON)
    old = await keyring.epoch(NOON)
    new = await keyring.epoch(START + WINDOW)
    assert keyring.key(old) is None
    assert set(shelf.kept) == {new}


async def test_what_is_told_before_the_first_tick_of_an_epoch_belongs_to_the_one_before(shelf: Shelf) -> None:
    keyring = await opened(shelf, NOON)
    before = await keyring.epoch(NOON)
    border = START + timedelta(days=7)
    shelf.full = True  # nothing is written for somebody who tells

    assert await keyring.current(NOON) == before
    assert await keyring.current(border) == before
    shelf.full = False
    assert await keyring.epoch(border) != before
    assert await keyring.current(border) == epoch_of(border, 28)
    assert shelf.saves == 2


async def test_a_key_whose_time_is_over_takes_no_story_even_if_no_tick_came(shelf: Shelf) -> None:
    keyring = await opened(shelf, NOON)
    await keyring.epoch(NOON)
    assert await keyring.current(START + WINDOW) == epoch_of(START + WINDOW, 28)


async def test_after_downtime_old_keys_are_destroyed_before_anything_else(shelf: Shelf) -> None:
    await (await opened(shelf, NOON)).epoch(NOON)
    keyring = await opened(shelf, NOON + timedelta(days=90))
    assert shelf.kept == {}
    assert keyring.key(epoch_of(NOON, 28)) is None


async def test_even_a_start_with_the_wrong_pepper_destroys_what_is_over(shelf: Shelf) -> None:
    keyring = await opened(shelf, NOON)
    await keyring.epoch(NOON)
    alive = await keyring.epoch(NOON + timedelta(days=14))
    with pytest.raises(WrongPepper):
        await opened(shelf, START + WINDOW, OTHER_PEPPER)
    assert set(shelf.kept) == {alive}


async def test_a_wrong_pepper_is_refused_and_changes_nothing(shelf: Shelf) -> None:
    await (await opened(shelf, NOON)).epoch(NOON)
    before = dict(shelf.kept)
    with pytest.raises(WrongPepper):
        await opened(shelf, NOON, OTHER_PEPPER)
    assert shelf.kept == before


async def test_a_new_pepper_is_fine_when_no_key_is_alive(shelf: Shelf) -> None:
    await (await opened(shelf, NOON)).epoch(NOON)
    await (await opened(shelf, NOON + timedelta(days=60), OTHER_PEPPER)).epoch(NOON + timedelta(days=60))
    assert len(shelf.kept) == 1


async def test_keys_swapped_between_epochs_are_refused(shelf: Shelf) -> None:
    keyring = await opened(shelf, NOON)
    one, other = await keyring.epoch(NOON), await keyring.epoch(NOON + timedelta(days=7))
    a, b = shelf.kept[one], shelf.kept[other]
    shelf.kept = {
        one: StoredKey(one, a.starts_at, a.ends_at, a.destroy_at, b.wrapped),
        other: StoredKey(other, b.starts_at, b.ends_at, b.destroy_at, a.wrapped),
    }
    with pytest.raises(WrongPepper):
        await opened(shelf, NOON + timedelta(days=7))


async def test_a_broken_key_file_stops_the_start_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    await (await opened(FileKeyStore(path), NOON)).epoch(NOON)
    half = path.read_bytes()[:100]
    path.write_bytes(half)
    with pytest.raises(KeyFileBroken):
        await opened(FileKeyStore(path), NOON)
    assert path.read_bytes() == half


async def test_a_failed_destruction_ends_use_at_once_and_is_tried_again(shelf: Shelf) -> None:
    keyring = await opened(shelf, NOON)
    epoch = await keyring.epoch(NOON)
    shelf.full = True
    with pytest.raises(OSError, match="No space"):
        await keyring.destroy_due(START + WINDOW)
    assert keyring.key(epoch) is None
    assert keyring.tag(epoch, Purpose.TELLER, STORY, PERSON) is None
    shelf.full = False
    assert await keyring.destroy_due(START + WINDOW) == 1
    assert shelf.kept == {}


async def test_a_tick_with_nothing_due_touches_no_file(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    keyring = await opened(shelf, NOON)
    await keyring.epoch(NOON)

    async def touched() -> dict[int, StoredKey]:
        raise AssertionError("the store was read")

    monkeypatch.setattr(shelf, "load", touched)
    assert await keyring.destroy_due(NOON) == 0
    assert await keyring.epoch(NOON) == epoch_of(NOON, 28)


async def test_a_shorter_window_shortens_the_lives_of_the_keys_there_are(shelf: Shelf) -> None:
    epoch = await (await opened(shelf, NOON)).epoch(NOON)
    keyring = await opened(shelf, NOON, window=7)
    assert keyring.ends(epoch) == START + timedelta(days=7)
    assert shelf.kept[epoch].destroy_at == START + timedelta(days=7)


async def test_a_longer_window_doesnt_lengthen_what_tellers_were_promised(shelf: Shelf) -> None:
    epoch = await (await opened(shelf, NOON, window=4)).epoch(NOON)
    promised = epoch_start(epoch) + timedelta(days=4)
    keyring = await opened(shelf, NOON, window=28)
    assert keyring.ends(epoch) == promised
    await keyring.destroy_due(promised)
    assert keyring.key(epoch) is None


async def test_keys_removed_from_the_disk_are_not_kept_in_memory(shelf: Shelf) -> None:
    keyring = await opened(shelf, NOON)
    epoch = await keyring.epoch(NOON)
    shelf.kept = {}
    await keyring.epoch(NOON + timedelta(days=7))
    assert keyring.key(epoch) is None


@given(st.lists(st.integers(0, 400), min_size=1, max_size=25), st.integers(1, 28))
def test_at_no_time_is_anything_testable_for_longer_than_the_window(gaps: list[int], window: int) -> None:
    async def live() -> None:
        shelf, now, made = Shelf(), NOON, dict[int, datetime]()
        keyring = await opened(shelf, now, window=window)
        for gap in gaps:
            now += timedelta(hours=gap)
            made.setdefault(await keyring.epoch(now), now)
            for epoch, first_used in made.items():
                alive = keyring.key(epoch) is not None
                assert alive == (epoch in shelf.kept)
                assert not (alive and now - first_used >= timedelta(days=window))

    asyncio.run(live())


async def test_no_secret_shows_in_a_repr_or_an_error(shelf: Shelf) -> None:
    keyring = await opened(shelf, NOON)
    epoch = await keyring.epoch(NOON)
    key = keyring.key(epoch)
    assert key is not None
    with pytest.raises(WrongPepper) as refused:
        await opened(shelf, NOON, OTHER_PEPPER)
    with pytest.raises(ValueError, match="32 bytes") as too_short:
        Keyring(shelf, b"peppercorn", 28)
    said = "".join(map(repr, (keyring, shelf.kept[epoch], refused.value, too_short.value)))
    for secret in (key, PEPPER, OTHER_PEPPER, b"peppercorn", shelf.kept[epoch].wrapped):
        assert repr(secret)[2:-1] not in said
        assert secret.hex() not in said
    assert repr(keyring) == "Keyring(1 epochs, window of 28 days)"


async def test_a_window_that_was_never_promised_is_refused(shelf: Shelf) -> None:
    with pytest.raises(ValueError, match="1 to 28"):
        Keyring(shelf, PEPPER, 29)
