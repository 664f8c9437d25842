"""Rows of authoring."""

revision = "0006_authoring"
down_revision = "0005_practice"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
