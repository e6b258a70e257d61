"""How long nobody answers when a process is killed and another stands by, with the real lengths of leases:
``python -m tests.wire.takeover``. It takes about a minute.
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import time
from pathlib import Path

from tests import postgresql
from tests.wire.bot_process import BotProcess
from tests.wire.circle import make_circle
from tests.wire.discord_double import Double


async def measure(folder: Path, server: postgresql.Server) -> tuple[float, float]:
    """Seconds until the next process is connected: after a kill, and after a proper stop."""
    async with server.database() as url, Double() as discord:
        discord.gateway.identify_seconds = 5.0
        circle = make_circle(discord)
        processes = [BotProcess(folder / name, discord, settings={"DATABASE_URL": url}) for name in "abc"]
        for process in processes:
            process.folder.mkdir()
            await process.start()
            await process.says("working for group" if process is processes[0] else "standing by")
        await processes[0].ready()
        await circle.set_up()
        prompt = await circle.ask_now()
        taken: list[float] = []
        for ends in (BotProcess.kill, BotProcess.terminate):
            at_work = next(one for one in processes if one.running and "working for group" in one.log)
            begun = time.monotonic()
            await ends(at_work)
            await discord.until(lambda: any(one.running and "ready:" in one.log for one in processes), 90)
            await discord.people.press(circle.facilitator, prompt, label="How this works")
            taken.append(time.monotonic() - begun)
        for process in processes:
            if process.running:
                await process.terminate()
        return taken[0], taken[1]


def main() -> None:
    """Measure, and say it."""
    with tempfile.TemporaryDirectory(prefix="good-enough-") as folder:
        server = postgresql.start(Path(tempfile.gettempdir()) / f"good-enough-{secrets.token_hex(4)}")
        killed, stopped = asyncio.run(measure(Path(folder), server))
    print(f"a press is answered again {killed:.1f} s after a kill, {stopped:.1f} s after a stop began")  # noqa: T201  # it is a command


if __name__ == "__main__":
    main()
