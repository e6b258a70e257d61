"""What is remembered: the circle, its calendar, and what the bot owes to Discord.

Stories and what belongs to them stand in ``db/story_tables.py``. Tables have types and constraints,
no logic. Ids are random, so that no order of rows tells in which order people acted.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from db.types import NO_ORDER, Base, Id, UtcTime, random_id


class Circle(Base):
    """A peer-consultation group: one channel of a server, with its settings."""

    __tablename__ = "circles"

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    guild_id: Mapped[int] = mapped_column(BigInteger, index=True)
    channel_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    zone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16))
    facilitator_role_id: Mapped[int | None] = mapped_column(BigInteger)
    moderator_role_id: Mapped[int | None] = mapped_column(BigInteger)
    size: Mapped[int]
    """About how many people; the upper end of what was chosen."""
    delay_minutes: Mapped[int]
    """Unnamed stories wait a random time up to this; 0 publishes at once."""
    batch_of: Mapped[int | None]
    """Unnamed stories wait for one another until there are so many, at most a day; None: each for itself."""
    retention_days: Mapped[int | None]
    """How long published stories are kept; None: as long as the operator's setting says."""
    paused: Mapped[bool] = mapped_column(default=False)
    paused_until: Mapped[date | None]
    """The first local day on which the circle goes on by itself; None: until somebody resumes it."""
    stories_told: Mapped[int] = mapped_column(default=0)
    """The number of the last published story."""


class Schedule(Base):
    """Something that happens weekly in a circle, and when it is due next."""

    __tablename__ = "schedules"
    __table_args__ = (UniqueConstraint("circle_id", "kind"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    weekday: Mapped[int]
    at_minute: Mapped[int]
    """Local wall time as minutes after midnight."""
    next_due_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)


class Occurrence(Base):
    """What became of one local week of a schedule: at most one row a week, whatever happens."""

    __tablename__ = "occurrences"
    __table_args__ = (
        UniqueConstraint("circle_id", "kind", "week"),
        CheckConstraint("state IN ('given', 'skipped', 'missed')", name="state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(16))
    week: Mapped[str] = mapped_column(String(8))
    """The local ISO week, like 2026-W14."""
    state: Mapped[str] = mapped_column(String(8))
    due_at: Mapped[datetime] = mapped_column(UtcTime)
    theme_id: Mapped[int | None] = mapped_column(Id)
    prompt_key: Mapped[str | None] = mapped_column(String(80))
    title: Mapped[str | None] = mapped_column(String(100))
    introduction: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    message_id: Mapped[int | None] = mapped_column(BigInteger)


class Theme(Base):
    """A themed week, or several in a row, with prompts of its own."""

    __tablename__ = "themes"

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(100))
    introduction: Mapped[str] = mapped_column(Text)
    first_monday: Mapped[date]
    last_monday: Mapped[date]


class ThemeWeek(Base):
    """One week taken by a theme. The key refuses two themes in one week."""

    __tablename__ = "theme_weeks"

    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), primary_key=True)
    monday: Mapped[date] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id", ondelete="CASCADE"), index=True)


class ThemePrompt(Base):
    """A prompt of a theme; they are asked in the order of their position, one a week."""

    __tablename__ = "theme_prompts"

    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class Reminder(Base):
    """A personal reminder by private message, asked for by the person themself."""

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("user_id", "circle_id"),
        CheckConstraint("state IN ('on', 'closed')", name="state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    user_id: Mapped[int] = mapped_column(BigInteger)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    at_minute: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(8))
    """*closed*: Discord did not let the bot write to this person; said at their next private answer."""
    next_due_at: Mapped[datetime | None] = mapped_column(UtcTime, index=True)


class Notice(Base):
    """Something the facilitators of a circle need to know, told once."""

    __tablename__ = "notices"
    __table_args__ = (UniqueConstraint("circle_id", "kind", "subject"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True, default=random_id)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    """The key of its text below ``notices.``."""
    subject: Mapped[str] = mapped_column(String(80))
    values: Mapped[dict[str, str]] = mapped_column(JSON)
    told: Mapped[bool] = mapped_column(default=False)


class Delivery(Base):
    """One thing that Discord must be made to show, once."""

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'leased', 'sent', 'unsure', 'failed')", name="state"),
        Index(
            "uq_deliveries_waiting",
            "kind",
            "subject",
            unique=True,
            sqlite_where=sql("state = 'waiting'"),
            postgresql_where=sql("state = 'waiting'"),
        ),
        Index("ix_deliveries_due", "state", "priority", "due_since", "id", "not_before"),
        Index("ix_deliveries_destination", "destination", "state"),
        NO_ORDER,
    )

    id: Mapped[str] = mapped_column(String(25), primary_key=True)
    """Random; also the nonce of its message, which Discord limits to 25 characters."""
    kind: Mapped[str] = mapped_column(String(24))
    subject: Mapped[int] = mapped_column(Id)
    """The id of what it is about: a story, a reply, an occurrence, a reminder."""
    circle_id: Mapped[int | None] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), index=True)
    guild_id: Mapped[int | None] = mapped_column(BigInteger)
    """The server whose shard delivers it; None for private messages."""
    destination: Mapped[str] = mapped_column(String(32))
    """``channel:<id>`` or ``dm:<user id>``: drained one at a time, in order."""
    priority: Mapped[int]
    state: Mapped[str] = mapped_column(String(8))
    not_before: Mapped[datetime | None] = mapped_column(UtcTime)
    """Not tried earlier; later after an attempt that failed."""
    due_since: Mapped[datetime | None] = mapped_column(UtcTime)
    """When it was due first: what failed meanwhile goes out in this order, whenever it was tried last."""
    attempts: Mapped[int] = mapped_column(default=0)
    uncertain: Mapped[bool] = mapped_column(default=False)
    """An attempt may have reached Discord: look before sending again."""
    first_attempt_at: Mapped[datetime | None] = mapped_column(UtcTime)
    lease_token: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None] = mapped_column(UtcTime)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    trouble: Mapped[str | None] = mapped_column(String(80))


class ClosedDestination(Base):
    """A channel or person that Discord refused: left in peace until access is back."""

    __tablename__ = "closed_destinations"

    destination: Mapped[str] = mapped_column(String(32), primary_key=True)
    reason: Mapped[str] = mapped_column(String(40))


class Erasure(Base):
    """Something that was taken back for good: a restored copy of the database must not bring it back.

    Its key is random and stands for nobody; the order of the rows is that of the keys.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('withdrawn', 'removed', 'reply', 'update', 'edited', 'reminder', 'mute', 'circle',"
            " 'note', 'report', 'declined', 'edit_dropped')",
            name="kind",
        ),
        NO_ORDER,
    )

    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    subject: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    day: Mapped[date] = mapped_column(index=True)
    """Rounded up; forgotten with the last copy that it could matter to."""


class Memo(Base):
    """Small facts the bot keeps about itself, such as the day of the last clean-up."""

    __tablename__ = "memos"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(String(200))
