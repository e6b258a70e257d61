"""``run``: the bot itself, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.environment import all_settings, peppers, values_in
from bot.cli.exits import Exit
from bot.cli.problems import Problem
from bot.content.words import Words
from bot.settings import Settings

if TYPE_CHECKING:  # slow to import, and not needed to say that a setting is missing
    from bot.cli.sharing import Kept
    from bot.client import Bot

log = logging.getLogger(__name__)

FINISH_SECONDS = 8.5
"""For deliveries under way and a proper goodbye to Discord."""
STOP_SECONDS = 9.5
"""After this the process ends, whatever still hangs; every moment is a safe one to be ended at."""


def work(arguments: argparse.Namespace, words: Words) -> int:
    """Run until SIGINT or SIGTERM. Raises Problem when the start fails."""
    values = values_in(Path.cwd())
    settings = all_settings(values)
    # slow to import, and not needed to say that a setting is missing
    from bot.cli.logging_setup import set_up_logging
    from bot.cli.opening import explained

    set_up_logging(settings.log_level, (settings.token, *peppers(values)), settings.log_format)
    with explained(settings):
        asyncio.run(_run(settings, words))
    return Exit.FINE


async def _run(settings: Settings, words: Words) -> None:
    from bot.cli.opening import open_bot, open_share

    stop = asyncio.Event()
    _on_signals(stop)
    async with open_share(settings, stop) as kept:
        if kept is not None:
            async with open_bot(settings, words, kept) as bot:
                await _work(bot, kept, stop)


async def _work(bot: Bot, kept: Kept, stop: asyncio.Event) -> None:
    """Be connected until asked to stop. Raises Problem when Discord or our share of the servers is lost."""
    from bot.cli.opening import connect

    connected = asyncio.create_task(connect(bot), name="discord")
    lost = asyncio.create_task(kept.until_lost(), name="share")
    stopped = asyncio.create_task(stop.wait(), name="stop")
    await asyncio.wait({connected, stopped, lost}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if connected.done() and not stop.is_set():
        lost.cancel()
        await connected  # raises what went wrong
        return
    log.info("stopping")
    if lost.done():
        _end_by_force_after(Exit.SHARE_LOST)
    await _leave(bot, connected)
    if lost.done() and not stop.is_set():
        await lost  # raises what else went wrong
        raise Problem(Exit.SHARE_LOST, "start.share_lost")
    lost.cancel()


async def _leave(bot: Bot, connected: asyncio.Task[None]) -> None:
    """Let what is under way finish, and say goodbye to Discord, but not for longer than we may take."""
    closing = asyncio.create_task(bot.close(), name="close")
    await asyncio.wait({closing}, timeout=FINISH_SECONDS)
    await bot.http.close()  # frees a goodbye that Discord doesn't answer
    await asyncio.wait({closing, connected}, timeout=1)
    connected.cancel()
    await asyncio.gather(connected, return_exceptions=True)


def _on_signals(stop: asyncio.Event) -> None:
    """Stop when asked to; being asked twice ends the process at once, as usual."""
    loop = asyncio.get_running_loop()

    def asked(number: int) -> None:
        signal.signal(number, signal.SIG_DFL)
        _end_by_force_after(Exit.FINE)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        # not loop.add_signal_handler, which Windows lacks
        signal.signal(number, lambda number, _frame: loop.call_soon_threadsafe(asked, number))


def _end_by_force_after(exit: Exit) -> None:
    """The process ends in a while, whatever still hangs then."""
    last_resort = threading.Timer(STOP_SECONDS, os._exit, (exit,))
    last_resort.daemon = True
    last_resort.start()
