"""When the database was put back from a copy, and when it was let send again."""

import sqlalchemy as sa
from alembic import op

revision = "0004_epochs"
down_revision = "0003_money"


def upgrade() -> None:
    op.create_table(
        "epochs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("restored_at", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_epochs")),
    )


def downgrade() -> None:
    op.drop_table("epochs")
