"""The forensics as a table."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp

from tests.anonymity.forensics import killed, proof
from tests.anonymity.forensics.proof import Findings
from tests.bench.report import Row


async def measure(folder: Path, seed: int, *, short: bool, tell: Callable[[str], None]) -> list[Row]:
    """In a text channel, in a forum, and with the real process."""
    weeks, deeds, kills = (5, 10, 0) if short else (20, 10, 30)
    found = list[Row]()
    for forum in (False, True):
        where = f"{'forum' if forum else 'text channel'}, {weeks} weeks with {deeds} deeds each, and 30 days"
        case = await proof.play(
            Path(mkdtemp(dir=folder)), seed=seed, weeks=weeks, deeds=deeds, forum=forum, tell=tell
        )
        found += _rows(where, case)
    if kills:
        case = await killed.play(Path(mkdtemp(dir=folder)), seed=seed, kills=kills, tell=tell)
        found += _rows("the real process, SIGKILL", case)
    return found


def _rows(where: str, found: Findings) -> list[Row]:
    done = sum(times for what, times in found.seen.items() if what.startswith("done: "))
    amount = [f"{times:,} {what}" for what, times in found.seen.items() if not what.startswith("done: ")]
    if done:
        amount.insert(0, f"{done} deeds of {sum(what.startswith('done: ') for what in found.seen)} kinds")
    checked = (
        ("places with something of a teller", found.tellers),
        ("ids and names out of their place", found.out_of_place),
        ("words that were taken back, discarded or never posted, after the night", found.words),
        ("words of anybody in log or numbers", found.logged),
        ("planted forms that the search missed", {one: set[str]() for one in found.unseen}),
    )
    rows = [Row(where, ", ".join(amount))]
    return rows + [Row(f"{where}: {what}", _told(traces), "0", not traces) for what, traces in checked]


def _told(traces: dict[str, set[str]]) -> str:
    some = "; ".join(f"{where}: {', '.join(sorted(what)[:3])}" for where, what in list(traces.items())[:5])
    return f"{len(traces)} ({some})" if traces else "0"
