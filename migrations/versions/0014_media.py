"""Recordings and pictures of items and lessons."""

revision = "0014_media"
down_revision = "0013_listening"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
