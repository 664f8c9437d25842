"""Rows of feeds."""

revision = "0010_feeds"
down_revision = "0009_carriage"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
