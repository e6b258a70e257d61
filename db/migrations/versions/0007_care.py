"""Care

A circle chooses how it is kept safe; stories may be reviewed before they are published, tellers get private
notes, messages are reported, what moderators do stands in a log, and can be undone for a while.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MADE = ("reviews", "report_voices", "reports", "notes", "wipes", "removals", "acts", "circle_words", "care")
BEFORE = "kind IN ('withdrawn', 'removed', 'reply', 'update', 'edited', 'reminder', 'mute', 'circle')"
UPDATES_BEFORE = "state IN ('waiting', 'published', 'withdrawn')"
UPDATES_NOW = "state IN ('waiting', 'published', 'withdrawn', 'removed')"
NOW = (
    "kind IN ('withdrawn', 'removed', 'reply', 'update', 'edited', 'reminder', 'mute', 'circle',"
    " 'note', 'report', 'declined', 'edit_dropped')"
)


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "acts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("circle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=24), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_acts_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
    )
    op.create_index(op.f("ix_acts_circle_id"), "acts", ["circle_id"])
    op.create_table(
        "care",
        sa.Column("circle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("moderators_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("log_channel_id", sa.BigInteger(), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("help_lines", sa.Text(), nullable=False),
        sa.Column("most_characters", sa.Integer(), nullable=True),
        sa.Column("most_stories", sa.Integer(), nullable=True),
        sa.Column("most_replies", sa.Integer(), nullable=True),
        sa.Column("links", sa.String(length=8), nullable=False),
        sa.Column("invites", sa.Boolean(), nullable=False),
        sa.Column("first_reply_days", sa.Integer(), nullable=False),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("links IN ('any', 'none')", name=op.f("ck_care_links")),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_care_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circle_id", name=op.f("pk_care")),
    )
    op.create_table(
        "circle_words",
        sa.Column("circle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("word", sa.String(length=100), nullable=False),
        sa.Column("use", sa.String(length=12), nullable=False),
        sa.CheckConstraint(
            "use IN ('person', 'organisation', 'place', 'allow')", name=op.f("ck_circle_words_use")
        ),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_circle_words_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("circle_id", "word", name=op.f("pk_circle_words")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "removals",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("circle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('story', 'update', 'reply')", name=op.f("ck_removals_kind")),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_removals_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_removals")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_removals_circle_id"), "removals", ["circle_id"])
    op.create_index(op.f("ix_removals_final_at"), "removals", ["final_at"])
    op.create_table(
        "reports",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("circle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind IN ('story', 'update', 'reply', 'message')", name=op.f("ck_reports_kind")),
        sa.CheckConstraint("state IN ('coming', 'open', 'closed')", name=op.f("ck_reports_state")),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_reports_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reports")),
    )
    op.create_index(op.f("ix_reports_circle_id"), "reports", ["circle_id"])
    op.create_index(op.f("ix_reports_day"), "reports", ["day"])
    op.create_index(op.f("ix_reports_message_id"), "reports", ["message_id"])
    op.create_table(
        "wipes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("circle_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("final_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'agreed', 'stopped', 'going')", name=op.f("ck_wipes_state")),
        sa.ForeignKeyConstraint(
            ["circle_id"], ["circles.id"], name=op.f("fk_wipes_circle_id_circles"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wipes")),
        sa.UniqueConstraint("circle_id", name=op.f("uq_wipes_circle_id")),
    )
    op.create_index(op.f("ix_wipes_final_at"), "wipes", ["final_at"])
    op.create_table(
        "notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sender", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tag", sa.LargeBinary(length=32), nullable=True),
        sa.Column("appears_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("sender IN ('peer', 'moderators')", name=op.f("ck_notes_sender")),
        sa.CheckConstraint("state IN ('waiting', 'open', 'answered')", name=op.f("ck_notes_state")),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_notes_story_id_stories"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_notes_receipt_hash")),
    )
    op.create_index(op.f("ix_notes_appears_at"), "notes", ["appears_at"])
    op.create_index(op.f("ix_notes_story_id"), "notes", ["story_id"])
    op.create_table(
        "report_voices",
        sa.Column("report_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tag", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("change", sa.JSON(), nullable=True),
        sa.Column("appears_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["reports.id"], name=op.f("fk_report_voices_report_id_reports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("report_id", "tag", name=op.f("pk_report_voices")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_report_voices_appears_at"), "report_voices", ["appears_at"])
    op.create_table(
        "reviews",
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("story_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("claim", sa.LargeBinary(length=32), nullable=True),
        sa.Column("claim_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('story', 'update', 'edit')", name=op.f("ck_reviews_kind")),
        sa.CheckConstraint(
            "state IN ('held', 'returned', 'declined', 'approved')", name=op.f("ck_reviews_state")
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_reviews_story_id_stories"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "subject", name=op.f("pk_reviews")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_reviews_story_id"), "reviews", ["story_id"])
    op.add_column(
        "stories", sa.Column("notes_closed", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("stories", sa.Column("notes_turn_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_stories_notes_turn_at"), "stories", ["notes_turn_at"])
    op.add_column(
        "stories", sa.Column("reply_looked_for", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_index(op.f("ix_stories_reply_looked_for"), "stories", ["reply_looked_for"])
    # nobody is told of all that was told before and has no reply, in a heap
    op.execute("UPDATE stories SET reply_looked_for = TRUE")
    op.add_column("stories", sa.Column("moderators_note", sa.String(length=100), nullable=True))
    # ### end Alembic commands ###
    _kinds_of_erasures(BEFORE, NOW)
    _states_of_updates(UPDATES_BEFORE, UPDATES_NOW)


def downgrade() -> None:
    """Take the change back."""
    op.execute("DELETE FROM erasures WHERE kind IN ('note', 'report', 'declined', 'edit_dropped')")
    _kinds_of_erasures(NOW, BEFORE)
    op.execute("UPDATE updates SET state = 'withdrawn' WHERE state = 'removed'")
    _states_of_updates(UPDATES_NOW, UPDATES_BEFORE)
    # without making the table anew: dropping the old one would empty every table that refers to it
    op.drop_index(op.f("ix_stories_notes_turn_at"), table_name="stories")
    op.drop_column("stories", "notes_turn_at")
    op.drop_column("stories", "notes_closed")
    op.drop_index(op.f("ix_stories_reply_looked_for"), "stories")
    op.drop_column("stories", "reply_looked_for")
    op.drop_column("stories", "moderators_note")
    for table in MADE:
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


def _states_of_updates(before: str, after: str) -> None:
    """The same for updates, to which no other table refers."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    shape = sa.Table(
        "updates",
        sa.MetaData(),
        sa.Column("id", number, nullable=False),
        sa.Column("story_id", number, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("receipt_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.CheckConstraint(before, name=op.f("ck_updates_state")),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_updates_story_id_stories"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_updates")),
        sa.UniqueConstraint("receipt_hash", name=op.f("uq_updates_receipt_hash")),
        sa.Index(op.f("ix_updates_story_id"), "story_id"),
    )
    with op.batch_alter_table("updates", copy_from=shape) as batch_op:
        batch_op.drop_constraint(op.f("ck_updates_state"), type_="check")
        batch_op.create_check_constraint(op.f("ck_updates_state"), after)
