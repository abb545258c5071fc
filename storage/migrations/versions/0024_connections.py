"""Accounts that people have connected, and the links for that."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import UtcDateTime

revision = "0024_connections"
down_revision = "0023_replicas"


def upgrade() -> None:
    op.create_table(
        "connection_links",
        sa.Column("state", sa.String, primary_key=True),
        sa.Column("team_id", sa.String, nullable=False),
        sa.Column("user_id", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=True),
        sa.Column("expires_at", UtcDateTime, nullable=False),
        sa.Column("used_at", UtcDateTime, nullable=True),
    )
    op.create_table(
        "connected_accounts",
        sa.Column("team_id", sa.String, primary_key=True),
        sa.Column("user_id", sa.String, primary_key=True),
        sa.Column("customer", sa.String, nullable=False),
        sa.Column("connected_at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("connected_accounts")
    op.drop_table("connection_links")
