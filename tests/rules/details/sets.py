"""The texts in this folder whose details are marked, and where they come from: see ``README.md``."""

from __future__ import annotations

import json
from pathlib import Path

from bot.rules.details.measuring import Marked

HERE = Path(__file__).parent
TUNED = ("tuned", "tuned_clean", "tuned2", "tuned2_clean", "tuned3", "tuned3_clean", "tuned4", "tuned4_clean")
HELD_OUT = ("heldout", "heldout_clean")


def marked(*names: str) -> list[Marked]:
    """The texts of some sets, one after the other."""
    return [
        Marked(line["text"], tuple((start, end, kind) for start, end, kind in line["spans"]))
        for name in names
        for line in map(json.loads, (HERE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines())
    ]
