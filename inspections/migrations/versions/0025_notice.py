"""What the notice on a unit's wall says besides the letterhead: hours, letter box, public address."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("hours", "box", "public_address"):
        op.add_column("letterheads", sa.Column(name, sa.String(), server_default="", nullable=False))
