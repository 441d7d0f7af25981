"""Papers are checked, signed and numbered before they go out; numbers given up; papers that replace another."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime
from inspections.migrations.checks import change_check

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

USERS = ("checked_by_id", "signed_by_id")


def upgrade() -> None:
    with op.batch_alter_table("papers", schema=None) as batch_op:
        for name in USERS:
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
            batch_op.create_foreign_key(batch_op.f(f"fk_papers_{name}"), "users", [name], ["id"])
        for name in ("checked_at", "signed_at"):
            batch_op.add_column(sa.Column(name, UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("void_reason", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_papers_replaces_id"), "papers", ["replaces_id"], ["id"])
    change_check("papers", "numbered_at_issue", None)
    states = "'draft', 'checked', 'signed', 'issuing', 'issued', 'void'"
    change_check("papers", "state", f"state IN ({states})")
    change_check("papers", "numbered_when_signed", "(state IN ('draft', 'checked')) = (number IS NULL)")
