"""Recordings and pictures of items and lessons. The bytes lie under instance/files; these rows say whose they are."""

import sqlalchemy as sa
from alembic import op

revision = "0014_media"
down_revision = "0013_listening"


def upgrade() -> None:
    op.create_table(
        "media_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name=op.f("fk_media_files_added_by_staff")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_media_files_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_files")),
        sa.UniqueConstraint("school_id", "digest", name=op.f("uq_media_files_school_id_digest")),
    )
    op.create_index("ix_media_files_digest", "media_files", ["digest"])
    house = sa.text("school_id IS NULL")
    op.create_index(
        "uq_media_files_digest_house", "media_files", ["digest"], unique=True, sqlite_where=house, postgresql_where=house
    )


def downgrade() -> None:
    op.drop_table("media_files")
