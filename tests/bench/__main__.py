"""The benchmark: ``python -m tests.bench [--short] [--only PART …] [--write FILE]``.

The real process against a double of Discord that enforces its limits, in its own process beside the
double's; the figures of one run belong together. The short form takes under two minutes, the full one
about twenty.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench import accepting, burst, memory, ticks
from tests.bench.report import Row, machine, progress, table

Part = Callable[[Path], Awaitable[list[Row]]]

SHORT: dict[str, Part] = {
    "tick": lambda folder: ticks.measure(folder, 20_000, 60),
    "accepting": lambda folder: accepting.measure(folder, 2_000, 60),
    "burst": lambda folder: burst.measure(folder, 600, beside=False),
}
FULL: dict[str, Part] = {
    "tick": lambda folder: ticks.measure(folder, 100_000, 200),
    "accepting": lambda folder: accepting.measure(folder, 10_000, 300),
    "start": lambda folder: accepting.start(folder, 10_000),
    "memory": lambda folder: memory.measure(folder, 2_000),
    "burst-1000": lambda folder: burst.measure(folder, 1_000, beside=True),
    "burst-10000": lambda folder: burst.measure(folder, 10_000, beside=True),
}


def main() -> int:
    """Measure, print the table, and say by the exit code whether everything was reached."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Measures what the bot promises."
    )
    parser.add_argument("--short", action="store_true", help="under two minutes, smaller numbers")
    parser.add_argument("--only", nargs="+", metavar="PART", help=f"of {', '.join(FULL)}")
    parser.add_argument("--write", type=Path, metavar="FILE", help="also write the table to a file")
    asked = parser.parse_args()
    parts = SHORT if asked.short else FULL
    if unknown := set(asked.only or ()) - parts.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}; there is {', '.join(parts)}")
    head, rows = machine(), list[Row]()
    for name, part in parts.items():
        if asked.only and name not in asked.only:
            continue
        progress(name)
        with tempfile.TemporaryDirectory() as folder:
            rows += asyncio.run(part(Path(folder)))
    text = f"{head}\n\n{table(rows)}\n"
    print(text)  # noqa: T201  # a command line's own output
    if asked.write:
        asked.write.write_text(text, encoding="utf-8")
    return int(any(row.reached is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
