"""The tables of version 1.0.0, with the triggers that keep records append-only."""

import sqlalchemy as sa
from alembic import op

from inspections.database import AboutDay, UtcDateTime, append_only_ddl

revision = "1.0.0"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "areas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('city', 'county', 'zone', 'township')", name=op.f("ck_areas_kind")),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_areas_not_its_own_parent")),
        sa.ForeignKeyConstraint(["parent_id"], ["areas.id"], name=op.f("fk_areas_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_areas")),
        sa.UniqueConstraint("code", name=op.f("uq_areas_code")),
        sa.UniqueConstraint("uuid", name=op.f("uq_areas_uuid")),
    )
    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_areas_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "brake_marks",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("counted_at", UtcDateTime(), nullable=False),
        sa.Column("good_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_brake_marks")),
    )
    op.create_table(
        "chain",
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_chain")),
    )
    with op.batch_alter_table("chain", schema=None) as batch_op:
        batch_op.create_index("ix_chain_kind_row", ["kind", "row"], unique=False)

    op.create_table(
        "checklists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('village', 'department')", name=op.f("ck_checklists_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklists")),
        sa.UniqueConstraint("kind", "version", name=op.f("uq_checklists_kind_version")),
    )
    op.create_table(
        "deadlines",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("start_event", sa.String(), nullable=False),
        sa.Column("offset", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("basis_checked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_deadlines")),
    )
    op.create_table(
        "escalation_rungs",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("to", sa.String(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "side IN ('recipient', 'planner', 'checker', 'leadership')", name=op.f("ck_escalation_rungs_side")
        ),
        sa.CheckConstraint("after_days > 0", name=op.f("ck_escalation_rungs_after_days")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_escalation_rungs")),
    )
    op.create_table(
        "heartbeats",
        sa.Column("executor", sa.String(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("executor", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "law_instruments",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("short_title", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("in_force_to", sa.Date(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=True),
        sa.Column("applies_to", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "applies_to IN ('all', 'village', 'community', 'department')",
            name=op.f("ck_law_instruments_applies_to"),
        ),
        sa.CheckConstraint(
            "kind IN ('law', 'regulation', 'party_rule', 'department_rule', 'policy', 'county')",
            name=op.f("ck_law_instruments_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('in_force', 'presumed', 'unverified', 'doubtful', 'superseded', 'not_yet')",
            name=op.f("ck_law_instruments_state"),
        ),
        sa.CheckConstraint(
            "in_force_to IS NULL OR in_force_from <= in_force_to", name=op.f("ck_law_instruments_period")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_law_instruments")),
    )
    op.create_table(
        "ledger_epochs",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ledger_epochs")),
        sa.UniqueConstraint("word", name=op.f("uq_ledger_epochs_word")),
    )
    op.create_table(
        "number_series",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "recusal_kinds",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("basis_checked", sa.Boolean(), nullable=False),
        sa.Column("strength", sa.String(), nullable=False),
        sa.Column("lookback_years", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("waivable", sa.Boolean(), nullable=False),
        sa.Column("after_lookback", sa.String(), nullable=False),
        sa.Column("long_service_years", sa.Integer(), nullable=True),
        sa.CheckConstraint("after_lookback IN ('end', 'soft')", name=op.f("ck_recusal_kinds_after_lookback")),
        sa.CheckConstraint("strength IN ('hard', 'soft', 'mode')", name=op.f("ck_recusal_kinds_strength")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_recusal_kinds")),
    )
    op.create_table(
        "score_rules",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("points", sa.Numeric(precision=6, scale=2), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_score_rules")),
    )
    op.create_table(
        "survey_questions",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_survey_questions")),
    )
    op.create_table(
        "taxonomy",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("parent_code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("definition", sa.String(), nullable=False),
        sa.Column("default_severity", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "code", name=op.f("pk_taxonomy")),
    )
    op.create_table(
        "team_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_templates")),
        sa.UniqueConstraint("name", name=op.f("uq_team_templates_name")),
    )
    op.create_table(
        "approval_rules",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("seats", sa.JSON(), nullable=False),
        sa.Column("apart", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_approval_rules_area_id")),
        sa.PrimaryKeyConstraint("area_id", "kind", name=op.f("pk_approval_rules")),
    )
    op.create_table(
        "checklist_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("checklist_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("group_code", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("materials", sa.String(), nullable=False),
        sa.Column("ask_whom", sa.String(), nullable=False),
        sa.Column("answer_type", sa.String(), nullable=False),
        sa.Column("trigger", sa.String(), nullable=False),
        sa.Column("trigger_expr", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("basis_checked", sa.Boolean(), nullable=False),
        sa.Column("community_basis", sa.String(), nullable=False),
        sa.Column("community_basis_checked", sa.Boolean(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("assignee_role", sa.String(), nullable=False),
        sa.Column("sample_min", sa.Integer(), nullable=True),
        sa.Column("sample_all", sa.Boolean(), nullable=False),
        sa.Column("evidence_required", sa.Boolean(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("relevant", sa.String(), nullable=False),
        sa.Column("constraint", sa.String(), nullable=False),
        sa.Column("constraint_message", sa.String(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("units", sa.JSON(), nullable=False),
        sa.Column("applies_to", sa.String(), nullable=False),
        sa.CheckConstraint(
            "answer_type IN ('yes_no', 'yes_no_na', 'count', 'days', 'money', 'ratio', 'sample', 'choice', 'date', 'text')",
            name=op.f("ck_checklist_items_answer_type"),
        ),
        sa.CheckConstraint(
            "applies_to IN ('both', 'village', 'community')", name=op.f("ck_checklist_items_applies_to")
        ),
        sa.ForeignKeyConstraint(
            ["checklist_id"], ["checklists.id"], name=op.f("fk_checklist_items_checklist_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_items")),
        sa.UniqueConstraint("checklist_id", "code", name=op.f("uq_checklist_items_checklist_id_code")),
    )
    with op.batch_alter_table("checklist_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checklist_items_checklist_id"), ["checklist_id"], unique=False)

    op.create_table(
        "former_area_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_former_area_names_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_area_names")),
    )
    with op.batch_alter_table("former_area_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_area_names_area_id"), ["area_id"], unique=False)

    op.create_table(
        "letterheads",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("report_to", sa.String(), nullable=False),
        sa.Column("contact_name", sa.String(), nullable=False),
        sa.Column("contact_phone", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("box", sa.String(), nullable=False),
        sa.Column("public_address", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_letterheads_area_id")),
        sa.PrimaryKeyConstraint("area_id", name=op.f("pk_letterheads")),
    )
    op.create_table(
        "offices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("min_home", sa.Integer(), nullable=False),
        sa.Column("max_out", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('discipline', 'finance', 'welfare', 'village', 'stationed', 'room', 'other')",
            name=op.f("ck_offices_kind"),
        ),
        sa.CheckConstraint(
            "min_home >= 0 AND (max_out IS NULL OR max_out >= 0)", name=op.f("ck_offices_numbers")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_offices_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offices")),
        sa.UniqueConstraint("code", name=op.f("uq_offices_code")),
        sa.UniqueConstraint("uuid", name=op.f("uq_offices_uuid")),
    )
    with op.batch_alter_table("offices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offices_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_offices_name_key"), ["name_key"], unique=False)

    op.create_table(
        "units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("risk", sa.Integer(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("closed", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("planning_only", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('village', 'community', 'farm', 'department')", name=op.f("ck_units_kind")
        ),
        sa.CheckConstraint("tier IN ('key', 'watch', 'normal')", name=op.f("ck_units_tier")),
        sa.CheckConstraint("risk >= 0", name=op.f("ck_units_risk")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_units_area_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_units")),
        sa.UniqueConstraint("code", name=op.f("uq_units_code")),
        sa.UniqueConstraint("id", "planning_only", name=op.f("uq_units_id_planning_only")),
        sa.UniqueConstraint("uuid", name=op.f("uq_units_uuid")),
    )
    with op.batch_alter_table("units", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_units_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_units_name_key"), ["name_key"], unique=False)

    op.create_table(
        "zone_charges",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("leader", sa.String(), nullable=False),
        sa.Column("bodies", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_zone_charges_area_id")),
        sa.PrimaryKeyConstraint("area_id", name=op.f("pk_zone_charges")),
    )
    op.create_table(
        "blackouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint('"end" >= start', name=op.f("ck_blackouts_dates")),
        sa.CheckConstraint("(area_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_blackouts_one_place")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_blackouts_area_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_blackouts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackouts")),
        sa.UniqueConstraint("uuid", name=op.f("uq_blackouts_uuid")),
    )
    op.create_table(
        "former_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_former_names_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_names")),
    )
    with op.batch_alter_table("former_names", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_names_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "key_posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("valid_from", AboutDay(), nullable=True),
        sa.Column("valid_to", AboutDay(), nullable=True),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_key_posts_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_posts")),
        sa.UniqueConstraint("unit_id", "post", "name_key", name=op.f("uq_key_posts_unit_id_post_name_key")),
        sa.UniqueConstraint("uuid", name=op.f("uq_key_posts_uuid")),
    )
    with op.batch_alter_table("key_posts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_key_posts_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_key_posts_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "past_visits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_past_visits_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_visits")),
        sa.UniqueConstraint("unit_id", "day", name=op.f("uq_past_visits_unit_id_day")),
    )
    with op.batch_alter_table("past_visits", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_past_visits_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("home_unit_id", sa.Integer(), nullable=True),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("off", sa.JSON(), nullable=False),
        sa.Column("max_teams", sa.Integer(), nullable=True),
        sa.Column("trained", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("same_as_id", sa.Integer(), nullable=True),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["home_unit_id"], ["units.id"], name=op.f("fk_people_home_unit_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_people_office_id")),
        sa.ForeignKeyConstraint(["same_as_id"], ["people.id"], name=op.f("fk_people_same_as_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("code", name=op.f("uq_people_code")),
        sa.UniqueConstraint("uuid", name=op.f("uq_people_uuid")),
    )
    with op.batch_alter_table("people", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_home_unit_id"), ["home_unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_office_id"), ["office_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_same_as_id"), ["same_as_id"], unique=False)

    op.create_table(
        "kin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("term", sa.String(), nullable=False),
        sa.Column("relative_name", sa.String(), nullable=False),
        sa.Column("relative_key", sa.String(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("source IN ('planner', 'self')", name=op.f("ck_kin_source")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_kin_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_kin_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kin")),
        sa.UniqueConstraint(
            "person_id",
            "term",
            "relative_key",
            "unit_id",
            name=op.f("uq_kin_person_id_term_relative_key_unit_id"),
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_kin_uuid")),
    )
    with op.batch_alter_table("kin", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kin_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_kin_relative_key"), ["relative_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_kin_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "ties",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("kind_code", sa.String(), nullable=False),
        sa.Column("hard", sa.Boolean(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("valid_from", AboutDay(), nullable=True),
        sa.Column("valid_to", AboutDay(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("through", sa.String(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("source IN ('planner', 'self', 'decision')", name=op.f("ck_ties_source")),
        sa.CheckConstraint("(unit_id IS NULL) <> (other_id IS NULL)", name=op.f("ck_ties_one_object")),
        sa.CheckConstraint("other_id IS NULL OR other_id <> person_id", name=op.f("ck_ties_not_oneself")),
        sa.ForeignKeyConstraint(["kind_code"], ["recusal_kinds.code"], name=op.f("fk_ties_kind_code")),
        sa.ForeignKeyConstraint(["other_id"], ["people.id"], name=op.f("fk_ties_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_ties_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_ties_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ties")),
        sa.UniqueConstraint(
            "person_id",
            "unit_id",
            "other_id",
            "kind_code",
            name=op.f("uq_ties_person_id_unit_id_other_id_kind_code"),
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_ties_uuid")),
    )
    with op.batch_alter_table("ties", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ties_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ties_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ties_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("awaits", sa.Boolean(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("totp_secret", sa.String(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("township_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "duty = '' OR role IN ('planner', 'leadership')", name=op.f("ck_users_duty_in_the_house")
        ),
        sa.CheckConstraint(
            "duty IN ('', 'office', 'room', 'deputy', 'secretary', 'reader')", name=op.f("ck_users_duty")
        ),
        sa.CheckConstraint(
            "role <> 'recipient' OR (township_id IS NULL) <> (unit_id IS NULL)",
            name=op.f("ck_users_recipient_has_one_place"),
        ),
        sa.CheckConstraint(
            "role IN ('planner', 'leader', 'member', 'village', 'leadership', 'recipient', 'case_room', 'auditor', 'admin')",
            name=op.f("ck_users_role"),
        ),
        sa.CheckConstraint("NOT (active AND awaits)", name=op.f("ck_users_confirmed_before_active")),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_users_area_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_users_person_id")),
        sa.ForeignKeyConstraint(["township_id"], ["areas.id"], name=op.f("fk_users_township_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_users_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
        sa.UniqueConstraint("uuid", name=op.f("uq_users_uuid")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(
            "uq_users_one_power_each",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("role IN ('admin', 'leadership', 'auditor') AND (active OR awaits)"),
            postgresql_where=sa.text("role IN ('admin', 'leadership', 'auditor') AND (active OR awaits)"),
        )

    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint('"end" >= start', name=op.f("ck_absences_dates")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["users.id"], name=op.f("fk_absences_entered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_absences_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
        sa.UniqueConstraint("uuid", name=op.f("uq_absences_uuid")),
    )
    with op.batch_alter_table("absences", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absences_entered_by_id"), ["entered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_absences_person_id"), ["person_id"], unique=False)

    op.create_table(
        "calendar_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["set_by_id"], ["users.id"], name=op.f("fk_calendar_days_set_by_id")),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_days")),
    )
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
        "case_room_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_pem", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("answer_sha256", sa.String(), nullable=False),
        sa.Column("enrolled_by_id", sa.Integer(), nullable=False),
        sa.Column("enrolled_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolled_by_id"], ["users.id"], name=op.f("fk_case_room_keys_enrolled_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_room_keys")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_case_room_keys_fingerprint")),
        sa.UniqueConstraint("id", "enrolled_by_id", name=op.f("uq_case_room_keys_id_enrolled_by_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_case_room_keys_uuid")),
    )
    op.create_table(
        "comparison_exercises",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("destroyed_at", UtcDateTime(), nullable=True),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("lists", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("bad_rows", sa.Integer(), nullable=False),
        sa.Column("unplaced", sa.Integer(), nullable=False),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'queued', 'running', 'done', 'dropped', 'ended')",
            name=op.f("ck_comparison_exercises_state"),
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> proposed_by_id",
            name=op.f("ck_comparison_exercises_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["users.id"], name=op.f("fk_comparison_exercises_approved_by_id")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_comparison_exercises_area_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["users.id"], name=op.f("fk_comparison_exercises_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison_exercises")),
        sa.UniqueConstraint("uuid", name=op.f("uq_comparison_exercises_uuid")),
    )
    with op.batch_alter_table("comparison_exercises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comparison_exercises_area_id"), ["area_id"], unique=False)

    op.create_table(
        "cycles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("crossing", sa.String(), nullable=False),
        sa.Column("template_name", sa.String(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("looks_back", sa.Boolean(), nullable=False),
        sa.Column("crossing_table", sa.JSON(), nullable=False),
        sa.Column("memory", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("archived_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "crossing IN ('county_wide', 'cross_zone', 'within_zone', 'intra_township')",
            name=op.f("ck_cycles_crossing"),
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_cycles_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cycles")),
        sa.UniqueConstraint("name", name=op.f("uq_cycles_name")),
        sa.UniqueConstraint("uuid", name=op.f("uq_cycles_uuid")),
    )
    op.create_table(
        "devices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("client", sa.Integer(), nullable=False),
        sa.Column("persisted", sa.Boolean(), nullable=True),
        sa.Column("first_seen", UtcDateTime(), nullable=False),
        sa.Column("last_seen", UtcDateTime(), nullable=False),
        sa.Column("emptied_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_reason", sa.String(), nullable=False),
        sa.Column("handed_back_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_devices_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
    )
    op.create_table(
        "heading_matches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=True),
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("theirs", sa.String(), nullable=False),
        sa.Column("ours", sa.String(), nullable=False),
        sa.Column("chosen_by_id", sa.Integer(), nullable=True),
        sa.Column("chosen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["chosen_by_id"], ["users.id"], name=op.f("fk_heading_matches_chosen_by_id")),
        sa.ForeignKeyConstraint(["county_id"], ["areas.id"], name=op.f("fk_heading_matches_county_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heading_matches")),
        sa.UniqueConstraint(
            "county_id", "sheet", "theirs", name=op.f("uq_heading_matches_county_id_sheet_theirs")
        ),
    )
    with op.batch_alter_table("heading_matches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_heading_matches_county_id"), ["county_id"], unique=False)

    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.Uuid(), nullable=True),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_journal_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("ix_journal_subject_id", ["subject", "id"], unique=False)

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
    op.create_table(
        "law_articles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("instrument_code", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("gist", sa.String(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("was", sa.String(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "checked_by_id IS NULL OR checked_by_id <> entered_by_id", name=op.f("ck_law_articles_two_people")
        ),
        sa.ForeignKeyConstraint(["checked_by_id"], ["users.id"], name=op.f("fk_law_articles_checked_by_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["users.id"], name=op.f("fk_law_articles_entered_by_id")),
        sa.ForeignKeyConstraint(
            ["instrument_code"], ["law_instruments.code"], name=op.f("fk_law_articles_instrument_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_law_articles")),
        sa.UniqueConstraint("instrument_code", "label", name=op.f("uq_law_articles_instrument_code_label")),
    )
    with op.batch_alter_table("law_articles", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_law_articles_instrument_code"), ["instrument_code"], unique=False
        )

    op.create_table(
        "lived_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["users.id"], name=op.f("fk_lived_days_confirmed_by_id")
        ),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_lived_days")),
    )
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
    with op.batch_alter_table("own_texts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_own_texts_area_id"), ["area_id"], unique=False)

    op.create_table(
        "person_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("former_office_id", sa.Integer(), nullable=True),
        sa.Column("home_unit_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('added', 'moved', 'lent', 'left', 'back', 'joined')", name=op.f("ck_person_events_kind")
        ),
        sa.CheckConstraint("until IS NULL OR until >= day", name=op.f("ck_person_events_dates")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["users.id"], name=op.f("fk_person_events_entered_by_id")),
        sa.ForeignKeyConstraint(
            ["former_office_id"], ["offices.id"], name=op.f("fk_person_events_former_office_id")
        ),
        sa.ForeignKeyConstraint(["home_unit_id"], ["units.id"], name=op.f("fk_person_events_home_unit_id")),
        sa.ForeignKeyConstraint(["office_id"], ["offices.id"], name=op.f("fk_person_events_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_person_events_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_events")),
        sa.UniqueConstraint("uuid", name=op.f("uq_person_events_uuid")),
    )
    with op.batch_alter_table("person_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_events_person_id"), ["person_id"], unique=False)

    op.create_table(
        "recusal_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind_code", sa.String(), nullable=False),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("person_words", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "raised_by IN ('unit', 'self', 'member', 'organ')", name=op.f("ck_recusal_requests_raised_by")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["users.id"], name=op.f("fk_recusal_requests_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["kind_code"], ["recusal_kinds.code"], name=op.f("fk_recusal_requests_kind_code")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recusal_requests_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_recusal_requests_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal_requests")),
        sa.UniqueConstraint("uuid", name=op.f("uq_recusal_requests_uuid")),
    )
    with op.batch_alter_table("recusal_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_requests_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recusal_requests_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "removals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("row", sa.Uuid(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("what IN ('tie', 'kin', 'key_post')", name=op.f("ck_removals_what")),
        sa.CheckConstraint(
            "(agreed IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_removals_decided_by_somebody")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_removals_by_another")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_removals_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_removals_decided_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_removals_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_removals_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removals")),
        sa.UniqueConstraint("uuid", name=op.f("uq_removals_uuid")),
    )
    with op.batch_alter_table("removals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_removals_row"), ["row"], unique=False)

    op.create_table(
        "samenesses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one", sa.String(), nullable=False),
        sa.Column("other", sa.String(), nullable=False),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_samenesses_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samenesses")),
        sa.UniqueConstraint("one", "other", name=op.f("uq_samenesses_one_other")),
        sa.UniqueConstraint("uuid", name=op.f("uq_samenesses_uuid")),
    )
    op.create_table(
        "unit_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('added', 'renamed', 'joined', 'divided', 'ended')", name=op.f("ck_unit_events_kind")
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["users.id"], name=op.f("fk_unit_events_entered_by_id")),
        sa.ForeignKeyConstraint(["other_id"], ["units.id"], name=op.f("fk_unit_events_other_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_events_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_events")),
        sa.UniqueConstraint("uuid", name=op.f("uq_unit_events_uuid")),
    )
    with op.batch_alter_table("unit_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_events_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_events_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "user_sessions",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("browser", sa.String(), nullable=False),
        sa.Column("on_tablet", sa.Boolean(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_user_sessions_user_id")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_user_sessions")),
        sa.UniqueConstraint("uuid", name=op.f("uq_user_sessions_uuid")),
    )
    with op.batch_alter_table("user_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "zone_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("county_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("adopted_by_id", sa.Integer(), nullable=True),
        sa.Column("adopted_at", UtcDateTime(), nullable=True),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("measure IN ('units', 'risk')", name=op.f("ck_zone_proposals_measure")),
        sa.ForeignKeyConstraint(
            ["adopted_by_id"], ["users.id"], name=op.f("fk_zone_proposals_adopted_by_id")
        ),
        sa.ForeignKeyConstraint(["county_id"], ["areas.id"], name=op.f("fk_zone_proposals_county_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_zone_proposals_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_zone_proposals")),
        sa.UniqueConstraint("county_id", "number", name=op.f("uq_zone_proposals_county_id_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_zone_proposals_uuid")),
    )
    with op.batch_alter_table("zone_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_zone_proposals_county_id"), ["county_id"], unique=False)

    op.create_table(
        "amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('withdraw', 'dates', 'cancel')", name=op.f("ck_amendments_kind")),
        sa.CheckConstraint("(agreed IS NULL) = (decided_by_id IS NULL)", name=op.f("ck_amendments_decided")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> asked_by_id", name=op.f("ck_amendments_second_person")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_amendments_asked_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_amendments_cycle_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_amendments_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
        sa.UniqueConstraint("uuid", name=op.f("uq_amendments_uuid")),
    )
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amendments_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(
            "uq_amendments_one_open",
            ["cycle_id"],
            unique=True,
            sqlite_where=sa.text("agreed IS NULL"),
            postgresql_where=sa.text("agreed IS NULL"),
        )

    op.create_table(
        "case_room_key_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("enrolled_by_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "what <> 'confirmed' OR actor_id <> enrolled_by_id",
            name=op.f("ck_case_room_key_steps_another_confirms"),
        ),
        sa.CheckConstraint(
            "what IN ('proved', 'confirmed', 'retired')", name=op.f("ck_case_room_key_steps_what")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_case_room_key_steps_actor_id")),
        sa.ForeignKeyConstraint(
            ["key_id", "enrolled_by_id"],
            ["case_room_keys.id", "case_room_keys.enrolled_by_id"],
            name=op.f("fk_case_room_key_steps_key_id_enrolled_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_room_key_steps")),
        sa.UniqueConstraint("key_id", "what", name=op.f("uq_case_room_key_steps_key_id_what")),
    )
    op.create_table(
        "check_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_planning_only", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("ask", sa.String(), nullable=False),
        sa.Column("whom", sa.String(), nullable=False),
        sa.Column("mind", sa.String(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("exercise_id", sa.Integer(), nullable=True),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("lot", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("found_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(outcome = '') = (decided_at IS NULL)", name=op.f("ck_check_tasks_decided")),
        sa.CheckConstraint("grade IN ('strong', 'fair', 'weak')", name=op.f("ck_check_tasks_grade")),
        sa.CheckConstraint(
            "outcome IN ('', 'true', 'partly', 'allowed', 'data', 'returned', 'unknown')",
            name=op.f("ck_check_tasks_outcome"),
        ),
        sa.CheckConstraint("source IN ('comparison', 'questionnaire')", name=op.f("ck_check_tasks_source")),
        sa.CheckConstraint("unit_planning_only = false", name=op.f("ck_check_tasks_no_real_place")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_check_tasks_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["exercise_id"], ["comparison_exercises.id"], name=op.f("fk_check_tasks_exercise_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id", "unit_planning_only"],
            ["units.id", "units.planning_only"],
            name="fk_check_tasks_unit_id_planning_only",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_tasks")),
        sa.UniqueConstraint("uuid", name=op.f("uq_check_tasks_uuid")),
    )
    with op.batch_alter_table("check_tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_tasks_exercise_id"), ["exercise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_tasks_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "comparison_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exercise_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("received_by_id", sa.Integer(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exercise_id"], ["comparison_exercises.id"], name=op.f("fk_comparison_lists_exercise_id")
        ),
        sa.ForeignKeyConstraint(
            ["received_by_id"], ["users.id"], name=op.f("fk_comparison_lists_received_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison_lists")),
        sa.UniqueConstraint("exercise_id", "number", name=op.f("uq_comparison_lists_exercise_id_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_comparison_lists_uuid")),
    )
    with op.batch_alter_table("comparison_lists", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comparison_lists_exercise_id"), ["exercise_id"], unique=False)

    op.create_table(
        "cycle_units",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_cycle_units_cycle_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_cycle_units_unit_id")),
        sa.PrimaryKeyConstraint("cycle_id", "unit_id", name=op.f("pk_cycle_units")),
    )
    op.create_table(
        "declarations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("nil", sa.Boolean(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("batch", sa.Uuid(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_declarations_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_declarations_cycle_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_declarations_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
        sa.UniqueConstraint("uuid", name=op.f("uq_declarations_uuid")),
    )
    with op.batch_alter_table("declarations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declarations_batch"), ["batch"], unique=False)
        batch_op.create_index(batch_op.f("ix_declarations_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declarations_person_id"), ["person_id"], unique=False)

    op.create_table(
        "device_contacts",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_device_contacts_device_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_device_contacts_user_id")),
        sa.PrimaryKeyConstraint("device_id", "user_id", name=op.f("pk_device_contacts")),
    )
    with op.batch_alter_table("device_contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_contacts_user_id"), ["user_id"], unique=False)

    op.create_table(
        "device_sessions",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_device_sessions_device_id")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_device_sessions")),
    )
    with op.batch_alter_table("device_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_sessions_device_id"), ["device_id"], unique=False)

    op.create_table(
        "device_tokens",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("session_version", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_device_tokens_device_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_device_tokens_user_id")),
        sa.PrimaryKeyConstraint("device_id", "user_id", name=op.f("pk_device_tokens")),
    )
    with op.batch_alter_table("device_tokens", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_device_tokens_user_id"), ["user_id"], unique=False)

    op.create_table(
        "plan_locks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("pin", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('seat', 'visit', 'team')", name=op.f("ck_plan_locks_kind")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_plan_locks_created_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_plan_locks_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_locks")),
        sa.UniqueConstraint("uuid", name=op.f("uq_plan_locks_uuid")),
    )
    with op.batch_alter_table("plan_locks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_locks_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("problem", sa.JSON(), nullable=True),
        sa.Column("answer", sa.JSON(), nullable=True),
        sa.Column("diagnosis", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("progress", sa.JSON(), nullable=False),
        sa.Column("stop_asked", sa.String(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("repair", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_by_id", sa.Integer(), nullable=True),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("returned_for", sa.String(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("approval", sa.String(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("violations", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'solving', 'ready', 'submitted', 'returned', 'approved', 'published', 'superseded', 'lapsed', 'cancelled', 'failed')",
            name=op.f("ck_plans_state"),
        ),
        sa.CheckConstraint("stop_asked IN ('', 'keep', 'drop')", name=op.f("ck_plans_stop_asked")),
        sa.ForeignKeyConstraint(["approved_by_id"], ["users.id"], name=op.f("fk_plans_approved_by_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_plans_created_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_plans_cycle_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["plans.id"], name=op.f("fk_plans_replaces_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["users.id"], name=op.f("fk_plans_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
        sa.UniqueConstraint("approval", name=op.f("uq_plans_approval")),
        sa.UniqueConstraint("cycle_id", "number", name=op.f("uq_plans_cycle_id_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_plans_uuid")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plans_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(
            "uq_plans_one_published",
            ["cycle_id"],
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        )
        batch_op.create_index(
            "uq_plans_one_submitted",
            ["cycle_id"],
            unique=True,
            sqlite_where=sa.text("state = 'submitted'"),
            postgresql_where=sa.text("state = 'submitted'"),
        )

    op.create_table(
        "readiness_rules",
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("declarations", sa.Boolean(), nullable=False),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_readiness_rules_cycle_id")),
        sa.PrimaryKeyConstraint("cycle_id", name=op.f("pk_readiness_rules")),
    )
    op.create_table(
        "recovery_secrets",
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_recovery_secrets_device_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_recovery_secrets_user_id")),
        sa.PrimaryKeyConstraint("device_id", "user_id", name=op.f("pk_recovery_secrets")),
    )
    with op.batch_alter_table("recovery_secrets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_secrets_user_id"), ["user_id"], unique=False)

    op.create_table(
        "recusal_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "step IN ('applied', 'checked', 'decided', 'substituted', 'approved')",
            name=op.f("ck_recusal_steps_step"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_recusal_steps_actor_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["recusal_requests.id"], name=op.f("fk_recusal_steps_request_id")
        ),
        sa.ForeignKeyConstraint(
            ["substitute_id"], ["people.id"], name=op.f("fk_recusal_steps_substitute_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal_steps")),
        sa.UniqueConstraint("request_id", "step", name=op.f("uq_recusal_steps_request_id_step")),
    )
    with op.batch_alter_table("recusal_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recusal_steps_request_id"), ["request_id"], unique=False)

    op.create_table(
        "rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("start", sa.Date(), nullable=False),
        sa.Column("end", sa.Date(), nullable=False),
        sa.Column("release_on", sa.Date(), nullable=False),
        sa.Column("teams", sa.Integer(), nullable=False),
        sa.Column("visits_per_team", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint('"end" >= start AND release_on <= start', name=op.f("ck_rounds_dates")),
        sa.CheckConstraint("teams > 0 AND visits_per_team > 0", name=op.f("ck_rounds_numbers")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_rounds_cycle_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rounds")),
        sa.UniqueConstraint("cycle_id", "code", name=op.f("uq_rounds_cycle_id_code")),
        sa.UniqueConstraint("uuid", name=op.f("uq_rounds_uuid")),
    )
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rounds_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "trainings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_trainings_cycle_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["users.id"], name=op.f("fk_trainings_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
        sa.UniqueConstraint("uuid", name=op.f("uq_trainings_uuid")),
    )
    with op.batch_alter_table("trainings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trainings_cycle_id"), ["cycle_id"], unique=False)

    op.create_table(
        "waivers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cycle_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'refused', 'revoked')", name=op.f("ck_waivers_state")
        ),
        sa.CheckConstraint("(unit_id IS NULL) <> (other_id IS NULL)", name=op.f("ck_waivers_one_object")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["users.id"], name=op.f("fk_waivers_asked_by_id")),
        sa.ForeignKeyConstraint(["cycle_id"], ["cycles.id"], name=op.f("fk_waivers_cycle_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_waivers_decided_by_id")),
        sa.ForeignKeyConstraint(["other_id"], ["people.id"], name=op.f("fk_waivers_other_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_waivers_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_waivers_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waivers")),
        sa.UniqueConstraint("uuid", name=op.f("uq_waivers_uuid")),
    )
    with op.batch_alter_table("waivers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waivers_cycle_id"), ["cycle_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_waivers_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_waivers_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "adjustments",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_adjustments_plan_id")),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_adjustments")),
    )
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("contents", sa.JSON(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("stop_asked", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued', 'working', 'ready', 'cancelled', 'failed')", name=op.f("ck_batches_state")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name=op.f("fk_batches_made_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_batches_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("uuid", name=op.f("uq_batches_uuid")),
    )
    with op.batch_alter_table("batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batches_round_id"), ["round_id"], unique=False)

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
        "papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("wording", sa.JSON(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.Column("issued_by_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", UtcDateTime(), nullable=True),
        sa.Column("void_reason", sa.String(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('draft', 'checked')) = (number IS NULL)", name=op.f("ck_papers_numbered_when_signed")
        ),
        sa.CheckConstraint(
            "kind IN ('handover', 'feedback', 'reminder', 'transfer', 'advice', 'bulletin', 'round_report', 'minutes')",
            name=op.f("ck_papers_kind"),
        ),
        sa.CheckConstraint(
            "round_id IS NOT NULL OR kind NOT IN ('handover', 'feedback')",
            name=op.f("ck_papers_visits_have_a_round"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'checked', 'signed', 'issuing', 'issued', 'void')",
            name=op.f("ck_papers_state"),
        ),
        sa.ForeignKeyConstraint(["checked_by_id"], ["users.id"], name=op.f("fk_papers_checked_by_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_papers_created_by_id")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["users.id"], name=op.f("fk_papers_issued_by_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["papers.id"], name=op.f("fk_papers_replaces_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_papers_round_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["users.id"], name=op.f("fk_papers_signed_by_id")),
        sa.ForeignKeyConstraint(["township_id"], ["areas.id"], name=op.f("fk_papers_township_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("code", "year", "number", name=op.f("uq_papers_code_year_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_papers_uuid")),
    )
    with op.batch_alter_table("papers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_papers_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_papers_township_id"), ["township_id"], unique=False)

    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_teams_plan_id")),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name=op.f("fk_teams_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
        sa.UniqueConstraint("plan_id", "code", name=op.f("uq_teams_plan_id_code")),
        sa.UniqueConstraint("uuid", name=op.f("uq_teams_uuid")),
    )
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_teams_plan_id"), ["plan_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_teams_round_id"), ["round_id"], unique=False)

    op.create_table(
        "training_people",
        sa.Column("training_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_training_people_person_id")),
        sa.ForeignKeyConstraint(
            ["training_id"], ["trainings.id"], name=op.f("fk_training_people_training_id")
        ),
        sa.PrimaryKeyConstraint("training_id", "person_id", name=op.f("pk_training_people")),
    )
    op.create_table(
        "campaign_projects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (report = '')", name=op.f("ck_campaign_projects_ended_with_a_report")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_campaign_projects_days_in_order")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_projects_campaign_id")
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["units.id"], name=op.f("fk_campaign_projects_lead_id")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["users.id"], name=op.f("fk_campaign_projects_opened_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_projects")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_campaign_projects_campaign_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_campaign_projects_uuid")),
    )
    with op.batch_alter_table("campaign_projects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_projects_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "countersignatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_countersignatures_actor_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_countersignatures_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_countersignatures")),
        sa.UniqueConstraint(
            "paper_id", "version", "seat", name=op.f("uq_countersignatures_paper_id_version_seat")
        ),
    )
    with op.batch_alter_table("countersignatures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_countersignatures_paper_id"), ["paper_id"], unique=False)

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
        "letter_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("leader", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_letter_plans_actor_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_letter_plans_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_plans")),
        sa.UniqueConstraint("uuid", name=op.f("uq_letter_plans_uuid")),
    )
    with op.batch_alter_table("letter_plans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_plans_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "name_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("is_name", sa.Boolean(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["users.id"], name=op.f("fk_name_checks_decided_by_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_name_checks_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_name_checks")),
        sa.UniqueConstraint("paper_id", "word", name=op.f("uq_name_checks_paper_id_word")),
    )
    with op.batch_alter_table("name_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_name_checks_paper_id"), ["paper_id"], unique=False)

    op.create_table(
        "paper_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("fonts", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'issued')", name=op.f("ck_paper_files_status")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_files_paper_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_files")),
        sa.UniqueConstraint(
            "paper_id", "version", "status", name=op.f("uq_paper_files_paper_id_version_status")
        ),
    )
    with op.batch_alter_table("paper_files", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_files_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(
            "uq_paper_files_one_issued",
            ["paper_id"],
            unique=True,
            sqlite_where=sa.text("status = 'issued'"),
            postgresql_where=sa.text("status = 'issued'"),
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

    op.create_table(
        "postings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_postings_team_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_postings_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
        sa.UniqueConstraint("team_id", "unit_id", name=op.f("uq_postings_team_id_unit_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_postings_uuid")),
    )
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_postings_team_id"), ["team_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_postings_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "seats",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_seats_person_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_seats_team_id")),
        sa.PrimaryKeyConstraint("team_id", "person_id", name=op.f("pk_seats")),
    )
    with op.batch_alter_table("seats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seats_person_id"), ["person_id"], unique=False)

    op.create_table(
        "campaign_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("problems", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("households", sa.Integer(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state IN ('given', 'reported', 'accepted')", name=op.f("ck_campaign_tasks_state")
        ),
        sa.CheckConstraint(
            "problems >= 0 AND amount >= 0 AND households >= 0", name=op.f("ck_campaign_tasks_figures")
        ),
        sa.ForeignKeyConstraint(
            ["project_id"], ["campaign_projects.id"], name=op.f("fk_campaign_tasks_project_id")
        ),
        sa.ForeignKeyConstraint(["township_id"], ["areas.id"], name=op.f("fk_campaign_tasks_township_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_tasks")),
        sa.UniqueConstraint(
            "project_id", "township_id", name=op.f("uq_campaign_tasks_project_id_township_id")
        ),
        sa.UniqueConstraint("uuid", name=op.f("uq_campaign_tasks_uuid")),
    )
    with op.batch_alter_table("campaign_tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_tasks_project_id"), ["project_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_tasks_township_id"), ["township_id"], unique=False)

    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_planning_only", sa.Boolean(), nullable=False),
        sa.Column("item_code", sa.String(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=True),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("unit_planning_only = false", name=op.f("ck_findings_no_real_place")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_findings_created_by_id")),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_findings_posting_id")),
        sa.ForeignKeyConstraint(
            ["unit_id", "unit_planning_only"],
            ["units.id", "units.planning_only"],
            name="fk_findings_unit_id_planning_only",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
        sa.UniqueConstraint("number", name=op.f("uq_findings_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_findings_uuid")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_findings_posting_id"), ["posting_id"], unique=False)

    op.create_table(
        "former_teams",
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_former_teams_posting_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_former_teams_team_id")),
        sa.PrimaryKeyConstraint("posting_id", "team_id", name=op.f("pk_former_teams")),
    )
    with op.batch_alter_table("former_teams", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_teams_team_id"), ["team_id"], unique=False)

    op.create_table(
        "operations",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("checklist_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("seen", sa.Integer(), nullable=True),
        sa.Column("settles", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("awaits", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("client_time", UtcDateTime(), nullable=True),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("kind IN ('set', 'add', 'remove', 'resolve')", name=op.f("ck_operations_kind")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_operations_author_id")),
        sa.ForeignKeyConstraint(["checklist_id"], ["checklists.id"], name=op.f("fk_operations_checklist_id")),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_operations_posting_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_operations")),
        sa.UniqueConstraint("id", name=op.f("uq_operations_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("operations", schema=None) as batch_op:
        batch_op.create_index(
            "ix_operations_posting_id_item_field", ["posting_id", "item", "field"], unique=False
        )

    op.create_table(
        "paper_looks",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("measures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["paper_files.id"], name=op.f("fk_paper_looks_file_id")),
        sa.PrimaryKeyConstraint("file_id", name=op.f("pk_paper_looks")),
    )
    op.create_table(
        "paper_sheets",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["paper_files.id"], name=op.f("fk_paper_sheets_file_id")),
        sa.PrimaryKeyConstraint("file_id", "number", name=op.f("pk_paper_sheets")),
    )
    op.create_table(
        "polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("by_slip", sa.Boolean(), nullable=False),
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
        "quarantined_operations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("operation_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["users.id"], name=op.f("fk_quarantined_operations_author_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["postings.id"], name=op.f("fk_quarantined_operations_posting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantined_operations")),
        sa.UniqueConstraint(
            "operation_id", "sha256", name=op.f("uq_quarantined_operations_operation_id_sha256")
        ),
    )
    with op.batch_alter_table("quarantined_operations", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quarantined_operations_posting_id"), ["posting_id"], unique=False
        )

    op.create_table(
        "visit_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(what = 'opened') = (until IS NOT NULL)", name=op.f("ck_visit_steps_until")),
        sa.CheckConstraint(
            "what <> 'opened' OR (reason <> '' AND actor_id IS NOT NULL)", name=op.f("ck_visit_steps_opened")
        ),
        sa.CheckConstraint("what IN ('closed', 'opened', 'letter')", name=op.f("ck_visit_steps_what")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_visit_steps_actor_id")),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_visit_steps_posting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_steps")),
    )
    with op.batch_alter_table("visit_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_steps_posting_id"), ["posting_id"], unique=False)

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
        "campaign_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('given', 'reported', 'accepted')", name=op.f("ck_campaign_steps_state")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_campaign_steps_actor_id")),
        sa.ForeignKeyConstraint(["task_id"], ["campaign_tasks.id"], name=op.f("fk_campaign_steps_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_steps")),
    )
    with op.batch_alter_table("campaign_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_steps_task_id"), ["task_id"], unique=False)

    op.create_table(
        "demands",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_planning_only", sa.Boolean(), nullable=False),
        sa.Column("township_id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("heard_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("due_basis", sa.String(), nullable=False),
        sa.Column("reply", sa.String(), nullable=False),
        sa.Column("replied_on", sa.Date(), nullable=True),
        sa.Column("satisfaction", sa.String(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('visit', 'meeting', 'window', 'phone', 'paper', 'other')",
            name=op.f("ck_demands_channel"),
        ),
        sa.CheckConstraint("satisfaction IN ('', 'yes', 'fair', 'no')", name=op.f("ck_demands_satisfaction")),
        sa.CheckConstraint(
            "state IN ('received', 'assigned', 'replied', 'closed', 'dropped')", name=op.f("ck_demands_state")
        ),
        sa.CheckConstraint(
            "topic IN ('open', 'accounts', 'welfare', 'land', 'works', 'conduct', 'living', 'dispute', 'other')",
            name=op.f("ck_demands_topic"),
        ),
        sa.CheckConstraint("unit_planning_only = false", name=op.f("ck_demands_no_real_place")),
        sa.ForeignKeyConstraint(["created_by_id"], ["users.id"], name=op.f("fk_demands_created_by_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_demands_finding_id")),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_demands_posting_id")),
        sa.ForeignKeyConstraint(["township_id"], ["areas.id"], name=op.f("fk_demands_township_id")),
        sa.ForeignKeyConstraint(
            ["unit_id", "unit_planning_only"],
            ["units.id", "units.planning_only"],
            name="fk_demands_unit_id_planning_only",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demands")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_demands_finding_id")),
        sa.UniqueConstraint("uuid", name=op.f("uq_demands_uuid")),
    )
    with op.batch_alter_table("demands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demands_posting_id"), ["posting_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demands_township_id"), ["township_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_demands_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "finding_gate_voices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("verdict IN ('', 'problem', 'lead')", name=op.f("ck_finding_gate_voices_verdict")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_finding_gate_voices_actor_id")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["findings.id"], name=op.f("fk_finding_gate_voices_finding_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_gate_voices")),
    )
    with op.batch_alter_table("finding_gate_voices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_gate_voices_finding_id"), ["finding_id"], unique=False)

    op.create_table(
        "finding_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("responsible", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "severity IN ('S1', 'S2', 'S3', 'S4')", name=op.f("ck_finding_revisions_severity")
        ),
        sa.CheckConstraint("amount IS NULL OR amount >= 0", name=op.f("ck_finding_revisions_amount")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_finding_revisions_author_id")),
        sa.ForeignKeyConstraint(
            ["finding_id"], ["findings.id"], name=op.f("fk_finding_revisions_finding_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_revisions")),
        sa.UniqueConstraint("finding_id", "n", name=op.f("uq_finding_revisions_finding_id_n")),
    )
    with op.batch_alter_table("finding_revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_revisions_finding_id"), ["finding_id"], unique=False)

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
        "finding_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'in_review', 'submitted', 'signed', 'returned')",
            name=op.f("ck_finding_steps_state"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_finding_steps_actor_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_finding_steps_finding_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_steps")),
    )
    with op.batch_alter_table("finding_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_finding_steps_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index("ix_finding_steps_state_at", ["state", "at"], unique=False)

    op.create_table(
        "paper_findings",
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_paper_findings_finding_id")),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name=op.f("fk_paper_findings_paper_id")),
        sa.PrimaryKeyConstraint("paper_id", "finding_id", name=op.f("pk_paper_findings")),
    )
    op.create_table(
        "photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_planning_only", sa.Boolean(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("item_code", sa.String(), nullable=True),
        sa.Column("caption", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("small_sha256", sa.String(), nullable=True),
        sa.Column("sent_sha256", sa.String(), nullable=True),
        sa.Column("sent_size", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "media_type IN ('image/jpeg', 'image/png', 'image/webp')", name=op.f("ck_photos_media_type")
        ),
        sa.CheckConstraint("unit_planning_only = false", name=op.f("ck_photos_no_real_place")),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name=op.f("fk_photos_author_id")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_photos_finding_id")),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name=op.f("fk_photos_posting_id")),
        sa.ForeignKeyConstraint(
            ["unit_id", "unit_planning_only"],
            ["units.id", "units.planning_only"],
            name="fk_photos_unit_id_planning_only",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photos")),
    )
    with op.batch_alter_table("photos", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_photos_finding_id"), ["finding_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_photos_posting_id"), ["posting_id"], unique=False)

    op.create_table(
        "poll_fives",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_fives_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_fives")),
    )
    with op.batch_alter_table("poll_fives", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_fives_poll_id"), ["poll_id"], unique=False)

    op.create_table(
        "poll_slips",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_slips_poll_id")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_poll_slips")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("poll_slips", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_slips_poll_id"), ["poll_id"], unique=False)

    op.create_table(
        "poll_tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["check_tasks.id"], name=op.f("fk_poll_tasks_check_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["polls.id"], name=op.f("fk_poll_tasks_poll_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_tasks")),
        sa.UniqueConstraint("poll_id", "question", name=op.f("uq_poll_tasks_poll_id_question")),
    )
    with op.batch_alter_table("poll_tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_poll_tasks_poll_id"), ["poll_id"], unique=False)

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
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
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
        "sealed_leads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("unit_planning_only", sa.Boolean(), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("sealed_by_id", sa.Integer(), nullable=False),
        sa.Column("sealed_at", UtcDateTime(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("unit_planning_only = false", name=op.f("ck_sealed_leads_no_real_place")),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name=op.f("fk_sealed_leads_finding_id")),
        sa.ForeignKeyConstraint(["sealed_by_id"], ["users.id"], name=op.f("fk_sealed_leads_sealed_by_id")),
        sa.ForeignKeyConstraint(
            ["unit_id", "unit_planning_only"],
            ["units.id", "units.planning_only"],
            name="fk_sealed_leads_unit_id_planning_only",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_leads")),
        sa.UniqueConstraint("finding_id", name=op.f("uq_sealed_leads_finding_id")),
        sa.UniqueConstraint("number", name=op.f("uq_sealed_leads_number")),
        sa.UniqueConstraint("uuid", name=op.f("uq_sealed_leads_uuid")),
    )
    op.create_table(
        "blotted_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('finding_revisions', 'finding_steps', 'operations', 'quarantined_operations')",
            name=op.f("ck_blotted_rows_kind"),
        ),
        sa.ForeignKeyConstraint(["lead_id"], ["sealed_leads.id"], name=op.f("fk_blotted_rows_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blotted_rows")),
        sa.UniqueConstraint("kind", "row", name=op.f("uq_blotted_rows_kind_row")),
    )
    with op.batch_alter_table("blotted_rows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blotted_rows_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "demand_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("demand_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('received', 'assigned', 'replied', 'closed', 'dropped')",
            name=op.f("ck_demand_steps_state"),
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_demand_steps_actor_id")),
        sa.ForeignKeyConstraint(["demand_id"], ["demands.id"], name=op.f("fk_demand_steps_demand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_demand_steps")),
    )
    with op.batch_alter_table("demand_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demand_steps_demand_id"), ["demand_id"], unique=False)

    op.create_table(
        "item_partners",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["rectification_items.id"], name=op.f("fk_item_partners_item_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_item_partners_unit_id")),
        sa.PrimaryKeyConstraint("item_id", "unit_id", name=op.f("pk_item_partners")),
    )
    op.create_table(
        "lead_envelopes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["case_room_keys.id"], name=op.f("fk_lead_envelopes_key_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["sealed_leads.id"], name=op.f("fk_lead_envelopes_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_envelopes")),
        sa.UniqueConstraint("lead_id", "key_id", name=op.f("uq_lead_envelopes_lead_id_key_id")),
    )
    with op.batch_alter_table("lead_envelopes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_envelopes_lead_id"), ["lead_id"], unique=False)

    op.create_table(
        "lead_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("disposal", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("actor_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "disposal IN ('', 'LD1', 'LD2', 'LD3', 'LD4')", name=op.f("ck_lead_steps_disposal")
        ),
        sa.CheckConstraint("what IN ('received', 'disposed', 'finished')", name=op.f("ck_lead_steps_what")),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_lead_steps_actor_id")),
        sa.ForeignKeyConstraint(["lead_id"], ["sealed_leads.id"], name=op.f("fk_lead_steps_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_steps")),
    )
    with op.batch_alter_table("lead_steps", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lead_steps_lead_id"), ["lead_id"], unique=False)

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
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("uuid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('desk', 'phone', 'face', 'letter', 'webhook')", name=op.f("ck_reminders_channel")
        ),
        sa.CheckConstraint(
            "side IN ('recipient', 'planner', 'checker', 'leadership')", name=op.f("ck_reminders_side")
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

    op.create_table(
        "reminder_pushes",
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["reminder_id"], ["reminders.id"], name=op.f("fk_reminder_pushes_reminder_id")
        ),
        sa.PrimaryKeyConstraint("reminder_id", name=op.f("pk_reminder_pushes")),
    )

    dialect = op.get_bind().dialect.name
    for table in (
        "journal",
        "chain",
        "unit_events",
        "declarations",
        "recusal_steps",
        "finding_steps",
        "finding_gate_voices",
        "finding_revisions",
        "operations",
        "quarantined_operations",
        "visit_steps",
        "ledger_epochs",
        "rectification_steps",
        "rectification_proofs",
        "letter_plans",
        "reminders",
        "finding_sortings",
        "filings",
        "campaign_steps",
        "demand_steps",
        "answer_sheets",
        "poll_fives",
        "poll_tasks",
        "case_room_keys",
        "case_room_key_steps",
        "sealed_leads",
        "lead_envelopes",
        "blotted_rows",
        "lead_steps",
        "countersignatures",
        "paper_files",
        "own_texts",
        "paper_steps",
    ):
        for statement in append_only_ddl(table, dialect):
            op.execute(statement)
