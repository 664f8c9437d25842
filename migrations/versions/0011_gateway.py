"""Which networks may call a line, and until when its own network is left alone. Both may be missing: older processes go on."""

import sqlalchemy as sa
from alembic import op

revision = "0011_gateway"
down_revision = "0010_feeds"


def upgrade() -> None:
    op.add_column("lines", sa.Column("networks", sa.Text(), server_default="[]", nullable=False))
    op.add_column("lines", sa.Column("rest_until", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("lines", "rest_until")
    op.drop_column("lines", "networks")
