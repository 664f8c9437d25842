"""A listener asks to be reminded before a programme; a quiz opens by an airing."""

import sqlalchemy as sa
from alembic import op

revision = "0013_listening"
down_revision = "0012_papers"


def upgrade() -> None:
    op.create_table(
        "programme_wishes",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_programme_wishes_learner_id_learners")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_programme_wishes_slot_id_slots")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_programme_wishes_station_id_stations")),
        sa.PrimaryKeyConstraint("learner_id", "slot_id", "station_id", name=op.f("pk_programme_wishes")),
    )
    op.create_index("ix_programme_wishes_station_id_slot_id", "programme_wishes", ["station_id", "slot_id"])
    op.create_table(
        "programme_reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("original_start", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_programme_reminders_learner_id_learners")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_programme_reminders_slot_id_slots")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_programme_reminders_station_id_stations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_reminders")),
        sa.UniqueConstraint(
            "learner_id", "slot_id", "station_id", "original_start",
            name=op.f("uq_programme_reminders_airing"),
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_programme_reminders_at"), "programme_reminders", ["at"])
    # What opens a quiz: the airings of one slot on one day at all stations, or of what names the quiz.
    op.create_index("ix_occurrences_slot_id_original_start", "occurrences", ["slot_id", "original_start"])
    op.create_index(
        "ix_occurrences_quiz_keyword", "occurrences", ["quiz_keyword", "start"],
        sqlite_where=sa.text("quiz_keyword <> ''"), postgresql_where=sa.text("quiz_keyword <> ''"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_occurrences_quiz_keyword", "occurrences")
    op.drop_index("ix_occurrences_slot_id_original_start", "occurrences")
    op.drop_table("programme_reminders")
    op.drop_table("programme_wishes")
