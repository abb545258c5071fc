"""What the gate decided, what an answer rests on, and approved answers."""

import sqlalchemy as sa
from alembic import op

revision = "0004_answers"
down_revision = "0003_money"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("decisions", sa.Column("gate", sa.JSON(), nullable=True))
    op.add_column(
        "decisions", sa.Column("evidence", sa.JSON(), nullable=False, server_default="[]")
    )
    op.add_column("decisions", sa.Column("reused", sa.String(), nullable=True))
    op.add_column(
        "decisions",
        sa.Column("saved_nano_dollars", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.create_table(
        "approvals",
        sa.Column("message_key", sa.String(), primary_key=True),
        sa.Column("ticket_id", sa.Integer(), sa.ForeignKey("tickets.id"), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("intent", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("triage", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("nano_dollars", sa.BigInteger(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("approved_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
    )
    op.create_index("approvals_question", "approvals", ["fingerprint", "approved_at"])


def downgrade() -> None:
    op.drop_table("approvals")
    for name in ("saved_nano_dollars", "reused", "evidence", "gate"):
        op.drop_column("decisions", name)
