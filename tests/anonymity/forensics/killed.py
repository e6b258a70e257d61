"""The same search over the real process, killed again and again while people tell, reply and take back."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.anonymity.forensics.created import Created
from tests.anonymity.forensics.evidence import (
    Pieces,
    Traces,
    forms_of_word,
    in_folder,
    planted,
    rows_of,
    search,
    token,
)
from tests.anonymity.forensics.proof import ALLOWED, Findings
from tests.flows.traces import forms
from tests.wire.bot_process import BotProcess
from tests.wire.discord_double import Double
from tests.wire.kills import scene as scenes
from tests.wire.kills import verdict
from tests.wire.kills.killer import Killer
from tests.wire.kills.ledger import Ledger
from tests.wire.kills.peers import Peer
from tests.wire.kills.play import FINISHING_SECONDS, FIRST_SECONDS

FILE = verdict.FILE
NAMED = 0.25
"""How often a peer tells with a name, and takes a story back at once."""


class Quiet(Peer):
    """Somebody who never tells with their name, so that nothing of them may be anywhere."""

    def _chance(self, probability: float) -> bool:
        return probability != NAMED and super()._chance(probability)


async def play(
    folder: Path, *, seed: int, kills: int, people: int = 6, tell: Callable[[str], None] = lambda _: None
) -> Findings:
    """Kill the process so often, let it settle and a day pass, and search what is left and what was sent."""
    random, found = Random(seed), Findings()
    data, copies, temporary = folder / "bot", folder / "copies", folder / "tmp"
    for place in (data, copies, temporary):
        place.mkdir()
    made = Created(temporary)
    async with Double(seed=seed, validate=False) as discord:
        discord.people.patience = FIRST_SECONDS
        scene, ledger = await scenes.make(discord, data, people), Ledger(Random(seed + 1))
        for person in scene.people:
            person.name = token(random.randbytes(10))
        quiet = scene.people[: people // 2]
        peers = [
            (Quiet if person in quiet else Peer)(scene, person, ledger, Random(random.random()))
            for person in scene.people
        ]
        settings = {"LOG_LEVEL": "DEBUG", "TMPDIR": str(temporary), "SQLITE_TMPDIR": str(temporary)}
        async with BotProcess(data, discord, hurried=True, settings=settings) as bot:
            await bot.ready()
            over, killer = asyncio.Event(), Killer(bot, Random(seed + 2))
            living = [asyncio.create_task(peer.live(over)) for peer in peers]
            while killer.times < kills and not any(one.done() for one in living):
                await killer.kill()
                if killer.times % 5 == 0:
                    await bot.kill()
                    shutil.copytree(data, copies / f"killed-{killer.times}")
                    await bot.start()
                tell(f"forensics: {killer.times} of {kills} kills of the real process")
            over.set()
            await asyncio.wait(living, timeout=FINISHING_SECONDS)
            await verdict.settle(bot)
            await verdict.after_a_day(bot, scene, ledger)
            await bot.terminate()
            log = bot.log.encode()
        await _search(found, discord, scene, ledger, data, copies, log, quiet)
        found.seen |= {
            "kills": killer.times,
            "stories": len(ledger.stories),
            "requests": len(discord.requests),
        }
    if names := made.names():
        found.out_of_place["the folder for temporary files"] = set(names)
    made.close()
    return found


async def _search(
    found: Findings, discord: Double, scene: scenes.Scene, ledger: Ledger, data: Path, copies: Path,
    log: bytes, quiet: tuple[object, ...],
) -> None:  # fmt: skip
    rows = rows_of(data / FILE)
    asked: Pieces = [
        (f"{one.method} {one.path}", json.dumps([one.path, dict(one.query), one.json]).encode())
        for one in discord.requests
        if not one.path.endswith("/users/@me/channels")
    ]
    places = {"rows": rows, "files": in_folder(data), "killed": in_folder(copies), "requests": asked,
              "log": [("log", log)]}  # fmt: skip
    nobody: dict[str, bytes] = {}
    for person in scene.people:
        wanted = {f"{person.name}: {what}": f for what, f in forms(person.id, (person.name,)).items()}
        if person in quiet:
            nobody |= wanted
        else:
            elsewhere = {name: what for name, what in search(rows, wanted).items() if name not in ALLOWED}
            _add(found.out_of_place, elsewhere)
            _add(found.out_of_place, search(places["log"], wanted))
    for pieces in places.values():
        _add(found.tellers, search(pieces, nobody))
    words = {story.word for story in ledger.stories}
    gone = {word for story in ledger.stories for word in verdict._unseen(story)}
    wanted = {what: form for word in gone for what, form in forms_of_word(word).items()}
    _add(found.words, search([*rows, *in_folder(data)], wanted))
    said = {what: form for word in words | gone for what, form in forms_of_word(word).items()}
    _add(found.logged, search(places["log"], said))
    for name, pieces in places.items():
        piece = [min(pieces, key=lambda one: len(one[1]))]
        for what, form in nobody.items():
            if what not in set().union(*search(planted(piece, form), {what: form}).values()):
                found.unseen.append(f"{what} in {name}")


def _add(into: Traces, found: Traces) -> None:
    for where, what in found.items():
        into.setdefault(where, set()).update(what)
