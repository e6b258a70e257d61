"""Who has left: asks Discord, slowly, about those whose data is kept, and lets go what is over."""

from __future__ import annotations

import asyncio
from datetime import datetime

import aiohttp
import discord

from bot.client import Bot
from bot.feature import DueSource, Feature, PersonalData

GONE = {10007, 10013}
"""Discord's codes for somebody who isn't in the server, or isn't anywhere any more."""
PATIENCE = 20
"""Seconds."""


class Asking:
    """One question at a time, at most one a look, and never in anybody's way."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._leaving = bot.services.leaving
        self._asking = False

    async def work(self, now: datetime) -> int:
        """Begin the next question, if the last one is answered. Always 0: the next look goes on."""
        if self._asking or not self._bot.is_ready():
            return 0
        who = await self._leaving.next_question(now)
        if who is not None:
            self._asking = True
            self._bot.in_background(self._ask(*who))
        return 0

    async def forget(self, now: datetime) -> int:
        """Let a circle go of a server that the bot was removed from long ago."""
        if not self._bot.is_ready():
            return 0
        return await self._leaving.forget_servers(now, lambda guild_id: self._bot.get_guild(guild_id) is None)

    async def nothing(self) -> datetime | None:
        """Nobody waits for any of it."""
        return None

    async def _ask(self, guild_id: int, user_id: int) -> None:
        try:
            here = await self._here(guild_id, user_id)
            if here is not None:
                await self._leaving.answered(guild_id, user_id, here=here)
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError):
            self._leaving.ask_later(guild_id, user_id)
        finally:
            self._asking = False

    async def _here(self, guild_id: int, user_id: int) -> bool | None:
        """Whether somebody is in a server; None where Discord doesn't say. Raises when it is away."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._bot.http.get_member(guild_id, user_id)
        except discord.HTTPException as error:
            if error.status == 429 or error.status >= 500:
                raise
            return False if error.code in GONE else None
        return True


def setup(bot: Bot) -> Feature:
    """What this feature hands over."""
    asking, leaving = Asking(bot), bot.services.leaving
    return Feature(
        name="leaving",
        due=(
            DueSource("members", asking.work, asking.nothing),
            DueSource("servers", asking.forget, asking.nothing),
        ),
        personal_data=(PersonalData("privacy.left", leaving.erase, leaving.kept),),
    )
