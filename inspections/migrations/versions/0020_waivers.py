"""Waivers: for one cycle a tie does not bar, because one person asked and another agreed."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waivers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'refused', 'revoked')", name=op.f("ck_waivers_state")
        ),
        sa.CheckConstraint("(unit_id IS NULL) <> (other_id IS NULL)", name=op.f("ck_waivers_one_object")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_waivers_asked_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_waivers_cycle_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_waivers_decided_by_id")),
        sa.ForeignKeyConstraint(["other_id"], ["people.id"], name=op.f("fk_waivers_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_waivers_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_waivers_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waivers")),
        sa.UniqueConstraint("uuid", name=op.f("uq_waivers_uuid")),
    )
    with op.batch_alter_table("waivers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waivers_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_waivers_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_waivers_unit_id"), ["unit_id"], unique=False)
