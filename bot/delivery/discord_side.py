"""Discord's side of a delivery: making one step happen, and looking whether it already has.

Our own messages are recognised by their marker (see ``bot/screen.py``). Access is checked locally
first: thousands of refused requests in ten minutes would ban our address.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import discord
from discord.ui import LayoutView

from bot.delivery.steps import Edit, LockThread, OpenThread, Retract, Send, SendPrivately, Shown, Step
from bot.screen import mark, marker

FARTHEST = 400
"""How many messages back a lost one is looked for; busier channels make the delivery unsure."""
FARTHEST_TAKING_BACK = 10_000
"""The same, for one that was taken back: it must not stay."""
GONE = {10003, 10008}
THREAD_EXISTS = 160004
THREAD_ASLEEP = 50083
"""Discord's code for changing something in a thread that was archived."""
NO_PINGS = discord.AllowedMentions.none()
ARCHIVE_MINUTES = 10080

Place = discord.TextChannel | discord.Thread | discord.ForumChannel


class NoAccess(Exception):
    """The bot may not do this in the channel, or the channel isn't there."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreadable(Exception):
    """Whether the message arrived can't be seen."""


class DiscordSide:
    """Makes steps happen through a discord.py client."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client

    async def make(self, step: Step, delivery_id: str) -> Shown:
        """Do the one thing that is asked. Raises NoAccess, Unreadable, or what discord.py raises."""
        match step:
            case Send():
                return await self._send(step, delivery_id)
            case SendPrivately():
                channel = await self._private(step.user_id)
                message = await channel.send(
                    view=mark(step.view, delivery_id), nonce=delivery_id, allowed_mentions=NO_PINGS
                )
                return Shown(message.id, channel.id)
            case Edit():
                return await self._edit(step)
            case OpenThread():
                return await self._open_thread(step)
            case LockThread():
                return await self._lock(step)
            case Retract():
                return await self._retract(step)
            case _:
                raise TypeError(f"not a step for Discord: {step!r}")

    async def look_for(self, step: Send | SendPrivately, delivery_id: str, since: datetime) -> Shown | None:
        """What an earlier attempt since then (aware UTC) has left; None when it never arrived.

        Raises Unreadable when that can't be seen.
        """
        if isinstance(step, SendPrivately):
            channel = await self._private(step.user_id)
        else:
            channel = self._place(step.channel_id)
        found = await self._find(channel, delivery_id, since)
        return None if found is None else Shown(found.id, found.channel.id)

    async def refresh(self, shown: Shown, view: LayoutView, delivery_id: str) -> None:
        """Make a message that was found look like the state of now; it keeps its marker."""
        if shown.message_id is not None and shown.channel_id is not None:
            await self._edit(Edit(shown.channel_id, shown.message_id, mark(view, delivery_id)))

    def may_write(self, channel_id: int) -> str | None:
        """None when the bot may post stories there; else what is missing, as a key of a text.

        For channels; threads that were archived aren't known here.
        """
        channel = self._client.get_channel(channel_id)
        if channel is None:
            return None if not self._client.is_ready() else "channel_gone"
        return _missing(channel)

    async def _send(self, step: Send, delivery_id: str) -> Shown:
        channel = await self._known(step.channel_id)
        if channel is not None and (missing := _missing(channel)):
            raise NoAccess(missing)
        message = await self._place(step.channel_id).send(
            view=mark(step.view, delivery_id), nonce=delivery_id, allowed_mentions=NO_PINGS
        )
        return Shown(message.id, step.channel_id)

    async def _known(self, channel_id: int) -> Any:
        """A channel or thread. discord.py forgets archived threads, so those are asked for; None before
        the bot has heard of its servers."""
        channel = self._client.get_channel(channel_id)
        if channel is None and self._client.is_ready():
            return await self._client.fetch_channel(channel_id)
        return channel

    async def _edit(self, step: Edit) -> Shown:
        message = self._place(step.channel_id).get_partial_message(step.message_id)
        await self._awake(step.channel_id, lambda: message.edit(view=step.view, allowed_mentions=NO_PINGS))
        return Shown(step.message_id, step.channel_id)

    async def _open_thread(self, step: OpenThread) -> Shown:
        message = self._place(step.channel_id).get_partial_message(step.message_id)
        try:
            await message.create_thread(name=step.name, auto_archive_duration=ARCHIVE_MINUTES)
        except discord.HTTPException as error:
            if error.code != THREAD_EXISTS:
                raise
        return Shown(step.message_id, step.message_id)  # a message's thread has the message's id

    async def _lock(self, step: LockThread) -> Shown:
        http = self._client.http
        await _unless_gone(lambda: http.edit_channel(step.thread_id, locked=step.locked, archived=False))
        return Shown(channel_id=step.thread_id)

    async def _retract(self, step: Retract) -> Shown:
        """What is known goes first, words before the thread; only then is the rest looked for."""
        for message_id in step.message_ids:
            await self._delete_message(step.channel_id, message_id)
        if (thread_id := step.thread_id) is not None:
            await _unless_gone(lambda: self._client.http.delete_channel(thread_id))
        for delivery_id, since in step.unsettled:
            await _unless_gone(partial(self._retract_lost, step.channel_id, delivery_id, since))
        return Shown()

    async def _retract_lost(self, channel_id: int, delivery_id: str, since: datetime) -> None:
        found = await self._find(self._place(channel_id), delivery_id, since, FARTHEST_TAKING_BACK)
        if found is not None:
            await self._delete_message(channel_id, found.id)

    async def _delete_message(self, channel_id: int, message_id: int) -> None:
        await self._awake(channel_id, lambda: self._client.http.delete_message(channel_id, message_id))

    async def _awake(self, channel_id: int, request: Callable[[], Awaitable[object]]) -> None:
        """Change something that may lie in an archived thread. What is gone counts as done."""
        try:
            await _unless_gone(request)
        except discord.HTTPException as error:
            if error.code != THREAD_ASLEEP:
                raise
            await self._client.http.edit_channel(channel_id, archived=False)
            await _unless_gone(request)

    def _place(self, channel_id: int) -> discord.PartialMessageable:
        channel = self._client.get_channel(channel_id)
        guild = getattr(channel, "guild", None)
        return self._client.get_partial_messageable(channel_id, guild_id=guild.id if guild else None)

    async def _private(self, user_id: int) -> discord.DMChannel:
        return await self._client.create_dm(discord.Object(user_id))

    async def _find(
        self,
        channel: discord.DMChannel | discord.PartialMessageable,
        delivery_id: str,
        since: datetime,
        farthest: int = FARTHEST,
    ) -> discord.Message | None:
        """Our message of a delivery among what was written since its first attempt."""
        if not isinstance(channel, discord.DMChannel) and not _may_read(await self._known(channel.id)):
            raise Unreadable
        wanted, seen = marker(delivery_id), 0
        after = since - timedelta(minutes=2)  # Discord's clock and ours may differ a little
        async for message in channel.history(limit=farthest, after=after, oldest_first=True):
            seen += 1
            own = self._client.user is not None and message.author.id == self._client.user.id
            if own and wanted in _component_ids(message.components):
                return message
        if seen >= farthest:
            raise Unreadable
        return None


async def _unless_gone(request: Callable[[], Awaitable[object]]) -> None:
    try:
        await request()
    except discord.NotFound as error:
        if error.code not in GONE:
            raise


def _allowed(channel: Place) -> discord.Permissions | None:
    """What the bot may do in a channel or thread; None when that isn't known here.

    A thread of a server that isn't available just now has no parent, and the server no members.
    """
    if isinstance(channel, discord.Thread) and channel.parent is None:
        return None
    own: Any = channel.guild.me
    return None if own is None else channel.permissions_for(own)


def _missing(channel: object) -> str | None:
    """What the bot lacks to post stories, as a key of a text."""
    if not isinstance(channel, Place):
        return "not_text"
    allowed = _allowed(channel)
    if allowed is None:
        return None
    needed = IN_THREADS if isinstance(channel, discord.Thread) else NEEDED
    return next((name for name in needed if not getattr(allowed, name)), None)


def _may_read(channel: object) -> bool:
    """Without Read Message History Discord answers with nothing, and no error."""
    allowed = _allowed(channel) if isinstance(channel, Place) else None
    return allowed is not None and allowed.view_channel and allowed.read_message_history


NEEDED = (
    "view_channel",
    "send_messages",
    "read_message_history",
    "create_public_threads",
    "send_messages_in_threads",
    "manage_threads",
)
"""What the bot needs in a circle's channel, by discord.py's names of permissions."""
IN_THREADS = ("view_channel", "send_messages_in_threads")


def _component_ids(components: list[Any]) -> Iterator[int]:
    for component in components:
        if isinstance(getattr(component, "id", None), int):
            yield component.id
