"""Declarations, trainings, absences, blackouts, and requests that somebody steps aside."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime, append_only_ddl

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blackouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint('"end" >= start', name=op.f("ck_blackouts_dates")),
        sa.CheckConstraint("(area_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_blackouts_one_place")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_blackouts_area_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_blackouts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackouts")),
        sa.UniqueConstraint("uuid", name=op.f("uq_blackouts_uuid")),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint('"end" >= start', name=op.f("ck_absences_dates")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["users.id"], name=op.f("fk_absences_entered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_absences_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint("uuid", name=op.f("uq_absences_uuid")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absences_entered_by_id"), ["entered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absences_person_id"), ["person_id"], unique=False)

    op.create_table(
        "recusal_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind_code", sa.String(), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("person_words", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "raised_by IN ('unit', 'self', 'member', 'organ')", name=op.f("ck_recusal_requests_raised_by")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_recusal_requests_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["kind_code"], ["recusal_kinds.code"], name=op.f("fk_recusal_requests_kind_code")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recusal_requests_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_recusal_requests_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal_requests")),
        sa.UniqueConstraint("uuid", name=op.f("uq_recusal_requests_uuid")),
    )
    with op.batch_alter_table("recusal_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_requests_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recusal_requests_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "declarations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("nil", sa.Boolean(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_declarations_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_declarations_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_declarations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
        sa.UniqueConstraint("uuid", name=op.f("uq_declarations_uuid")),
    )
    with op.batch_alter_table("declarations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declarations_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declarations_person_id"), ["person_id"], unique=False)

    op.create_table(
        "readiness_rules",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("declarations", sa.Boolean(), nullable=False),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_readiness_rules_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_readiness_rules")),
    )
    op.create_table(
        "recusal_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "step IN ('applied', 'checked', 'decided', 'substituted', 'approved')",
            name=op.f("ck_recusal_steps_step"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_recusal_steps_actor_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["recusal_requests.id"], name=op.f("fk_recusal_steps_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["people.id"], name=op.f("fk_recusal_steps_substitute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal_steps")),
        sa.UniqueConstraint("request_id", "step", name=op.f("uq_recusal_steps_request_id_step")),
    )
    with op.batch_alter_table("recusal_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_steps_request_id"), ["request_id"], unique=False)

    op.create_table(
        "trainings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_trainings_cycle_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_trainings_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
        sa.UniqueConstraint("uuid", name=op.f("uq_trainings_uuid")),
    )
    with op.batch_alter_table("trainings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trainings_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "training_people",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_training_people_person_id")),
        sa.ForeignKeyConstraint(
            ["training_id"], ["trainings.id"], name=op.f("fk_training_people_training_id")
        ),
        sa.PrimaryKeyConstraint("training_id", "person_id", name=op.f("pk_training_people")),
    )

    dialect = op.get_bind().dialect.name
    for table in (
        "declarations",
        "recusal_steps",
    ):
        for statement in append_only_ddl(table, dialect):
            op.execute(statement)
