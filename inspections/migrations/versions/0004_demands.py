"""The register of villagers' demands."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime, append_only_ddl

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "demands",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_planning_only", sa.Boolean(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("due_basis", sa.String(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("satisfaction", sa.String(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('visit', 'meeting', 'window', 'phone', 'questionnaire', 'other')",
            name=op.f("ck_demands_channel"),
        ),
        sa.CheckConstraint("satisfaction IN ('', 'yes', 'fair', 'no')", name=op.f("ck_demands_satisfaction")),
        sa.CheckConstraint(
            "state IN ('received', 'assigned', 'replied', 'closed', 'dropped')", name=op.f("ck_demands_state")
        ),
        sa.CheckConstraint(
            "topic IN ('open', 'accounts', 'welfare', 'land', 'works', 'conduct', 'living', 'dispute', 'other')",
            name=op.f("ck_demands_topic"),
        ),
        sa.CheckConstraint("unit_planning_only = false", name=op.f("ck_demands_no_real_place")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_demands_created_by_id")),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_demands_posting_id")),
        sa.ForeignKeyConstraint(["township_id"], ["areas.id"], name=op.f("fk_demands_township_id")),
        sa.ForeignKeyConstraint(
            ["unit_id", "unit_planning_only"],
            ["units.id", "units.planning_only"],
            name="fk_demands_unit_id_planning_only",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demands")),
        sa.UniqueConstraint("uuid", name=op.f("uq_demands_uuid")),
    )
    with op.batch_alter_table("demands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demands_posting_id"), ["posting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demands_township_id"), ["township_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demands_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "demand_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('received', 'assigned', 'replied', 'closed', 'dropped')",
            name=op.f("ck_demand_steps_state"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_demand_steps_actor_id")),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_demand_steps_demand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_steps")),
    )
    with op.batch_alter_table("demand_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demand_steps_demand_id"), ["demand_id"], unique=False)

    dialect = op.get_bind().dialect.name
    for table in ("demand_steps",):
        for statement in append_only_ddl(table, dialect):
            op.execute(statement)
