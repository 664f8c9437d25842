"""What learning at 160 characters still lacked: which paper an answer came from, which question an accepted answer answers,
and what a line's route filters out of SMS.

All of it may be missing: older processes go on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015_learning"
down_revision = "0014_media"


def upgrade() -> None:
    op.add_column("answers", sa.Column("sheet", sa.String(1), server_default="", nullable=False))
    op.add_column("remarks", sa.Column("question", sa.String(64), server_default="", nullable=False))
    op.add_column("lines", sa.Column("filters", sa.String(12), server_default="strict", nullable=False))


def downgrade() -> None:
    op.drop_column("lines", "filters")
    op.drop_column("remarks", "question")
    op.drop_column("answers", "sheet")
