"""How much memory the bot takes for each server, beside a plain client with the same intents."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.bench import scene
from tests.bench.burst import plain_process
from tests.bench.report import Row, progress
from tests.wire.bot_process import BotProcess
from tests.wire.discord_double import Double

SETTLING = 8.0
"""Seconds after which the first ticks are over."""
MIB = 1024.0


async def measure(folder: Path, servers: int) -> list[Row]:
    """Both, with one server and with many; each server has five channels, and a circle in one of them."""
    progress(f"memory with 1 and with {servers:,} servers, ours and the plain client's")
    few, many = 1, servers
    our_few, our_many = await _ours(folder / "few", few), await _ours(folder / "many", many)
    plain_few, plain_many = await _plain(folder / "few", few), await _plain(folder / "many", many)
    ours, plain = (our_many - our_few) / (many - few), (plain_many - plain_few) / (many - few)
    fixed = (our_few - plain_few) / MIB
    return [
        Row(
            f"memory for each further server, up to {servers:,} (five channels each, one of them a circle)",
            f"{ours:.1f} KiB, plain client {plain:.1f} KiB, ratio {ours / plain:.2f}",
            "≤ 1.1 × the plain client",
            ours / plain <= 1.1,
        ),
        Row(
            "memory with one server, above the plain client's",
            f"{fixed:.0f} MiB ({our_few / MIB:.0f} against {plain_few / MIB:.0f})",
            "≤ 60 MB",
            fixed * 1.048576 <= 60,
        ),
    ]


async def _ours(folder: Path, servers: int) -> float:
    async with Double(validate=False) as discord:
        channels = scene.servers(discord, servers * scene.A_SERVER_HOLDS)
        far = datetime.now(UTC) + timedelta(days=3)
        await scene.circles(folder, channels[:: scene.A_SERVER_HOLDS], far, spots=1, discord=discord)
        async with BotProcess(folder, discord) as bot:
            await bot.ready(180)
            await asyncio.sleep(SETTLING)
            return _resident(bot.pid)


async def _plain(folder: Path, servers: int) -> float:
    async with Double(validate=False) as discord:
        scene.servers(discord, servers * scene.A_SERVER_HOLDS)
        async with plain_process(folder, discord) as pid:
            await asyncio.sleep(SETTLING)
            return _resident(pid)


def _resident(pid: int) -> float:
    """Resident memory of a process, in KiB (Linux's /proc)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return float(next(line for line in lines if line.startswith("VmRSS:")).split()[1])
