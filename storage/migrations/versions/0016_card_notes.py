"""What is to stand under a card, and what a card shows, so that it is not drawn twice the same."""

import sqlalchemy as sa
from alembic import op

revision = "0016_card_notes"
down_revision = "0015_agent_words"


def upgrade() -> None:
    op.add_column("cards", sa.Column("picture", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "card_notes",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("thread_ts", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("loud", sa.Boolean(), nullable=False),
        sa.Column("edited", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"]),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_card_notes_ticket_id", "card_notes", ["ticket_id"])


def downgrade() -> None:
    op.drop_index("ix_card_notes_ticket_id", "card_notes")
    op.drop_table("card_notes")
    op.drop_column("cards", "picture")
