"""Signs that have to be put on or taken off."""

import sqlalchemy as sa
from alembic import op

revision = "0017_signs"
down_revision = "0016_card_notes"


def upgrade() -> None:
    op.create_table(
        "signs",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("names", sa.String(), nullable=False),
        sa.Column("standing", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )


def downgrade() -> None:
    op.drop_table("signs")
