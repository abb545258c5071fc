"""Changes in the desk's own systems that wait for an agent."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import UtcDateTime

revision = "0019_proposals"
down_revision = "0018_missed"


def upgrade() -> None:
    op.create_table(
        "proposals",
        sa.Column("key", sa.String, primary_key=True),
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("tool", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("arguments", sa.JSON, nullable=False),
        sa.Column("customer", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=True),
        sa.Column("before", sa.JSON, nullable=False),
        sa.Column("amount", sa.Float, nullable=True),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("approvals", sa.JSON, nullable=False),
        sa.Column("fate", sa.String, nullable=False),
        sa.Column("result", sa.String, nullable=False),
        sa.Column("proposed_at", UtcDateTime, nullable=False),
        sa.Column("settled_at", UtcDateTime, nullable=True),
    )
    op.create_index("proposals_ticket", "proposals", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("proposals")
