"""``backup``: a copy of the database to keep, taken also while the bot runs."""

from __future__ import annotations

import argparse
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from bot.cli.environment import known_settings, values_in
from bot.cli.exits import Exit
from bot.cli.problems import Problem
from bot.content.words import Words
from bot.settings import Settings


def work(arguments: argparse.Namespace, words: Words) -> int:
    """Write the copy and say how to keep it. Raises Problem."""
    from bot.cli.opening import explained, utc_now
    from db.copying import KEY_TABLE, back_up
    from db.database import database_file

    settings = settings_of_files(Path.cwd())
    target = Path(arguments.file)
    with explained(settings):
        source = database_file(settings.database_url)
        if source is None:
            line = dump_line(make_url(settings.database_url), target, KEY_TABLE)
            raise Problem(Exit.NOT_A_FILE, "backup.postgres", line=line)
        if not source.exists():
            raise Problem(Exit.NO_DATABASE, "backup.nothing", where=source)
        if not target.parent.is_dir():  # not made: it may be a disk that isn't there just now
            raise Problem(Exit.UNWRITABLE, "backup.no_folder", where=target.parent)
        size = back_up(source, target, utc_now())
    print(words("cli.backup.written", file=target, size=round(size / 1024)))
    for key in ("apart", "briefly", "afterwards"):
        print(f"  - {words(f'cli.backup.{key}', file=target)}")
    return Exit.FINE


def settings_of_files(folder: Path) -> Settings:
    """The settings, as far as they say where the files are; the others may be missing. Raises Problem."""
    known = known_settings(values_in(folder))
    for name in ("DATABASE_URL", "KEY_FILE"):
        if problem := known.wrong.get(name):
            raise problem
    return known.settings


def dump_line(url: URL, target: Path, left_out: str) -> str:
    """What has to be typed to copy a PostgreSQL database, without its keys and without the password."""
    place = URL.create(
        "postgresql", url.username, host=url.host, port=url.port, database=url.database, query=url.query
    ).render_as_string()
    return f'pg_dump --format=custom --exclude-table={left_out} --file="{target}" "{place}"'
