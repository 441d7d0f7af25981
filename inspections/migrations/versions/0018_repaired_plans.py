"""A version that repairs another one, and takes its place when it is published."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

STATES = "'queued', 'solving', 'ready', 'approved', 'published', 'superseded', 'cancelled', 'failed'"


def upgrade() -> None:
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("repair", sa.JSON(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_plans_replaces_id"), "plans", ["replaces_id"], ["id"])
        batch_op.drop_constraint(batch_op.f("ck_plans_state"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_plans_state"), f"state IN ({STATES})")
