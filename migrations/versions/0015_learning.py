"""What learning at 160 characters still lacked."""

revision = "0015_learning"
down_revision = "0014_media"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
