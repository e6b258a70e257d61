"""In which order people told stands nowhere: no row, entry, page, number or message is in that order."""

from __future__ import annotations

from pathlib import Path
from random import Random

from db.types import Base
from tests.anonymity import order

ABOUT_NOBODY = {
    "alembic_version", "circles", "closed_destinations", "identify_slots", "left_servers", "memos",
    "occurrences", "schedules", "shard_groups", "theme_prompts", "theme_weeks", "themes",
}  # fmt: skip
"""Tables in which nothing comes about because somebody told, replied, signed, or asked for something.
(``closed_destinations`` may hold a person who closed their private messages, by their id.)"""


async def test_no_order_that_is_kept_is_that_of_telling(tmp_path: Path) -> None:
    orders = await order.play(tmp_path, Random(1), windows=3, people=10)

    assert order.leaks(orders.waiting) == {}
    assert order.leaks(orders.shown) == {}
    assert len(orders.shown) > 60
    # the same search sees that order where it is known to stand: in the file, until the day's clean-up
    unclean = order.leaks(orders.unclean)
    assert {"reminders: offset", "erasures: offset"} <= set(unclean)
    assert len(unclean) > 10
    # and it looked into every table into which anything of somebody goes
    assert set(Base.metadata.tables) >= ABOUT_NOBODY - {"alembic_version"}
    assert orders.filled - ABOUT_NOBODY <= orders.tables
    assert set(Base.metadata.tables) - ABOUT_NOBODY <= orders.tables
    every_index = {
        index.name for table in Base.metadata.tables.values() if table.name in orders.tables
        for index in table.indexes
    }  # fmt: skip
    assert every_index - {"ix_reminders_circle_id", "ix_reminders_next_due_at"} <= orders.tables
