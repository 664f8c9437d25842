"""Drafts as they were before they were saved over, what schools share, and who wrote a course."""

import sqlalchemy as sa
from alembic import op

revision = "0006_authoring"
down_revision = "0005_practice"


def upgrade() -> None:
    op.create_table(
        "saved_drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("of", sa.String(length=8), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_saved_drafts_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_drafts")),
    )
    op.create_index("ix_saved_drafts_of_of_id", "saved_drafts", ["of", "of_id"])
    op.create_table(
        "shared",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("of", sa.String(length=8), nullable=False),
        sa.Column("of_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=80), nullable=False),
        sa.Column("school", sa.String(length=120), nullable=False),
        sa.Column("licence", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("phase", sa.String(length=8), nullable=False),
        sa.Column("grade", sa.String(length=20), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("shared_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_shared_school_id_schools")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_shared_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared")),
        sa.UniqueConstraint("of", "of_id", name=op.f("uq_shared_of_of_id")),
    )
    with op.batch_alter_table("courses") as batch:
        batch.add_column(sa.Column("staff_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("updated_at", sa.BigInteger(), nullable=True))
        batch.create_foreign_key(op.f("fk_courses_staff_id_staff"), "staff", ["staff_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("courses") as batch:
        batch.drop_constraint(op.f("fk_courses_staff_id_staff"), type_="foreignkey")
        batch.drop_column("updated_at")
        batch.drop_column("staff_id")
    op.drop_table("shared")
    op.drop_index("ix_saved_drafts_of_of_id", "saved_drafts")
    op.drop_table("saved_drafts")
