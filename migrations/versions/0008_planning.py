"""Rows of planning: rules beyond weeks, what lies over them, episodes along a slot, editions as they were.

PostgreSQL itself refuses two airings that overlap on a channel. A channel and a span of milliseconds are one range of numbers
(a channel's share is 2^42 milliseconds, which last until 2109), so no extension is needed: an exclusion constraint over
btree_gist would want one. It is looked at when a transaction ends: airings may change places within one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_planning"
down_revision = "0007_judging"

SHARE = 2**42


def columns() -> dict[str, list[sa.Column]]:
    return {
        "programmes": [sa.Column("presenter", sa.String(length=120), server_default=sa.text("''"), nullable=False)],
        "episodes": [
            sa.Column("lesson", sa.String(length=80), server_default=sa.text("''"), nullable=False),
            sa.Column("ready_at", sa.BigInteger(), nullable=True),
        ],
        "timetable_editions": [sa.Column("rolled_back_to", sa.Integer(), nullable=True)],
        "occurrences": [
            sa.Column("is_repeat", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("lesson", sa.String(length=80), server_default=sa.text("''"), nullable=False),
            sa.Column("may_overlap", sa.Boolean(), server_default=sa.false(), nullable=False),
        ],
    }


def slot_columns() -> list[sa.Column]:
    return [
        sa.Column("pattern", sa.String(length=200), server_default=sa.text("''"), nullable=False),
        sa.Column("earlier", sa.Text(), server_default="[]", nullable=False),
        sa.Column("presenter", sa.String(length=120), server_default=sa.text("''"), nullable=False),
        sa.Column("is_repeat", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("repeats_id", sa.Integer(), nullable=True),
        sa.Column("run_from", sa.Date(), nullable=True),
        sa.Column("follows", sa.String(length=4), server_default="date", nullable=False),
    ]


def upgrade() -> None:
    for table, added in columns().items():
        for column in added:
            op.add_column(table, column)
    with op.batch_alter_table("slots") as slots:
        for column in slot_columns():
            slots.add_column(column)
        slots.create_foreign_key(op.f("fk_slots_repeats_id_slots"), "slots", ["repeats_id"], ["id"])
    op.create_table(
        "slot_episodes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_slot_episodes_episode_id_episodes")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_slot_episodes_slot_id_slots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_episodes")),
        sa.UniqueConstraint("slot_id", "position", name=op.f("uq_slot_episodes_slot_id_position")),
    )
    op.create_index(op.f("ix_slot_episodes_slot_id"), "slot_episodes", ["slot_id"])
    op.create_table(
        "seasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("is_provisional", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seasons")),
    )
    op.create_table(
        "season_effects",
        sa.Column("season_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=True),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["season_id"], ["seasons.id"], name=op.f("fk_season_effects_season_id_seasons")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_season_effects_slot_id_slots")),
        sa.PrimaryKeyConstraint("season_id", "slot_id", name=op.f("pk_season_effects")),
    )
    op.create_index(op.f("ix_season_effects_slot_id"), "season_effects", ["slot_id"])
    op.create_table(
        "blackouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_blackouts_station_id_stations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackouts")),
    )
    op.create_index(op.f("ix_blackouts_station_id"), "blackouts", ["station_id"])
    op.create_table(
        "edition_slots",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("frozen", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"], ["timetable_editions.number"], name=op.f("fk_edition_slots_number_timetable_editions")
        ),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_edition_slots_slot_id_slots")),
        sa.PrimaryKeyConstraint("number", "slot_id", name=op.f("pk_edition_slots")),
    )
    op.create_index(op.f("ix_edition_slots_slot_id"), "edition_slots", ["slot_id"])
    if op.get_bind().dialect.name == "postgresql":
        _let_overlaps_that_are_published_stand()
        op.execute(
            f"ALTER TABLE occurrences ADD CONSTRAINT ex_occurrences_overlap EXCLUDE USING gist"
            f' (int8range(channel_id * {SHARE} + start, channel_id * {SHARE} + "end") WITH &&)'
            " WHERE (status <> 'cancelled' AND NOT may_overlap) DEFERRABLE INITIALLY DEFERRED"
        )


def _let_overlaps_that_are_published_stand() -> None:
    op.execute(
        "UPDATE occurrences o SET may_overlap = true WHERE status <> 'cancelled' AND EXISTS (SELECT 1 FROM occurrences p"
        " WHERE p.channel_id = o.channel_id AND p.id <> o.id AND p.status <> 'cancelled'"
        ' AND p.start < o."end" AND o.start < p."end" AND p.start > o.start - 86400000)'
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE occurrences DROP CONSTRAINT ex_occurrences_overlap")
    for table in ("edition_slots", "blackouts", "season_effects", "seasons", "slot_episodes"):
        op.drop_table(table)
    with op.batch_alter_table("slots") as slots:
        slots.drop_constraint(op.f("fk_slots_repeats_id_slots"), type_="foreignkey")
        for column in slot_columns():
            slots.drop_column(column.name)
    for table, added in columns().items():
        for column in added:
            op.drop_column(table, column.name)
