"""An approved plan has a number."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approval", sa.String(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_plans_approval"), ["approval"])
