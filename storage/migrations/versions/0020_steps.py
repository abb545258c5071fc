"""What the steps of stories came to."""

import sqlalchemy as sa
from alembic import op

revision = "0020_steps"
down_revision = "0019_proposals"


def upgrade() -> None:
    op.create_table(
        "steps",
        sa.Column("story", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("raised", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("story", "name", "nth"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("steps")
