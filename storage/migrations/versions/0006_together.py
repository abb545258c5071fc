"""Messages in a row as one request, and tickets of one incident."""

import sqlalchemy as sa
from alembic import op

from storage.db.columns import only_where

revision = "0006_together"
down_revision = "0005_nights"


def upgrade() -> None:
    op.add_column("messages", sa.Column("part_of", sa.String(), nullable=True))
    op.add_column("tickets", sa.Column("incident_id", sa.Integer(), nullable=True))
    op.create_index(
        "tickets_incident",
        "tickets",
        ["incident_id"],
        **only_where("incident_id IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("tickets_incident", "tickets")
    with op.batch_alter_table("tickets") as tickets:
        tickets.drop_column("incident_id")
    with op.batch_alter_table("messages") as messages:
        messages.drop_column("part_of")
