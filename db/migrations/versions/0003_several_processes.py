"""Several processes

They agree on who works for which servers and who may connect when; on PostgreSQL they share the epoch keys.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "shard_groups",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shards", sa.Integer(), nullable=False),
        sa.Column("groups", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_shard_groups")),
    )
    op.create_table(
        "identify_slots",
        sa.Column("bucket", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_identify_slots")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.create_table(
            "epoch_keys",
            sa.Column("epoch", sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("destroy_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("wrapped", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("epoch", name=op.f("pk_epoch_keys")),
        )


def downgrade() -> None:
    """Take the change back."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_table("epoch_keys")
    op.drop_table("identify_slots")
    op.drop_table("shard_groups")
