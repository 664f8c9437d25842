"""Which networks may call a line, until when its own network is left alone, and which announcement a message is of.

All of it may be missing: older processes go on.

Old USSD sessions are found by when they began: the index on their newest hop cost every hop two pages.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011_gateway"
down_revision = "0010_feeds"


def upgrade() -> None:
    op.add_column("lines", sa.Column("networks", sa.Text(), server_default="[]", nullable=False))
    op.add_column("lines", sa.Column("rest_until", sa.BigInteger(), nullable=True))
    op.add_column("outbox", sa.Column("broadcast_id", sa.Integer(), nullable=True))
    named = sa.text("broadcast_id IS NOT NULL")
    op.create_index("ix_outbox_broadcast_id", "outbox", ["broadcast_id"], sqlite_where=named, postgresql_where=named)
    op.add_column("network_sessions", sa.Column("begun_at", sa.BigInteger(), nullable=True))
    op.execute("UPDATE network_sessions SET begun_at = updated_at")
    op.drop_index("ix_network_sessions_updated_at", "network_sessions")
    op.create_index("ix_network_sessions_begun_at", "network_sessions", ["begun_at"])


def downgrade() -> None:
    op.drop_index("ix_network_sessions_begun_at", "network_sessions")
    op.create_index("ix_network_sessions_updated_at", "network_sessions", ["updated_at"])
    op.drop_column("network_sessions", "begun_at")
    op.drop_index("ix_outbox_broadcast_id", "outbox")
    op.drop_column("outbox", "broadcast_id")
    op.drop_column("lines", "rest_until")
    op.drop_column("lines", "networks")
