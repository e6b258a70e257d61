"""What moderators see of something that waits for them, as values: whole, and without who told it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import Gone
from bot.rules.stories import Ask, StoryWords
from bot.services.circles import CircleInfo, told_in
from bot.services.reviewed import days_waited
from bot.services.stories import words_of
from bot.services.telling import Telling
from db import edits, reviews
from db.care_tables import Review
from db.story_tables import Story, Update
from db.tables import Circle


@dataclass(frozen=True, slots=True, repr=False)
class InReview:
    """Something that waits for a decision."""

    kind: str
    """*story*, *update* or *edit*, as in ``db.reviews``."""
    subject: int
    circle: CircleInfo
    days: int
    """For how many days it has waited; 0 is since today."""
    number: int | None
    """Of the story that it belongs to, if that can be seen."""
    content_note: str | None
    """Of the story, as it would be."""
    author_name: str | None
    """As it would be shown: of a story that bears its teller's name."""
    words: StoryWords | None = None
    """Of a story, or of one that changes, as they would be; None for an update."""
    text: str = ""
    """Of an update, or of one that changes."""
    ask: Ask = Ask.LISTEN
    theme: str | None = None
    changes: tuple[str, ...] = ()
    """What is different, by name, where something that can be seen changes."""
    taken_until: datetime | None = None
    """Somebody is looking at it until then at the latest (aware UTC)."""
    own: bool = False
    """It is the story of whoever looks, as far as that can be known; said to nobody else."""
    token: str | None = None
    """What shows, in the private message of whoever took it, that it is theirs to decide about."""

    @property
    def first_words(self) -> str:
        """Where it begins; of a change of a note or an ask alone, where the story does."""
        return self.words.slip if self.words is not None else self.text


async def in_review(
    session: AsyncSession, row: Review, now: datetime, telling: Telling | None = None, user_id: int = 0
) -> InReview:
    """A review's row as moderators see it at an aware ``now``; with ``telling``, as this person does.

    Raises Gone when what it is about isn't there any more.
    """
    story = await session.get_one(Story, row.story_id)
    update = await _update(session, row)
    pending = await edits.pending(session, "story" if update is None else "update", row.subject)
    columns = pending if row.kind == reviews.EDIT else {}
    if story.state not in edits.PRESENT or (row.kind == reviews.EDIT and not columns):
        raise Gone("refusals.review_decided")
    circle = await told_in(session, await session.get_one(Circle, story.circle_id))
    parts = words_of(story)
    note = story.moderators_note or columns.get("content_note", story.content_note)
    return InReview(
        kind=row.kind,
        subject=row.subject,
        circle=circle,
        days=days_waited(row.held_on, now),
        number=story.number if story.message_id is not None else None,
        content_note=str(note) if note else None,
        author_name=story.author_name,
        words=StoryWords(
            *(str(columns.get(name, getattr(parts, name))) for name in ("slip", "effect", "repair", "lesson"))
        )
        if update is None
        else None,
        text=str(columns.get("text", update.text)) if update is not None else "",
        ask=Ask(str(columns.get("ask", story.ask))),
        theme=story.theme,
        changes=tuple(columns),
        taken_until=row.claim_until if row.claim_until is not None and row.claim_until > now else None,
        own=telling is not None and telling.is_teller(story, user_id),
    )


async def _update(session: AsyncSession, row: Review) -> Update | None:
    """The update that a review is about; None when it is about a story itself."""
    if row.kind == reviews.STORY or (row.kind == reviews.EDIT and row.subject == row.story_id):
        return None
    update = await session.get(Update, row.subject)
    if update is None or update.state not in edits.PRESENT:
        raise Gone("refusals.review_decided")
    return update
