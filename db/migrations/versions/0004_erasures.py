"""What was taken back is remembered, so that a restored copy doesn't bring it back"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "erasures",
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('withdrawn', 'removed', 'reply', 'reminder', 'mute')", name=op.f("ck_erasures_kind")
        ),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_erasures")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasures_day"), ["day"], unique=False)
