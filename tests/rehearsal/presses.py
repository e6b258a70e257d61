"""What reaches the bot while somebody presses on the page: every button, select, form and command."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import discord
from discord import app_commands

from bot.client import Bot
from bot.errors import Refusal
from bot.interactions import Handler, Interaction, Press

SUBCOMMAND, SUBCOMMAND_GROUP = 1, 2
"""Discord's numbers of options that are commands themselves."""


class Presses:
    """Counts what the bot's handlers finished, and remembers what they couldn't do as asked."""

    def __init__(self, bot: Bot) -> None:
        self.finished: Counter[str] = Counter()
        """How often, by ``feature:v1:action`` or ``/command``."""
        self.refused: list[tuple[str, str]] = []
        """What, and why: the key of the refusal's text, or the name of an error of ours."""
        self._more = asyncio.Event()
        for key, route in bot.router._routes.items():
            bot.router._routes[key] = replace(route, handler=self._noting(key, route.handler))
        self._listen_to_commands(bot)

    @property
    def count(self) -> int:
        """How many were finished so far, whatever came of them."""
        return self.finished.total()

    async def more_than(self, before: int, patience: float) -> None:
        """Wait until more than ``before`` are finished. Raises TimeoutError after ``patience`` seconds."""
        async with asyncio.timeout(patience):
            while self.count <= before:
                self._more.clear()
                await self._more.wait()

    def _finish(self, what: str) -> None:
        self.finished[what] += 1
        self._more.set()

    def _listen_to_commands(self, bot: Bot) -> None:
        tree = bot.tree
        call, told = tree._call, tree.on_error

        async def called(interaction: Interaction) -> None:
            await call(interaction)
            if interaction.type is discord.InteractionType.application_command:
                self._finish(typed(interaction.data))

        async def failed(interaction: Interaction, error: app_commands.AppCommandError) -> None:
            self.refused.append((typed(interaction.data), _why(getattr(error, "original", error))))
            await told(interaction, error)

        tree._call, tree.on_error = called, failed

    def _noting(self, key: str, handler: Handler) -> Handler:
        async def noted(interaction: Interaction, press: Press) -> None:
            try:
                await handler(interaction, press)
            except Exception as error:
                self.refused.append((key, _why(error)))
                raise
            finally:
                self._finish(key)

        return noted


def _why(error: BaseException) -> str:
    return error.key if isinstance(error, Refusal) else repr(error)


def typed(data: object) -> str:
    """A command as it is typed, like ``/circle setup``."""
    given = cast(Mapping[str, Any], data or {})
    name = str(given.get("name", ""))
    for option in given.get("options", ()):
        if option.get("type") in {SUBCOMMAND, SUBCOMMAND_GROUP}:
            return f"/{name} {typed(option)[1:]}"
    return f"/{name}"
