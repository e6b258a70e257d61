"""Bringing the tables up to date at start, with alembic and without its command line."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Connection

from db.errors import DatabaseTooNew


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's settings, as needed here: where the migrations lie, and the connection to use."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Run what is missing. Raises DatabaseTooNew when the tables are ahead of this program."""
    if pending(connection):
        command.upgrade(alembic_config(connection), "head")


def pending(connection: Connection) -> bool:
    """Whether the tables are behind this program. Raises DatabaseTooNew when they are ahead of it."""
    config = alembic_config()
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and not _known(config, current):
        raise DatabaseTooNew(connection.engine.url.render_as_string(hide_password=True))
    return current != ScriptDirectory.from_config(config).get_current_head()


def _known(config: Config, revision: str) -> bool:
    try:
        ScriptDirectory.from_config(config).get_revision(revision)
    except CommandError:
        return False
    return True
