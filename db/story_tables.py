"""Stories and what belongs to them. Nothing here says who told an unnamed one.

Times on unnamed rows are days, rounded up; ids are random; a tag is bound to one subject and can be
tested only while the key of its epoch exists.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from db.types import NO_ORDER, Base, Id, UtcTime, random_id


class Draft(Base):
    """Words on their way: sealed with a secret that only the private preview knows."""

    __tablename__ = "drafts"
    __table_args__ = NO_ORDER

    receipt_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    keep_until: Mapped[date]


class Story(Base):
    """What a teller shares. An unnamed one has no author anywhere."""

    __tablename__ = "stories"
    __table_args__ = (
        UniqueConstraint("circle_id", "number"),
        CheckConstraint("voice IN ('unnamed', 'named')", name="voice"),
        CheckConstraint("voice = 'named' OR (author_id IS NULL AND author_name IS NULL)", name="no_author"),
        CheckConstraint("state IN ('waiting', 'published', 'withdrawn', 'removed')", name="state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"))
    number: Mapped[int | None]
    voice: Mapped[str] = mapped_column(String(8))
    author_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    author_name: Mapped[str | None] = mapped_column(String(100))
    slip: Mapped[str] = mapped_column(Text)
    effect: Mapped[str] = mapped_column(Text)
    repair: Mapped[str] = mapped_column(Text)
    lesson: Mapped[str] = mapped_column(Text)
    ask: Mapped[str] = mapped_column(String(12))
    theme: Mapped[str | None] = mapped_column(String(100))
    content_note: Mapped[str | None] = mapped_column(String(100))
    """Chosen by its teller."""
    moderators_note: Mapped[str | None] = mapped_column(String(100))
    """Chosen by moderators: as long as there is one it stands before the story, whatever its teller chose."""
    quote_lesson: Mapped[bool]
    state: Mapped[str] = mapped_column(String(12))
    locked: Mapped[bool] = mapped_column(default=False)
    """By a moderator."""
    closed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """By its teller, who wants no further replies."""
    notes_closed: Mapped[bool] = mapped_column(default=False, server_default=false())
    """By its teller, who wants no further private notes."""
    notes_turn_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    """A random moment until which others can't know that this has changed; erased then."""
    reply_looked_for: Mapped[bool] = mapped_column(default=False, server_default=false(), index=True)
    """A first reply is there, or those on duty were told that none has come."""
    receipt_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    epoch: Mapped[int | None]
    teller_tag: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    message_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    thread_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    opened: Mapped[int] = mapped_column(default=0)
    """How many of the thread's first messages are there."""
    published_on: Mapped[date | None]
    batch: Mapped[int | None] = mapped_column(BigInteger)
    """0: it waits for others; else the batch with which it will appear, until that has begun to."""


class StoryPage(Base):
    """A message that continues a story in its thread, so that an edit finds what it must change."""

    __tablename__ = "story_pages"
    __table_args__ = NO_ORDER

    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    """0 says what the teller wants back; from 1 on the text goes on."""
    message_id: Mapped[int] = mapped_column(BigInteger)


class Edit(Base):
    """New words on their way to something published: they take the place of the earlier ones when shown."""

    __tablename__ = "edits"
    __table_args__ = (CheckConstraint("kind IN ('story', 'update', 'reply')", name="kind"), NO_ORDER)

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    subject: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    words: Mapped[dict[str, str | bool | None]] = mapped_column(JSON)
    """The columns of the subject that change, by name."""


class Update(Base):
    """A later addition by the teller."""

    __tablename__ = "updates"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'published', 'withdrawn', 'removed')", name="state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    receipt_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    position: Mapped[int | None]
    """Its place among the story's updates, given at publication."""
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    published_on: Mapped[date | None]


class Reply(Base):
    """An unnamed message in a story's thread, under a pen name."""

    __tablename__ = "replies"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'published', 'withdrawn', 'removed')", name="state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    pen_name: Mapped[str | None] = mapped_column(String(60))
    """None: the teller of the story, who speaks under the teller's badge."""
    receipt_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    state: Mapped[str] = mapped_column(String(12))
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    published_on: Mapped[date | None]


class PenName(Base):
    """The name under which one unnamed person speaks in one thread."""

    __tablename__ = "pen_names"
    __table_args__ = NO_ORDER

    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    tag: Mapped[bytes | None] = mapped_column(LargeBinary(32))


class Resonance(Base):
    """One quiet sign at a story: counted, never ranked, and nobody can look up whose it is."""

    __tablename__ = "resonances"
    __table_args__ = NO_ORDER

    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    tag: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)


class Mute(Base):
    """The teller of a story may not tell or reply in the circle until a date; who it is stays unknown."""

    __tablename__ = "mutes"
    __table_args__ = (UniqueConstraint("circle_id", "story_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"))
    story_id: Mapped[int] = mapped_column(Id)
    """Kept also when the story is gone: the tag is bound to it."""
    number: Mapped[int]
    """The story's number, by which the mute can be lifted also when the story is gone."""
    epoch: Mapped[int]
    tag: Mapped[bytes] = mapped_column(LargeBinary(32))
    until: Mapped[datetime] = mapped_column(UtcTime)
