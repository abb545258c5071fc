"""The day books, budgets, alarms and digests."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import only_where

revision = "0003_money"
down_revision = "0002_desk"

MOMENT = sa.DateTime(timezone=True)
KEYS = ("model", "purpose", "intent", "status")
COUNTS = ("calls", "attempts")
SUMS = (
    "input_tokens",
    "output_tokens",
    "cache_write_5m_tokens",
    "cache_write_1h_tokens",
    "cache_read_tokens",
    "nano_dollars",
    "first_counted",
    "on_sonnet",
    "on_opus",
)


def upgrade() -> None:
    for name in ("intent", "channel_id", "requester_id", "recost_version"):
        op.add_column("calls", sa.Column(name, sa.String(), nullable=True))
    op.add_column("calls", sa.Column("recost", sa.BigInteger(), nullable=True))
    for name in ("on_sonnet", "on_opus"):
        op.add_column("calls", _big(name, default="0"))
    op.create_index("ignored_when", "ignored", ["seen_at", "reason"])
    op.create_index(
        "messages_agents",
        "messages",
        ["received_at", "ticket_id", "author_id", "ts"],
        **only_where("author = 'agent'"),
    )
    op.create_index(
        "messages_waiting",
        "messages",
        ["received_at"],
        **only_where("outcome IS NULL AND author = 'customer'"),
    )
    op.create_index(
        "tickets_books",
        "tickets",
        ["opened_at", "intent", "first_response_at", "handed_over_at", "human_since"],
    )
    op.create_table(
        "day_calls",
        sa.Column("day", sa.Date(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in KEYS),
        sa.Column("batch", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        *(_big(name) for name in SUMS),
        sa.PrimaryKeyConstraint("day", *KEYS, "batch"),
    )
    op.create_table(
        "day_counts",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _big("nano_dollars"),
        sa.PrimaryKeyConstraint("kind", "subject", "day"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "day_counts_day", "day_counts", ["kind", "day", "subject", "count", "nano_dollars"]
    )
    op.create_table(
        "book_zone",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "budget_states",
        sa.Column("budget", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("budget", "period"),
    )
    op.create_table(
        "budget_lifts",
        sa.Column("budget", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("lifted_by", sa.String(), nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("budget", "day"),
    )
    op.create_table(
        "alarms",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("raised_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "publications",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("held_at", MOMENT, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("ts", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )


def _big(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False, server_default=default)


def downgrade() -> None:
    for table in (
        "publications",
        "alarms",
        "budget_lifts",
        "budget_states",
        "book_zone",
        "day_counts",
        "day_calls",
    ):
        op.drop_table(table)
    op.drop_index("tickets_books", "tickets")
    op.drop_index("messages_waiting", "messages")
    op.drop_index("messages_agents", "messages")
    op.drop_index("ignored_when", "ignored")
    with op.batch_alter_table("calls") as calls:
        for name in ("on_opus", "on_sonnet", "recost", "recost_version"):
            calls.drop_column(name)
        for name in ("requester_id", "channel_id", "intent"):
            calls.drop_column(name)
