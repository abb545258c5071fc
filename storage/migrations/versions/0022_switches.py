"""Switches that admins throw from within Slack."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import UtcDateTime

revision = "0022_switches"
down_revision = "0021_edited_proposals"


def upgrade() -> None:
    op.create_table(
        "switches",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("thrown_by", sa.String, nullable=False),
        sa.Column("thrown_at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("switches")
