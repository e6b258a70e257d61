"""The long proofs: ``python -m tests.anonymity [PART] [--short] [--seed N] [--write FILE]``; the parts are
*forensics*, *linking*, *order* and *all*.

The short form takes a few minutes, the long one half an hour. Random ids come from the system, so a seed
repeats what people do, not every byte.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.anonymity import order_report
from tests.anonymity.forensics import report as forensics
from tests.anonymity.linking import report as linking
from tests.bench.report import Row, machine, progress, table

Part = Callable[[Path, int, bool], Awaitable[list[Row]]]


async def _linking(folder: Path, seed: int, short: bool) -> list[Row]:
    return await linking.measure(folder, seed, linking.SHORT if short else linking.LONG, progress)


async def _order(folder: Path, seed: int, short: bool) -> list[Row]:
    return await order_report.measure(folder, seed, short=short)


async def _forensics(folder: Path, seed: int, short: bool) -> list[Row]:
    return await forensics.measure(folder, seed, short=short, tell=progress)


PARTS: dict[str, Part] = {"forensics": _forensics, "linking": _linking, "order": _order}


def main() -> int:
    """Prove, print the tables, and say by the exit code whether everything held."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.anonymity", description="Proves what is promised without a name."
    )
    parser.add_argument("part", nargs="?", choices=[*PARTS, "all"], default="all")
    parser.add_argument("--short", action="store_true", help="a few minutes, smaller numbers")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write the tables to a file")
    asked = parser.parse_args()
    text, held = machine() + "\n", True
    for name, part in PARTS.items():
        if asked.part not in {name, "all"}:
            continue
        progress(name)
        with tempfile.TemporaryDirectory() as folder:
            rows = asyncio.run(part(Path(folder), asked.seed, asked.short))
        held = held and all(row.reached is not False for row in rows)
        text += f"\n{name.capitalize()} (seed {asked.seed})\n\n{table(rows)}\n"
    print(text)  # noqa: T201  # a command line's own output
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")
    return int(not held)


if __name__ == "__main__":
    sys.exit(main())
