"""Areas may be cities above counties."""

from inspections.migrations.checks import change_check

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    change_check("areas", "kind", "kind IN ('city', 'county', 'zone', 'township')")
