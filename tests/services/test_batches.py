"""Stories that wait for one another: they appear together and in no order, and time nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from bot.cli.opening import key_store
from bot.content.library import load_library
from bot.rules.stories import StoryDraft, StoryWords, Voice
from bot.services import Services, make_services
from bot.services.batches import AFTER_THE_LAST, DAILY_SPREAD, SPREAD_EACH, daily_moment
from bot.services.keyring import Keyring
from bot.services.stories import Teller, Told
from db.database import Database
from db.story_tables import Story
from db.tables import Delivery
from tests.conftest import PEPPER, WORDS, Now, make_settings
from tests.services.desk import ANN, BEN, CEM, CHANNEL, Desk

BERLIN = ZoneInfo("Europe/Berlin")
MORNING = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 3, 18, 0, tzinfo=UTC)
"""Seven in the evening in Berlin."""


@pytest.fixture
async def together(services: Services, now: Now) -> Desk:
    """A circle whose unnamed stories wait until there are three, on a morning."""
    now.at = MORNING
    return await batched(services, 3)


async def batched(services: Services, size: int | None, delay: int = 120) -> Desk:
    """A circle with batches of a size."""
    desk = await Desk(services).open()
    await choose(desk, size, delay)
    return desk


async def choose(desk: Desk, size: int | None, delay: int = 120) -> None:
    """The facilitator chooses how stories wait."""
    circle = await desk.services.circles.get(desk.circle_id)
    plan = replace(circle.plan, delay_minutes=delay, batch_of=size)
    await desk.services.circles.save(circle.guild_id, CHANNEL, plan, "en")


async def moments(database: Database) -> dict[str, datetime]:
    """When each waiting story may appear, by what happened in it."""
    async with database.read() as session:
        rows = await session.execute(
            select(Story.slip, Delivery.not_before)
            .join(Delivery, Delivery.subject == Story.id)
            .where(Delivery.kind == "story", Delivery.state == "waiting")
        )
        return {slip: moment for slip, moment in rows.all() if moment is not None}


def in_the_evening(moment: datetime, day: datetime = EVENING) -> bool:
    """Whether this is a moment at the end of a day."""
    return day <= moment <= day + DAILY_SPREAD


async def test_a_story_waits_for_others_and_at_the_end_of_the_day_it_appears_alone(
    together: Desk, now: Now
) -> None:
    await together.tell(ANN, "Alone.")
    assert together.posted == {}
    now.at = EVENING - timedelta(seconds=1)
    await together.deliver()
    assert together.posted == {}

    now.at = EVENING + DAILY_SPREAD
    await together.deliver()

    assert list(together.posted.values()) == ["Alone."]


async def test_the_third_lets_all_three_appear_a_random_while_later_each_at_a_moment_of_its_own(
    together: Desk, database: Database, now: Now
) -> None:
    for person, slip in ((ANN, "One."), (BEN, "Two.")):
        await together.tell(person, slip)
        now.forward(minutes=20)
    assert all(in_the_evening(moment) for moment in (await moments(database)).values())

    await together.tell(CEM, "Three.")

    found = await moments(database)
    assert len(set(found.values())) == 3
    assert all(now() < moment <= now() + AFTER_THE_LAST + 3 * SPREAD_EACH for moment in found.values())
    assert max(found.values()) - min(found.values()) <= 3 * SPREAD_EACH
    now.at = max(found.values())
    await together.deliver()
    assert sorted(together.posted.values()) == ["One.", "Three.", "Two."]


async def test_when_a_batch_appears_does_not_say_when_its_last_story_was_told_nor_which_that_was(
    services: Services, database: Database, now: Now
) -> None:
    whiles, last_is_first = list[timedelta](), 0
    for channel in range(60):
        now.at = MORNING
        desk = await Desk(services).open(channel_id=CHANNEL + 10 + channel)
        circle = await services.circles.get(desk.circle_id)
        plan = replace(circle.plan, batch_of=3)
        await services.circles.save(circle.guild_id, circle.channel_id, plan, "en")
        for number, person in enumerate((ANN, BEN, CEM)):
            now.forward(minutes=10)
            await keep_waiting(desk, person, f"{channel}.{number}")
        found = {slip: at for slip, at in (await moments(database)).items() if slip.startswith(f"{channel}.")}
        whiles.append(min(found.values()) - now())
        last_is_first += min(found, key=found.__getitem__).endswith(".2")

    assert min(whiles) < timedelta(minutes=20)
    assert max(whiles) > timedelta(minutes=100)
    assert 8 <= last_is_first <= 33  # a third of 60, four deviations around it


async def keep_waiting(desk: Desk, person: int, slip: str, *, voice: Voice = Voice.UNNAMED) -> Told:
    """Tell a story, and leave it on its way."""
    kept = await desk.services.stories.keep(StoryDraft(desk.circle_id, voice, StoryWords(slip)))
    told = await desk.services.stories.post(kept.receipt, 1, Teller(person, "Somebody"))
    assert isinstance(told, Told)
    return told


async def test_the_end_of_the_day_is_the_circles_own_and_depends_on_nothing_that_was_told(
    together: Desk, database: Database, now: Now
) -> None:
    for hours, slip in ((0, "Early."), (9.9, "Late.")):
        now.at = MORNING + timedelta(hours=hours)
        await keep_waiting(together, ANN, slip)
    now.at = EVENING
    await keep_waiting(together, BEN, "For tomorrow.")

    found = await moments(database)

    assert in_the_evening(found["Early."])
    assert in_the_evening(found["Late."])
    assert in_the_evening(found["For tomorrow."], EVENING + timedelta(days=1))


@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"])
async def test_the_hour_stays_the_same_when_the_clocks_change(day: str) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=BERLIN)

    moment = daily_moment("Europe/Berlin", noon)

    assert moment.astimezone(BERLIN).isoformat().startswith(f"{day}T19:00")
    assert daily_moment("Europe/Berlin", moment).astimezone(BERLIN).hour == 19


async def test_near_the_end_of_the_day_a_full_batch_waits_for_it(
    together: Desk, database: Database, now: Now
) -> None:
    now.at = EVENING - timedelta(minutes=10)
    for person in (ANN, BEN, CEM):
        await keep_waiting(together, person, f"By {person}.")

    assert all(in_the_evening(moment) for moment in (await moments(database)).values())


async def test_who_is_told_while_the_day_ends_hurries_nobody(
    together: Desk, database: Database, now: Now
) -> None:
    for slip in ("One.", "Two."):
        await keep_waiting(together, ANN, slip)
    now.at = EVENING + timedelta(milliseconds=1)
    before = await moments(database)

    await keep_waiting(together, CEM, "Three.")

    after = await moments(database)
    assert in_the_evening(after.pop("Three."), EVENING + timedelta(days=1))
    assert after == before


async def test_taking_one_back_lets_the_others_wait_again_so_that_it_reveals_no_count(
    together: Desk, database: Database, now: Now
) -> None:
    await keep_waiting(together, ANN, "One.")
    await keep_waiting(together, BEN, "Two.")
    third = await keep_waiting(together, CEM, "Three.")
    assert not any(in_the_evening(moment) for moment in (await moments(database)).values())

    await together.services.own_stories.withdraw(third.story_id, third.receipt, CEM)

    found = await moments(database)
    assert found.keys() == {"One.", "Two."}
    assert all(in_the_evening(moment) for moment in found.values())
    await keep_waiting(together, CEM, "Four.")
    assert not any(in_the_evening(moment) for moment in (await moments(database)).values())


async def test_taking_one_back_from_a_batch_that_has_begun_to_appear_stops_nothing(
    together: Desk, database: Database, now: Now
) -> None:
    told = [await keep_waiting(together, person, f"{person}") for person in (ANN, BEN, CEM)]
    due = await moments(database)
    first, second, third = sorted(due, key=due.__getitem__)
    now.at = due[first]
    await together.deliver()
    (taken,) = [one for one, person in zip(told, (ANN, BEN, CEM), strict=True) if str(person) == third]

    await together.services.own_stories.withdraw(taken.story_id, taken.receipt, int(third))

    assert await moments(database) == {second: due[second]}


async def test_nothing_is_left_of_a_batch_once_it_has_appeared(
    together: Desk, database: Database, now: Now
) -> None:
    for person in (ANN, BEN, CEM):
        await keep_waiting(together, person, f"{person}")
    async with database.read() as session:
        batches = set(await session.scalars(select(Story.batch)))
    assert len(batches) == 1
    assert batches.isdisjoint({0, None})
    now.at = EVENING
    await together.deliver()

    async with database.read() as session:
        assert set(await session.scalars(select(Story.batch))) == {None}
    assert len(together.posted) == 3


async def test_named_stories_wait_for_nobody_and_count_for_nobody(
    together: Desk, database: Database, now: Now
) -> None:
    for person in (ANN, BEN, CEM):
        await keep_waiting(together, person, f"{person}", voice=Voice.NAMED)
    assert set((await moments(database)).values()) == {now()}

    await keep_waiting(together, ANN, "Unnamed.")

    assert in_the_evening((await moments(database))["Unnamed."])


async def test_a_pause_holds_a_batch_and_afterwards_it_goes_apart(
    together: Desk, database: Database, now: Now
) -> None:
    for person in (ANN, BEN):
        await keep_waiting(together, person, f"{person}")
    await together.services.circles.pause(together.circle_id, None)
    for _ in range(6):
        now.at = max(now(), EVENING) + timedelta(minutes=10)
        await together.deliver()
    assert together.posted == {}

    await together.services.circles.resume(together.circle_id)
    before = await moments(database)
    await keep_waiting(together, CEM, "After the pause.")

    after = await moments(database)
    assert {
        slip: after[slip] for slip in before
    } == before  # their day is over: they wait for nobody any more
    now.forward(minutes=31)
    await together.deliver()
    assert len(together.posted) == 2


async def test_a_restart_changes_nothing_for_what_waits(
    together: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    for person in (ANN, BEN):
        await keep_waiting(together, person, f"{person}")
    before = await moments(database)
    keyring = Keyring(key_store(database, make_settings(tmp_path)), PEPPER, 28)
    await keyring.open(now())
    after_it = Desk(
        make_services(
            database, keyring, load_library(), WORDS, now=now, random=Random(8), grace=timedelta(hours=12)
        ),
        together.circle_id,
    )
    assert await moments(database) == before

    await keep_waiting(after_it, CEM, "Three.")

    now.at = EVENING
    await after_it.deliver()
    assert len(after_it.posted) == 3


async def test_what_waits_keeps_what_its_teller_read_when_the_circle_chooses_otherwise(
    together: Desk, database: Database, now: Now
) -> None:
    for person in (ANN, BEN):
        await keep_waiting(together, person, f"{person}")
    before = await moments(database)
    await choose(together, None, delay=0)

    await keep_waiting(together, CEM, "At once.")

    found = await moments(database)
    assert found.pop("At once.") == now()
    assert found == before


async def test_the_teller_is_told_the_same_whether_or_not_others_wait(together: Desk) -> None:
    told = [await keep_waiting(together, person, f"{person}") for person in (ANN, BEN, CEM)]

    alike = [replace(one, story_id=0, receipt="") for one in told]

    assert alike[0] == alike[1] == alike[2]
    assert alike[0].promise.batch_of == 3


async def test_an_update_waits_by_itself_where_stories_wait_for_others(
    together: Desk, database: Database, now: Now
) -> None:
    told = await keep_waiting(together, ANN, "One.")
    now.at = EVENING + DAILY_SPREAD
    await together.deliver()
    await together.update(ANN, told.story_id, "It went well.")

    async with database.read() as session:
        query = select(Delivery.not_before).where(Delivery.kind == "update")
        (due,) = await session.scalars(query)

    assert due is not None
    assert now() < due <= now() + timedelta(minutes=120)
