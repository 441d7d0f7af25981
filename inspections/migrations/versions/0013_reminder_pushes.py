"""What the message robot has taken."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_pushes",
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reminder_id"], ["reminders.id"], name=op.f("fk_reminder_pushes_reminder_id")
        ),
        sa.PrimaryKeyConstraint("reminder_id", name=op.f("pk_reminder_pushes")),
    )
