"""The house: every table of the first day."""

import sqlalchemy as sa
from alembic import op

revision = "0001_the_house"
down_revision = None


# Courses and quizzes name their current edition, and an edition names its course or quiz: SQLite takes a reference to a
# table that is not there yet; PostgreSQL is told afterwards.
CIRCLES = [("courses", "course_editions"), ("quizzes", "quiz_editions")]


def upgrade() -> None:
    op.create_table(
        "content_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_version")),
    )
    op.create_table(
        "conversations",
        sa.Column("msisdn", sa.String(length=16), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("msisdn", name=op.f("pk_conversations")),
    )
    op.create_table(
        "lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("medium", sa.String(length=8), nullable=False),
        sa.Column("address", sa.String(length=40), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("old_token", sa.String(length=64), nullable=True),
        sa.Column("profile", sa.String(length=20), nullable=False),
        sa.Column("send_url", sa.Text(), nullable=False),
        sa.Column("budget", sa.Integer(), nullable=False),
        sa.Column("prices", sa.Text(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("default_course", sa.String(length=20), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lines")),
        sa.UniqueConstraint("old_token", name=op.f("uq_lines_old_token")),
        sa.UniqueConstraint("provider", "medium", "address", name=op.f("uq_lines_provider_medium_address")),
        sa.UniqueConstraint("token", name=op.f("uq_lines_token")),
    )
    op.create_table(
        "login_tries",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_tries")),
    )
    op.create_table(
        "opt_outs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("msisdn", sa.String(length=16), nullable=False),
        sa.Column("said", sa.String(length=80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opt_outs")),
    )
    with op.batch_alter_table("opt_outs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opt_outs_msisdn"), ["msisdn"], unique=False)

    op.create_table(
        "programmes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
    )
    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programmes_title"), ["title"], unique=False)

    op.create_table(
        "regions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["regions.id"], name=op.f("fk_regions_parent_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regions")),
        sa.UniqueConstraint("code", name=op.f("uq_regions_code")),
    )
    op.create_table(
        "stations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("medium", sa.String(length=8), nullable=False),
        sa.Column("frequency", sa.String(length=40), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("is_open_data", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("revised_at", sa.BigInteger(), nullable=True),
        sa.Column("pulled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stations")),
        sa.UniqueConstraint("slug", name=op.f("uq_stations_slug")),
    )
    op.create_table(
        "channels",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_channels_station_id_stations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
        sa.UniqueConstraint("key", name=op.f("uq_channels_key")),
    )
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channels_station_id"), ["station_id"], unique=False)

    op.create_table(
        "coverage",
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_coverage_region_id_regions")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_coverage_station_id_stations")),
        sa.PrimaryKeyConstraint("station_id", "region_id", name=op.f("pk_coverage")),
    )
    op.create_table(
        "episodes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("quiz_keyword", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_episodes_programme_id_programmes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episodes")),
    )
    with op.batch_alter_table("episodes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_episodes_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("msisdn", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_inbox_line_id_lines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("line_id", "key", name=op.f("uq_inbox_line_id_key")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_inbox_msisdn_waiting",
            ["msisdn"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.create_index("ix_inbox_state_received_at", ["state", "received_at"], unique=False)

    op.create_table(
        "network_sessions",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.String(length=80), nullable=False),
        sa.Column("msisdn", sa.String(length=16), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("hops", sa.Integer(), nullable=False),
        sa.Column("appends", sa.Boolean(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_network_sessions_line_id_lines")),
        sa.PrimaryKeyConstraint("line_id", "network_id", "msisdn", name=op.f("pk_network_sessions")),
    )
    with op.batch_alter_table("network_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_network_sessions_updated_at"), ["updated_at"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("msisdn", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("segments", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=True),
        sa.Column("cost", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["line_id"], ["lines.id"], name=op.f("fk_outbox_line_id_lines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_msisdn"), ["msisdn"], unique=False)
        batch_op.create_index("ix_outbox_provider_id", ["line_id", "provider_id"], unique=False)
        batch_op.create_index("ix_outbox_state_not_before", ["state", "not_before"], unique=False)

    op.create_table(
        "schools",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("npsn", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("region_id", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["regions.id"], name=op.f("fk_schools_region_id_regions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools")),
        sa.UniqueConstraint("npsn", name=op.f("uq_schools_npsn")),
    )
    with op.batch_alter_table("schools", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schools_region_id"), ["region_id"], unique=False)

    op.create_table(
        "station_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("prefix", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_station_keys_station_id_stations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_station_keys_key_hash")),
    )
    with op.batch_alter_table("station_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_station_keys_station_id"), ["station_id"], unique=False)

    op.create_table(
        "classes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_classes_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classes")),
        sa.UniqueConstraint("school_id", "name", name=op.f("uq_classes_school_id_name")),
    )
    with op.batch_alter_table("classes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_classes_school_id"), ["school_id"], unique=False)

    op.create_table(
        "courses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("archived_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["course_editions.id"], name=op.f("fk_courses_edition_id_course_editions"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_courses_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courses")),
        sa.UniqueConstraint("code", name=op.f("uq_courses_code")),
    )
    with op.batch_alter_table("courses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_courses_school_id"), ["school_id"], unique=False)

    op.create_table(
        "slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("episode_id", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.String(length=20), nullable=False),
        sa.Column("every_weeks", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_slots_channel_id_channels")),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_slots_episode_id_episodes")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_slots_programme_id_programmes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
    )
    with op.batch_alter_table("slots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slots_channel_id"), ["channel_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_slots_is_draft"), ["is_draft"], unique=False)
        batch_op.create_index(batch_op.f("ix_slots_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "staff",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("station_slug", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_staff_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_school_id"), ["school_id"], unique=False)

    op.create_table(
        "carriages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=8), nullable=False),
        sa.Column("delay_minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_carriages_channel_id_channels")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_carriages_slot_id_slots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carriages")),
        sa.UniqueConstraint("slot_id", "channel_id", name=op.f("uq_carriages_slot_id_channel_id")),
    )
    with op.batch_alter_table("carriages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carriages_channel_id"), ["channel_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_carriages_slot_id"), ["slot_id"], unique=False)

    op.create_table(
        "course_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_course_editions_course_id_courses")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_course_editions_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_editions")),
        sa.UniqueConstraint("course_id", "number", name=op.f("uq_course_editions_course_id_number")),
    )
    op.create_table(
        "learners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=True),
        sa.Column("msisdn", sa.String(length=16), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["classes.id"], name=op.f("fk_learners_class_id_classes")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_learners_school_id_schools")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learners")),
    )
    with op.batch_alter_table("learners", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learners_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_learners_msisdn"), ["msisdn"], unique=False)
        batch_op.create_index("ix_learners_school_id_name", ["school_id", "name"], unique=False)

    op.create_table(
        "logins",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_logins_staff_id_staff")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_logins")),
    )
    with op.batch_alter_table("logins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_logins_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "occurrences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("channel_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("original_start", sa.DateTime(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("episode", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("quiz_keyword", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_occurrences_channel_id_channels")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_occurrences_slot_id_slots")),
        sa.ForeignKeyConstraint(["station_id"], ["stations.id"], name=op.f("fk_occurrences_station_id_stations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrences")),
        sa.UniqueConstraint(
            "channel_id", "slot_id", "original_start", name=op.f("uq_occurrences_channel_id_slot_id_original_start")
        ),
    )
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_occurrences_slot_id"), ["slot_id"], unique=False)
        batch_op.create_index("ix_occurrences_station_id_start", ["station_id", "start"], unique=False)

    op.create_table(
        "quizzes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("keyword", sa.String(length=20), nullable=False),
        sa.Column("draft", sa.Text(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("archived_at", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_quizzes_course_id_courses")),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["quiz_editions.id"], name=op.f("fk_quizzes_edition_id_quiz_editions"), use_alter=True
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_quizzes_school_id_schools")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_quizzes_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quizzes")),
    )
    with op.batch_alter_table("quizzes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quizzes_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quizzes_school_id"), ["school_id"], unique=False)
        batch_op.create_index(
            "uq_quizzes_keyword_living",
            ["keyword"],
            unique=True,
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )

    op.create_table(
        "slot_exceptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("original_start", sa.DateTime(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("new_start", sa.DateTime(), nullable=True),
        sa.Column("new_minutes", sa.Integer(), nullable=True),
        sa.Column("episode_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["episode_id"], ["episodes.id"], name=op.f("fk_slot_exceptions_episode_id_episodes")),
        sa.ForeignKeyConstraint(["slot_id"], ["slots.id"], name=op.f("fk_slot_exceptions_slot_id_slots")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_exceptions")),
        sa.UniqueConstraint("slot_id", "original_start", name=op.f("uq_slot_exceptions_slot_id_original_start")),
    )
    with op.batch_alter_table("slot_exceptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slot_exceptions_slot_id"), ["slot_id"], unique=False)

    op.create_table(
        "timetable_editions",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_timetable_editions_staff_id_staff")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_timetable_editions")),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("guardian", sa.String(length=80), nullable=False),
        sa.Column("how", sa.String(length=40), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_consents_learner_id_learners")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_consents_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_learner_id"), ["learner_id"], unique=False)

    op.create_table(
        "enrolments",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_enrolments_course_id_courses")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_enrolments_learner_id_learners")),
        sa.PrimaryKeyConstraint("learner_id", "course_id", name=op.f("pk_enrolments")),
    )
    op.create_table(
        "lessons_read",
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("lesson_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["courses.id"], name=op.f("fk_lessons_read_course_id_courses")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_lessons_read_learner_id_learners")),
        sa.PrimaryKeyConstraint("learner_id", "course_id", "lesson_id", name=op.f("pk_lessons_read")),
    )
    op.create_table(
        "quiz_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_quiz_editions_quiz_id_quizzes")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_quiz_editions_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_editions")),
        sa.UniqueConstraint("quiz_id", "number", name=op.f("uq_quiz_editions_quiz_id_number")),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("learner_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["quiz_editions.id"], name=op.f("fk_attempts_edition_id_quiz_editions")),
        sa.ForeignKeyConstraint(["learner_id"], ["learners.id"], name=op.f("fk_attempts_learner_id_learners")),
        sa.ForeignKeyConstraint(["quiz_id"], ["quizzes.id"], name=op.f("fk_attempts_quiz_id_quizzes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("learner_id", "quiz_id", "number", name=op.f("uq_attempts_learner_id_quiz_id_number")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index("ix_attempts_quiz_id", ["quiz_id"], unique=False)

    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(length=8), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("medium", sa.String(length=8), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempts.id"], name=op.f("fk_answers_attempt_id_attempts")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("attempt_id", "item_id", name=op.f("uq_answers_attempt_id_item_id")),
    )

    if op.get_context().dialect.name != "sqlite":
        for table, editions in CIRCLES:
            op.create_foreign_key(op.f(f"fk_{table}_edition_id_{editions}"), table, editions, ["edition_id"], ["id"])


def downgrade() -> None:
    if op.get_context().dialect.name != "sqlite":
        for table, editions in CIRCLES:
            op.drop_constraint(op.f(f"fk_{table}_edition_id_{editions}"), table, type_="foreignkey")

    op.drop_table("answers")
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.drop_index("ix_attempts_quiz_id")

    op.drop_table("attempts")
    op.drop_table("quiz_editions")
    op.drop_table("lessons_read")
    op.drop_table("enrolments")
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consents_learner_id"))

    op.drop_table("consents")
    op.drop_table("timetable_editions")
    with op.batch_alter_table("slot_exceptions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slot_exceptions_slot_id"))

    op.drop_table("slot_exceptions")
    with op.batch_alter_table("quizzes", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_quizzes_keyword_living",
            sqlite_where=sa.text("archived_at IS NULL"),
            postgresql_where=sa.text("archived_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_quizzes_school_id"))
        batch_op.drop_index(batch_op.f("ix_quizzes_course_id"))

    op.drop_table("quizzes")
    with op.batch_alter_table("occurrences", schema=None) as batch_op:
        batch_op.drop_index("ix_occurrences_station_id_start")
        batch_op.drop_index(batch_op.f("ix_occurrences_slot_id"))

    op.drop_table("occurrences")
    with op.batch_alter_table("logins", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_logins_staff_id"))

    op.drop_table("logins")
    with op.batch_alter_table("learners", schema=None) as batch_op:
        batch_op.drop_index("ix_learners_school_id_name")
        batch_op.drop_index(batch_op.f("ix_learners_msisdn"))
        batch_op.drop_index(batch_op.f("ix_learners_class_id"))

    op.drop_table("learners")
    op.drop_table("course_editions")
    with op.batch_alter_table("carriages", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_carriages_slot_id"))
        batch_op.drop_index(batch_op.f("ix_carriages_channel_id"))

    op.drop_table("carriages")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_school_id"))

    op.drop_table("staff")
    with op.batch_alter_table("slots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_slots_programme_id"))
        batch_op.drop_index(batch_op.f("ix_slots_is_draft"))
        batch_op.drop_index(batch_op.f("ix_slots_channel_id"))

    op.drop_table("slots")
    with op.batch_alter_table("courses", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_courses_school_id"))

    op.drop_table("courses")
    with op.batch_alter_table("classes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_classes_school_id"))

    op.drop_table("classes")
    with op.batch_alter_table("station_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_station_keys_station_id"))

    op.drop_table("station_keys")
    with op.batch_alter_table("schools", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_schools_region_id"))

    op.drop_table("schools")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_state_not_before")
        batch_op.drop_index("ix_outbox_provider_id")
        batch_op.drop_index(batch_op.f("ix_outbox_msisdn"))

    op.drop_table("outbox")
    with op.batch_alter_table("network_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_network_sessions_updated_at"))

    op.drop_table("network_sessions")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_inbox_state_received_at")
        batch_op.drop_index(
            "ix_inbox_msisdn_waiting", sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'")
        )

    op.drop_table("inbox")
    with op.batch_alter_table("episodes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_episodes_programme_id"))

    op.drop_table("episodes")
    op.drop_table("coverage")
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channels_station_id"))

    op.drop_table("channels")
    op.drop_table("stations")
    op.drop_table("regions")
    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programmes_title"))

    op.drop_table("programmes")
    with op.batch_alter_table("opt_outs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opt_outs_msisdn"))

    op.drop_table("opt_outs")
    op.drop_table("login_tries")
    op.drop_table("lines")
    op.drop_table("conversations")
    op.drop_table("content_version")
