"""会商纪要 are papers of the desk."""

from inspections.migrations.checks import change_check

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KINDS = "'handover', 'feedback', 'reminder', 'transfer', 'advice', 'bulletin', 'round_report', 'minutes'"


def upgrade() -> None:
    change_check("papers", "kind", f"kind IN ({KINDS})")
