"""The fonts that really printed a paper, noted with its bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("paper_files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fonts", sa.JSON(), server_default="{}", nullable=False))
