"""Rows of feeds: slots that came from files, files between dry run and import, bearers for RadioDNS."""

import sqlalchemy as sa
from alembic import op

revision = "0010_feeds"
down_revision = "0009_carriage"


def upgrade() -> None:
    op.create_table(
        "imported_slots",
        sa.Column("slot_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_imported_slots_slot_id_slots")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_imported_slots_station_id_stations")),
        sa.PrimaryKeyConstraint("slot_id", name=op.f("pk_imported_slots")),
    )
    with op.batch_alter_table("imported_slots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_imported_slots_station_id"), ["station_id"], unique=False)
    op.create_table(
        "timetable_uploads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_timetable_uploads_staff_id_staff")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_timetable_uploads_station_id_stations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timetable_uploads")),
    )
    with op.batch_alter_table("timetable_uploads", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_timetable_uploads_station_id"), ["station_id"], unique=False)
    op.create_table(
        "bearers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("uri", sa.String(length=200), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("mime", sa.String(length=60), nullable=False),
        sa.Column("kbps", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_bearers_channel_id_channels")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bearers")),
        sa.UniqueConstraint("channel_id", "uri", name=op.f("uq_bearers_channel_id_uri")),
    )


def downgrade() -> None:
    op.drop_table("bearers")
    with op.batch_alter_table("timetable_uploads", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_timetable_uploads_station_id"))
    op.drop_table("timetable_uploads")
    with op.batch_alter_table("imported_slots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_imported_slots_station_id"))
    op.drop_table("imported_slots")
