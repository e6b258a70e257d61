"""The real process, ``python -m bot`` in a folder of its own, connected to the double."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from tests.cli.commands import GOOD, surroundings
from tests.wire.discord_double import Double
from tests.wire.launched import OFFSET_FILE

READY = "ready:"
"""Stands in the line of the log that says so."""


class BotProcess:
    """One process of the bot. It writes nothing outside of ``folder``.

    ``settings`` are added to the made-up ones. ``clock=True``: its time can be moved, with the double's.
    ``hurried=True``: its time can be moved, its leases are short and it ticks every second.
    ``switched=True``: the same, and its database has the switches of ``tests/wire/switches.py``.
    """

    def __init__(
        self,
        folder: Path,
        discord: Double,
        *,
        settings: Mapping[str, str] | None = None,
        clock: bool = False,
        hurried: bool = False,
        switched: bool = False,
    ) -> None:
        self.folder = folder
        self.discord = discord
        self.settings = GOOD | {"DISCORD_API_URL": discord.url} | dict(settings or {})
        self._clock = clock or hurried or switched
        kinds = {"tests.wire.switches": switched, "tests.wire.hurried": hurried, "tests.wire.launched": clock}
        self._module = next((module for module, wanted in kinds.items() if wanted), "bot")
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._said: list[str] = []
        self._begin = 0
        self._more = asyncio.Event()

    async def __aenter__(self) -> BotProcess:
        if self._clock:
            self.discord.clock.listen(self._write_offset)
        await self.start()
        return self

    async def __aexit__(self, *_exception: object) -> None:
        if self.running:
            await self.kill()
        if self._clock:
            self.discord.clock.forget(self._write_offset)

    async def start(self) -> None:
        """Start it, after it has ended: again on the same files."""
        assert not self.running
        self._begin = len(self._said)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            self._module,
            cwd=self.folder,
            env=surroundings(self.settings),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            limit=2**20,
        )
        self._reading = asyncio.create_task(self._read(self._process), name="log of the bot")

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            self._said.append(line.decode(errors="replace"))
            self._more.set()
        await process.wait()
        self._more.set()

    @property
    def running(self) -> bool:
        """Whether it has been started and hasn't ended."""
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """All that it has said since it was first started."""
        return "".join(self._said)

    @property
    def errors(self) -> list[str]:
        """The lines of the log that tell of a fault of its own."""
        return [line for line in self._said if " ERROR " in line or line.startswith("Traceback")]

    async def says(self, text: str, seconds: float = 60) -> None:
        """Wait until a text stands in what it has said since it was last started. Raises AssertionError
        when it ends before that, TimeoutError when it takes too long."""
        async with asyncio.timeout(seconds):
            while text not in "".join(self._said[self._begin :]):
                assert self.running, f"it ended ({self._process and self._process.returncode}):\n{self.log}"
                self._more.clear()
                await self._more.wait()

    async def ready(self, seconds: float = 60) -> None:
        """Wait until it has heard of its servers."""
        await self.says(READY, seconds)

    async def ended(self, seconds: float = 15) -> int:
        """Wait until it ends, and return its exit code. Raises TimeoutError."""
        assert self._process is not None
        assert self._reading is not None
        async with asyncio.timeout(seconds):
            await asyncio.shield(self._reading)
            return await self._process.wait()

    async def terminate(self, seconds: float = 15) -> int:
        """Ask it to stop (SIGTERM), and return its exit code."""
        self.signal(signal.SIGTERM)
        return await self.ended(seconds)

    async def kill(self) -> None:
        """SIGKILL, at once."""
        self.signal(signal.SIGKILL)
        await self.ended()

    def freeze(self) -> None:
        """SIGSTOP: it does nothing any more, and knows nothing of it."""
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on where it was."""
        self.signal(signal.SIGCONT)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; to be used also at the exact moment of a request."""
        os.kill(self.pid, number)

    def move_clock(self, **delta: float) -> None:
        """Let time pass at once, for the double and every process with ``clock=True``."""
        self.discord.clock.forward(**delta)

    def _write_offset(self, offset: timedelta) -> None:
        new = self.folder / f"{OFFSET_FILE}.new"
        new.write_text(str(offset.total_seconds()))
        new.replace(self.folder / OFFSET_FILE)
