"""Where messages stand that are being written piece by piece."""

import sqlalchemy as sa
from alembic import op

revision = "0008_streams"
down_revision = "0007_articles_by_origin"


def upgrade() -> None:
    op.create_table(
        "streams",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel_id", sa.String(), nullable=False),
        sa.Column("ts", sa.String(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("streams_when", "streams", ["begun_at"])


def downgrade() -> None:
    op.drop_index("streams_when", "streams")
    op.drop_table("streams")
