"""Words of agents keep their formatting and their files on the way to customers."""

import sqlalchemy as sa
from alembic import op

revision = "0015_agent_words"
down_revision = "0014_revised_files"


def upgrade() -> None:
    op.add_column("relays", sa.Column("markup", sa.String, nullable=True))
    op.add_column("relays", sa.Column("files", sa.JSON, nullable=False, server_default="[]"))


def downgrade() -> None:
    op.drop_column("relays", "files")
    op.drop_column("relays", "markup")
