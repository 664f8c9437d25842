"""When a message was sent, where the network held it back. Empty in what came before."""

import sqlalchemy as sa
from alembic import op

revision = "0002_said_at"
down_revision = "0001_the_house"


def upgrade() -> None:
    op.add_column("inbox", sa.Column("said_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("inbox", "said_at")
