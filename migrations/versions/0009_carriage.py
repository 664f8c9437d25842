"""Rows of carriage and as-run."""

revision = "0009_carriage"
down_revision = "0008_planning"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
