"""What moderators removed, in the database: what a thief, a clean-up or a restored copy finds of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.errors import Gone
from bot.services import Services
from bot.services.acts import Role
from bot.services.edited import What
from bot.services.replaying import replay
from db import erasures, restoring, wipes
from db.care_tables import Removal, Wipe
from db.database import Database
from db.erasures import Erased
from db.story_tables import Edit, Reply, Story, Update
from tests.conftest import Now
from tests.services.desk import ANN, AWAY, BEN, Desk


@pytest.fixture
async def desk(services: Services) -> Desk:
    """A circle whose stories appear at once."""
    return await Desk(services).open()


async def test_a_restored_copy_from_within_the_ten_minutes_brings_nothing_back(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN, "The quokka.")
    await desk.services.removing.remove(What.STORY, told.story_id)
    since = {Erased(erasures.REMOVED, told.story_id, now().date() + timedelta(days=1))}

    async with database.write() as session:
        assert await replay(session, since, now()) == 1
        assert await replay(session, since, now()) == 0

    async with database.read() as session:
        story = await session.get_one(Story, told.story_id)
        assert (story.state, story.slip) == ("removed", "")
        assert (await session.scalars(select(Removal))).all() == []
    with pytest.raises(Gone, match="too_late"):
        await desk.services.removing.bring_back(What.STORY, told.story_id)


async def test_an_edit_on_its_way_survives_the_clean_up_while_its_story_is_away(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    async with database.write() as session:
        session.add(Edit(kind="story", subject=told.story_id, words={"slip": "Said better."}))
    removing = desk.services.removing
    await removing.remove(What.STORY, told.story_id)

    await desk.services.housekeeping.clean(now())
    await removing.bring_back(What.STORY, told.story_id)

    async with database.read() as session:
        assert await session.get(Edit, ("story", told.story_id)) is not None


async def test_what_hangs_on_a_story_is_decided_about_with_it(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    reply = await desk.reply(BEN, told.story_id, "A wombat.")
    update = await desk.update(ANN, told.story_id, "A platypus.")
    now.forward(minutes=4)
    await desk.deliver()
    removing = desk.services.removing
    await removing.remove(What.REPLY, reply.id)
    await removing.remove(What.UPDATE, update.id)
    await desk.deliver()
    assert list(desk.posted.values()).count(AWAY) == 2

    now.forward(minutes=4)
    await removing.remove(What.STORY, told.story_id)
    await removing.bring_back(What.REPLY, reply.id)
    await desk.deliver()
    assert set(desk.posted.values()) == {AWAY}  # the story covers it still
    now.forward(minutes=11)
    while await removing.due(now()):
        await desk.deliver()
    await desk.deliver()

    assert "A wombat." not in desk.posted.values()
    async with database.read() as session:
        for table in (Removal, Reply, Update):
            assert (await session.scalars(select(table))).all() == []


async def test_a_copy_ends_no_circle_unless_its_end_had_begun(desk: Desk, database: Database) -> None:
    await desk.services.wipes.ask(desk.circle_id, ANN, Role.MODERATOR)
    async with database.write() as session:
        await restoring.drop_wipes(session)
        assert (await session.scalars(select(Wipe))).all() == []
    asked = await desk.services.wipes.ask(desk.circle_id, ANN, Role.MODERATOR)
    await desk.services.wipes.agree(asked.id, BEN, Role.FACILITATOR)
    async with database.write() as session:
        (await session.get_one(Wipe, asked.id)).state = wipes.GOING
        await session.flush()
        await restoring.drop_wipes(session)
        assert len((await session.scalars(select(Wipe))).all()) == 1
