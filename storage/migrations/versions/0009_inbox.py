"""Messages that were taken in and whose story has not begun."""

import sqlalchemy as sa
from alembic import op

revision = "0009_inbox"
down_revision = "0008_streams"


def upgrade() -> None:
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def downgrade() -> None:
    op.drop_table("inbox")
