"""Rows of practice."""

revision = "0005_practice"
down_revision = "0004_epochs"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
