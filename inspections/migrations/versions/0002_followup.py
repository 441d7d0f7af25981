"""After the visit: the register of rectification, its steps, proofs, reminders; sorting and campaigns."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime, append_only_ddl

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "escalation_rungs",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("after_days > 0", name=op.f("ck_escalation_rungs_after_days")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_escalation_rungs")),
    )
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'adopted', 'declined')", name=op.f("ck_campaigns_state")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_campaigns_decided_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["users.id"], name=op.f("fk_campaigns_proposed_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_campaigns_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("round_id", "category", name=op.f("uq_campaigns_round_id_category")),
        sa.UniqueConstraint("uuid", name=op.f("uq_campaigns_uuid")),
    )
    with op.batch_alter_table("campaigns", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaigns_round_id"), ["round_id"], unique=False)

    op.create_table(
        "filings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("filed_on", sa.Date(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_filings_actor_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_filings_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filings")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_filings_paper_id")),
    )
    op.create_table(
        "campaign_findings",
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_findings_campaign_id")
        ),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["findings.id"], name=op.f("fk_campaign_findings_finding_id")
        ),
        sa.PrimaryKeyConstraint("campaign_id", "finding_id", name=op.f("pk_campaign_findings")),
    )
    op.create_table(
        "finding_sortings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("disposal", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("responsible", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "way IN ('at_once', 'deadline', 'long_term')", name=op.f("ck_finding_sortings_way")
        ),
        sa.CheckConstraint(
            "merged_into_id IS NULL OR merged_into_id <> finding_id",
            name=op.f("ck_finding_sortings_not_into_itself"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_finding_sortings_actor_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_finding_sortings_finding_id")),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["findings.id"], name=op.f("fk_finding_sortings_merged_into_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_sortings")),
    )
    with op.batch_alter_table("finding_sortings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_sortings_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_finding_sortings_merged_into_id"), ["merged_into_id"], unique=False
        )

    op.create_table(
        "rectification_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_planning_only", sa.Boolean(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("responsible", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("dispatch", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("served_on", sa.Date(), nullable=False),
        sa.Column("plan_due", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("due_basis", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("reopened_on", sa.Date(), nullable=True),
        sa.Column("rechecked_on", sa.Date(), nullable=True),
        sa.Column("rating", sa.String(), nullable=False),
        sa.Column("recovered", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("asked_due", sa.Date(), nullable=True),
        sa.Column("checker_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_on IS NOT NULL)", name=op.f("ck_rectification_items_closed_on")
        ),
        sa.CheckConstraint(
            "dispatch IN ('lead', 'transfer', 'supervise')", name=op.f("ck_rectification_items_dispatch")
        ),
        sa.CheckConstraint(
            "state IN ('issued', 'received', 'planned', 'rectifying', 'reported', 'checking', 'checked', 'returned', 'long_term', 'closed', 'reopened', 'withdrawn')",
            name=op.f("ck_rectification_items_state"),
        ),
        sa.CheckConstraint(
            "way IN ('at_once', 'deadline', 'long_term')", name=op.f("ck_rectification_items_way")
        ),
        sa.CheckConstraint("recovered >= 0 AND households >= 0", name=op.f("ck_rectification_items_amounts")),
        sa.CheckConstraint("unit_planning_only = false", name=op.f("ck_rectification_items_no_real_place")),
        sa.ForeignKeyConstraint(["checker_id"], ["users.id"], name=op.f("fk_rectification_items_checker_id")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["findings.id"], name=op.f("fk_rectification_items_finding_id")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_rectification_items_paper_id")),
        sa.ForeignKeyConstraint(
            ["township_id"], ["areas.id"], name=op.f("fk_rectification_items_township_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id", "unit_planning_only"],
            ["units.id", "units.planning_only"],
            name="fk_rectification_items_unit_id_planning_only",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_items")),
        sa.UniqueConstraint(
            "finding_id", "paper_id", name=op.f("uq_rectification_items_finding_id_paper_id")
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_rectification_items_uuid")),
    )
    with op.batch_alter_table("rectification_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rectification_items_checker_id"), ["checker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rectification_items_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rectification_items_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index("ix_rectification_items_state_due", ["state", "due"], unique=False)
        batch_op.create_index(batch_op.f("ix_rectification_items_township_id"), ["township_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rectification_items_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "rectification_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "action IN ('hand_over', 'sign_receipt', 'submit_plan', 'accept_plan', 'return_plan', 'report_progress', 'ask_extension', 'grant_extension', 'refuse_extension', 'report_done', 'send_back', 'assign_check', 'rate_good', 'rate_fair', 'rate_weak', 'rate_poor', 'mark_long_term', 'close', 'recheck_held', 'recheck_failed', 'reopen', 'withdraw')",
            name=op.f("ck_rectification_steps_action"),
        ),
        sa.CheckConstraint(
            "state IN ('issued', 'received', 'planned', 'rectifying', 'reported', 'checking', 'checked', 'returned', 'long_term', 'closed', 'reopened', 'withdrawn')",
            name=op.f("ck_rectification_steps_state"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_rectification_steps_actor_id")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["rectification_items.id"], name=op.f("fk_rectification_steps_item_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_steps")),
    )
    with op.batch_alter_table("rectification_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rectification_steps_item_id"), ["item_id"], unique=False)

    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('desk', 'phone', 'face', 'letter', 'webhook')", name=op.f("ck_reminders_channel")
        ),
        sa.ForeignKeyConstraint(["item_id"], ["rectification_items.id"], name=op.f("fk_reminders_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("item_id", "kind", "due_on", name=op.f("uq_reminders_item_id_kind_due_on")),
        sa.UniqueConstraint("uuid", name=op.f("uq_reminders_uuid")),
    )
    with op.batch_alter_table("reminders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reminders_item_id"), ["item_id"], unique=False)

    op.create_table(
        "rectification_proofs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "what IN ('before', 'after', 'document')", name=op.f("ck_rectification_proofs_what")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["rectification_items.id"], name=op.f("fk_rectification_proofs_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["step_id"], ["rectification_steps.id"], name=op.f("fk_rectification_proofs_step_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_proofs")),
        sa.UniqueConstraint("uuid", name=op.f("uq_rectification_proofs_uuid")),
    )
    with op.batch_alter_table("rectification_proofs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rectification_proofs_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rectification_proofs_step_id"), ["step_id"], unique=False)

    dialect = op.get_bind().dialect.name
    for table in (
        "rectification_steps",
        "rectification_proofs",
        "reminders",
        "finding_sortings",
        "filings",
    ):
        for statement in append_only_ddl(table, dialect):
            op.execute(statement)
