"""The teller's own

Tellers edit, close replies and ask for a nudge; circles choose batches and how long stories stay; who left
is remembered until what is kept of them goes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DROPPED = (
    ("circles", "retention_days"),
    ("circles", "batch_of"),
    ("stories", "batch"),
    ("stories", "closed"),
)
BEFORE = "kind IN ('withdrawn', 'removed', 'reply', 'reminder', 'mute')"
NOW = "kind IN ('withdrawn', 'removed', 'reply', 'update', 'edited', 'reminder', 'mute', 'circle')"


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "story_pages",
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_story_pages_story_id_stories"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("story_id", "position", name=op.f("pk_story_pages")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "edits",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('story', 'update', 'reply')", name=op.f("ck_edits_kind")),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_edits")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "nudges",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_nudges")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_nudges_due_on"), "nudges", ["due_on"])
    op.create_table(
        "leavers",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name=op.f("pk_leavers")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "left_servers",
        sa.Column("guild_id", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name=op.f("pk_left_servers")),
        sqlite_with_rowid=False,
    )
    op.add_column("stories", sa.Column("closed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("stories", sa.Column("batch", sa.BigInteger(), nullable=True))
    op.add_column("circles", sa.Column("batch_of", sa.Integer(), nullable=True))
    op.add_column("circles", sa.Column("retention_days", sa.Integer(), nullable=True))
    _kinds_of_erasures(BEFORE, NOW)


def downgrade() -> None:
    """Take the change back."""
    op.execute("DELETE FROM erasures WHERE kind IN ('update', 'edited', 'circle')")
    _kinds_of_erasures(NOW, BEFORE)
    for table, column in DROPPED:
        # without making the table anew: dropping the old one would empty every table that refers to it
        op.drop_column(table, column)
    for table in ("left_servers", "leavers", "nudges", "edits", "story_pages"):
        op.drop_table(table)


def _kinds_of_erasures(before: str, after: str) -> None:
    """A table of SQLite can't change a check: it is made anew, and must stay one without row numbers."""
    shape = sa.Table(
        "erasures",
        sa.MetaData(),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint(before, name=op.f("ck_erasures_kind")),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_erasures")),
        sa.Index(op.f("ix_erasures_day"), "day"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("erasures", copy_from=shape) as batch_op:
        batch_op.drop_constraint(op.f("ck_erasures_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_erasures_kind"), after)
