"""What keeps a circle safe: its choices, reviews, notes, reports, the open log, and what can be undone.

Nothing here says who moderated, who reported, who wrote a note or who told what; the one exception is
whoever asks first for a circle's end, until a second person agrees: they must not be one.
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
)
from sqlalchemy.orm import Mapped, mapped_column

from db.types import NO_ORDER, Base, Id, UtcTime, random_id


class Care(Base):
    """How a circle is kept safe, as its facilitators chose. A circle without a row has the defaults."""

    __tablename__ = "care"
    __table_args__ = (CheckConstraint("links IN ('any', 'none')", name="links"),)

    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), primary_key=True)
    review: Mapped[bool]
    """Stories, updates and edits wait for a moderator before anybody sees them."""
    moderators_channel_id: Mapped[int | None] = mapped_column(BigInteger)
    """A private channel in which those on duty are told what waits; None: they look for themselves."""
    log_channel_id: Mapped[int | None] = mapped_column(BigInteger)
    """Where the open log is shown as well; None: by command alone."""
    country: Mapped[str | None] = mapped_column(String(2))
    help_lines: Mapped[str] = mapped_column(Text)
    """The circle's own lines of help, one a line."""
    most_characters: Mapped[int | None]
    most_stories: Mapped[int | None]
    most_replies: Mapped[int | None]
    """Of one story; of one person in a day. None: as everywhere."""
    links: Mapped[str] = mapped_column(String(8))
    invites: Mapped[bool]
    first_reply_days: Mapped[int]
    review_days: Mapped[int]
    """After so many days without a first reply, or without a decision, those on duty are told, once."""


class CircleWord(Base):
    """A word that the circle wants marked as an identifying detail, or never marked."""

    __tablename__ = "circle_words"
    __table_args__ = (
        CheckConstraint("use IN ('person', 'organisation', 'place', 'allow')", name="use"),
        NO_ORDER,
    )

    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(String(100), primary_key=True)
    use: Mapped[str] = mapped_column(String(12))
    """What it is, so that general words for it fit; or that it is allowed."""


class Review(Base):
    """Something that a moderator looks at before anybody else sees it. Once it is shown, the row goes.

    It is made when its wait is over. What is being told has none yet: it waits like everything else.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("kind IN ('story', 'update', 'edit')", name="kind"),
        CheckConstraint("state IN ('held', 'returned', 'declined', 'approved')", name="state"),
        NO_ORDER,
    )

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    subject: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    """The story's or update's id; of an edit, the id of what it changes."""
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(8))
    """*approved*: it is about to be shown."""
    reason: Mapped[str | None] = mapped_column(Text)
    """The moderators' words to the teller."""
    held_on: Mapped[date | None]
    """The day, rounded up, on which moderators could see it."""
    decided_on: Mapped[date | None]
    """The day, rounded up, on which it was returned or declined: its words aren't kept for ever."""
    claim: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """A hash of what stands in one moderator's private message alone: who it is stays unknown."""
    claim_until: Mapped[datetime | None] = mapped_column(UtcTime)


class Note(Base):
    """A private note to the unnamed teller of a story, and the answer."""

    __tablename__ = "notes"
    __table_args__ = (
        CheckConstraint("sender IN ('peer', 'moderators')", name="sender"),
        CheckConstraint("state IN ('waiting', 'open', 'answered')", name="state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), index=True)
    sender: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8))
    receipt_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    tag: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """Recognises its sender while the story's key lives; bound to the note, so that no two look like one
    person's. None for the moderators, who write as one."""
    appears_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    """A random moment until which the note, or its answer, isn't shown; erased then."""


class Report(Base):
    """A message that somebody asked the moderators to look at. Its text is kept only while that is open."""

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint("kind IN ('story', 'update', 'reply', 'message')", name="kind"),
        CheckConstraint("state IN ('coming', 'open', 'closed')", name="state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    subject: Mapped[int | None] = mapped_column(BigInteger)
    """What of ours it is; None for a message that a person wrote."""
    channel_id: Mapped[int] = mapped_column(BigInteger)
    message_id: Mapped[int] = mapped_column(BigInteger, index=True)
    text: Mapped[str | None] = mapped_column(Text)
    """Of a message that a person wrote; of ours there is no copy."""
    state: Mapped[str] = mapped_column(String(8))
    """*coming*: the random wait before moderators see it isn't over."""
    epoch: Mapped[int | None]
    day: Mapped[date | None] = mapped_column(index=True)
    """Rounded up: since when moderators can see it; of a closed one, when it was closed."""
    again: Mapped[bool]
    """Moderators have closed an earlier report of the same message."""


class ReportVoice(Base):
    """One of those who reported the same message: why, and a tag so that everybody counts once."""

    __tablename__ = "report_voices"
    __table_args__ = NO_ORDER

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    reason: Mapped[str] = mapped_column(String(20))
    words: Mapped[str | None] = mapped_column(Text)
    shown: Mapped[bool]
    """Moderators can see it."""
    change: Mapped[dict[str, str | None] | None] = mapped_column(JSON)
    """Another reason and other words, until they are shown in place of the earlier ones."""
    appears_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    """A random moment until which it, or its change, isn't shown; erased then."""


class Act(Base):
    """One line of the open log: what was done, by which role, and why. No content, and nobody's name."""

    __tablename__ = "acts"

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    role: Mapped[str] = mapped_column(String(16))
    why: Mapped[str | None] = mapped_column(String(24))
    number: Mapped[int | None]
    """Of the story that it was about."""
    day: Mapped[date]
    """In the circle's zone: what is done to a story is open anyway."""


class Removal(Base):
    """Something that moderators took away, and can bring back until a moment."""

    __tablename__ = "removals"
    __table_args__ = (CheckConstraint("kind IN ('story', 'update', 'reply')", name="kind"), NO_ORDER)

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    subject: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), index=True)
    final_at: Mapped[datetime] = mapped_column(UtcTime, index=True)


class Wipe(Base):
    """Two people asked that everything of a circle goes; a day later it does, unless somebody stops it."""

    __tablename__ = "wipes"
    __table_args__ = (
        UniqueConstraint("circle_id"),
        CheckConstraint("state IN ('asked', 'agreed', 'stopped', 'going')", name="state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(8))
    """*stopped*: what the channel was told is still to be changed; *going*: the day is over."""
    user_id: Mapped[int | None] = mapped_column(BigInteger)
    """Who asked, so that the second is somebody else; None from when they have agreed."""
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    final_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)
    """When it goes; None until a second person has agreed."""
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    """What tells the circle of it."""
