"""Rows of carriage and as-run: offers to stations, who speaks for them, what they aired."""

import sqlalchemy as sa
from alembic import op

revision = "0009_carriage"
down_revision = "0008_planning"


def upgrade() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("delay_minutes", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_at", sa.String(length=5), nullable=False),
        sa.Column("offered_at", sa.BigInteger(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("answered_by", sa.String(length=60), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_offers_channel_id_channels")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_offers_slot_id_slots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint("code", name=op.f("uq_offers_code")),
        sa.UniqueConstraint("slot_id", "channel_id", name=op.f("uq_offers_slot_id_channel_id")),
    )
    op.create_index(op.f("ix_offers_channel_id"), "offers", ["channel_id"])
    op.create_index(op.f("ix_offers_state"), "offers", ["state"])
    op.create_table(
        "station_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("msisdn", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_station_contacts_station_id_stations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_contacts")),
        sa.UniqueConstraint("msisdn", name=op.f("uq_station_contacts_msisdn")),
    )
    op.create_index(op.f("ix_station_contacts_station_id"), "station_contacts", ["station_id"])
    op.create_table(
        "as_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=True),
        sa.Column("end", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=160), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("was", sa.String(length=10), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrences.id"], name=op.f("fk_as_runs_occurrence_id_occurrences")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_as_runs_station_id_stations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_as_runs")),
        sa.UniqueConstraint("occurrence_id", name=op.f("uq_as_runs_occurrence_id")),
    )
    op.create_index("ix_as_runs_station_id_reported_at", "as_runs", ["station_id", "reported_at"])
    op.create_table(
        "asked_as_runs",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_asked_as_runs_station_id_stations")),
        sa.PrimaryKeyConstraint("station_id", "day", name=op.f("pk_asked_as_runs")),
    )


def downgrade() -> None:
    op.drop_table("asked_as_runs")
    op.drop_table("as_runs")
    op.drop_table("station_contacts")
    op.drop_table("offers")
