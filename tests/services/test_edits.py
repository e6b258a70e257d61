"""Changing what was told, without Discord: who may, what waits, what goes, and what a copy can't know."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.errors import Gone, NotAllowed, Refusal
from bot.rules.stories import StoryDraft, StoryWords, Voice, first_missing
from bot.services import Services
from bot.services.edited import OpenEdit, Saved, What
from bot.services.stories import Teller, Told
from db import edits
from db.database import Database
from db.story_tables import Edit, Reply, Story
from db.tables import Delivery
from tests.conftest import ON_SQLITE, Now
from tests.services.desk import ANN, BEN, CEM, CHANNEL, GUILD, Desk
from tests.services.test_restoring import copy_of, repair


@pytest.fixture
async def desk(services: Services) -> Desk:
    return await Desk(services).open()


async def change(desk: Desk, what: What, subject: int, receipt: str | None, person: int, new: str) -> Saved:
    """Change the words of something, as its writer."""
    changes: dict[str, Any] = {"words": StoryWords(new)} if what is What.STORY else {"text": new}
    kept = await desk.services.edits.keep(what, subject, receipt, person, **changes)
    saved = await desk.services.edits.save(kept.receipt, kept.revision, person)
    assert isinstance(saved, Saved)
    return saved


async def test_a_reply_is_its_writers_by_code_and_by_name_inside_the_window_and_nobody_elses(
    desk: Desk, now: Now
) -> None:
    told = await desk.tell(ANN)
    reply = await desk.reply(BEN, told.story_id, "I hear yuo.")
    await desk.reply(CEM, told.story_id, "Me too.")
    answer = await desk.reply(ANN, told.story_id, "Thanks.")
    now.forward(minutes=4)
    await desk.deliver()
    begin = desk.services.edits.begin

    assert (await begin(What.REPLY, reply.id, None, BEN)).thing.pen_name == reply.pen_name
    assert (await begin(What.REPLY, answer.id, None, ANN)).thing.pen_name is None
    for person, subject in ((CEM, reply.id), (ANN, reply.id), (BEN, answer.id)):
        with pytest.raises(NotAllowed):
            await begin(What.REPLY, subject, None, person)
    with pytest.raises(NotAllowed):
        await begin(What.REPLY, reply.id, told.receipt, ANN)  # the story's code is none for others' replies
    now.forward(days=29)
    await desk.services.housekeeping.due(now())
    with pytest.raises(NotAllowed):
        await begin(What.REPLY, reply.id, None, BEN)
    await begin(What.REPLY, reply.id, reply.receipt, BEN)
    await begin(What.REPLY, answer.id, told.receipt, ANN)


async def test_an_update_is_the_tellers_by_any_of_their_codes(desk: Desk, now: Now) -> None:
    told = await desk.tell(ANN)
    update = await desk.update(ANN, told.story_id, "It went well.")
    await desk.deliver()
    now.forward(days=29)
    await desk.services.housekeeping.due(now())

    for receipt in (told.receipt, update.receipt):
        await change(desk, What.UPDATE, update.id, receipt, ANN, "It went very well.")
    with pytest.raises(NotAllowed):
        await desk.services.edits.begin(What.UPDATE, update.id, None, ANN)


async def test_whoever_changes_twice_waits_twice(
    desk: Desk, services: Services, database: Database, now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = await desk.tell(ANN)
    telling = services.edits._telling
    waits = iter([timedelta(minutes=9), timedelta(minutes=7)])
    monkeypatch.setattr(type(telling), "not_before", lambda *_, **__: now() + next(waits))

    await change(desk, What.STORY, told.story_id, None, ANN, "First.")
    now.forward(minutes=8)
    await change(desk, What.STORY, told.story_id, None, ANN, "Second.")
    now.forward(minutes=6)
    await desk.deliver()
    assert await waiting(database) == {"edit": now() + timedelta(minutes=1)}

    now.forward(minutes=1)
    await desk.deliver()
    assert "Second." in desk.posted.values()
    assert "First." not in desk.posted.values()
    assert await waiting(database) == {}


async def waiting(database: Database) -> dict[str, Any]:
    """What waits to go out, and until when."""
    async with database.read() as session:
        rows = await session.scalars(select(Delivery).where(Delivery.state == "waiting"))
        return {row.kind: row.not_before for row in rows}


async def test_a_change_while_the_story_is_just_being_sent_is_not_lost(
    desk: Desk, services: Services, database: Database
) -> None:
    draft = StoryDraft(desk.circle_id, Voice.UNNAMED, StoryWords("Earlier."))
    told = await services.stories.post((await services.stories.keep(draft)).receipt, 1, Teller(ANN, "Ann"))
    assert isinstance(told, Told)
    (lease,) = await services.outbox.claim(5)  # its message is on its way now

    saved = await change(desk, What.STORY, told.story_id, None, ANN, "Later.")
    assert saved.thing.seen
    await desk._settle(lease)
    await desk.deliver()

    assert list(desk.posted.values()) == ["Later."]
    async with database.read() as session:
        assert (await session.scalars(select(Edit))).all() == []


async def test_from_an_older_preview_nothing_is_saved_and_choices_show_the_newest(desk: Desk) -> None:
    told = await desk.tell(ANN)
    service = desk.services.edits
    kept = await service.keep(What.STORY, told.story_id, None, ANN, words=StoryWords("One."))
    newer = await service.revise(kept.receipt, 1, content_note="Illness")

    assert (newer.revision, newer.edit.changes) == (2, ("slip", "content_note"))
    chosen = await service.revise(kept.receipt, 1, quote_lesson=True)
    for older in (await service.save(kept.receipt, 1, ANN), chosen):
        assert isinstance(older, OpenEdit)
        assert older.older
        assert older.edit == newer.edit
    words = await service.revise(kept.receipt, 1, words=StoryWords("Two."))
    assert words.edit.changes == ("slip", "content_note")  # words are taken over from an older one


async def test_words_without_anything_that_they_are_for_go_with_the_daily_clean_up(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    async with database.write() as session:
        for kind in edits.TABLES:
            await edits.put(session, kind, 4711, {"text": "Nobody's."})
        await edits.put(session, edits.STORY, told.story_id, {"slip": "Somebody's."})

    await desk.services.housekeeping.clean(now())

    async with database.read() as session:
        assert [row.subject for row in await session.scalars(select(Edit))] == [told.story_id]


async def test_a_reply_that_is_withdrawn_takes_the_change_with_it(
    desk: Desk, database: Database, now: Now
) -> None:
    told = await desk.tell(ANN)
    reply = await desk.reply(BEN, told.story_id, "I hear yuo.")
    now.forward(minutes=4)
    await desk.deliver()
    kept = await desk.services.edits.keep(What.REPLY, reply.id, None, BEN, text="Third.")
    async with database.write() as session:
        await edits.put(session, edits.REPLY, reply.id, {"text": "Second."})

    await desk.services.own_stories.withdraw_reply(reply.receipt)

    async with database.read() as session:
        assert (await session.scalars(select(Edit))).all() == []
    with pytest.raises(Gone):
        await desk.services.edits.save(kept.receipt, 1, BEN)


async def test_a_shorter_wait_than_was_promised_is_shown_before_it_holds(desk: Desk, now: Now) -> None:
    services = desk.services
    told = await desk.tell(ANN)
    plan = (await services.circles.get(desk.circle_id)).plan
    await services.circles.save(GUILD, CHANNEL, replace(plan, delay_minutes=30), "en")
    kept = await services.edits.keep(What.STORY, told.story_id, None, ANN, words=StoryWords("Later."))
    await services.circles.save(GUILD, CHANNEL, plan, "en")

    again = await services.edits.save(kept.receipt, 1, ANN)

    assert isinstance(again, OpenEdit)
    assert (again.older, again.revision, again.promise and again.promise.minutes) == (True, 2, 0)
    assert isinstance(await services.edits.save(kept.receipt, 2, ANN), Saved)


@ON_SQLITE
async def test_a_copy_from_before_a_change_forgets_its_words_and_leaves_alone_what_stands_there(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    told = await desk.tell(ANN, "Earlier.")
    other = await desk.tell(ANN, "Never changed.")
    reply = await desk.reply(BEN, told.story_id, "Earlier too.")
    now.forward(minutes=4)
    await desk.deliver()
    async with copy_of(database, tmp_path, now) as copy:
        now.forward(hours=30)
        await change(desk, What.STORY, told.story_id, None, ANN, "Later.")
        await change(desk, What.REPLY, reply.id, None, BEN, "Later too.")
        now.forward(minutes=4)
        await desk.deliver()
        assert (await repair(copy, now, database)).erased == 2
        assert (await repair(copy, now, database)).erased == 0
        async with copy.read() as session:
            assert (await session.get_one(Story, told.story_id)).slip == ""
            assert (await session.get_one(Reply, reply.id)).text == ""
            assert (await session.get_one(Story, other.story_id)).slip == "Never changed."


@ON_SQLITE
async def test_a_copy_from_after_a_change_keeps_its_words(
    desk: Desk, database: Database, now: Now, tmp_path: Path
) -> None:
    told = await desk.tell(ANN, "Earlier.")
    await change(desk, What.STORY, told.story_id, None, ANN, "Later.")
    await desk.deliver()
    now.forward(hours=30)
    async with copy_of(database, tmp_path, now) as copy:
        assert (await repair(copy, now, database)).erased == 0
        async with copy.read() as session:
            assert (await session.get_one(Story, told.story_id)).slip == "Later."


async def test_words_that_a_copy_does_not_know_are_neither_shown_nor_changed_nor_named(
    desk: Desk, services: Services, database: Database
) -> None:
    told = await desk.tell(ANN, "Earlier.")
    async with database.write() as session:
        (await session.get_one(Story, told.story_id)).slip = ""
        await session.execute(text("UPDATE deliveries SET state = 'waiting', not_before = '2026-01-01'"))
    before = dict(desk.posted)

    await desk.deliver()

    assert desk.posted == before
    with pytest.raises(Refusal, match="words_unknown"):
        await services.edits.begin(What.STORY, told.story_id, None, ANN)
    with pytest.raises(Refusal, match="words_unknown"):
        await services.claiming.claim(told.story_id, None, Teller(ANN, "Ann"))
    await services.own_stories.withdraw(told.story_id, None, ANN)
    await desk.deliver()
    assert desk.posted == {}


@pytest.mark.parametrize("seed", range(30))
def test_the_first_messages_come_in_order_whatever_is_there_already(seed: int) -> None:
    random = Random(seed)
    messages = random.randint(1, 5)
    known: set[int] = set(random.sample(range(messages), random.randint(0, messages)))
    came: list[int] = []
    while (position := first_missing(messages, known)) is not None:
        came.append(position)
        known.add(position)

    assert known == set(range(messages))
    assert came == [*sorted(one for one in came if one), *([0] if 0 in came else [])]
