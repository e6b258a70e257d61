"""``check``: looks at everything a running bot needs, and says what to put right. Changes nothing."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from bot.cli.environment import known_settings, peppers, values_in
from bot.cli.problems import Problem
from bot.cli.report import Report
from bot.content.words import Words


def work(arguments: argparse.Namespace, words: Words) -> int:
    """Print the report, also when half of it can't be looked at. Returns FINE or FINDINGS."""
    report = Report(words)
    asyncio.run(_look(report, Path.cwd()))
    return report.end()


async def _look(report: Report, folder: Path) -> None:
    from bot.cli.checks.database import look_at_records
    from bot.cli.checks.discord_side import look_at_discord
    from bot.cli.checks.files import look_at_settings
    from bot.cli.checks.keys import look_at_key_table, look_at_keys
    from bot.cli.logging_setup import set_up_logging
    from bot.cli.opening import utc_now

    try:
        values = values_in(folder)
    except Problem as problem:
        report.problem(problem)
        report.note("rest_unread")
        return
    known = known_settings(values)
    settings = known.settings
    set_up_logging("ERROR", (settings.token, *peppers(values)))
    look_at_settings(report, folder, known.wrong, being_changed=settings.pepper_before is not None)
    places = None
    if "DATABASE_URL" not in known.wrong:
        places = await look_at_records(report, settings, utc_now())
    pepper = "PEPPER" not in known.wrong
    if settings.on_sqlite:
        await look_at_keys(report, settings, utc_now(), used=places is not None, pepper=pepper)
    elif places is not None:
        await look_at_key_table(report, settings, utc_now(), pepper=pepper)
    if "DISCORD_TOKEN" in known.wrong or "DISCORD_API_URL" in known.wrong:
        report.note("discord_unasked")
    else:
        await look_at_discord(report, settings, places or ())
