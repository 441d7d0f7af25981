"""Proposals of cooperation zones, and who is in charge of a zone."""

import sqlalchemy as sa
from alembic import op

from inspections.database import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
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
        "zone_charges",
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("leader", sa.String(), nullable=False),
        sa.Column("bodies", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["areas.id"], name=op.f("fk_zone_charges_area_id")),
        sa.PrimaryKeyConstraint("area_id", name=op.f("pk_zone_charges")),
    )
