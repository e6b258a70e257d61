"""A process knows by itself when its servers may be another's, also when nobody can tell it."""

from __future__ import annotations

import asyncio
import logging
from typing import cast

import pytest

from bot.cli import sharing
from bot.cli.sharing import Kept, taken_share
from bot.rules.shares import EVERYTHING, GroupLease, share_of
from bot.services import shard_groups
from bot.services.shard_groups import LEASE_SECONDS, ShardGroups, StandBy
from db.database import Database
from db.errors import ShareLost
from tests.conftest import ErrorCollector

SHARE = share_of(0, 1, 1, "token")
NO_DATABASE = cast("Database", None)


class Groups:
    """Answers to renewals, one after the other; the clock goes on by ten seconds before each."""

    def __init__(self, *answers: Exception | None, takes: tuple[object, ...] = ()) -> None:
        self.clock = 0.0
        self.answers = list(answers)
        self.takes = list(takes)
        self.released = False

    def steady(self) -> float:
        return self.clock

    async def renew(self, _lease: GroupLease) -> None:
        self.clock += 10
        answer = self.answers.pop(0)
        if answer is not None:
            raise answer

    async def take(self) -> object:
        await asyncio.sleep(0)
        return self.takes.pop(0) if len(self.takes) > 1 else self.takes[0]

    async def release(self, _lease: GroupLease) -> None:
        self.released = True


def kept(groups: Groups, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """A share that was taken when the clock stood at 0, and is renewed at once whenever it can be."""
    monkeypatch.setattr(sharing, "steady", groups.steady)
    monkeypatch.setattr(sharing, "AGAIN_SECONDS", 0)
    monkeypatch.setattr(shard_groups, "RENEW_SECONDS", 0.001)
    return Kept(NO_DATABASE, SHARE, cast("ShardGroups", groups), 0.0)


async def test_a_database_that_is_away_for_less_than_the_lease_costs_nothing(
    monkeypatch: pytest.MonkeyPatch, logged_errors: ErrorCollector
) -> None:
    groups = Groups(OSError(), OSError(), None, OSError(), None, OSError(), None, ShareLost())
    share = kept(groups, monkeypatch)

    await asyncio.wait_for(share.until_lost(), 30)

    assert groups.answers == []  # only another's word could end it
    logged_errors.records.clear()


async def test_one_that_is_away_for_longer_ends_the_work(
    monkeypatch: pytest.MonkeyPatch, logged_errors: ErrorCollector
) -> None:
    groups = Groups(*(OSError() for _ in range(9)))
    share = kept(groups, monkeypatch)

    await asyncio.wait_for(share.until_lost(), 30)

    assert groups.clock == LEASE_SECONDS
    assert not share.still_ours()
    logged_errors.records.clear()


async def test_after_standing_still_nothing_is_ours_before_anybody_has_said_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    groups = Groups()
    share = kept(groups, monkeypatch)
    assert share.still_ours()

    groups.clock = LEASE_SECONDS

    assert not share.still_ours()


async def test_what_needs_no_lease_is_always_ours() -> None:
    alone = Kept(NO_DATABASE, EVERYTHING, cast("ShardGroups", Groups()), since=-1e9)

    assert alone.still_ours()


async def test_it_says_once_that_it_stands_by_and_lets_go_at_the_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sharing, "LOOK_SECONDS", 0.001)
    groups = Groups(takes=(*[StandBy.ALL_TAKEN] * 3, *[StandBy.OTHER_SETTINGS] * 3, SHARE))

    with caplog.at_level(logging.INFO, "bot.cli.sharing"):
        async with taken_share(NO_DATABASE, cast("ShardGroups", groups), asyncio.Event()) as share:
            assert share is not None

    assert [line.split(":")[0].split(" until")[0] for line in caplog.messages] == [
        "standing by",
        "standing by",
        "working for group 0 of the shards",
    ]
    assert groups.released


async def test_who_is_asked_to_stop_while_standing_by_takes_nothing() -> None:
    groups, stop = Groups(takes=(StandBy.ALL_TAKEN,)), asyncio.Event()
    asyncio.get_running_loop().call_later(0.05, stop.set)

    async with taken_share(NO_DATABASE, cast("ShardGroups", groups), stop) as share:
        assert share is None
