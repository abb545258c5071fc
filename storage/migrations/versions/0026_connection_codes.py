"""Whom a link would connect, once its person has said so in Slack, and how often they tried."""

import sqlalchemy as sa
from alembic import op

revision = "0026_connection_codes"
down_revision = "0025_webhooks"


def upgrade() -> None:
    with op.batch_alter_table("connection_links") as links:
        links.add_column(sa.Column("customer", sa.String, nullable=True))
        links.add_column(sa.Column("typed", sa.String, nullable=True))
        links.add_column(sa.Column("tries", sa.Integer, nullable=False, server_default="0"))
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("connection_links", "tries", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("connection_links") as links:
        links.drop_column("tries")
        links.drop_column("typed")
        links.drop_column("customer")
