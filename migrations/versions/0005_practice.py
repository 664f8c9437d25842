"""Practice: habits, its answers, the cards of spaced review, hints, certificates, codes for browsers; mastery in enrolments."""

import sqlalchemy as sa
from alembic import op

revision = "0005_practice"
down_revision = "0004_epochs"


def upgrade() -> None:
    op.add_column("enrolments", sa.Column("criterion", sa.String(length=8), server_default="3/4", nullable=False))
    op.add_column("enrolments", sa.Column("placed", sa.Integer(), nullable=True))
    op.add_column("enrolments", sa.Column("finished_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "habits",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("nickname", sa.String(length=20), nullable=True),
        sa.Column("pin", sa.String(length=64), nullable=True),
        sa.Column("pin_failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("pin_locked_until", sa.BigInteger(), nullable=True),
        sa.Column("doubted_at", sa.BigInteger(), nullable=True),
        sa.Column("streak", sa.Integer(), server_default="0", nullable=False),
        sa.Column("streak_day", sa.Integer(), server_default="0", nullable=False),
        sa.Column("longest", sa.Integer(), server_default="0", nullable=False),
        sa.Column("remind_hour", sa.Integer(), nullable=True),
        sa.Column("reminded_on", sa.Integer(), server_default="0", nullable=False),
        sa.Column("folded_answer", sa.Integer(), server_default="0", nullable=False),
        sa.Column("folded_practice", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_habits_learner_id_learners")),
        sa.PrimaryKeyConstraint("learner_id", name=op.f("pk_habits")),
    )
    op.create_index("ix_habits_remind_hour", "habits", ["remind_hour"])
    op.create_table(
        "practice_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(length=8), nullable=False),
        sa.Column("medium", sa.String(length=8), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_practice_answers_course_id_courses")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_practice_answers_learner_id_learners")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_practice_answers_quiz_id_quizzes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_answers")),
        sa.UniqueConstraint("learner_id", "day", "number", name=op.f("uq_practice_answers_learner_id_day_number")),
    )
    op.create_index("ix_practice_answers_course_id", "practice_answers", ["course_id"])
    op.create_table(
        "cards",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column("stability", sa.Float(), nullable=False),
        sa.Column("difficulty", sa.Float(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("last_review", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_cards_quiz_id_quizzes")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_cards_learner_id_learners")),
        sa.PrimaryKeyConstraint("learner_id", "quiz_id", "item_id", name=op.f("pk_cards")),
    )
    op.create_index("ix_cards_learner_id_due", "cards", ["learner_id", "due"])
    op.create_table(
        "hints_shown",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_hints_shown_learner_id_learners")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_hints_shown_quiz_id_quizzes")),
        sa.PrimaryKeyConstraint("learner_id", "quiz_id", "number", "item_id", name=op.f("pk_hints_shown")),
    )
    op.create_table(
        "certificates",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=8), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_certificates_learner_id_learners")),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_certificates_course_id_courses")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_certificates")),
        sa.UniqueConstraint("learner_id", "course_id", name=op.f("uq_certificates_learner_id_course_id")),
    )
    op.create_table(
        "web_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("msisdn", sa.String(length=16), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_web_codes")),
    )
    op.create_index("ix_web_codes_expires_at", "web_codes", ["expires_at"])
    op.create_table(
        "class_boards",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_class_boards_class_id_classes")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_class_boards_staff_id_staff")),
        sa.PrimaryKeyConstraint("class_id", name=op.f("pk_class_boards")),
    )


def downgrade() -> None:
    op.drop_table("class_boards")
    op.drop_index("ix_web_codes_expires_at", table_name="web_codes")
    op.drop_table("web_codes")
    op.drop_table("certificates")
    op.drop_table("hints_shown")
    op.drop_index("ix_cards_learner_id_due", table_name="cards")
    op.drop_table("cards")
    op.drop_index("ix_practice_answers_course_id", table_name="practice_answers")
    op.drop_table("practice_answers")
    op.drop_index("ix_habits_remind_hour", table_name="habits")
    op.drop_table("habits")
    with op.batch_alter_table("enrolments") as batch:
        for column in ("finished_at", "placed", "criterion"):
            batch.drop_column(column)
