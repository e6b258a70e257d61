"""What everything that is told without a name has in common: who may, and how long it waits."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, Refusal
from bot.rules.anonymity import Purpose, publication_delay, sign_subjects
from bot.services.circles import is_paused
from bot.services.keyring import Keyring
from bot.services.outbox import Priority, channel_destination
from db import deliveries, stories
from db.database import Database
from db.story_tables import Story
from db.tables import Circle

STORY, THREAD, OPENING, LOCK = "story", "thread", "opening", "lock"
UPDATE, REPLY = "update", "reply"
RETRACT, RETRACT_REPLY = "retract", "retract_reply"
"""Kinds of deliveries around a story: its message, its thread, the thread's first messages and its lock,
what is added in it, and the going of all that."""

REPLY_WAIT = timedelta(minutes=3)
"""The longest wait of an unnamed reply."""
THREAD_NOT_THERE_YET = timedelta(seconds=45)
AFTER_A_PAUSE = timedelta(minutes=20)
LEFT_TO_THE_RETRACTION = timedelta(hours=1)
"""How long a send that may have arrived waits after it was taken back: the retraction looks for it,
and then forgets it."""


def known_as(story_id: int) -> str:
    """By what a story's message is recognised once it was edited: then it no longer bears the marker of the
    delivery that sent it."""
    return f"story {story_id}"


class Telling:
    """Handed to every service that takes words from people."""

    def __init__(
        self, database: Database, keyring: Keyring, now: Callable[[], datetime], random: Random
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.now = now
        self._random = random

    async def open_circle(self, session: AsyncSession, circle_id: int, user_id: int) -> Circle:
        """The circle, if this person may tell something in it now.

        Raises Gone, or Refusal when it is paused or the person is muted. Checking a mute is one HMAC;
        neither its result nor the person is noted anywhere.
        """
        now = self.now()
        circle = await session.get(Circle, circle_id)
        if circle is None:
            raise Gone("refusals.circle_gone")
        if is_paused(circle, now):
            raise Refusal("refusals.paused")
        for mute in await stories.active_mutes(session, circle_id, now):
            tag = self.keyring.tag(mute.epoch, Purpose.TELLER, mute.story_id, user_id)
            if tag is not None and hmac.compare_digest(tag, mute.tag):
                raise Refusal("refusals.muted")
        return circle

    def wait(self, circle: Circle, *, at_most: timedelta | None = None) -> timedelta:
        """How long something unnamed waits: random, so that the hour tells nothing."""
        limit = timedelta(minutes=circle.delay_minutes)
        return publication_delay(min(limit, at_most) if at_most is not None else limit, self._random)

    def pause_wait(self) -> timedelta:
        """While a circle is paused: look again later, spread out, so that what waited comes back apart."""
        return AFTER_A_PAUSE / 2 + publication_delay(AFTER_A_PAUSE / 2, self._random)

    def is_teller(self, story: Story, user_id: int) -> bool:
        """Whether this person told this story, as far as that can be known: inside the window, or by name."""
        if story.author_id is not None:
            return story.author_id == user_id
        if story.epoch is None or story.teller_tag is None:
            return False
        tag = self.keyring.tag(story.epoch, Purpose.TELLER, story.id, user_id)
        return tag is not None and hmac.compare_digest(tag, story.teller_tag)

    def sign_tags(self, story: Story, sign: str, user_id: int) -> tuple[bytes, ...]:
        """The tags that a person's sign at a story may bear: its own first, then the one that all of a
        person's signs there bore in earlier versions. None when the story's key is destroyed."""
        if story.epoch is None:
            return ()
        tags = (
            self.keyring.tag(story.epoch, Purpose.RESONANCE, subject, user_id)
            for subject in sign_subjects(story.id, sign)
        )
        return tuple(tag for tag in tags if tag is not None)


async def owe_for_circle(
    session: AsyncSession,
    circle: Circle,
    kind: str,
    subject: int,
    not_before: datetime,
    priority: Priority = Priority.PERSON,
) -> str:
    """Owe the circle's channel one thing; returns the delivery's id."""
    return await deliveries.owe(
        session,
        kind=kind,
        subject=subject,
        destination=channel_destination(circle.channel_id),
        priority=priority,
        not_before=not_before,
        circle_id=circle.id,
        guild_id=circle.guild_id,
    )
