"""Discord's side of a delivery: making one step happen, and looking whether it already has.

Our own messages are recognised by their marker (see ``bot/screen.py``). Access is checked locally
first: thousands of refused requests in ten minutes would ban our address.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import discord

from bot.delivery.steps import Edit, LockThread, OpenThread, Retract, Send, SendPrivately, Shown, Step
from bot.screen import mark, marker

FARTHEST = 400
"""How many messages back a lost one is looked for; busier channels make the delivery unsure."""
GONE = {10003, 10008}
THREAD_EXISTS = 160004
NO_PINGS = discord.AllowedMentions.none()
ARCHIVE_MINUTES = 10080


class NoAccess(Exception):
    """The bot may not do this in the channel, or the channel isn't there."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Unreadable(Exception):
    """Whether the message arrived can't be seen."""


class AlreadyThere(Exception):
    """An earlier attempt had arrived after all."""

    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self.shown = shown


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

    async def look_for(self, step: Send | SendPrivately, delivery_id: str, since: datetime) -> None:
        """Whether an earlier attempt arrived. Raises AlreadyThere, or Unreadable when it can't be seen."""
        if isinstance(step, SendPrivately):
            channel = await self._private(step.user_id)
        else:
            channel = self._place(step.channel_id)
        found = await self._find(channel, delivery_id, since)
        if found is not None:
            raise AlreadyThere(Shown(found.id, found.channel.id))

    def may_write(self, channel_id: int) -> str | None:
        """None when the bot may post stories there; else what is missing, as a key of a text."""
        channel = self._client.get_channel(channel_id)
        if channel is None:
            return None if not self._client.is_ready() else "channel_gone"
        if not isinstance(channel, discord.TextChannel | discord.Thread | discord.ForumChannel):
            return "not_text"
        allowed = channel.permissions_for(channel.guild.me)
        needed = _needed(channel)
        missing = [name for name in needed if not getattr(allowed, name)]
        return missing[0] if missing else None

    async def _send(self, step: Send, delivery_id: str) -> Shown:
        if missing := self.may_write(step.channel_id):
            raise NoAccess(missing)
        message = await self._place(step.channel_id).send(
            view=mark(step.view, delivery_id), nonce=delivery_id, allowed_mentions=NO_PINGS
        )
        return Shown(message.id, step.channel_id)

    async def _edit(self, step: Edit) -> Shown:
        message = self._place(step.channel_id).get_partial_message(step.message_id)
        try:
            await message.edit(view=step.view, allowed_mentions=NO_PINGS)
        except discord.NotFound as error:
            if error.code not in GONE:
                raise
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
        try:
            await self._client.http.edit_channel(step.thread_id, locked=step.locked, archived=False)
        except discord.NotFound as error:
            if error.code not in GONE:
                raise
        return Shown(channel_id=step.thread_id)

    async def _retract(self, step: Retract) -> Shown:
        place = self._place(step.channel_id)
        messages = list(step.message_ids)
        for delivery_id, since in step.unsettled:
            found = await self._find(place, delivery_id, since)
            if found is not None:
                messages.append(found.id)
        if step.thread_id is not None:
            await self._delete(self._client.http.delete_channel(step.thread_id))
        for message_id in messages:
            await self._delete(self._client.http.delete_message(step.channel_id, message_id))
        return Shown()

    async def _delete(self, request: Any) -> None:
        try:
            await request
        except discord.NotFound as error:
            if error.code not in GONE:
                raise

    def _place(self, channel_id: int) -> discord.PartialMessageable:
        channel = self._client.get_channel(channel_id)
        guild = getattr(channel, "guild", None)
        return self._client.get_partial_messageable(channel_id, guild_id=guild.id if guild else None)

    async def _private(self, user_id: int) -> discord.DMChannel:
        return await self._client.create_dm(discord.Object(user_id))

    async def _find(
        self, channel: discord.abc.Messageable, delivery_id: str, since: datetime
    ) -> discord.Message | None:
        """Our message of a delivery among what was written since its first attempt."""
        if not self._may_look(channel):
            raise Unreadable
        wanted, seen = marker(delivery_id), 0
        after = since - timedelta(minutes=2)  # Discord's clock and ours may differ a little
        async for message in channel.history(limit=FARTHEST, after=after, oldest_first=True):
            seen += 1
            own = self._client.user is not None and message.author.id == self._client.user.id
            if own and wanted in _component_ids(message.components):
                return message
        if seen >= FARTHEST:
            raise Unreadable
        return None

    def _may_look(self, channel: discord.abc.Messageable) -> bool:
        """Without Read Message History Discord answers with nothing, and no error."""
        known = self._client.get_channel(getattr(channel, "id", 0))
        if isinstance(known, discord.TextChannel | discord.Thread):
            return known.permissions_for(known.guild.me).read_message_history
        return isinstance(channel, discord.DMChannel)


def _needed(channel: discord.TextChannel | discord.Thread | discord.ForumChannel) -> tuple[str, ...]:
    if isinstance(channel, discord.Thread):
        return ("view_channel", "send_messages_in_threads")
    return NEEDED


NEEDED = (
    "view_channel",
    "send_messages",
    "read_message_history",
    "create_public_threads",
    "send_messages_in_threads",
    "manage_threads",
)
"""What the bot needs in a circle's channel, by discord.py's names of permissions."""


def _component_ids(components: list[Any]) -> Iterator[int]:
    for component in components:
        if isinstance(getattr(component, "id", None), int):
            yield component.id
