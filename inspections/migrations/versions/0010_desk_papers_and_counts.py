"""More kinds of papers, what becomes of them, and counts of the case room."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime, append_only_ddl
from inspections.migrations.checks import change_check

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KINDS = "'handover', 'feedback', 'reminder', 'transfer', 'advice', 'bulletin', 'round_report'"


def upgrade() -> None:
    op.create_table(
        "case_counts",
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("leads", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("leads >= 0 AND persons >= 0", name=op.f("ck_case_counts_counts")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_case_counts_actor_id")),
        sa.ForeignKeyConstraint(["county_id"], ["areas.id"], name=op.f("fk_case_counts_county_id")),
        sa.PrimaryKeyConstraint("county_id", "month", name=op.f("pk_case_counts")),
    )
    op.create_table(
        "paper_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('', 'adopted', 'partly', 'objected')", name=op.f("ck_paper_steps_verdict")
        ),
        sa.CheckConstraint("what IN ('delivered', 'received', 'replied')", name=op.f("ck_paper_steps_what")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_paper_steps_actor_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_steps_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_steps")),
    )
    with op.batch_alter_table("paper_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_steps_paper_id"), ["paper_id"], unique=False)

    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.alter_column("round_id", existing_type=sa.INTEGER(), nullable=True)

    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.add_column(sa.Column("violations", sa.Integer(), nullable=True))
    change_check("papers", "kind", f"kind IN ({KINDS})")
    change_check(
        "papers", "visits_have_a_round", "round_id IS NOT NULL OR kind NOT IN ('handover', 'feedback')"
    )
    for statement in append_only_ddl("paper_steps", op.get_bind().dialect.name):
        op.execute(statement)
