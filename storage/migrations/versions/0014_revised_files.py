"""An edit may add files to a message."""

import sqlalchemy as sa
from alembic import op

revision = "0014_revised_files"
down_revision = "0013_shelf"


def upgrade() -> None:
    op.add_column("revisions", sa.Column("files", sa.JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("revisions", "files")
