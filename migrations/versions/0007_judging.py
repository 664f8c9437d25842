"""Marking again: what was decided after the fact, and each mark before and after."""

import sqlalchemy as sa
from alembic import op

revision = "0007_judging"
down_revision = "0006_authoring"


def upgrade() -> None:
    op.create_table(
        "remarks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(length=8), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("is_taught", sa.Boolean(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_remarks_quiz_id_quizzes")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_remarks_school_id_schools")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_remarks_staff_id_staff")),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name=op.f("fk_remarks_undone_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remarks")),
    )
    op.create_index("ix_remarks_quiz_id_item_id", "remarks", ["quiz_id", "item_id"])
    op.create_table(
        "remarked",
        sa.Column("remark_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("mark_before", sa.String(length=8), nullable=False),
        sa.Column("score_before", sa.Integer(), nullable=False),
        sa.Column("mark_after", sa.String(length=8), nullable=False),
        sa.Column("score_after", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answers.id"], name=op.f("fk_remarked_answer_id_answers"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["remark_id"], ["remarks.id"], name=op.f("fk_remarked_remark_id_remarks")),
        sa.PrimaryKeyConstraint("remark_id", "answer_id", name=op.f("pk_remarked")),
    )
    op.create_index(op.f("ix_remarked_answer_id"), "remarked", ["answer_id"])
    op.create_table(
        "called",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_called_learner_id_learners"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_called_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_called")),
    )
    op.create_index(op.f("ix_called_learner_id"), "called", ["learner_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_called_learner_id"), "called")
    op.drop_table("called")
    op.drop_index(op.f("ix_remarked_answer_id"), "remarked")
    op.drop_table("remarked")
    op.drop_index("ix_remarks_quiz_id_item_id", "remarks")
    op.drop_table("remarks")
