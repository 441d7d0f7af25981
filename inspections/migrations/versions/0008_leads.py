"""Sealed leads, the case room's keys, two voices on a grave paper."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime, append_only_ddl

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_room_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_pem", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("answer_sha256", sa.String(), nullable=False),
        sa.Column("enrolled_by_id", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", UtcDateTime(), nullable=False),
        sa.Column("proved_at", UtcDateTime(), nullable=True),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolled_by_id"], ["users.id"], name=op.f("fk_case_room_keys_enrolled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_room_keys")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_case_room_keys_fingerprint")),
        sa.UniqueConstraint("uuid", name=op.f("uq_case_room_keys_uuid")),
    )
    op.create_table(
        "finding_gate_voices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("verdict IN ('', 'problem', 'lead')", name=op.f("ck_finding_gate_voices_verdict")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_finding_gate_voices_actor_id")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["findings.id"], name=op.f("fk_finding_gate_voices_finding_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_gate_voices")),
    )
    with op.batch_alter_table("finding_gate_voices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_gate_voices_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "sealed_leads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_planning_only", sa.Boolean(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("sealed_by_id", sa.Integer(), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("unit_planning_only = false", name=op.f("ck_sealed_leads_no_real_place")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_sealed_leads_finding_id")),
        sa.ForeignKeyConstraint(["key_id"], ["case_room_keys.id"], name=op.f("fk_sealed_leads_key_id")),
        sa.ForeignKeyConstraint(["sealed_by_id"], ["users.id"], name=op.f("fk_sealed_leads_sealed_by_id")),
        sa.ForeignKeyConstraint(
            ["unit_id", "unit_planning_only"],
            ["units.id", "units.planning_only"],
            name="fk_sealed_leads_unit_id_planning_only",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_leads")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_sealed_leads_finding_id")),
        sa.UniqueConstraint("number", name=op.f("uq_sealed_leads_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_sealed_leads_uuid")),
    )
    op.create_table(
        "lead_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("disposal", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "disposal IN ('', 'LD1', 'LD2', 'LD3', 'LD4')", name=op.f("ck_lead_steps_disposal")
        ),
        sa.CheckConstraint("what IN ('received', 'disposed', 'finished')", name=op.f("ck_lead_steps_what")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_lead_steps_actor_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["sealed_leads.id"], name=op.f("fk_lead_steps_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_steps")),
    )
    with op.batch_alter_table("lead_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_steps_lead_id"), ["lead_id"], unique=False)

    with op.batch_alter_table("finding_steps", schema=None) as batch_op:
        batch_op.create_index("ix_finding_steps_state_at", ["state", "at"], unique=False)

    dialect = op.get_bind().dialect.name
    for table in (
        "finding_gate_voices",
        "sealed_leads",
        "lead_steps",
    ):
        for statement in append_only_ddl(table, dialect):
            op.execute(statement)
