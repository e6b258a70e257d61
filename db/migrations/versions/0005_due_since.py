"""Due since

What failed for a while goes out in the order in which it was due first.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.drop_index("ix_deliveries_due", table_name="deliveries")
    op.add_column("deliveries", sa.Column("due_since", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE deliveries SET due_since = not_before")
    op.create_index("ix_deliveries_due", "deliveries", ["state", "priority", "due_since", "id", "not_before"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_deliveries_due", table_name="deliveries")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_column("due_since")
    op.create_index("ix_deliveries_due", "deliveries", ["state", "priority", "not_before", "id"])
