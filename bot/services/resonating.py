"""Resonance: one quiet sign of each kind a person, counted, and nobody can look up whose it is."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from bot.errors import Gone, Refusal
from bot.services.circles import CircleInfo, as_info
from bot.services.telling import STORY, Telling, owe_for_circle
from db import stories
from db.story_tables import Resonance, Story
from db.tables import Circle

COUNT_WAIT = timedelta(seconds=20)
"""Counts on the message follow a little later, many at once: Discord limits edits of older messages."""


class Sign(StrEnum):
    """What somebody can say with one press."""

    BEEN_THERE = "been_there"
    THANKS = "thanks"
    LEARNED = "learned"


class Resonating:
    """Counts signs."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling

    async def circle_of(self, story_id: int) -> CircleInfo:
        """The circle of a story, to check that it is this server's. Raises Gone."""
        async with self._telling.database.read() as session:
            story = await session.get(Story, story_id)
            if story is None:
                raise Gone("refusals.story_gone")
            return as_info(await session.get_one(Circle, story.circle_id), None)

    async def press(self, story_id: int, sign: Sign, user_id: int) -> bool:
        """Count a sign, or take it back when it is there. Returns whether it counts now.

        Raises Gone when the story isn't there, Refusal when its key was destroyed: then nobody could take
        a sign back, or give it only once.
        """
        telling = self._telling
        async with telling.database.write() as session:
            story = await session.get(Story, story_id)
            if story is None or story.state != stories.PUBLISHED:
                raise Gone("refusals.story_gone")
            tags = telling.sign_tags(story, sign.value, user_id)
            if not tags:
                raise Refusal("refusals.resonance_closed")
            rows = [await session.get(Resonance, (story.id, sign.value, tag)) for tag in tags]
            row = next((found for found in rows if found is not None), None)
            if row is not None:
                await session.delete(row)
            else:
                session.add(Resonance(story_id=story.id, kind=sign.value, tag=tags[0]))
            circle = await session.get_one(Circle, story.circle_id)
            await session.flush()
            await owe_for_circle(session, circle, STORY, story.id, telling.now() + COUNT_WAIT)
            return row is None
