"""Issues that agents made of tickets."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import UtcDateTime

revision = "0027_issues"
down_revision = "0026_connection_codes"


def upgrade() -> None:
    op.create_table(
        "issues",
        sa.Column("ticket_id", sa.Integer, sa.ForeignKey("tickets.id"), primary_key=True),
        sa.Column("tracker", sa.String, nullable=False),
        sa.Column("begun_at", UtcDateTime, nullable=False),
        sa.Column("key", sa.String, nullable=True),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
        sa.Column("looked_at", UtcDateTime, nullable=True),
    )
    op.create_index("ix_issues_looked_at", "issues", ["looked_at"])


def downgrade() -> None:
    op.drop_table("issues")
