"""Months of a circle on the simulated Discord, with crashes, backups and restarts; then the search."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from bot.operating.prometheus import PrometheusMeasures
from db.copying import back_up
from tests.anonymity.forensics import beside, rights
from tests.anonymity.forensics.daily import DEEDS
from tests.anonymity.forensics.evidence import (
    Log,
    Pieces,
    Traces,
    everything_logged,
    forms_of_word,
    in_folder,
    planted,
    rows_of,
    search,
    sent,
    times_in_file,
    token,
)
from tests.anonymity.forensics.life import Life, Peer
from tests.anonymity.pages import SqliteFile
from tests.conftest import Circle, Stage, make_circle, make_settings, seen
from tests.flows.traces import forms

BY_ID = {"the id", "the id's bytes, biggest first"}
"""How an id stands in a row of SQLite's: as text, or as a whole number."""
ALLOWED = {
    "reminders.user_id",
    "nudges.user_id",
    "leavers.user_id",
    "deliveries.destination",
    "closed_destinations.destination",
    "stories.author_id",
    "stories.author_name",
}
"""Where somebody may stand who asked for a reminder or a nudge, or told with their name. Nobody else may
stand anywhere, and these nowhere else."""
DATABASE = "test.sqlite3"


@dataclass
class Findings:
    """What the search found; all of it is a broken promise, but ``seen``."""

    tellers: Traces = field(default_factory=dict[str, set[str]])
    """Of people of whom nothing may be kept."""
    out_of_place: Traces = field(default_factory=dict[str, set[str]])
    """Of people who may stand in some places, in others."""
    words: Traces = field(default_factory=dict[str, set[str]])
    """Words that were taken back or never posted, after the day's clean-up."""
    logged: Traces = field(default_factory=dict[str, set[str]])
    """Any words at all, in the log or the numbers."""
    unseen: list[str] = field(default_factory=list[str])
    """Places in which the search doesn't find what was planted there."""
    seen: dict[str, int] = field(default_factory=dict[str, int])
    """For the report: how much was done and searched."""

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not (self.tellers or self.out_of_place or self.words or self.logged or self.unseen)


@contextmanager
def temporary_folder(place: Path) -> Generator[None]:
    """Whatever Python puts into the temporary folder lands in ``place``; SQLite has chosen its own by now."""
    place.mkdir()
    before, tempfile.tempdir = tempfile.tempdir, str(place)
    try:
        yield
    finally:
        tempfile.tempdir = before


