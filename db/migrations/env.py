"""Alembic's way in: it is always handed a connection by ``db.migrate``."""

from __future__ import annotations

from typing import Literal

from alembic import context

from db import care_tables, people_tables, process_tables, story_tables, tables
from db.types import Base, UtcTime

# these modules are imported for the tables that they register
_registered = (care_tables, people_tables, process_tables, story_tables, tables)


def render_item(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our UTC column as what it is in the database, so that migrations stand on their own."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
