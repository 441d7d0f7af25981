"""A county's own wording of the blocks of its papers, every version kept."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime, append_only_ddl

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("block", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_own_texts_area_id")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_own_texts_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_texts")),
    )
    op.create_index(op.f("ix_own_texts_area_id"), "own_texts", ["area_id"], unique=False)
    for statement in append_only_ddl("own_texts", op.get_bind().dialect.name):
        op.execute(statement)
