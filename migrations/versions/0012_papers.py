"""Files that hang on an episode, and which station fetched them when.

A published airing says from now on of which episode it is. For those that stand already it is told by programme and title, where
one episode alone has it; the others say it when their slot is next published.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012_papers"
down_revision = "0011_gateway"


def upgrade() -> None:
    op.add_column("occurrences", sa.Column("episode_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE occurrences SET episode_id = (SELECT CASE WHEN count(*) = 1 THEN min(e.id) END FROM episodes e"
        " JOIN slots s ON s.programme_id = e.programme_id WHERE s.id = occurrences.slot_id AND e.title = occurrences.episode)"
        " WHERE episode <> ''"
    )
    op.create_index("ix_occurrences_episode_id_start", "occurrences", ["episode_id", "start"])
    op.create_table(
        "episode_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("added_by", sa.String(length=60), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("removed_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_episode_files_episode_id_episodes")),
        sa.ForeignKeyConstraint(["replaces_id"], ["episode_files.id"], name=op.f("fk_episode_files_replaces_id_episode_files")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode_files")),
    )
    op.create_index(op.f("ix_episode_files_episode_id"), "episode_files", ["episode_id"])
    op.create_index(op.f("ix_episode_files_digest"), "episode_files", ["digest"])
    offered = sa.text("removed_at IS NULL")
    op.create_index(
        "uq_episode_files_offered", "episode_files", ["episode_id", "digest"], unique=True,
        sqlite_where=offered, postgresql_where=offered,
    )  # fmt: skip
    op.create_table(
        "file_fetches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["episode_files.id"], name=op.f("fk_file_fetches_file_id_episode_files")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_file_fetches_station_id_stations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_fetches")),
        sa.UniqueConstraint("file_id", "station_id", name=op.f("uq_file_fetches_file_id_station_id")),
    )
    op.create_index(op.f("ix_file_fetches_station_id"), "file_fetches", ["station_id"])


def downgrade() -> None:
    op.drop_table("file_fetches")
    op.drop_table("episode_files")
    op.drop_index("ix_occurrences_episode_id_start", "occurrences")
    op.drop_column("occurrences", "episode_id")
