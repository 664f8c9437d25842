"""Rows of results and marking again."""

revision = "0007_judging"
down_revision = "0006_authoring"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
