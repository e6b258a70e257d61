"""A circle's days without Discord: people tell and reply through the services, and what is owed is settled
as if Discord had shown it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from bot.rules.stories import StoryDraft, StoryWords, Voice
from bot.services import Services
from bot.services.additions import Added, Kind
from bot.services.circles import CirclePlan
from bot.services.edited import What
from bot.services.moderation import ThreadLock
from bot.services.note_drafts import OpenNote, Sender, SentNote
from bot.services.outbox import Lease
from bot.services.publishing import StoryPost
from bot.services.reviewed import Resting
from bot.services.stories import Teller, Told
from bot.services.thread_posts import ThreadPost
from tests.conftest import Now

GUILD, CHANNEL = 600_000_000_000_000_001, 600_000_000_000_000_002
ANN, BEN, CEM = 800_000_000_000_000_011, 800_000_000_000_000_012, 800_000_000_000_000_013


AWAY = "Taken away."
"""What stands in place of something hidden."""


async def remove_for_good(services: Services, story_id: int) -> None:
    """Moderators remove a story; nobody brings it back. A clock that tests move goes on by ten minutes."""
    gone = await services.removing.remove(What.STORY, story_id)
    assert gone.until is not None
    clock = services.removing._telling.now  # the services' own
    if isinstance(clock, Now):
        clock.at = gone.until
    await services.removing.due(gone.until)


@dataclass
class Desk:
    """One circle, and a Discord that takes everything."""

    services: Services
    circle_id: int = 0
    posted: dict[int, str] = field(default_factory=dict[int, str])
    """What stands there, by the message's id."""
    locks: list[bool] = field(default_factory=list[bool])
    _ids: count[int] = field(default_factory=lambda: count(700_000_000_000_000_000))

    async def open(self, *, zone: str = "Europe/Berlin", channel_id: int = CHANNEL) -> Desk:
        """Set the circle up; its stories appear at once."""
        plan = CirclePlan(zone, weekday=0, at_minute=540, size=9, delay_minutes=0)
        self.circle_id = (await self.services.circles.save(GUILD, channel_id, plan, "en")).circle.id
        return self

    async def tell(self, person: int, slip: str = "I was late.", *, named: bool = False) -> Told:
        """Tell a story, without a name if nothing else is said, and let it appear."""
        voice = Voice.NAMED if named else Voice.UNNAMED
        kept = await self.services.stories.keep(StoryDraft(self.circle_id, voice, StoryWords(slip)))
        told = await self.services.stories.post(kept.receipt, 1, Teller(person, "Somebody"))
        assert isinstance(told, Told)
        await self.deliver()
        return told

    async def reply(self, person: int, story_id: int, text: str) -> Added:
        """Reply without a name; it is accepted, and appears when it is due."""
        await self.services.additions.begin_reply(story_id, person)
        return await self._add(Kind.REPLY, person, story_id, text)

    async def update(self, person: int, story_id: int, text: str) -> Added:
        """Add to one's own story."""
        await self.services.additions.begin_update(story_id, None, person)
        return await self._add(Kind.UPDATE, person, story_id, text)

    async def _add(self, kind: Kind, person: int, story_id: int, text: str) -> Added:
        kept = await self.services.additions.keep(kind, story_id, text)
        added = await self.services.additions.post(kept.receipt, 1, person)
        assert isinstance(added, Added)
        return added

    async def note(self, person: int, story_id: int, text: str, sender: Sender = Sender.PEER) -> SentNote:
        """A private note to the teller; it is accepted, and arrives when it is due."""
        await self.services.notes.begin(story_id, person, sender)
        kept = await self.services.notes.keep(story_id, sender, text)
        return await self._send(kept, person)

    async def answer_note(self, person: int, note_id: int, text: str, proof: str | None = None) -> SentNote:
        """The answer to one."""
        return await self._send(await self.services.notes.keep_answer(note_id, proof, person, text), person)

    async def _send(self, kept: OpenNote, person: int) -> SentNote:
        sent = await self.services.notes.send(kept.receipt, kept.draft.revision, person)
        assert isinstance(sent, SentNote)
        return sent

    async def deliver(self) -> None:
        """Settle everything that is due now."""
        while leases := await self.services.outbox.claim(20):
            for lease in leases:
                await self._settle(lease)

    async def _settle(self, lease: Lease) -> None:
        publishing, outbox = self.services.publishing, self.services.outbox
        posts, retracting = self.services.thread_posts, self.services.retracting
        message_id = next(self._ids)
        match lease.kind:
            case "story":
                post = await publishing.story(lease)
                if isinstance(post, StoryPost):
                    self.posted[post.message_id or message_id] = AWAY if post.hidden else post.words.slip
                    await publishing.story_shown(lease, post.message_id or message_id, post.channel_id)
                    return
                if isinstance(post, Resting):
                    return
                if post is not None:
                    await outbox.postpone(lease, post)
                    return
            case "thread":
                story = await publishing.published(lease.subject)
                if story is not None and story.message_id is not None:
                    await publishing.thread_opened(lease, story.message_id)
                    return
            case "opening":
                await publishing.opening_shown(lease, message_id, 1)
                return
            case "pages":
                await publishing.pages_shown(lease, 1)
                return
            case "edit":
                wait = await self.services.edits_due.apply(lease)
                if wait is not None:
                    await outbox.postpone(lease, wait)
                    return
            case "update" | "reply":
                updating = lease.kind == "update"
                added = await (posts.update(lease) if updating else posts.reply(lease))
                if isinstance(added, Resting):
                    return
                if isinstance(added, ThreadPost):
                    shown = added.message_id or message_id
                    self.posted[shown] = AWAY if added.hidden else added.text
                    await (posts.update_shown if updating else posts.reply_shown)(lease, shown)
                    return
                if added is not None:
                    await outbox.postpone(lease, added)
                    return
            case "retract":
                gone = await retracting.retraction(lease)
                for message in gone.message_ids if gone else ():
                    self.posted.pop(message, None)
                await retracting.retracted(lease)
                return
            case "retract_update" | "retract_reply":
                updating = lease.kind == "retract_update"
                gone = await (retracting.update_retraction if updating else retracting.reply_retraction)(
                    lease
                )
                for message in gone.message_ids if gone else ():
                    self.posted.pop(message, None)
                await (retracting.update_retracted if updating else retracting.reply_retracted)(lease)
                return
            case "hide":
                lock = await self.services.removing.thread(lease)
                if isinstance(lock, ThreadLock):
                    self.locks.append(lock.locked)
            case "lock":
                lock = await self.services.moderation.thread_lock(lease)
                assert isinstance(lock, ThreadLock)
                self.locks.append(lock.locked)
            case "duty":
                word = await self.services.duty.word(lease)
                if word is not None:
                    self.posted[message_id] = word.kind
                    await self.services.duty.told(lease, message_id)
                    return
            case _:
                raise AssertionError(lease.kind)
        await outbox.finish(lease)
