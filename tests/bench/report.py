"""What the benchmark prints: where it ran, then one table."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("discord.py", "sqlalchemy", "aiosqlite", "aiohttp")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what was measured, what came out, and what it had to reach (None: only told)."""

    what: str
    result: str
    reach: str = ""
    reached: bool | None = None


def progress(text: str) -> None:
    """Say what is being done, at once; the table on stdout stays clean."""
    print(f"  … {text}", file=sys.stderr, flush=True)  # noqa: T201  # a command line's own output


def machine() -> str:
    """The computer and the versions, in two lines."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = os.getloadavg()[0]
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, "
        f"{platform.system()} {platform.machine()}, load before {load:.1f}\n"
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| what | result | reach | reached |", "| --- | --- | --- | --- |"]
    marks = {True: "yes", False: "**no**", None: ""}
    lines += [f"| {row.what} | {row.result} | {row.reach} | {marks[row.reached]} |" for row in rows]
    return "\n".join(lines)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` (0 to 1) of all don't exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]
