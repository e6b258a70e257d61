"""Those on duty: they are told in their channel what waits, and of stories that nobody replies to."""

from __future__ import annotations

import asyncio
from datetime import datetime

import aiohttp
import discord
from discord.ui import LayoutView

from bot import screen
from bot.client import Bot
from bot.content.words import Words
from bot.delivery.places import may_read
from bot.delivery.steps import Nothing, Send, Shown, Step
from bot.feature import DueSource, Feature
from bot.services.duty import Word
from bot.services.first_replies import Unanswered
from bot.services.outbox import DUTY, Lease

FEW = 100
"""So many of a thread's messages are looked at: the bot's own first ones are few."""
GONE = {10003, 10008}
PATIENCE = 20
"""Seconds."""
WRITTEN = {discord.MessageType.default, discord.MessageType.reply}


def word_view(words: Words, word: Word) -> LayoutView:
    """What those on duty are told, with the way to it."""
    return screen.screen(
        screen.box(
            screen.text(words(f"notices.{word.kind}", **word.values)),
            screen.row(screen.link_button(words("notices.look"), word.link)) if word.link else None,
        )
    )


class DutyRenderer:
    """Tells those on duty one thing, in their own channel."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._words = bot.words
        self._duty = bot.services.duty

    async def prepare(self, lease: Lease) -> Step:
        """The word, unless it is settled meanwhile."""
        word = await self._duty.word(lease)
        if word is None or self._elsewhere(word, lease):
            return Nothing()
        return Send(word.channel_id, word_view(self._words, word), words_alone=True)

    def _elsewhere(self, word: Word, lease: Lease) -> bool:
        """A circle's matters are told in its own server only, whatever was chosen."""
        channel = self._bot.get_channel(word.channel_id)
        guild = getattr(channel, "guild", None)
        return guild is not None and guild.id != lease.guild_id

    async def record(self, lease: Lease, shown: Shown) -> None:
        """They have been told."""
        await self._duty.told(lease, shown.message_id)


class LookingForReplies:
    """Asks Discord who has written in a story's thread: one question at a time, at most one a look."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._first_replies = bot.services.first_replies
        self._asking = False

    async def work(self, now: datetime) -> int:
        """Begin the next question, if the last one is answered. Always 0: the next look goes on."""
        if self._asking or not self._bot.is_ready():
            return 0
        asked = await self._first_replies.next_question(now)
        if asked is not None:
            self._asking = True
            self._bot.in_background(self._ask(asked, now))
        return 0

    async def nothing(self) -> datetime | None:
        """Nobody waits for it."""
        return None

    async def _ask(self, asked: Unanswered, now: datetime) -> None:
        """What Discord doesn't answer is asked again another day."""
        try:
            replied = await self._replied(asked)
            if replied is not None:
                await self._first_replies.looked(asked, replied=replied, now=now)
                self._bot.deliverer.wake()
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError):
            return
        finally:
            self._asking = False

    async def _replied(self, asked: Unanswered) -> bool | None:
        """Whether somebody has written there by name; None where that can't be seen. A thread that is gone
        waits for nobody."""
        try:
            async with asyncio.timeout(PATIENCE):
                thread = self._bot.get_channel(asked.thread_id) or await self._bot.fetch_channel(
                    asked.thread_id
                )
                if not isinstance(thread, discord.Thread) or not may_read(thread):
                    return None
                return any([_replies(message, asked) async for message in thread.history(limit=FEW)])
        except discord.NotFound as error:
            if error.code not in GONE:
                raise
            return True


def _replies(message: discord.Message, asked: Unanswered) -> bool:
    return not message.author.bot and message.type in WRITTEN and message.author.id != asked.named_teller


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    looking = LookingForReplies(bot)
    return Feature(
        name="duty",
        renderers={DUTY: DutyRenderer(bot)},
        due=(DueSource("first replies", looking.work, looking.nothing),),
    )
