"""Discord's side of a delivery: making one step happen, and looking whether it already has.

Our own messages are recognised by their marker (see ``bot/screen.py``). What is different where a circle
meets in a forum stands in ``bot/delivery/forum.py``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

import discord
from discord.ui import LayoutView

from bot.delivery.first_messages import find_first
from bot.delivery.forum import create_post, find_post
from bot.delivery.places import (
    ARCHIVE_MINUTES,
    NoAccess,
    NotCertainYet,
    Unreadable,
    is_forum,
    may_read,
    missing,
    missing_for_words,
)
from bot.delivery.steps import (
    Edit,
    FindFirst,
    LockThread,
    OpenThread,
    Retract,
    Rewrite,
    Send,
    SendPrivately,
    Shown,
    Step,
)
from bot.screen import is_marked, mark

T = TypeVar("T")
FARTHEST = 400
"""How many messages back a lost one is looked for; busier channels make the delivery unsure."""
FARTHEST_TAKING_BACK = 10_000
"""The same, for one that was taken back: it must not stay."""
GONE = {10003, 10008}
THREAD_EXISTS = 160004
THREAD_ASLEEP = 50083
"""Discord's code for changing something in a thread that was archived."""
NO_PINGS = discord.AllowedMentions.none()
SETTLING = timedelta(seconds=30)
"""A request whose connection was lost may still be carried out, though hardly so late."""
FIRST_MOMENT = discord.utils.snowflake_time(0)
"""Discord's ids count from here, and it refuses to look back any further."""
TOLERANCE = timedelta(minutes=15)
"""By so much may Discord's clock and ours differ; where ours was ahead by more, what is there isn't found."""


