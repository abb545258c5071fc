"""How far each conversation is known, and the messages that were found in the history."""

import sqlalchemy as sa
from alembic import op

revision = "0018_missed"
down_revision = "0017_signs"


def upgrade() -> None:
    op.create_table(
        "watermarks",
        sa.Column("channel_id", sa.String, primary_key=True),
        sa.Column("ts", sa.String, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "missed",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("missed_when", "missed", ["found_at"])


def downgrade() -> None:
    op.drop_table("missed")
    op.drop_table("watermarks")
