"""A listener asks to be reminded before a programme; a quiz opens by an airing."""

revision = "0013_listening"
down_revision = "0012_papers"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
