"""Rows of planning."""

revision = "0008_planning"
down_revision = "0007_judging"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
