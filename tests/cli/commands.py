"""Starting the real command line in a folder of its own, with nothing of this machine's settings."""

from __future__ import annotations

import asyncio
import base64
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.settings import SETTINGS

ROOT = Path(__file__).parents[2]
APPLICATION = 1_001_000_000_000_000_001
TOKEN = f"{base64.urlsafe_b64encode(str(APPLICATION).encode()).decode().rstrip('=')}.Made-Up.For_the-tests"
PEPPER = base64.urlsafe_b64encode(b"a pepper of thirty-two bytes, ok").decode()
GOOD = {"DISCORD_TOKEN": TOKEN, "OPERATOR_CONTACT": "Ann, ann@example.org", "PEPPER": PEPPER}
NOBODY_LISTENS = "http://127.0.0.1:1"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line on stderr; anything more or less is a failure."""
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert "Traceback" not in self.err
        return lines[0]


def surroundings(values: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment without any setting of the bot but ``values``."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | dict(values or {})


async def started(
    folder: Path, *arguments: str, values: Mapping[str, str] | None = None, flags: tuple[str, ...] = ()
) -> asyncio.subprocess.Process:
    """``python -m bot`` in ``folder``, running."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *flags,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=surroundings(values),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(
    folder: Path,
    *arguments: str,
    values: Mapping[str, str] | None = None,
    flags: tuple[str, ...] = (),
    typed: str = "",
) -> Ended:
    """``python -m bot`` in ``folder``, from start to end."""
    process = await started(folder, *arguments, values=values, flags=flags)
    try:
        out, err = await asyncio.wait_for(process.communicate(typed.encode()), 60)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode())
