"""How the shelf stands: what could not be read, was passed over, was not plain, has an end."""

import sqlalchemy as sa
from alembic import op

revision = "0013_shelf"
down_revision = "0011_vectors"

EMPTY = {"doubts": "[]", "left_out": "{}"}


def upgrade() -> None:
    op.create_table(
        "article_sources",
        sa.Column("origin", sa.String, primary_key=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("missing", sa.String, nullable=False),
        sa.Column("left_out", sa.JSON, nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "unread_files",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("origin", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("kept", sa.Boolean, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("origin", "source", name="unread_files_source"),
    )
    op.add_column("articles", sa.Column("updated_on", sa.Date))
    op.add_column("articles", sa.Column("expires_on", sa.Date))
    for name, empty in EMPTY.items():
        op.add_column("articles", sa.Column(name, sa.JSON, nullable=False, server_default=empty))


def downgrade() -> None:
    for name in ("left_out", "doubts", "expires_on", "updated_on"):
        op.drop_column("articles", name)
    op.drop_table("unread_files")
    op.drop_table("article_sources")
