"""What was read before *Post* is kept, whatever the circle chooses meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.rules.promises import Promise
from bot.rules.stories import StoryDraft, StoryWords, Voice
from bot.services import Services
from bot.services.additions import Added, Kind, OpenAddition
from bot.services.circles import CirclePlan
from bot.services.stories import OpenDraft, Teller, Told
from db.database import Database
from db.story_tables import Reply, Story, Update
from db.tables import Delivery
from tests.conftest import Now
from tests.services.desk import ANN, BEN, CHANNEL, Desk

Change = Callable[..., Awaitable[None]]
QUICKER_OR_OTHERWISE = [
    pytest.param({"delay_minutes": 0}, Promise(0), id="at once"),
    pytest.param({"delay_minutes": 10}, Promise(10), id="sooner"),
    pytest.param({"size": 6}, Promise(30, small=True), id="so small that it must be said"),
    pytest.param({"batch_of": 3}, Promise(1440, 3), id="with others"),
]


@pytest.fixture
async def desk(services: Services) -> Desk:
    """A circle of nine whose unnamed stories wait up to half an hour."""
    desk = await Desk(services).open()
    await change(desk, delay_minutes=30)
    return desk


async def change(desk: Desk, **settings: int | None) -> None:
    """The facilitator changes the circle's settings."""
    circle = await desk.services.circles.get(desk.circle_id)
    plan: CirclePlan = replace(circle.plan, **settings)
    await desk.services.circles.save(circle.guild_id, CHANNEL, plan, "en")


async def preview(desk: Desk, voice: Voice = Voice.UNNAMED) -> OpenDraft:
    """Somebody has written, and reads."""
    return await desk.services.stories.keep(StoryDraft(desk.circle_id, voice, StoryWords("I was late.")))


async def waiting(database: Database) -> list[Delivery]:
    """What is owed."""
    async with database.read() as session:
        return list(await session.scalars(select(Delivery).where(Delivery.state == "waiting")))


@pytest.mark.parametrize(("settings", "offered"), QUICKER_OR_OTHERWISE)
async def test_a_story_is_not_posted_on_a_promise_that_the_circle_cant_keep_any_more(
    desk: Desk, database: Database, settings: dict[str, int], offered: Promise
) -> None:
    read = await preview(desk)
    await change(desk, **settings)

    again = await desk.services.stories.post(read.receipt, 1, Teller(ANN, "Ann"))

    assert isinstance(again, OpenDraft)
    assert again.other_promise
    assert again.draft.promise == offered
    assert again.draft.thin == offered.small
    assert again.draft.words == read.draft.words
    assert await waiting(database) == []
    stale = await desk.services.stories.post(read.receipt, 1, Teller(ANN, "Ann"))
    assert isinstance(stale, OpenDraft)  # the first preview's button, pressed again, posts nothing either
    told = await desk.services.stories.post(read.receipt, again.draft.revision, Teller(ANN, "Ann"))
    assert isinstance(told, Told)
    assert told.promise == offered


async def test_who_was_promised_half_an_hour_is_not_made_to_wait_for_twelve(
    desk: Desk, database: Database, now: Now
) -> None:
    read = [await preview(desk) for _ in range(20)]
    await change(desk, delay_minutes=720)

    told = [await desk.services.stories.post(one.receipt, 1, Teller(ANN, "Ann")) for one in read]

    assert all(isinstance(one, Told) and one.promise == Promise(30) for one in told)
    moments = [row.not_before for row in await waiting(database)]
    assert all(moment is not None and now() < moment <= now() + timedelta(minutes=30) for moment in moments)


async def test_leaving_a_batch_is_another_promise_too(desk: Desk) -> None:
    await change(desk, batch_of=3)
    read = await preview(desk)
    for settings in ({"batch_of": None}, {"batch_of": 5}):
        await change(desk, **settings)
        again = await desk.services.stories.post(read.receipt, read.draft.revision, Teller(ANN, "Ann"))
        assert isinstance(again, OpenDraft)
        assert again.other_promise
        read = again


