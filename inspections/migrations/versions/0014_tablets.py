"""Tablets, the reason of a resolution, and since when a checklist's version is in force."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("client", sa.Integer(), nullable=False),
        sa.Column("persisted", sa.Boolean(), nullable=True),
        sa.Column("first_seen", UtcDateTime(), nullable=False),
        sa.Column("last_seen", UtcDateTime(), nullable=False),
        sa.Column("emptied_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_devices_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
    )
    # a column with a constant default is added in place: the ledger's guard stays as it is
    op.add_column("operations", sa.Column("reason", sa.String(), server_default="", nullable=False))
    # versions of before are older than every stay that asks for one
    old = sa.text("'2026-01-01 00:00:00'")
    op.add_column("checklists", sa.Column("published_at", UtcDateTime(), server_default=old, nullable=False))
