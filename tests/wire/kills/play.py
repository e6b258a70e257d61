"""One whole run: so many kills, then everybody finishes, everything settles, and the verdict."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.wire.bot_process import BotProcess
from tests.wire.discord_double import Double
from tests.wire.kills import scene as scenes
from tests.wire.kills import verdict
from tests.wire.kills.killer import Killer
from tests.wire.kills.ledger import Ledger
from tests.wire.kills.peers import Peer

FIRST_SECONDS = 1.5
"""Nobody waits for an answer for longer here, where Discord's people wait three seconds."""
FINISHING_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Run:
    """What came of it."""

    kills: Counter[str]
    stops: Counter[str]
    """How often it was stopped past its leases instead, and went on."""
    ledger: Ledger
    stands: dict[str, Counter[str]]
    """What was promised, and how often it stands there."""
    broken: list[str]
    """Every promise that was broken; empty when all were kept."""


async def play(
    folder: Path,
    *,
    times: int,
    seed: int,
    people: int = 6,
    stopping: float = 0.0,
    tell: Callable[[str], None] = lambda _: None,
) -> Run:
    """Kill the process ``times`` times under load, and with the probability ``stopping`` stop it for a while
    before each. ``tell`` hears of the progress."""
    random = Random(seed)
    async with Double(seed=seed, validate=False) as discord:
        discord.desk.first_seconds, discord.people.patience = FIRST_SECONDS, FIRST_SECONDS
        begun = discord.clock.now()
        scene, ledger = await scenes.make(discord, folder, people), Ledger(Random(seed + 1))
        peers = [Peer(scene, person, ledger, Random(random.random())) for person in scene.people]
        async with BotProcess(folder, discord, hurried=True) as bot:
            await bot.ready()
            over, killer = asyncio.Event(), Killer(bot, Random(seed + 2))
            living = [asyncio.create_task(peer.live(over)) for peer in peers]
            while killer.times < times and not any(one.done() for one in living) and not ledger.broken:
                if random.random() < stopping:
                    await killer.stop()
                await killer.kill()
                tell(f"{killer.times} of {times} kills, {len(ledger.stories)} stories told")
            over.set()
            broken = await _finished(living)
            tell("everybody has finished; what is owed settles")
            broken += ledger.broken
            broken += [f"still owed: {one}" for one in await verdict.settle(bot)]
            for peer in peers:
                broken += await peer.look_back()
            ended = discord.clock.now()
            broken += await verdict.after_a_day(bot, scene, ledger)
            await bot.terminate()
            stands = verdict.tally(scene, ledger)
            broken += verdict.judge(scene, ledger, folder, begun, ended)
            broken += [f"the log: {line.strip()}" for line in bot.errors]
            if bot.errors:
                tell(bot.log[bot.log.index(bot.errors[0]) :])
        broken += [f"asked of Discord: {problem}" for problem in discord.problems]
        return Run(killer.kills, killer.stops, ledger, stands, broken)


async def _finished(living: list[asyncio.Task[None]]) -> list[str]:
    """Let everybody bring to its end what they began. Returns what kept somebody from it."""
    done, waiting = await asyncio.wait(living, timeout=FINISHING_SECONDS)
    for one in waiting:
        one.cancel()
    failed = [f"somebody gave up: {error!r}" for one in done if (error := one.exception()) is not None]
    return failed + ["somebody never came to an end"] * len(waiting)
