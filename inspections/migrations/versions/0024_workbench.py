"""Changes by hand before they are saved as a version, and what a planner locks."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adjustments",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_adjustments_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_adjustments")),
    )
    op.create_table(
        "plan_locks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("pin", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('seat', 'visit', 'team')", name=op.f("ck_plan_locks_kind")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_plan_locks_created_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_plan_locks_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_locks")),
        sa.UniqueConstraint("uuid", name=op.f("uq_plan_locks_uuid")),
    )
    op.create_index(op.f("ix_plan_locks_cycle_id"), "plan_locks", ["cycle_id"], unique=False)
