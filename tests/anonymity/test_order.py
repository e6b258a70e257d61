"""In which order people told stands nowhere: no row, entry, page, number or message is in that order."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

from bot.rules.care import CarePlan
from db.types import Base
from tests.anonymity import order
from tests.anonymity.town import person_ids, town

ABOUT_NOBODY = {
    "acts", "alembic_version", "care", "circle_words", "circles", "closed_destinations", "identify_slots",
    "left_servers", "memos", "occurrences", "removals", "schedules", "shard_groups", "theme_prompts",
    "theme_weeks", "themes", "wipes",
}  # fmt: skip
"""Tables in which nothing comes about because somebody told, replied, signed, or asked for something.
(``closed_destinations`` may hold a person who closed their private messages, by their id.)"""


OF_ITS_OWN = {"reviews"}
"""Looked at in a circle that wants review, where nobody's story appears by itself."""


async def test_what_moderators_look_at_lies_in_no_order_of_telling(tmp_path: Path) -> None:
    random = Random(2)
    async with town(tmp_path, random) as here:
        await here.settle_in(1, delay_minutes=30)
        await here.services.caring.change(here.circle_id, CarePlan(review=True))
        told = [
            (await here.post(await here.write(f"Slip {place}."), person)).story_id
            for place, person in enumerate(person_ids(12, random))
        ]
        await here.until(here.now() + timedelta(hours=2))
        await here.clean()
        kept = await here.rows("SELECT * FROM reviews")

    subjects = [row[1] for row in kept]
    assert subjects == sorted(told)  # they lie in the order of random ids
    assert subjects != told
    assert len({row[3:] for row in kept}) == 1  # and nothing else differs from one to the next


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
    assert set(Base.metadata.tables) - ABOUT_NOBODY - OF_ITS_OWN <= orders.tables
    every_index = {
        index.name
        for table in Base.metadata.tables.values()
        if table.name in orders.tables - OF_ITS_OWN
        for index in table.indexes
    }  # fmt: skip
    assert every_index - {"ix_reminders_circle_id", "ix_reminders_next_due_at"} <= orders.tables
