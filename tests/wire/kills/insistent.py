"""Presses and forms of one person, repeated until somebody answers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from tests.conftest import WORDS
from tests.wire.kills.ledger import Ledger
from tests.wire.people import People
from tests.wire.reply import NoAnswer, Reply
from tests.wire.things import Channel, Message, Person

GONE = tuple(
    WORDS(f"refusals.{key}")
    for key in ("story_gone", "draft_gone", "story_removed", "receipt_unknown", "reply_gone", "update_gone")
)
"""What somebody reads about a thing that isn't there any more."""
NO_DRAFT = WORDS("refusals.draft_gone")
AGAIN_SECONDS = 0.25
PATIENCE = 240
"""Presses that somebody repeats before it counts as a promise broken."""


class WordsLost(Exception):
    """Somebody saw their preview, and then their words were gone."""


class Insistent:
    """What a person does when nobody answers: their Discord keeps the form, and the button stands there."""

    def __init__(self, people: People, person: Person, ledger: Ledger) -> None:
        self._people = people
        self._person = person
        self._ledger = ledger

    async def press(
        self, on: Reply | Message, label: str | None = None, custom_id: str | None = None
    ) -> Reply:
        """A button, by its label or custom_id. Raises AssertionError when nobody ever answers."""

        async def press() -> Reply:
            try:
                return await self._people.press(self._person, on, custom_id, label=label)
            except LookupError:
                if isinstance(on, Message) or not self._ledger.unanswered:
                    raise
                return on  # an answer that came too late for us stands there already

        return await self._insist(press)

    async def press_until(self, on: Reply, label: str, seen: Callable[[Reply], bool]) -> Reply:
        """A button, pressed again after each apology, until something is seen. Raises AssertionError, or
        WordsLost when the draft behind it is gone and that isn't what is to be seen."""
        for _ in range(PATIENCE):
            shown = await self.press(on, label)
            if seen(shown):
                return shown
            if NO_DRAFT in shown.text():
                raise WordsLost(f"{label!r}: {shown.text()}")
            await asyncio.sleep(AGAIN_SECONDS)
        raise AssertionError(f"{label!r} never led anywhere: {on.text()}")

    async def submit(self, form: Reply, values: dict[str, Any]) -> Reply:
        """Send a form off. Raises AssertionError when nobody ever answers."""
        return await self._insist(lambda: self._people.submit(self._person, form, values))

    async def submit_until_preview(self, form: Reply, values: dict[str, str]) -> Reply:
        """Send a form off until a preview is seen. Words that come back are sent off again. Raises WordsLost
        when they neither come back nor are kept, or when the draft that they were to change is gone."""
        (word,) = values.values()
        while True:
            shown = await self.submit(form, values)
            if may_post(shown):
                return shown
            if word not in shown.text() or NO_DRAFT in shown.text():
                raise WordsLost(f"{word}: {shown.text()}")
            self._ledger.given_back += 1
            await asyncio.sleep(AGAIN_SECONDS)

    async def ask(self, channel: Channel, command: str) -> Reply:
        """A slash command. Raises AssertionError when nobody ever answers."""
        return await self._insist(lambda: self._people.slash(self._person, channel, command))

    async def _insist(self, action: Callable[[], Awaitable[Reply]]) -> Reply:
        for _ in range(PATIENCE):
            try:
                reply = await action()
            except NoAnswer:
                self._ledger.unanswered += 1
                await asyncio.sleep(AGAIN_SECONDS)
                continue
            self._ledger.answered += 1
            return reply
        raise AssertionError("nobody ever answered")


def ids(reply: Reply) -> list[str]:
    """The custom_ids of what somebody sees, if they see anything."""
    has_message = reply.used.original is not None or bool(reply.used.followups)
    return reply.custom_ids() if reply.used.form is not None or has_message else []


def may_post(reply: Reply) -> bool:
    """Whether it is a preview."""
    return any(":post:" in one for one in ids(reply))


def is_accepted(reply: Reply) -> bool:
    """Whether somebody was thanked for a story, with the way back to it."""
    return any(":panel:" in one for one in ids(reply))


def is_added(reply: Reply) -> bool:
    """Whether somebody is told that what they added is on its way."""
    replied = any(one.startswith("additions:v1:withdraw:") for one in ids(reply))
    return replied or WORDS("additions.told.update") in reply.text()


def is_gone(reply: Reply) -> bool:
    """Whether somebody is told that it isn't there any more."""
    return any(refusal in reply.text() for refusal in GONE)


def is_taken_back(reply: Reply) -> bool:
    """Whether it is confirmed that something was taken back, now or by an earlier press."""
    done = [f"{what}.withdraw.{how}" for what in ("stories", "additions") for how in ("done", "done_waiting")]
    return is_gone(reply) or any(WORDS(key) in reply.text() for key in done)


def is_discarded(reply: Reply) -> bool:
    """Whether it is confirmed that a draft was discarded, now or by an earlier press."""
    return is_gone(reply) or WORDS("stories.discard.done") in reply.text()
