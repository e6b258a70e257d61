"""Killing the real process exactly around one of its requests, and starting it again."""

from __future__ import annotations

import signal
from collections.abc import Awaitable, Callable
from typing import Literal

import pytest

from tests.wire.bot_process import BotProcess
from tests.wire.faults import Fault
from tests.wire.reply import NoAnswer, Reply
from tests.wire.requests import Request

ANSWER = ("POST", r"/interactions/\d+/[^/]+/callback")
LATER_ANSWER = ("PATCH", r"/webhooks/\d+/[^/]+/messages/@original")
MESSAGE = ("POST", r"/channels/\d+/messages")
THREAD = ("POST", r"/channels/\d+/messages/\d+/threads")
CHANGE = ("PATCH", r"/channels/\d+/messages/\d+")
END_OF_MESSAGE = ("DELETE", r"/channels/\d+/messages/\d+")
END_OF_THREAD = ("DELETE", r"/channels/\d+")
SOON = 0.3
"""Seconds that somebody waits for an answer that can't come."""

Fate = Literal["lost", "unheard"]
"""The process dies while its request gets lost on its way; or when it was done, before it hears of that."""


def dies(
    bot: BotProcess, fate: Fate, method: str, path: str, *, about: Callable[[Request], bool] | None = None
) -> None:
    """The next such request will be the process's last."""
    faults = bot.discord.faults
    if fate == "lost":
        faults.add(Fault(kind="close-before", method=method, path=path, about=about))
    moment: Literal["before", "after"] = "before" if fate == "lost" else "after"
    faults.when(moment, method, path, lambda _request: bot.signal(signal.SIGKILL), about=about)


async def again(bot: BotProcess, **delta: float) -> None:
    """When it has died: let time pass, and start it until it is ready. Raises TimeoutError if it lives on."""
    await bot.ended()
    bot.move_clock(**delta)
    await bot.start()
    await bot.ready()


async def unanswered(bot: BotProcess, press: Awaitable[Reply]) -> None:
    """Somebody's Discord tells them that nobody answered."""
    desk, people = bot.discord.desk, bot.discord.people
    usual = desk.first_seconds, people.patience
    desk.first_seconds = people.patience = SOON
    try:
        with pytest.raises(NoAnswer):
            await press
    finally:
        desk.first_seconds, people.patience = usual
