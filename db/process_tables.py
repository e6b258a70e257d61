"""What several processes agree on through the database: who works for which servers, and who may connect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Column, LargeBinary, MetaData, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from db.types import NAMING, Base, UtcTime


class ShardGroup(Base):
    """A group of shards that a process works for: at most one process at a time, for as long as its lease."""

    __tablename__ = "shard_groups"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token: Mapped[str] = mapped_column(String(32))
    """Random; whoever knows it holds the group."""
    until: Mapped[datetime] = mapped_column(UtcTime)
    """The lease's end, by the database's clock."""
    shards: Mapped[int]
    """How many shards its holder believes there are; 0: as many as Discord recommends."""
    groups: Mapped[int]
    """Into how many groups its holder believes they are parted."""


class IdentifySlot(Base):
    """When the next shard of a bucket may identify itself to Discord."""

    __tablename__ = "identify_slots"

    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """``shard_id % max_concurrency``, as Discord counts."""
    free_at: Mapped[datetime] = mapped_column(UtcTime)


EPOCH_KEYS = Table(
    "epoch_keys",
    MetaData(naming_convention=NAMING),
    Column("epoch", BigInteger(), primary_key=True, autoincrement=False),
    Column("starts_at", UtcTime(), nullable=False),
    Column("ends_at", UtcTime(), nullable=False),
    Column("destroy_at", UtcTime(), nullable=False),
    Column("wrapped", LargeBinary(), nullable=False),
)
"""The wrapped keys, in a table of its own on PostgreSQL alone. It isn't among the others: SQLite has none,
and dumps leave it out, so that it may have to be made again (``Database.migrate``)."""
