"""Answers that were given again are found without reading every decision of their days."""

from alembic import op

from storage.db.columns import only_where

revision = "0010_decisions_reused"
down_revision = "0009_inbox"


def upgrade() -> None:
    op.create_index(
        "decisions_reused",
        "decisions",
        ["decided_at", "saved_nano_dollars"],
        **only_where("reused IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("decisions_reused", "decisions")
