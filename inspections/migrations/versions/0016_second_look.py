"""A second member of the team looks at a working paper before the leader signs it."""

from inspections.migrations.checks import change_check

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    states = "state IN ('draft', 'in_review', 'submitted', 'signed', 'returned')"
    change_check("finding_steps", "state", states)
