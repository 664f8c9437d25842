"""Rows of the gateway."""

revision = "0011_gateway"
down_revision = "0010_feeds"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
