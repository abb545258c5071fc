"""How far other systems have heard of tickets."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import UtcDateTime

revision = "0025_webhooks"
down_revision = "0024_connections"


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("change_id", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("since", UtcDateTime, nullable=True),
        sa.Column("next_at", UtcDateTime, nullable=True),
    )


def downgrade() -> None:
    op.drop_table("webhooks")
