"""Files that hang on an episode, and which station fetched them when."""

revision = "0012_papers"
down_revision = "0011_gateway"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
