"""What passages mean, for desks that order what they find by it."""

import sqlalchemy as sa
from alembic import op

revision = "0011_vectors"
down_revision = "0010_decisions_reused"


def upgrade() -> None:
    op.create_table(
        "passage_vectors",
        sa.Column(
            "passage_id",
            sa.Integer,
            sa.ForeignKey("passages.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("model", sa.String, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("passage_vectors")
