"""The tables of version 1.0.0, with the triggers that keep records append-only."""

from alembic import op

from inspections import all_models
from inspections.database import Base

revision = "1.0.0"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    all_models()
    Base.metadata.create_all(op.get_bind())
