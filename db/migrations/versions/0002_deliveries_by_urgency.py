"""Deliveries by urgency

The index gives what is due in the order in which it goes out, so that taking some of ten thousand
costs what is taken.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.drop_index("ix_deliveries_due", table_name="deliveries")
    op.create_index("ix_deliveries_due", "deliveries", ["state", "priority", "not_before", "id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_deliveries_due", table_name="deliveries")
    op.create_index("ix_deliveries_due", "deliveries", ["state", "not_before"])
