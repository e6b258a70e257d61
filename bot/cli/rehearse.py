"""``rehearse``: the real bot in a local browser, without Discord."""

from __future__ import annotations

import argparse
from importlib.util import find_spec

from bot.cli.exits import Exit
from bot.cli.problems import Problem
from bot.content.words import Words


def work(arguments: argparse.Namespace, words: Words) -> int:
    """Open the rehearsal. Raises Problem when what it needs isn't installed."""
    if find_spec("simcord") is None:
        raise Problem(Exit.MISSING_PACKAGE, "start.no_rehearsal")
    from bot.rehearsal.main import run

    return run(arguments)
