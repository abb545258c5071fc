"""Turns in threads, authors' words in a row, and the processes that share them on a server."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import UtcDateTime

revision = "0023_replicas"
down_revision = "0022_switches"


def upgrade() -> None:
    op.create_table(
        "turns",
        sa.Column("thread", sa.String, primary_key=True),
        sa.Column("ts", sa.String, primary_key=True),
        sa.Column("story", sa.String, nullable=False),
        sa.Column("executor", sa.String, nullable=True),
        sa.Column("begun", sa.Boolean, nullable=False),
        sa.Column("overheard", sa.Boolean, nullable=False),
    )
    op.create_index("ix_turns_executor", "turns", ["executor"])
    op.create_table(
        "author_bursts",
        sa.Column("place", sa.String, primary_key=True),
        sa.Column("root", sa.String, nullable=False),
        sa.Column("first", UtcDateTime, nullable=False),
        sa.Column("last", UtcDateTime, nullable=False),
        sa.Column("addressed", sa.Boolean, nullable=False),
    )
    op.create_index("ix_author_bursts_last", "author_bursts", ["last"])
    op.create_table(
        "processes",
        sa.Column("executor", sa.String, primary_key=True),
        sa.Column("began_at", UtcDateTime, nullable=False),
    )


def downgrade() -> None:
    for table in ("processes", "author_bursts", "turns"):
        op.drop_table(table)
