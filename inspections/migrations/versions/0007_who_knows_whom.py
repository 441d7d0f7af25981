"""Who said a tie, through whom; key posts; which relatives count; what may be waived."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "key_posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_key_posts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_posts")),
        sa.UniqueConstraint("unit_id", "post", "name", name=op.f("uq_key_posts_unit_id_post_name")),
        sa.UniqueConstraint("uuid", name=op.f("uq_key_posts_uuid")),
    )
    with op.batch_alter_table("key_posts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_posts_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "kin_sets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=True),
        sa.Column("chosen_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("chosen IN ('wide', 'narrow')", name=op.f("ck_kin_sets_chosen")),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["users.id"], name=op.f("fk_kin_sets_chosen_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kin_sets")),
    )
    with op.batch_alter_table("kin", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(), server_default="planner", nullable=False))
        batch_op.create_check_constraint(op.f("ck_kin_source"), "source IN ('planner', 'self')")

    with op.batch_alter_table("recusal_kinds", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waivable", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("after_lookback", sa.String(), server_default="end", nullable=False))
        batch_op.add_column(sa.Column("long_service_years", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_recusal_kinds_after_lookback"), "after_lookback IN ('end', 'soft')"
        )

    with op.batch_alter_table("ties", schema=None) as batch_op:
        batch_op.add_column(sa.Column("source", sa.String(), server_default="planner", nullable=False))
        batch_op.add_column(sa.Column("through", sa.String(), server_default="", nullable=False))
        batch_op.create_check_constraint(op.f("ck_ties_source"), "source IN ('planner', 'self', 'decision')")
