"""Interactions: each one from the moment somebody presses until all is answered, by Discord's rules."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.wire import payloads
from tests.wire.errors import Refused
from tests.wire.permissions import in_channel
from tests.wire.posts import Body, Files, Posts
from tests.wire.things import LOADING, Channel, Message, Person
from tests.wire.world import Emit, World

COMMAND, COMPONENT, AUTOCOMPLETE, FORM = 2, 3, 4, 5
"""Discord's numbers of interaction types."""
MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
"""Discord's numbers of answers to an interaction."""
ALLOWED = {
    COMMAND: {MESSAGE, DEFERRED, MODAL},
    COMPONENT: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    FORM: {MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE},
}
FIRST_SECONDS = 3.0
TOKEN_LIFE = timedelta(minutes=15)


@dataclass(eq=False)
class Used:
    """One interaction, and all that was answered to it so far."""

    id: int
    token: str
    type: int
    person: Person
    channel: Channel
    data: Mapping[str, Any]
    sent: float
    """By the loop's time."""
    at: datetime
    on: Message | None = None
    """The message that was pressed, or on which the form was opened."""
    answer: int | None = None
    """Discord's number of the first answer."""
    acknowledged_after: float | None = None
    """Seconds from the press to the first answer."""
    original: Message | None = None
    """The message that the first answer made, or replaces."""
    form: Mapping[str, Any] | None = None
    choices: list[Mapping[str, Any]] = field(default_factory=list[Mapping[str, Any]])
    followups: list[Message] = field(default_factory=list[Message])
    done: bool = False
    """Whether more than an acknowledgement was answered."""
    _waiting: set[asyncio.Future[None]] = field(default_factory=set[asyncio.Future[None]])

    def changed(self) -> None:
        """Tell whoever waits."""
        for one in self._waiting:
            if not one.done():
                one.set_result(None)

    async def until(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait for something about it; False when it doesn't come in time."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not condition():
            one: asyncio.Future[None] = loop.create_future()
            self._waiting.add(one)
            try:
                await asyncio.wait({one}, timeout=max(0.0, end - loop.time()))
            finally:
                self._waiting.discard(one)
            if not one.done() and not condition():
                return False
        return True


class Desk:
    """Where people's presses go out, and the bot's answers come in."""

    def __init__(
        self, world: World, posts: Posts, emit: Emit, random: Random, monotonic: Callable[[], float]
    ) -> None:
        self.world = world
        self.posts = posts
        self._emit = emit
        self._random = random
        self._monotonic = monotonic
        self.first_seconds = FIRST_SECONDS
        """So long the first answer may take."""
        self.open: dict[str, Used] = {}
        """By their tokens."""

    def use(
        self,
        type: int,
        person: Person,
        channel: Channel,
        data: Mapping[str, Any],
        on: Message | None = None,
        *,
        events: int = 1,
    ) -> Used:
        """Somebody uses something: the bot is told, ``events`` times with the same id."""
        now = self._monotonic()
        self._forget(now)
        token = f"{self._random.getrandbits(256):064x}"
        used = Used(
            self.world.ids.next(), token, type, person, channel, data, now, self.world.clock.now(), on
        )
        self.open[token] = used
        for _ in range(events):
            self._emit("INTERACTION_CREATE", channel.guild_id, lambda: self._told(used))
        return used

    def _told(self, used: Used) -> dict[str, Any]:
        me, guild = self.world.me, used.channel.guild
        made: dict[str, Any] = {
            "id": str(used.id),
            "application_id": str(me.id),
            "type": used.type,
            "token": used.token,
            "version": 1,
            "data": used.data,
            "channel_id": str(used.channel.id),
            "channel": payloads.channel(used.channel),
            "locale": "en-US",
            "entitlements": [],
            "attachment_size_limit": 10_485_760,
            "app_permissions": str(int(in_channel(used.channel, me.id))),
            "context": 1 if guild is None else 0,
        }
        if used.on is not None:
            made["message"] = payloads.message(used.on, me)
        if guild is None:
            owners = {"1": str(used.person.id)}
            return made | {"user": payloads.user(used.person), "authorizing_integration_owners": owners}
        return made | {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": payloads.member(guild, used.person, used.channel),
            "authorizing_integration_owners": {"0": str(guild.id)},
        }

    def _forget(self, now: float) -> None:
        """Those that nobody can answer any more, so that a long run doesn't grow."""
        for token, used in list(self.open.items())[:2]:
            if now - used.sent > TOKEN_LIFE.total_seconds():
                del self.open[token]

    def first_answer(self, id: int, token: str, body: Body, files: Files) -> dict[str, Any]:
        """The first answer to an interaction. Raises Refused."""
        used = self.open.get(token)
        if used is None or used.id != id:
            raise Refused(10062)
        if used.answer is not None:
            raise Refused(40060)
        after = self._monotonic() - used.sent
        if after > self.first_seconds:
            raise Refused(10062)
        kind, data = body["type"], body.get("data") or {}
        if kind not in ALLOWED[used.type] or (kind in {DEFERRED_UPDATE, UPDATE} and used.on is None):
            raise Refused(50035, f"an answer of type {kind}")
        self._begin(used, kind, data, files)
        used.answer, used.acknowledged_after = kind, after
        used.done = kind not in {DEFERRED, DEFERRED_UPDATE}
        used.changed()
        return self._answered(used)

    def _begin(self, used: Used, kind: int, data: Body, files: Files) -> None:
        match kind:
            case 4 | 5:
                made = self.posts.compose(used.channel, self.world.me, data, files, complete=kind == MESSAGE)
                made.metadata = self._metadata(used)
                made.flags |= LOADING if kind == DEFERRED else 0
                used.original = made
                self._show(made)
            case 6:
                used.original = used.on
            case 7:
                assert used.on is not None
                used.original = used.on
                self.posts.change(used.on, data, files)
            case 8:
                used.choices = list(data["choices"])
            case _:
                used.form = data

    def _show(self, message: Message) -> None:
        if not message.private:
            self.posts.put(message)

    def _metadata(self, used: Used) -> dict[str, Any]:
        person = payloads.user(used.person)
        return {
            "id": str(used.id),
            "type": used.type,
            "user": person,
            "authorizing_integration_owners": {"0": str(used.channel.guild_id)},
        }

    def _answered(self, used: Used) -> dict[str, Any]:
        told: dict[str, Any] = {"id": str(used.id), "type": used.type}
        resource: dict[str, Any] = {"type": used.answer}
        if used.original is not None:
            told |= {
                "response_message_id": str(used.original.id),
                "response_message_loading": bool(used.original.flags & LOADING),
                "response_message_ephemeral": used.original.private,
            }
            if used.answer in {MESSAGE, UPDATE}:
                resource["message"] = payloads.message(used.original, self.world.me)
        return {"interaction": told, "resource": resource}

    def follow_up(self, token: str, body: Body, files: Files) -> Message:
        """A further message; the first one after a deferred answer fills that one. Raises Refused."""
        used = self._used(token)
        original = used.original
        if used.answer == DEFERRED and original is not None and original.flags & LOADING:
            return self._fill(used, original, body, files)
        made = self.posts.compose(used.channel, self.world.me, body, files)
        made.metadata = self._metadata(used)
        used.followups.append(made)
        self._show(made)
        used.done = True
        used.changed()
        return made

    def message(self, token: str, which: str) -> Message:
        """One of the messages that belong to an interaction. Raises Refused."""
        used = self._used(token)
        if which == "@original":
            found = used.original
        else:
            found = next((one for one in used.followups if str(one.id) == which), None)
        if found is None or (not found.private and found.id not in found.channel.messages):
            raise Refused(10008)
        return found

    def edit(self, token: str, which: str, body: Body, files: Files) -> Message:
        """Fill or change one of them. Raises Refused."""
        return self._fill(self._used(token), self.message(token, which), body, files)

    def delete(self, token: str, which: str) -> None:
        """Take one of them away. Raises Refused."""
        used, found = self._used(token), self.message(token, which)
        if not found.private:
            self.posts.remove(found)
        if found in used.followups:
            used.followups.remove(found)
        else:
            used.original = None
        used.done = True
        used.changed()

    def _fill(self, used: Used, message: Message, body: Body, files: Files) -> Message:
        message.flags &= ~LOADING
        self.posts.change(message, body, files)
        used.done = True
        used.changed()
        return message

    def _used(self, token: str) -> Used:
        used = self.open.get(token)
        if used is None or used.answer is None:
            raise Refused(10015)
        if self.world.clock.now() - used.at > TOKEN_LIFE:
            raise Refused(50027)
        return used
