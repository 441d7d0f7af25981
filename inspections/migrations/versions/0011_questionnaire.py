"""The questionnaire of a visit, its anonymous sheets, the tasks it gave."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime, append_only_ddl

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("quota BETWEEN 5 AND 5000", name=op.f("ck_polls_quota")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["users.id"], name=op.f("fk_polls_opened_by_id")),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_polls_posting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        sa.UniqueConstraint("posting_id", name=op.f("uq_polls_posting_id")),
        sa.UniqueConstraint("token", name=op.f("uq_polls_token")),
        sa.UniqueConstraint("uuid", name=op.f("uq_polls_uuid")),
    )
    op.create_table(
        "answer_sheets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_answer_sheets_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_sheets")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("answer_sheets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_sheets_poll_id"), ["poll_id"], unique=False)

    op.create_table(
        "poll_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_poll_tasks_demand_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_tasks_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_tasks")),
        sa.UniqueConstraint("poll_id", "question", name=op.f("uq_poll_tasks_poll_id_question")),
    )
    with op.batch_alter_table("poll_tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_tasks_poll_id"), ["poll_id"], unique=False)

    for table in ("answer_sheets", "poll_tasks"):
        for statement in append_only_ddl(table, op.get_bind().dialect.name):
            op.execute(statement)
