"""What was kept for long enough goes: slowly, lowest of all, by the shorter rule, and never unannounced."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from bot.content.library import load_library
from bot.errors import Refusal
from bot.services import Services, make_services
from bot.services.outbox import Priority
from bot.services.retention import AT_A_LOOK, Keeping
from db import erasures
from db.database import Database
from db.story_tables import Reply, Story
from db.tables import Delivery
from tests.conftest import WORDS, Now
from tests.services.desk import ANN, BEN, CHANNEL, Desk, remove_for_good

OTHER_CHANNEL = CHANNEL + 1


def again(services: Services, database: Database, now: Now, days: int | None) -> Services:
    """A new start with this setting."""
    return make_services(
        database, services.keyring, load_library(), WORDS, now=now, random=Random(1),
        grace=timedelta(hours=12), retention_days=days,
    )  # fmt: skip


async def slips(database: Database) -> list[str]:
    """The stories' words that are there."""
    async with database.read() as session:
        return sorted([row.slip for row in await session.scalars(select(Story)) if row.slip])


async def looks(services: Services, now: Now, times: int = 3) -> None:
    """The clock asks a few times."""
    for _ in range(times):
        await services.retention.due(now())


async def test_until_withdrawn_is_the_rule_unless_somebody_chooses(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(services).open()
    await desk.tell(ANN)
    now.forward(days=3_000)
    await looks(services, now)

    assert await slips(database) == ["I was late."]
    assert await services.retention.of(desk.circle_id) == Keeping(None, None, None)


async def test_a_circle_chooses_and_what_is_over_goes_with_all_below_it(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(services).open()
    old = await desk.tell(ANN, "old")
    await desk.tell(ANN, "old with a name", named=True)
    await desk.reply(BEN, old.story_id, "below the old one")
    now.forward(days=60)
    await desk.deliver()
    await desk.tell(ANN, "young")
    await services.retention.choose(desk.circle_id, 90)
    await looks(services, now)
    assert len(await slips(database)) == 3

    now.forward(days=31)
    await looks(services, now)
    await desk.deliver()

    assert await slips(database) == ["young"]
    assert [text for text in desk.posted.values() if text.startswith("old")] == []
    async with database.read() as session:
        assert (await session.scalars(select(Reply))).all() == []
        noted = {(one.kind, one.subject) for one in await erasures.everything(session)}
    assert (erasures.WITHDRAWN, old.story_id) in noted


async def test_a_story_stays_until_the_last_of_its_days_is_over(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(services).open()
    now.forward(hours=1)
    await desk.tell(ANN)
    await services.retention.choose(desk.circle_id, 90)

    now.forward(days=89)
    await looks(services, now)
    assert len(await slips(database)) == 1

    now.forward(days=2)
    await looks(services, now)
    assert await slips(database) == []


async def test_another_circle_keeps_its_own_rule(services: Services, database: Database, now: Now) -> None:
    desk, other = await Desk(services).open(), await Desk(services).open(channel_id=OTHER_CHANNEL)
    other._ids = desk._ids
    await desk.tell(ANN, "here")
    await other.tell(ANN, "there")
    await services.retention.choose(desk.circle_id, 90)
    now.forward(days=100)
    await looks(services, now)

    assert await slips(database) == ["there"]


async def test_much_that_is_over_goes_a_little_at_a_look_and_after_everything_else(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(services).open()
    for number in range(AT_A_LOOK + 3):
        await desk.tell(ANN, f"story {number}")
    await services.retention.choose(desk.circle_id, 90)
    now.forward(days=100)

    assert await services.retention.due(now()) == 0
    assert len(await slips(database)) == 3
    async with database.read() as session:
        owed = (await session.scalars(select(Delivery).where(Delivery.kind == "retract"))).all()
    assert {row.priority for row in owed} == {Priority.DIGEST}

    await services.retention.due(now())
    assert await slips(database) == []


async def test_what_a_shorter_choice_takes_away_is_counted_before(services: Services, now: Now) -> None:
    desk = await Desk(services).open()
    for _ in range(2):
        await desk.tell(ANN)
    now.forward(days=200)
    await desk.tell(ANN)

    assert await services.retention.would_go(desk.circle_id, 90) == 2
    assert await services.retention.would_go(desk.circle_id, 365) == 0
    await services.retention.choose(desk.circle_id, 90)
    assert await services.retention.would_go(desk.circle_id, 90) == 0
    assert await services.retention.would_go(desk.circle_id, None) == 0


async def test_a_circle_cannot_keep_longer_than_the_operator(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(again(services, database, now, 100)).open()
    await looks(desk.services, now)
    now.forward(days=8)

    with pytest.raises(Refusal) as refused:
        await desk.services.retention.choose(desk.circle_id, 365)
    assert refused.value.key == "refusals.kept_shorter"
    with pytest.raises(Refusal):
        await desk.services.retention.choose(desk.circle_id, 7)
    assert (await desk.services.retention.choose(desk.circle_id, 90)).days == 90
    assert await desk.services.retention.choose(desk.circle_id, None) == Keeping(100, None, 100)


async def test_a_shorter_setting_is_told_to_all_facilitators_and_holds_a_week_later(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(services).open()
    await desk.tell(ANN)
    await looks(services, now)
    now.forward(days=300)

    started = again(services, database, now, 100)
    await looks(started, now)

    assert len(await slips(database)) == 1
    (notice,) = await started.circles.notices(desk.circle_id)
    assert notice.kind == "retention_shorter"
    assert notice.values == {"days": "100", "day": (now().date() + timedelta(days=7)).isoformat()}
    restarted = again(services, database, now, 100)
    now.forward(days=6)
    await looks(restarted, now)
    assert len(await slips(database)) == 1
    assert await restarted.circles.notices(desk.circle_id) == ()

    now.forward(days=1)
    await looks(restarted, now)
    assert await slips(database) == []


async def test_what_is_left_of_a_removed_story_goes_too(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(services).open()
    told = await desk.tell(ANN)
    await remove_for_good(services, told.story_id)
    await desk.deliver()
    await services.retention.choose(desk.circle_id, 90)
    now.forward(days=100)
    await looks(services, now)

    async with database.read() as session:
        assert (await session.scalars(select(Story))).all() == []
