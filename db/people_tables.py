"""What is remembered for people apart from circles: a private nudge, and that somebody has left."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from db.types import NO_ORDER, Base


class Nudge(Base):
    """Somebody asked for a private word, weeks later, to look back at a repair. Of which story, or circle,
    is nowhere; the day is random, so that it doesn't tell when it was asked for."""

    __tablename__ = "nudges"
    __table_args__ = NO_ORDER

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    due_on: Mapped[date | None] = mapped_column(index=True)
    """None: it is asleep, because Discord did not let the bot write to this person."""


class Leaver(Base):
    """Somebody whose name or reminder is kept, and who is no longer in the server."""

    __tablename__ = "leavers"
    __table_args__ = NO_ORDER

    guild_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    since: Mapped[date]
    """When that was noticed first."""


class LeftServer(Base):
    """A server that the bot was removed from. What it keeps of it goes after a grace."""

    __tablename__ = "left_servers"
    __table_args__ = NO_ORDER

    guild_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    since: Mapped[date]
