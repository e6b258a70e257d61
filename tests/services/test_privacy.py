"""Erasing what can still be recognised: all of it, nothing else, not at once, and without a word about it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.services import Services
from bot.services.resonating import Sign
from db.database import Database
from db.story_tables import Mute, PenName, Reply, Resonance, Story, Update
from tests.conftest import ON_SQLITE, Now
from tests.services.desk import ANN, BEN, Desk


async def there(database: Database) -> dict[str, list[str]]:
    """The words and signs that are there, each kind sorted."""
    async with database.read() as session:
        return {
            "stories": sorted([row.slip for row in await session.scalars(select(Story)) if row.slip]),
            "updates": sorted([row.text for row in await session.scalars(select(Update)) if row.text]),
            "replies": sorted([row.text for row in await session.scalars(select(Reply)) if row.text]),
            "signs": sorted([row.kind for row in await session.scalars(select(Resonance))]),
        }


async def a_day_passes(services: Services, desk: Desk, now: Now) -> None:
    """Everything that goes by itself goes, each at its moment."""
    end = now() + timedelta(days=1)
    while (due := await services.privacy.next_due()) is not None and due <= end:
        now.at = max(due, now())
        await services.privacy.due(now())
        await desk.deliver()
    now.at = end
    await desk.deliver()


async def test_all_that_is_recognised_goes_and_nothing_of_anybody_else(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(services).open()
    mine, other = await desk.tell(ANN, "Ann's own"), await desk.tell(BEN, "Ben's own")
    second = await desk.tell(ANN, "Ann's second")
    await desk.update(ANN, mine.story_id, "How Ann's went")
    await desk.reply(ANN, other.story_id, "Ann to Ben")
    await desk.reply(BEN, other.story_id, "Ben to himself")
    await desk.reply(BEN, second.story_id, "Ben to Ann")
    for person in (ANN, BEN):
        await services.resonating.press(other.story_id, Sign.THANKS, person)
    await services.resonating.press(other.story_id, Sign.LEARNED, ANN)
    now.forward(minutes=5)
    await desk.deliver()

    await services.privacy.let_go(ANN)
    await a_day_passes(services, desk, now)

    assert await there(database) == {
        "stories": ["Ben's own"], "updates": [], "replies": ["Ben to himself"], "signs": ["thanks"],
    }  # fmt: skip
    assert not {"Ann's own", "Ann's second", "Ann to Ben"} & set(desk.posted.values())
    async with database.read() as session:
        assert [name.tag for name in await session.scalars(select(PenName))] == [None]


@ON_SQLITE
async def test_the_press_itself_writes_nothing(services: Services, database: Database, now: Now) -> None:
    desk = await Desk(services).open()
    await desk.tell(ANN)
    before = database.writes

    await services.privacy.let_go(ANN)

    assert database.writes == before
    assert str(ANN) not in repr(vars(services.privacy)["_going"])


async def test_things_go_apart_from_each_other_and_each_in_a_transaction_of_its_own(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(services).open()
    for number in range(6):
        await desk.tell(ANN, f"story {number}")
    start = now()
    await services.privacy.let_go(ANN)

    moments: list[datetime] = []
    order: list[str] = []
    while (due := await services.privacy.next_due()) is not None:
        now.at = due
        left = (await there(database))["stories"]
        assert await services.privacy.due(now()) == 0
        (gone,) = set(left) - set((await there(database))["stories"])
        order.append(gone)
        moments.append(due)

    assert len(moments) == 6
    assert moments[-1] <= start + timedelta(days=1)
    assert moments[-1] - moments[0] > timedelta(hours=2)
    assert order != sorted(order)


async def test_what_fell_due_together_still_goes_one_at_a_look(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(services).open()
    for number in range(3):
        await desk.tell(ANN, f"story {number}")
    await services.privacy.let_go(ANN)
    now.forward(days=2)

    await services.privacy.due(now())

    assert len((await there(database))["stories"]) == 2


async def test_a_reply_can_be_recognised_until_it_has_gone_so_that_asking_again_after_a_restart_finds_it(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(services).open()
    for number in range(10):
        told = await desk.tell(BEN, f"Ben's {number}")
        await desk.reply(ANN, told.story_id, "Ann to Ben")
    now.forward(minutes=5)
    await desk.deliver()
    await services.privacy.let_go(ANN)

    for _ in range(10):  # half of what goes
        now.at = await services.privacy.next_due() or now()
        await services.privacy.due(now())
        async with database.read() as session:
            forgotten = {one.story_id for one in await session.scalars(select(PenName)) if one.tag is None}
            left = {one.story_id for one in await session.scalars(select(Reply)) if one.text}
        assert not forgotten & left
    vars(services.privacy)["_going"].clear()  # what a restart does
    await services.privacy.let_go(ANN)
    await a_day_passes(services, desk, now)

    assert (await there(database))["replies"] == []


async def test_after_the_window_nothing_is_recognised_and_nothing_goes(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(services).open()
    await desk.tell(ANN, "long ago")
    now.forward(days=29)
    await services.housekeeping.due(now())

    await services.privacy.let_go(ANN)

    assert await services.privacy.next_due() is None
    assert (await there(database))["stories"] == ["long ago"]


async def test_what_was_taken_back_meanwhile_is_no_trouble(
    services: Services, database: Database, now: Now
) -> None:
    desk = await Desk(services).open()
    told, other = await desk.tell(ANN), await desk.tell(BEN)
    added = await desk.reply(ANN, other.story_id, "soon gone")
    await services.privacy.let_go(ANN)
    await services.privacy.let_go(ANN)

    await services.own_stories.withdraw_reply(added.receipt)
    await services.own_stories.withdraw(told.story_id, told.receipt, ANN)
    await desk.deliver()
    await a_day_passes(services, desk, now)

    assert (await there(database))["stories"] == ["I was late."]


async def test_a_mute_outlives_it(services: Services, database: Database, now: Now) -> None:
    desk = await Desk(services).open()
    told = await desk.tell(ANN)
    await services.moderation.mute(told.story_id, now() + timedelta(days=3))
    await services.privacy.let_go(ANN)
    await a_day_passes(services, desk, now)

    assert (await there(database))["stories"] == []
    async with database.read() as session:
        assert [mute.number for mute in await session.scalars(select(Mute))] == [1]


async def test_named_stories_are_shown_whole_to_whoever_told_them_and_to_nobody_else(
    services: Services,
) -> None:
    desk = await Desk(services).open()
    told = await desk.tell(ANN, "A named slip. " * 20, named=True)
    await desk.update(ANN, told.story_id, "And its repair")
    await desk.deliver()
    await desk.tell(ANN, "Ann without a name")

    (kept,) = await services.privacy.named_stories(ANN)

    assert kept.line["number"] == "1"
    assert len(kept.line["begins"]) <= 80
    assert kept.file["what_happened"] == ("A named slip. " * 20).strip()
    assert kept.file["updates"] == ["And its repair"]
    assert "slip" not in repr(kept)
    assert await services.privacy.named_stories(BEN) == []
