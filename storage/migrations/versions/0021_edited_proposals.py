"""Why a change is proposed, whether agents edited it, and its worth as a whole number."""

import sqlalchemy as sa
from alembic import op

revision = "0021_edited_proposals"
down_revision = "0020_steps"


def upgrade() -> None:
    op.execute("UPDATE proposals SET amount = round(amount * 10000) WHERE amount IS NOT NULL")
    with op.batch_alter_table("proposals") as proposals:
        proposals.alter_column("amount", type_=sa.BigInteger(), existing_type=sa.Float())
        proposals.add_column(sa.Column("why", sa.String(), nullable=False, server_default=""))
        proposals.add_column(sa.Column("edition", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("proposals") as proposals:
        proposals.drop_column("edition")
        proposals.drop_column("why")
        proposals.alter_column("amount", type_=sa.Float(), existing_type=sa.BigInteger())
    op.execute("UPDATE proposals SET amount = amount / 10000 WHERE amount IS NOT NULL")