@dataclass
class Case:
    """One circle under investigation."""

    stage: Stage
    life: Life
    log: Log
    copies: Path
    """Crashed states and backups."""
    findings: Findings = field(default_factory=Findings)
    _asked: int = 0
    _searched: set[str] = field(default_factory=set[str])

    async def week(self, deeds: Sequence[str]) -> None:
        """These deeds of anybody, at random moments, with crashes; then the search, past a night."""
        life, random, stage = self.life, self.life.random, self.stage
        for deed in deeds:
            before = set(life.gone)
            for peer in random.sample(life.peers, len(life.peers)):
                if await life.does(peer, deed):
                    break
            if search(in_folder(stage.folder), _forms_of(life.gone - before)):
                self._count("deeds that leave words until the night")
            if random.random() < 0.15:
                await self.crash()
            await stage.pass_time(minutes=random.randrange(1, 7 * 24 * 60 // len(deeds)))
        self.back_up()
        await stage.pass_time(days=1, hours=2)
        await self.look()

    async def crash(self) -> None:
        """The state as it is, put aside; and another process goes on with it."""
        self._count("crashes")
        shutil.copytree(self.stage.folder, self.copies / f"crash-{self.findings.seen['crashes']}")
        await self.stage.restart()
        await rights.press_again(self.life)

    def back_up(self) -> None:
        """As the command does it, while the bot runs."""
        self._count("backups")
        target = self.copies / f"backup-{self.findings.seen['backups']}.sqlite3"
        back_up(self.stage.folder / DATABASE, target, self.stage.now())

    async def look(self) -> None:
        """Search everything that is there now."""
        rights.settle(self.life)
        places, found, life = await self.places(), self.findings, self.life
        nobody: dict[str, bytes] = {}
        for peer in life.peers:
            wanted = forms(peer.actor.id, peer.names)
            if not peer.openly:
                nobody |= {f"{peer.names[0]}: {what}": form for what, form in wanted.items()}
                continue
            for traces in beside.out_of_place(peer, wanted, places, self.stage.folder / DATABASE):
                _merge(found.out_of_place, traces)
            self._only_counted(peer)
        for pieces in places.values():
            _merge(found.tellers, search(pieces, nobody))
        gone = _forms_of(life.gone | life.sealed)
        _merge(found.words, search(in_folder(self.stage.folder) + places["rows"], gone))
        said = _forms_of(life.standing | life.gone | life.sealed)
        _merge(found.logged, search(self.log.pieces() + places["numbers"], said))
        self._prove(places, nobody | gone)
        self._count("searches")
        found.seen["bytes searched"] = found.seen.get("bytes searched", 0) + sum(
            len(content) for pieces in places.values() for _, content in pieces
        )

    def _only_counted(self, peer: Peer) -> None:
        """In the file of the database an id stands as often as rows and entries hold it, and not once more:
        no deleted row is left."""
        path, user_id = self.stage.folder / DATABASE, peer.actor.id
        if (path.parent / f"{DATABASE}-wal").stat().st_size:
            return  # something was written since the night
        cells = list(SqliteFile(path).cells())
        values = [value for cell in cells for value in cell.values]
        known = sum(value in {user_id, f"dm:{user_id}"} for value in values)
        held = times_in_file(path, (user_id.to_bytes(8), str(user_id).encode()))
        if held > known:
            where = f"{DATABASE}: {held} times, and {known} times in rows"
            _merge(self.findings.out_of_place, {where: {peer.names[0]}})

    def _prove(self, places: dict[str, Pieces], wanted: dict[str, bytes]) -> None:
        """The search finds each form in each kind of place, if it is there."""
        for name, pieces in places.items():
            if not pieces:
                continue  # no crash and no backup since the last time
            piece = [min(pieces, key=lambda one: len(one[1]))]
            for what, form in wanted.items():
                if what not in set().union(*search(planted(piece, form), {what: form}).values()):
                    self.findings.unseen.append(f"{what} in {name}")

    async def places(self) -> dict[str, Pieces]:
        """All that is kept, sent, logged and counted, by kind."""
        stage, entries = self.stage, self.stage.env.http_requests
        new, self._asked = entries[self._asked :], len(entries)
        measures = stage.measures
        assert isinstance(measures, PrometheusMeasures)
        return {
            "rows": rows_of(stage.folder / DATABASE),
            "files": in_folder(stage.folder),
            "crashed and backed up": self._new_copies(),
            "requests": sent(new),
            "log": self.log.pieces(),
            "numbers": [("numbers", measures.page(None, connected=True))],
        }

    def _new_copies(self) -> Pieces:
        """Those that nobody has searched yet: they don't change, and neither does who is looked for."""
        pieces = [(name, content) for name, content in in_folder(self.copies) if name not in self._searched]
        self._searched |= {name for name, _ in pieces}
        return pieces

    def _count(self, what: str) -> None:
        self.findings.seen[what] = self.findings.seen.get(what, 0) + 1


def _forms_of(words: set[str]) -> dict[str, bytes]:
    return {what: form for word in words for what, form in forms_of_word(word).items()}


def _merge(into: Traces, found: Traces) -> None:
    for where, what in found.items():
        into.setdefault(where, set()).update(what)


async def play(
    folder: Path, *, seed: int, weeks: int, deeds: int, tellers: int = 8, forum: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Findings:  # fmt: skip
    """Live and search for so many weeks, with so many deeds in each; everything is tried in the first."""
    random, data = Random(seed), folder / "data"
    data.mkdir()
    (folder / "copies").mkdir()
    stage = Stage(data, make_settings(data), measures=PrometheusMeasures("1.2.3"))
    with everything_logged() as log, temporary_folder(data / "tmp"):
        await stage.open()
        try:
            circle = await make_circle(stage, delay=30, tags=() if forum else None)
            peers = [_join(circle, random, openly=number >= tellers - 2) for number in range(tellers)]
            case = Case(stage, Life(circle, random, peers, DEEDS), log, folder / "copies")
            for week in range(weeks):
                each_once, some = list(DEEDS), random.choices(list(DEEDS), k=deeds)
                await case.week(some if week else each_once)
                tell(f"forensics: week {week + 1} of {weeks}")
            await stage.pass_time(days=30)
            await case.look()
            case.findings.seen["nudges that came"] = sum(map(_nudges, peers))
            case.findings.seen |= {f"done: {name}": times for name, times in sorted(case.life.done.items())}
            return case.findings
        finally:
            await stage.close()


def _nudges(peer: Peer) -> int:
    channel = peer.actor.user.dm_channel
    return sum("Some weeks ago" in seen(message) for message in channel.history()) if channel else 0


def _join(circle: Circle, random: Random, *, openly: bool) -> Peer:
    """A new member with names that stand nowhere by chance."""
    one, two, three = (token(random.randbytes(10)) for _ in range(3))
    user: Any = circle.stage.env.create_user(one, global_name=f"{two[:8].title()} {two[8:].title()}")
    member = circle.guild.add_member(user, nick=f"{three[:7]}-nick-{three[7:]}")
    return Peer(
        member, (one, f"{two[:8].title()} {two[8:].title()}", f"{three[:7]}-nick-{three[7:]}"), openly
    )
