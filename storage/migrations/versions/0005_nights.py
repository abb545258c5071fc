"""The night shift: its nights, and the drafts of articles that come of them."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import only_where

revision = "0005_nights"
down_revision = "0004_answers"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("tickets", sa.Column("summary", sa.String(), nullable=True))
    op.create_table(
        "nights",
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("due_at"),
    )
    op.create_table(
        "night_tickets",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("solved_at", MOMENT, nullable=False),
        _night(),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("article", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.ForeignKeyConstraint(["due_at"], ["nights.due_at"]),
        sa.PrimaryKeyConstraint("ticket_id", "solved_at"),
    )
    op.create_table(
        "night_batches",
        sa.Column("name", sa.String(), nullable=False),
        _night(),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("batch", sa.String(), nullable=True),
        sa.Column("fetched", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["due_at"], ["nights.due_at"]),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "night_replies",
        sa.Column("key", sa.String(), nullable=False),
        _night(),
        sa.Column("reply", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["due_at"], ["nights.due_at"]),
        sa.PrimaryKeyConstraint("key"),
    )
    for table in ("night_tickets", "night_batches", "night_replies"):
        op.create_index(f"ix_{table}_due_at", table, ["due_at"])
    _article_drafts()


def _night() -> sa.Column[object]:
    return sa.Column("due_at", MOMENT, nullable=False)


def _article_drafts() -> None:
    text = ("title", "body", "audience", "language", "model", "drafted")
    later = ("edited_by", "decided_by", "reason", "source", "problem", "channel_id", "ts")
    op.create_table(
        "manuscripts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("solved_at", MOMENT, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in text),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=True) for name in later),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ticket_id", "solved_at", name="manuscripts_ticket"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "manuscripts_open",
        "manuscripts",
        ["id"],
        **only_where("state IN ('waiting', 'approved')"),
    )


def downgrade() -> None:
    for table in (
        "manuscripts",
        "night_replies",
        "night_batches",
        "night_tickets",
        "nights",
    ):
        op.drop_table(table)
    op.drop_column("tickets", "summary")
