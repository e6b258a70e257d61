"""What a circle can do: one class a feature, the only place that opens transactions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from bot.content.library import Library
from bot.services.circles import Circles
from bot.services.keyring import Keyring
from bot.services.memos import Memos
from bot.services.outbox import Outbox
from bot.services.prompts import Prompts
from db.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """All services of a running bot."""

    alone: bool
    """No other process works on this database."""
    keyring: Keyring
    outbox: Outbox
    memos: Memos
    circles: Circles
    prompts: Prompts


def make_services(
    database: Database,
    keyring: Keyring,
    library: Library,
    *,
    now: Callable[[], datetime],
    random: Random,
    grace: timedelta,
) -> Services:
    """Wire the services together around one database. ``now`` is aware UTC."""
    return Services(
        alone=database.is_sqlite,
        keyring=keyring,
        outbox=Outbox(database, now),
        memos=Memos(database),
        circles=Circles(database, now),
        prompts=Prompts(database, library, now, grace),
    )
