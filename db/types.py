"""Column types and the declarative base that every table shares."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Integer, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """What all tables have in common: the names of their constraints."""

    metadata = MetaData(naming_convention=NAMING)


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. Naive times are refused on the way in; aware ones come out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC; raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was handed to the database")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """SQLite keeps no zone: what comes back is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Discord's ids and ours are 64 bits wide. On SQLite a BIGINT primary key is not the rowid, so ids
# declare themselves INTEGER there: then the file's order is the order of the (random) ids.

Id = BigInteger().with_variant(Integer(), "sqlite")

NO_ORDER = {"sqlite_with_rowid": False}
"""For tables whose key isn't an integer: SQLite numbers their rows in the order in which they came, and
so would tell in which order people acted; without that number they lie in the order of their keys."""


def random_id() -> int:
    """A new id that says nothing about when, or after what, its row was made."""
    return secrets.randbits(62) + 1
