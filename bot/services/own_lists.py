"""Lists of what is somebody's own in a server, by account or by tags, as long as those can be tested.

Everything here only reads, and nobody notes that it was asked. A tag is one HMAC for each story whose key
still lives; when the keys are destroyed nothing unnamed is recognised any more.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rules.anonymity import Purpose
from bot.services.keyring import Keyring
from bot.services.owned import OwnThing, own_note, own_reply, own_story, own_update
from bot.services.telling import Telling
from db import notes, own
from db.care_tables import Note
from db.story_tables import Reply, Story, Update

Row: TypeAlias = Story | Update | Reply | Note


@dataclass(frozen=True, slots=True, repr=False)
class OwnPage:
    """One page of what is somebody's own."""

    things: tuple[OwnThing, ...]
    number: int
    more: bool
    """Another page follows."""


class _Tags:
    """One person's tags, each computed when it is first asked for."""

    def __init__(self, keyring: Keyring, user_id: int) -> None:
        self._keyring, self._user_id = keyring, user_id
        self._known: dict[tuple[Purpose, int], bytes | None] = {}

    def are(self, purpose: Purpose, subject: int, epoch: int | None, tag: bytes | None) -> bool:
        """Whether a tag is this person's."""
        if epoch is None or tag is None:
            return False
        if (purpose, subject) not in self._known:
            self._known[purpose, subject] = self._keyring.tag(epoch, purpose, subject, self._user_id)
        mine = self._known[purpose, subject]
        return mine is not None and hmac.compare_digest(mine, tag)


async def told_by(
    session: AsyncSession, keyring: Keyring, circles: Collection[int], user_id: int
) -> tuple[int, ...]:
    """The unnamed stories of some circles that tags recognise as this person's; also removed ones."""
    tags = _Tags(keyring, user_id)
    return tuple(
        story_id
        for story_id, epoch, tag in await own.tagged_stories(session, circles)
        if tags.are(Purpose.TELLER, story_id, epoch, tag)
    )


async def written_by(
    session: AsyncSession, keyring: Keyring, circles: Collection[int], user_id: int
) -> tuple[int, ...]:
    """The replies under a pen name in some circles that tags recognise as this person's."""
    tags, found = _Tags(keyring, user_id), list[int]()
    for story_id, epoch, name, tag in await own.tagged_pen_names(session, circles):
        if tags.are(Purpose.PEN_NAME, story_id, epoch, tag):
            found += await own.reply_ids(session, story_id, name)
    return tuple(found)


async def sent_by(
    session: AsyncSession, keyring: Keyring, circles: Collection[int], user_id: int
) -> tuple[int, ...]:
    """The private notes to tellers in some circles that tags recognise as this person's."""
    tags = _Tags(keyring, user_id)
    return tuple(
        note_id
        for note_id, epoch, tag in await notes.tagged(session, circles)
        if tags.are(Purpose.NOTE, note_id, epoch, tag)
    )


async def own_page(
    session: AsyncSession,
    telling: Telling,
    told: Collection[int],
    replies: Collection[int],
    number: int,
    size: int,
    *,
    only_added: bool = False,
    notes_sent: Collection[int] = (),
) -> OwnPage:
    """A page of these stories with what their teller added, and of these replies and notes to stories of
    others.

    What waits stands first, then the newest story. ``only_added`` leaves the stories themselves out.
    """
    story_rows = await own.stories_by_id(session, told)
    there = [row.id for row in story_rows if row.state in own.THERE]
    update_ids = [one for story_id in there for one in await own.update_ids(session, story_id)]
    answers = [one for story_id in there for one in await own.reply_ids(session, story_id, None)]
    rows: list[Row] = [] if only_added else list(story_rows)
    rows += await own.updates_by_id(session, update_ids)
    rows += await own.replies_by_id(session, {*answers, *replies})
    rows += await notes.by_id(session, notes_sent)
    parents = {story.id: story for story in story_rows}
    parents |= {
        story.id: story
        for story in await own.stories_by_id(
            session, {row.story_id for row in rows if not isinstance(row, Story)} - parents.keys()
        )
    }
    rows.sort(key=lambda row: _place(row, parents))
    start = max(number, 0) * size
    if start >= len(rows):
        start = max(len(rows) - 1, 0) // size * size
    shown = [await _thing(session, row, telling) for row in rows[start : start + size]]
    return OwnPage(tuple(shown), start // size, len(rows) > start + size)


def _place(row: Row, parents: dict[int, Story]) -> tuple[int, ...]:
    """Waiting stories stand first, then the newest, and each before what hangs on it."""
    story = row if isinstance(row, Story) else parents[row.story_id]
    rank = (Story, Update, Reply, Note).index(type(row))
    position = row.position or 10**6 if isinstance(row, Update) else 0
    return (story.number is not None, -(story.number or 0), story.id, rank, position, row.id)


async def _thing(session: AsyncSession, row: Row, telling: Telling) -> OwnThing:
    if isinstance(row, Story):
        return await own_story(session, row, telling.now())
    if isinstance(row, Note):
        return await own_note(session, row)
    return await (own_update(session, row) if isinstance(row, Update) else own_reply(session, row))


def is_writer(keyring: Keyring, story: Story, tag: bytes | None, user_id: int) -> bool:
    """Whether a pen name in a story's thread is this person's, as far as that can be known."""
    return _Tags(keyring, user_id).are(Purpose.PEN_NAME, story.id, story.epoch, tag)
