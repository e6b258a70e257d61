"""``python -m tests.wire.kills [--times 200] [--seed 1]``: the long proof, about a quarter of an hour.

The same seed kills at the same kinds of moments; what the computer does in between differs a little.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.wire.kills.play import Run, play

STOPPING = 0.1
"""How often the process is stopped for a while before it is killed."""


def main() -> int:
    """Play, print what happened, and say by the exit code whether every promise was kept."""
    parser = argparse.ArgumentParser(prog="python -m tests.wire.kills")
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = asyncio.run(
            play(Path(folder), times=asked.times, seed=asked.seed, stopping=STOPPING, tell=_tell)
        )
    print(report(run, asked.seed))  # noqa: T201  # a command line's own output
    return int(bool(run.broken))


def _tell(text: str) -> None:
    print(f"  … {text}", file=sys.stderr, flush=True)  # noqa: T201  # progress


def report(run: Run, seed: int) -> str:
    """The run as tables, and every broken promise."""
    stories = run.ledger.stories
    standing = list(run.ledger.standing())
    kinds = list(run.stands.items())
    added = [one for story in standing for one in story.added]
    lines = ["| killed | times |", "| --- | --- |"]
    lines += [f"| {where} | {times} |" for where, times in sorted(run.kills.items())]
    lines += [
        f"| all (seed {seed}) | {run.kills.total()} |",
        f"| stopped past its leases, and continued | {run.stops.total()} |",
        "",
        "| promised | acknowledged | in the end |",
        "| --- | --- | --- |",
        *(f"| {what} | {counts.total()} | {_in_words(counts)} |" for what, counts in kinds),
        "",
        "| of these | times |",
        "| --- | --- |",
        f"| stories found again by their tellers | {run.ledger.found_again} |",
        f"| stories with a name | {sum(story.named for story in standing)} |",
        f"| stories withdrawn | {sum(story.withdrawn for story in stories)} |",
        f"| stories discarded, or never posted | {sum(not story.posted for story in stories)} |",
        f"| replies withdrawn | {sum(one.withdrawn for one in added)} |",
        f"| signs told to count | {sum(len(story.signs) for story in standing)} |",
        f"| presses answered, unanswered and repeated | {run.ledger.answered}, {run.ledger.unanswered} |",
        f"| forms whose words came back | {run.ledger.given_back} |",
        f"| **broken promises** | {len(run.broken)} |",
    ]
    return "\n".join([*lines, "", *run.broken])


def _in_words(counts: Counter[str]) -> str:
    return ", ".join(f"{times} {how}" for how, times in sorted(counts.items())) or "none"


if __name__ == "__main__":
    sys.exit(main())
