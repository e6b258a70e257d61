"""Variants of the bot that break a promise on purpose: the attacker must win against each."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from bot.rules.anonymity import Purpose
from bot.services.stories import Teller
from db.story_tables import Story
from tests.anonymity.linking.game import Breaking
from tests.anonymity.town import KEYS, Town


def _each_story(change: Callable[[Town, Story, int], None]) -> Breaking:
    """Change every story's row before it is stored, knowing who tells it."""

    @contextmanager
    def breaking(here: Town) -> Generator[None]:
        stories: Any = here.services.stories
        make = stories._story

        def broken(*arguments: Any, **more: Any) -> Story:
            story = make(*arguments, **more)
            (teller,) = [one for one in (*arguments, *more.values()) if isinstance(one, Teller)]
            change(here, story, teller.user_id)
            return story

        stories._story = broken
        yield
        del stories._story

    return breaking


def _id_of_author(here: Town, story: Story, user_id: int) -> None:
    story.id = (user_id * 0x9E3779B97F4A7C15 % 2**30) << 32 | here.random.getrandbits(31)


def _time_of_telling(here: Town, story: Story, _user_id: int) -> None:
    story.theme = here.now().isoformat()


def _tag_of_circle(here: Town, story: Story, user_id: int) -> None:
    assert story.epoch is not None
    story.teller_tag = here.services.keyring.tag(story.epoch, Purpose.TELLER, story.circle_id, user_id)


def _keys_at_post(here: Town, _story: Story, _user_id: int) -> None:
    path = here.folder / KEYS
    path.write_bytes(path.read_bytes())


BROKEN = {
    "ids derived from the author": _each_story(_id_of_author),
    "the time of telling is kept": _each_story(_time_of_telling),
    "one tag for a whole circle": _each_story(_tag_of_circle),
    "the key file is written at Post": _each_story(_keys_at_post),
}
"""By what is broken."""
