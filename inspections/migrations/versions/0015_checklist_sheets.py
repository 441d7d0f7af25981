"""What a checklist sheet can say of a question: choices, conditions, whose it is, and three more types."""

import sqlalchemy as sa
from alembic import op

from inspections.migrations.checks import change_check

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("options", "units"):
        op.add_column("checklist_items", sa.Column(name, sa.JSON(), server_default="[]", nullable=False))
    for name in ("relevant", "constraint", "constraint_message"):
        op.add_column("checklist_items", sa.Column(name, sa.String(), server_default="", nullable=False))
    op.add_column(
        "checklist_items", sa.Column("required", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    change_check(
        "checklist_items",
        "answer_type",
        "answer_type IN ('yes_no', 'yes_no_na', 'count', 'days', 'money', 'ratio', 'sample', "
        "'choice', 'date', 'text')",
    )
