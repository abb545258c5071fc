"""The agents' desk: the life of a ticket, its audit, and search over what was said."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import only_where
from storage.tickets.text_entries import entry_of

revision = "0002_desk"
down_revision = "0001"

# SQLite adds a column that is never NULL only with a constant in it; the right one follows.
EPOCH = "1970-01-01 00:00:00.000000"
FULL_TEXT = {
    "sqlite": (
        """CREATE VIRTUAL TABLE spoken USING fts5(
    body, content = '', tokenize = "unicode61 remove_diacritics 0")""",
    ),
    "postgresql": (
        "CREATE TABLE spoken (entry bigint PRIMARY KEY, body tsvector NOT NULL)",
        "CREATE INDEX spoken_body ON spoken USING gin(body) WITH (fastupdate = off)",
    ),
}
SAID = """
SELECT id, 'title', title FROM tickets WHERE title <> ''
UNION ALL SELECT ticket_id, key, text FROM messages
"""
COLUMNS = (
    sa.Column("status_since", sa.DateTime(timezone=True), nullable=False, server_default=EPOCH),
    sa.Column("wake_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("merged_into", sa.Integer(), nullable=True),
    sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"),
    sa.Column("link", sa.String(), nullable=True),
    sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("late", sa.String(), nullable=True),
    sa.Column("clock_at", sa.DateTime(timezone=True), nullable=True),
    sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
)
INDEXES = (
    ("tickets_opened", ["opened_at"], None),
    ("tickets_solved", ["solved_at"], "solved_at IS NOT NULL"),
    ("tickets_clock", ["clock_at"], "clock_at IS NOT NULL"),
    ("tickets_queue", ["due_at", "id"], "status = 'open'"),
    ("tickets_owner", ["assignee_id", "id"], "assignee_id IS NOT NULL"),
)

BACKSTAGE_INDEXES = (
    ("acts_when", "acts", "acted_at"),
    ("cards_place", "cards", "ts"),
    ("drafts_ticket", "drafts", "ticket_id"),
    ("relays_unsent", "relays", "ts"),
    ("notes_ticket", "notes", "ticket_id"),
    ("corrections_when", "corrections", "corrected_at"),
)


def upgrade() -> None:
    _widen_tickets()
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("decisions_when", "decisions", ["decided_at"])
    op.create_index(
        "messages_unfinished",
        "messages",
        ["ticket_id"],
        **only_where("outcome IS NULL AND author = 'customer'"),
    )
    op.create_index("changes_ticket", "changes", ["ticket_id", "id"])
    op.create_index("changes_when", "changes", ["at"])
    op.create_table(
        "channel_modes",
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("set_by", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("channel_id"),
    )
    for statement in FULL_TEXT[op.get_bind().dialect.name]:
        op.execute(statement)
    _index_what_was_said()
    _agent_events()


def _widen_tickets() -> None:
    for column in COLUMNS:
        op.add_column("tickets", column)
    op.execute("UPDATE tickets SET status_since = updated_at")
    op.execute("UPDATE tickets SET clock_at = updated_at WHERE status <> 'closed'")
    for name, columns, where in INDEXES:
        op.create_index(name, "tickets", columns, **(only_where(where) if where else {}))


def _index_what_was_said() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        # Nothing was said yet: a server's database goes all the way at once.
        return
    insert = sa.text("INSERT INTO spoken(rowid, body) VALUES (:entry, :body)")
    for rows in connection.execute(sa.text(SAID)).partitions(1_000):
        said = [
            {"entry": entry.number, "body": " ".join(entry.words)}
            for entry in (entry_of(*row) for row in rows)
        ]
        connection.execute(insert, said)


def _agent_events() -> None:
    """Cards, drafts, the words of agents on their way, their notes, corrections, and acts."""
    op.create_table(
        "acts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "cards",
        _ticket(),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("signs", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("ticket_id"),
    )
    op.create_table(
        "drafts",
        sa.Column("message_key", sa.String(), nullable=False),
        _ticket(),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("fate", sa.String(), nullable=False),
        sa.Column("drafted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("message_key"),
    )
    op.create_table(
        "relays",
        sa.Column("key", sa.String(), nullable=False),
        _ticket(),
        sa.Column("agent_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ts", sa.String(), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "notes",
        sa.Column("key", sa.String(), nullable=False),
        _ticket(),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_table(
        "corrections",
        sa.Column("key", sa.String(), nullable=False),
        _ticket(),
        sa.Column("message_key", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("after", sa.String(), nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("key"),
    )
    for name, table, column in BACKSTAGE_INDEXES:
        op.create_index(name, table, [column])


def _ticket() -> "sa.Column[int]":
    return sa.Column("ticket_id", sa.Integer(), nullable=False)


def downgrade() -> None:
    for name, table, _ in BACKSTAGE_INDEXES:
        op.drop_index(name, table)
    for table in ("corrections", "notes", "relays", "drafts", "cards", "acts"):
        op.drop_table(table)
    op.execute("DROP TABLE spoken")
    op.drop_index("decisions_when", "decisions")
    op.drop_index("messages_unfinished", "messages")
    op.drop_table("channel_modes")
    op.drop_table("changes")
    for name, _, _ in INDEXES:
        op.drop_index(name, "tickets")
    for column in COLUMNS:
        op.drop_column("tickets", column.name)
