"""The rehearsal at the terminal: what it says, and the letters that skip time."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
from collections.abc import Callable

from bot.content.words import Words
from bot.rehearsal.scene import Busy, Skip, Stage

LETTERS = {"h": Skip.HOUR, "d": Skip.DAY, "n": Skip.NEXT}
QUIT = "q"
_log = logging.getLogger(__name__)

Say = Callable[[str], None]
"""Shows one line to whoever sits at the terminal."""


class Terminal:
    """Takes letters, does what they mean on the stage, and says what came of it."""

    def __init__(self, stage: Stage, words: Words, say: Say) -> None:
        self._stage = stage
        self._words = words
        self._say = say
        self.over = asyncio.Event()
        """Set when somebody wants to end the rehearsal."""

    async def take(self, line: str) -> None:
        """Do what one typed line means."""
        letter = line.strip().lower()
        if letter in LETTERS:
            await self._skip(LETTERS[letter])
        elif letter == QUIT:
            self.over.set()
        elif letter:
            self._say(self._words("rehearsal.terminal.letters"))

    async def _skip(self, by: Skip) -> None:
        told = len(self._stage.scene().happenings)
        try:
            await self._stage.skip(by)
        except Busy:
            self._say(self._words("rehearsal.sorry.busy"))
            return
        except Exception:
            _log.exception("The rehearsal stumbled")
            self._say(self._words("rehearsal.sorry.failed"))
            return
        scene = self._stage.scene()
        for happening in reversed(scene.happenings[: len(scene.happenings) - told]):
            self._say(f"{happening.moment}: {happening.text}")
        self._say(self._words("rehearsal.terminal.now", moment=scene.moment))

    async def listen(self) -> None:
        """Take lines from standard input for ever, if somebody sits there; else come back at once."""
        if not sys.stdin or not sys.stdin.isatty():
            return
        self._say(self._words("rehearsal.terminal.letters"))
        lines: asyncio.Queue[str] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def read() -> None:
            # Unbuffered: a thread that waits inside sys.stdin at the end would crash the interpreter.
            while line := os.read(sys.stdin.fileno(), 1024):
                loop.call_soon_threadsafe(lines.put_nowait, line.decode(errors="replace"))

        threading.Thread(target=read, name="letters", daemon=True).start()
        while True:
            await self.take(await lines.get())
