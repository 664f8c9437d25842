"""The ledger, announcements, and what they need of a message: its price, its urgency, its quiet hours.

What waits in the outbox when this arrives was answers only: urgent, as the default says. No column needs the table copied.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003_money"
down_revision = "0002_said_at"


def columns() -> list[sa.Column]:
    return [
        sa.Column("urgency", sa.Integer(), server_default="0", nullable=False),
        sa.Column("price", sa.Integer(), server_default="0", nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("paid", sa.String(length=8), server_default="no", nullable=False),
        sa.Column("paid_on", sa.Integer(), nullable=True),
        sa.Column("quiet_at", sa.BigInteger(), nullable=True),
        sa.Column("moved_from", sa.Integer(), nullable=True),
    ]


def upgrade() -> None:
    op.create_table(
        "budgets",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("school_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("segments_reserved", sa.Integer(), nullable=False),
        sa.Column("rupiah_reserved", sa.BigInteger(), nullable=False),
        sa.Column("segments_spent", sa.Integer(), nullable=False),
        sa.Column("rupiah_spent", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "school_id", name=op.f("pk_budgets")),
    )
    op.create_table(
        "school_budgets",
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("daily_segments", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_school_budgets_school_id_schools")),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_school_budgets")),
    )
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("messages", sa.Integer(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("rupiah", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_broadcasts_class_id_classes")),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_broadcasts_line_id_lines")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_broadcasts_school_id_schools")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_broadcasts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcasts")),
        sa.UniqueConstraint("key", name=op.f("uq_broadcasts_key")),
    )
    op.create_index(op.f("ix_broadcasts_school_id"), "broadcasts", ["school_id"])
    for column in columns():
        op.add_column("outbox", column)
    op.create_index("ix_outbox_state_line_id", "outbox", ["state", "line_id", "urgency", "not_before"])
    op.drop_index("ix_outbox_state_not_before", "outbox")


def downgrade() -> None:
    op.create_index("ix_outbox_state_not_before", "outbox", ["state", "not_before"])
    op.drop_index("ix_outbox_state_line_id", "outbox")
    for column in columns():
        op.drop_column("outbox", column.name)
    for table in ("broadcasts", "school_budgets", "budgets"):
        op.drop_table(table)