class DiscordSide:
    """Makes steps happen through a discord.py client."""

    def __init__(self, client: discord.Client, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now

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
            case Rewrite():
                return await self._rewrite(step)
            case FindFirst():
                return await self._find_first(step)
            case _:
                raise TypeError(f"not a step for Discord: {step!r}")

    async def look_for(self, step: Send | SendPrivately, delivery_id: str, since: datetime) -> Shown | None:
        """What an earlier attempt since then (aware UTC) has left; None when it never arrived.

        Raises Unreadable when that can't be seen, and NotCertainYet.
        """
        if isinstance(step, SendPrivately):
            channel = await self._private(step.user_id)
        else:
            channel = self._place(step.channel_id)
        found = await self._find(channel, delivery_id, since, FARTHEST)
        if found is not None:
            return Shown(found.id, found.channel.id)
        if isinstance(step, Send) and step.post is not None and await self._in_forum(step.channel_id):
            self._settled(since)  # posts have no nonce that would hold one of two back
        return None

    def _settled(self, since: datetime) -> None:
        """Raises NotCertainYet while an attempt begun then may still be on its way inside Discord."""
        age = self._now() - since
        if age < SETTLING:
            raise NotCertainYet(SETTLING - age)

    async def refresh(self, shown: Shown, view: LayoutView, delivery_id: str) -> None:
        """Make a message that was found look like the state of now; it keeps its marker."""
        if shown.message_id is not None and shown.channel_id is not None:
            await self._edit(Edit(shown.channel_id, shown.message_id, mark(view, delivery_id)))

    def may_write(self, channel_id: int, *, words_alone: bool = False) -> str | None:
        """None when the bot may post stories there, or write ``words_alone``; else what is missing, as a key
        of a text.

        For channels; threads that were archived aren't known here.
        """
        channel = self._client.get_channel(channel_id)
        if channel is None:
            return None if not self._client.is_ready() else "channel_gone"
        return missing_for_words(channel) if words_alone else missing(channel)

    async def _send(self, step: Send, delivery_id: str) -> Shown:
        channel = await self._known(step.channel_id)
        if lacking := missing_for_words(channel) if step.words_alone else missing(channel):
            raise NoAccess(lacking)
        view = mark(step.view, delivery_id)
        if is_forum(channel) and step.post is not None:
            return await create_post(self._client, channel, step.post, view)
        place = self._place(step.channel_id)
        message = await self._awake(
            step.channel_id, lambda: place.send(view=view, nonce=delivery_id, allowed_mentions=NO_PINGS)
        )
        return Shown(message.id, step.channel_id)

    async def _known(self, channel_id: int) -> Any:
        """A channel or thread. What discord.py doesn't know is asked for: archived threads, which it
        forgets, and everything before the bot has heard of its servers."""
        return self._client.get_channel(channel_id) or await self._client.fetch_channel(channel_id)

    async def _in_forum(self, channel_id: int) -> bool:
        """Whether messages are posts of their own there; a channel that is gone holds none."""
        try:
            return is_forum(await self._known(channel_id))
        except discord.NotFound as error:
            if error.code not in GONE:
                raise
            return False

    async def _edit(self, step: Edit) -> Shown:
        place_id = step.channel_id
        if step.thread_id is not None and await self._in_forum(step.channel_id):
            place_id = step.thread_id
        message = self._place(place_id).get_partial_message(step.message_id)
        await _unless_gone(
            lambda: self._awake(place_id, lambda: message.edit(view=step.view, allowed_mentions=NO_PINGS))
        )
        return Shown(step.message_id, place_id)

    async def _rewrite(self, step: Rewrite) -> Shown:
        for message_id, view in step.views:
            await self._edit(Edit(step.thread_id, message_id, view))
        for message_id in step.gone:
            await self._delete_message(step.thread_id, message_id)
        return Shown(channel_id=step.thread_id)

    async def _find_first(self, step: FindFirst) -> Shown:
        try:
            known = await self._known(step.thread_id)
        except discord.NotFound as error:
            if error.code not in GONE:
                raise
            return Shown(before=())
        own = self._client.user
        if own is None or not may_read(known):
            raise Unreadable
        return await find_first(self._place(step.thread_id), own.id, step.last)

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
        """What is known goes first, words before the thread; only then is the rest looked for.

        In a forum the words go with their thread, which is the whole post.
        """
        if not await self._in_forum(step.channel_id):
            for message_id in step.message_ids:
                await self._delete_message(step.channel_id, message_id)
        if step.thread_id is not None:
            await self._delete_thread(step.thread_id)
        for delivery_id, since in step.unsettled:
            await _unless_gone(partial(self._retract_lost, step.channel_id, delivery_id, since))
        return Shown()

    async def _retract_lost(self, channel_id: int, delivery_id: str, since: datetime) -> None:
        found = await self._find(self._place(channel_id), delivery_id, since, FARTHEST_TAKING_BACK)
        if found is not None and found.channel.id != channel_id:
            await self._delete_thread(found.channel.id)
        elif found is not None:
            await self._delete_message(channel_id, found.id)
        else:
            self._settled(since)

    async def _delete_thread(self, thread_id: int) -> None:
        await _unless_gone(lambda: self._client.http.delete_channel(thread_id))

    async def _delete_message(self, channel_id: int, message_id: int) -> None:
        http = self._client.http
        await _unless_gone(
            lambda: self._awake(channel_id, lambda: http.delete_message(channel_id, message_id))
        )

    async def _awake(self, channel_id: int, request: Callable[[], Awaitable[T]]) -> T:
        """Do something where there may be an archived thread; it stays locked, if it was."""
        try:
            return await request()
        except discord.HTTPException as error:
            if error.code != THREAD_ASLEEP:
                raise
        await self._client.http.edit_channel(channel_id, archived=False)
        return await request()

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
        farthest: int,
    ) -> discord.Message | None:
        """Our message of a delivery among what was written since its first attempt."""
        own = self._client.user
        if own is None:
            raise Unreadable
        earliest = max(since - TOLERANCE, FIRST_MOMENT)
        if not isinstance(channel, discord.DMChannel):
            known = await self._known(channel.id)
            if not may_read(known):
                raise Unreadable
            if is_forum(known):
                return await find_post(known, own.id, delivery_id, earliest, farthest)
        seen = 0
        async for message in channel.history(limit=farthest, after=earliest, oldest_first=True):
            seen += 1
            if message.author.id == own.id and is_marked(message.components, delivery_id):
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
