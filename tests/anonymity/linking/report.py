"""The linking game as tables: each adversary beside chance, each delay, and the attacker's teeth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from bot.services.circles import CirclePlan
from tests.anonymity.linking.attacker import Attacker, Result
from tests.anonymity.linking.broken import BROKEN
from tests.anonymity.linking.game import Loot, Played, play
from tests.anonymity.linking.world import World, make_world
from tests.bench.report import Row

DELAYS, BATCHES = (0, 10, 30, 120, 720), (3, 5)
AT_CHANCE, OPENLY = "chance", "openly possible"


@dataclass(frozen=True, slots=True)
class Size:
    """How large a game is."""

    circles: int
    members: int
    """In all circles."""
    stories: int
    weeks: int
    delays: tuple[int, ...]
    teeth: int
    """Stories in each game against a broken variant."""


LONG = Size(circles=5, members=50, stories=500, weeks=10, delays=DELAYS, teeth=120)
SHORT = Size(circles=1, members=10, stories=80, weeks=2, delays=(0, 30), teeth=40)


async def measure(folder: Path, seed: int, size: Size, tell: Callable[[str], None]) -> list[Row]:
    """Play all games, and say how the attacker did."""
    random = Random(seed)
    world = _world(random, size)
    found = list[Row]()
    for delay in size.delays:
        tell(f"linking: {size.stories} stories, a wait of up to {delay} minutes")
        played = await play(_new(folder), world, random, delay=delay, to_the_end=delay == 30)
        attacker = Attacker(played, random)
        if delay == 30:
            found = _thieves(attacker, played) + found
        found.append(_everybody(f"up to {delay} minutes", attacker))
    if "batch_of" in {field.name for field in fields(CirclePlan)}:
        for batch in BATCHES:
            tell(f"linking: batches of {batch}")
            played = await play(_new(folder), world, random, delay=30, batch=batch, to_the_end=False)
            found.append(_everybody(f"batches of {batch}", Attacker(played, random)))
    tell("linking: broken variants")
    return found + await _teeth(folder, random, size)


def _new(folder: Path) -> Path:
    return Path(mkdtemp(dir=folder))


def _world(random: Random, size: Size) -> World:
    return make_world(
        random, circles=size.circles, members=size.members // size.circles, stories=size.stories,
        weeks=size.weeks,
    )  # fmt: skip


def _thieves(attacker: Attacker, played: Played) -> list[Row]:
    """(a) to (c): who has files."""
    inside, after = played.inside, played.after
    moments, source = attacker.by_moments()
    said = f"{moments} (best source: {source})" if moments.of else "no time stood anywhere"
    return [
        *_rows("(a) the database, inside the window", attacker.by_rows(Loot(inside.cells)), AT_CHANCE),
        *_rows("(a) the database, after the window", attacker.by_rows(Loot(after.cells)), AT_CHANCE),
        Row("(b) times in files, file times and log, with who was online: teller named", said, AT_CHANCE,
            not moments.surprising),
        *_rows("(c) all live files, pepper and members, inside the window", attacker.by_rows(inside), OPENLY),
        *_rows("(c) the same, after the window", attacker.by_rows(after), AT_CHANCE),
    ]  # fmt: skip


def _rows(title: str, result: Result, reach: str) -> list[Row]:
    reached = not result.surprising if reach == AT_CHANCE else None
    return [
        Row(f"{title}: teller named", str(result.tellers), reach, reached),
        Row(f"{title}: pairs of one teller told apart", _pairs(result)),
    ]


def _pairs(result: Result) -> str:
    pairs = result.pairs
    learnt = f"; learnt from {', '.join(result.learnt[:2])}" if result.learnt else ""
    return (
        f"AUC {pairs.found:.3f}, shuffled {pairs.low:.3f} to {pairs.high:.3f}; of its {result.surest.of} "
        f"surest {result.surest.found:.0%}, chance {result.surest.chance:.0%}{learnt}"
    )


def _everybody(title: str, attacker: Attacker) -> Row:
    """(d): no promise, a figure."""
    result = attacker.by_presence()
    low, high = result.tellers.interval
    return Row(
        f"(d) everything that members see, {title}: teller named",
        f"{result.tellers.found:.1%} ({low:.1%} to {high:.1%}), chance {result.tellers.chance:.0%}; "
        f"pairs: AUC {result.pairs.found:.3f}",
    )


async def _teeth(folder: Path, random: Random, size: Size) -> list[Row]:
    found = list[Row]()
    for what, breaking in BROKEN.items():
        world = make_world(random, circles=1, members=10, stories=size.teeth, weeks=2)
        played = await play(_new(folder), world, random, delay=30, breaking=breaking, to_the_end=False)
        attacker = Attacker(played, random)
        rows, (moments, source) = attacker.by_rows(Loot(played.inside.cells)), attacker.by_moments()
        by = f"from rows {rows.tellers.found:.0%}"
        if moments.surprising:
            by = f"from times ({source}) {moments.found:.0%} of {moments.of}"
        won = rows.surprising or moments.surprising
        found.append(Row(f"broken on purpose: {what}: teller named", f"{by}, chance 10%", "wins", won))
    return found