async def test_a_warning_that_was_given_does_no_harm_where_the_circle_has_grown(desk: Desk) -> None:
    await change(desk, size=6)
    read = await preview(desk)
    await change(desk, size=12)

    assert isinstance(await desk.services.stories.post(read.receipt, 1, Teller(ANN, "Ann")), Told)


async def test_whatever_is_changed_in_the_preview_promises_anew(desk: Desk) -> None:
    read = await preview(desk)
    await change(desk, delay_minutes=10)

    changed = await desk.services.stories.revise(read.receipt, 1, theme=None)

    assert changed.draft.promise == Promise(10)
    assert isinstance(await desk.services.stories.post(read.receipt, 2, Teller(ANN, "Ann")), Told)


async def test_a_preview_from_before_there_were_promises_is_shown_once_more(
    desk: Desk, services: Services
) -> None:
    draft = StoryDraft(desk.circle_id, Voice.UNNAMED, StoryWords("I was late."))
    payload = draft.as_payload()
    del payload["promise"]
    receipt = await services.drafts.keep(payload)

    again = await services.stories.post(receipt, 1, Teller(ANN, "Ann"))

    assert isinstance(again, OpenDraft)
    assert again.draft.promise == Promise(30)


async def test_with_a_name_nothing_waits_and_nothing_is_asked_again(desk: Desk) -> None:
    read = await preview(desk, Voice.NAMED)
    await change(desk, delay_minutes=0, size=6)

    assert isinstance(await desk.services.stories.post(read.receipt, 1, Teller(ANN, "Ann")), Told)


async def test_updates_keep_their_promise_too(desk: Desk, database: Database, now: Now) -> None:
    additions = desk.services.additions
    told = await desk.tell(ANN)
    now.forward(minutes=31)
    await desk.deliver()
    read = await additions.keep(Kind.UPDATE, told.story_id, "It went well.")
    await change(desk, delay_minutes=0)

    again = await additions.post(read.receipt, 1, ANN)

    assert isinstance(again, OpenAddition)
    assert again.other_promise
    assert again.addition.promise == Promise(0)
    async with database.read() as session:
        assert (await session.scalars(select(Update))).all() == []
    assert isinstance(await additions.post(read.receipt, again.addition.revision, ANN), Added)


async def test_replies_wait_alike_everywhere_but_a_small_circle_is_said_first(
    desk: Desk, database: Database, now: Now
) -> None:
    additions = desk.services.additions
    told = await desk.tell(ANN)
    now.forward(minutes=31)
    await desk.deliver()
    read = await additions.keep(Kind.REPLY, told.story_id, "I hear you.")
    await change(desk, size=6)

    again = await additions.post(read.receipt, 1, BEN)

    assert isinstance(again, OpenAddition)
    assert again.addition.thin
    async with database.read() as session:
        assert (await session.scalars(select(Reply))).all() == []
    assert isinstance(await additions.post(read.receipt, again.addition.revision, BEN), Added)
    quick = await additions.keep(Kind.REPLY, told.story_id, "And more.")
    await change(desk, delay_minutes=0)
    assert isinstance(await additions.post(quick.receipt, 1, BEN), Added)


async def test_who_may_not_tell_any_more_today_loses_neither_words_nor_a_receipt(
    desk: Desk, database: Database
) -> None:
    class Full(Exception):
        """The gate is closed."""

    def refuse(*_: object) -> None:
        raise Full

    read = await preview(desk)
    with pytest.raises(Full):
        await desk.services.stories.post(read.receipt, 1, Teller(ANN, "Ann"), refuse)
    async with database.read() as session:
        assert (await session.scalars(select(Story))).all() == []

    told = await desk.services.stories.post(read.receipt, 1, Teller(ANN, "Ann"))
    again = await desk.services.stories.post(read.receipt, 1, Teller(ANN, "Ann"), refuse)

    assert isinstance(told, Told)
    assert isinstance(again, Told)
    assert (told.again, again.again) == (False, True)
