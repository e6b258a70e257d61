"""What everything that is told without a name has in common: who may, and how long it waits."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone, Refusal
from bot.rules.anonymity import Purpose, phases, publication_delay, publication_moment, sign_subjects
from bot.rules.promises import Promise, Waits
from bot.services.batches import in_the_evening
from bot.services.circles import as_info, is_paused, resume_row
from bot.services.keyring import Keyring
from bot.services.outbox import Lease, Priority, channel_destination
from db import deliveries, stories
from db.database import Database
from db.story_tables import Story
from db.tables import Circle, Delivery

STORY, THREAD, OPENING, LOCK = "story", "thread", "opening", "lock"
UPDATE, REPLY = "update", "reply"
RETRACT, RETRACT_REPLY, RETRACT_UPDATE = "retract", "retract_reply", "retract_update"
EDIT, PAGES = "edit", "pages"
HIDE = "hide"
"""Kinds of deliveries around a story: its message, its thread, the thread's first messages and its lock,
what is added in it, the going of all that; new words taking their place, and reaching the first messages;
its thread closed while moderators can still bring it back, and then as it was."""

THREAD_NOT_THERE_YET = timedelta(seconds=45)
WHILE_PAUSED = timedelta(minutes=20)
A_MOMENT = timedelta(seconds=5)
LEFT_TO_THE_RETRACTION = timedelta(hours=1)
"""How long a send that may have arrived waits after it was taken back: the retraction looks for it,
and then forgets it."""


def known_as(subject: int, kind: str = STORY) -> str:
    """By what a message about a story, an update or a reply is recognised once it was edited: then it no
    longer bears the marker of the delivery that sent it."""
    return f"{kind} {subject}"


class Telling:
    """Handed to every service that takes words from people."""

    def __init__(
        self, database: Database, keyring: Keyring, now: Callable[[], datetime], random: Random
    ) -> None:
        self.database = database
        self.keyring = keyring
        self.now = now
        self.random = random
        self._secret = random.randbytes(32)
        """Where slots begin: it dies with the process, so that nobody can find out later either."""

    async def open_circle(self, session: AsyncSession, circle_id: int, user_id: int) -> Circle:
        """The circle, if this person may tell something in it now.

        Raises Gone, or Refusal when it is paused or the person is muted. Checking a mute is one HMAC;
        neither its result nor the person is noted anywhere.
        """
        circle = await session.get(Circle, circle_id)
        if circle is None:
            raise Gone("refusals.circle_gone")
        if is_paused(circle, self.now()):
            raise Refusal("refusals.paused")
        await self.refuse_muted(session, circle_id, user_id)
        return circle

    async def refuse_muted(self, session: AsyncSession, circle_id: int, user_id: int) -> None:
        """Raises Refusal when this person is muted in the circle."""
        now = self.now()
        for mute in await stories.active_mutes(session, circle_id, now):
            tag = self.keyring.tag(mute.epoch, Purpose.TELLER, mute.story_id, user_id)
            if tag is not None and hmac.compare_digest(tag, mute.tag):
                raise Refusal("refusals.muted")

    def not_before(self, circle: Circle, what: Waits, promised: Promise | None = None) -> datetime:
        """When something unnamed appears that is accepted now: a story, an update or edit, or a reply.

        At a random moment that depends on the circle's slots alone (or, of a story that waits for others, on
        the circle's day), and by when was ``promised`` at the latest; unless given, what the circle offers
        now. What one person adds to one thing must still be put into their own order.
        """
        promise, now = promised or as_info(circle, None).offers(what), self.now()
        if promise.batch_of is not None:
            return in_the_evening(circle, now, self.random)
        phase = phases(self._secret, f"{circle.id} {what} {promise.minutes}")
        return publication_moment(now, timedelta(minutes=promise.minutes), phase, self.random)

    def wait_until(self, moment: datetime) -> timedelta:
        """How long it is until then; a moment, if that is over."""
        return max(moment - self.now(), A_MOMENT)

    def look_later(self) -> timedelta:
        """Until it is looked at again whether something may go on that can take days; spread out."""
        return WHILE_PAUSED / 2 + publication_delay(WHILE_PAUSED / 2, self.random)

    async def held_back(self, session: AsyncSession, circle: Circle, lease: Lease) -> timedelta | None:
        """How long a pause holds back what is due now; None when the circle isn't paused. Raises LeaseLost.

        During the pause it is looked at again now and then. A pause with a date is over by itself: whoever
        notices that first ends it, and all that it held back comes apart.
        """
        now = self.now()
        if not circle.paused:
            return None
        await deliveries.hold(session, lease.id, lease.token)
        await session.flush()
        if is_paused(circle, now):
            return self.look_later()
        await resume_row(session, circle, now, self.random)
        row = await deliveries.held(session, lease.id, lease.token)
        return self.wait_until(row.not_before or now)

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


async def owe_now(session: AsyncSession, circle: Circle, kind: str, subject: int, now: datetime) -> None:
    """The same at once, also where it was owed for later."""
    row = await session.get(Delivery, await owe_for_circle(session, circle, kind, subject, now))
    if row is not None and row.state == deliveries.WAITING and (row.not_before or now) > now:
        row.not_before = row.due_since = now


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
