"""``python -m bot rehearse``: opens the world, shows it, and leaves nothing behind."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import webbrowser
from contextlib import AsyncExitStack, suppress
from secrets import SystemRandom

from bot.cli.exits import Exit
from bot.cli.logging_setup import set_up_logging
from bot.cli.problems import Problem
from bot.content.words import Words, load_words
from bot.rehearsal.control import open_control
from bot.rehearsal.opening import open_stage
from bot.rehearsal.terminal import Say, Terminal


def run(arguments: argparse.Namespace) -> int:
    """Rehearse until somebody ends it. ``arguments``: ``port`` (0 takes a free one), ``no_browser``.

    Raises Problem for a port that can't be had.
    """
    set_up_logging("WARNING", ())
    words = load_words()
    with suppress(KeyboardInterrupt):
        asyncio.run(_rehearse(words, _say, arguments.port, browser=not arguments.no_browser))
    _say(words("rehearsal.terminal.ended"))
    return Exit.FINE


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def _rehearse(words: Words, say: Say, port: int, *, browser: bool) -> None:
    say(words("rehearsal.terminal.opening"))
    async with AsyncExitStack() as opened:
        stage = await opened.enter_async_context(open_stage(words, SystemRandom()))
        try:
            address = await opened.enter_async_context(open_control(stage, words, port=port))
        except (OSError, OverflowError) as error:
            raise Problem(Exit.USAGE, "start.bad_port", port=port) from error
        terminal = Terminal(stage, words, say)
        _end_on_signals(terminal)
        say(words("rehearsal.terminal.open", address=address))
        if browser:
            await asyncio.to_thread(_show, address)
        listening = asyncio.create_task(terminal.listen())
        try:
            await terminal.over.wait()
        finally:
            listening.cancel()
            say(words("rehearsal.terminal.ending"))


def _end_on_signals(terminal: Terminal) -> None:
    """Ctrl+C and a friendly kill end the rehearsal; where loops know no signals, asyncio.run sees to it."""
    with suppress(NotImplementedError):
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, terminal.over.set)


def _show(address: str) -> None:
    """Open the page in a browser with windows: one made of text would take the terminal over."""
    with suppress(webbrowser.Error):
        found = webbrowser.get()
        if type(found) is not webbrowser.GenericBrowser or "BROWSER" in os.environ:
            found.open(address)
