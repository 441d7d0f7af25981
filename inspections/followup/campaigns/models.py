"""An adopted proposal as a project, and what each township or bureau was given to do in it."""

import datetime as dt
import decimal

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, orm, select

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, Named, append_only, now, today
from inspections.followup.models import Campaign
from inspections.units.models import Area, Unit

TASK_STATES = {"given": "办理中", "reported": "已报告，待县里确认", "accepted": "已完成"}


class CampaignProject(Named, Base):
    """How an adopted campaign is carried out: the goal, the bureau that leads, from when to when, the end."""

    __tablename__ = "campaign_projects"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    campaign_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("campaigns.id"), unique=True)
    lead_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("units.id"), index=True)
    plan: orm.Mapped[str]
    starts_on: orm.Mapped[dt.date]
    ends_on: orm.Mapped[dt.date]
    opened_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    #: the end report; empty while it runs
    report: orm.Mapped[str] = orm.mapped_column(default="")
    ended_on: orm.Mapped[dt.date | None]
    version: orm.Mapped[int] = orm.mapped_column(default=1)

    campaign: orm.Mapped[Campaign] = orm.relationship()
    lead: orm.Mapped[Unit] = orm.relationship()
    opened_by: orm.Mapped[User] = orm.relationship()
    tasks: orm.Mapped[list["CampaignTask"]] = orm.relationship(
        back_populates="project", order_by="CampaignTask.id"
    )

    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", "days_in_order"),
        CheckConstraint("(ended_on IS NULL) = (report = '')", "ended_with_a_report"),
    )
    __mapper_args__ = {"version_id_col": version}

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """The projects that a bureau leads."""
        return cls.lead_id == user.unit_id if reach is Reach.TOWNSHIP else sa.false()


class CampaignTask(Named, Base):
    """What one township does in a project, until when, and what it reports."""

    __tablename__ = "campaign_tasks"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    project_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("campaign_projects.id"), index=True)
    township_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("areas.id"), index=True)
    text: orm.Mapped[str]
    due: orm.Mapped[dt.date]
    state: orm.Mapped[str] = orm.mapped_column(default="given")
    #: what the township found and did: units gone through, problems found, money, households
    result: orm.Mapped[str] = orm.mapped_column(default="")
    problems: orm.Mapped[int] = orm.mapped_column(default=0)
    amount: orm.Mapped[decimal.Decimal] = orm.mapped_column(sa.Numeric(14, 2), default=decimal.Decimal(0))
    households: orm.Mapped[int] = orm.mapped_column(default=0)
    reported_on: orm.Mapped[dt.date | None]
    version: orm.Mapped[int] = orm.mapped_column(default=1)

    project: orm.Mapped[CampaignProject] = orm.relationship(back_populates="tasks")
    township: orm.Mapped[Area] = orm.relationship()
    steps: orm.Mapped[list["CampaignStep"]] = orm.relationship(order_by="CampaignStep.id")

    __table_args__ = (
        sa.UniqueConstraint("project_id", "township_id"),
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in TASK_STATES)})", "state"),
        CheckConstraint("problems >= 0 AND amount >= 0 AND households >= 0", "figures"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_overdue(self) -> bool:
        return self.state == "given" and self.due < today()

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """A township's own tasks; to the bureau that leads, all tasks of its projects."""
        if reach is not Reach.TOWNSHIP:
            return sa.false()
        led = select(CampaignProject.id).where(CampaignProject.within(reach, user))
        return cls.project_id.in_(led) if user.unit_id else cls.township_id == user.township_id


@append_only
class CampaignStep(Base):
    """One act on a task: given, reported, confirmed or sent back, by whom and in which words."""

    __tablename__ = "campaign_steps"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    task_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("campaign_tasks.id"), index=True)
    state: orm.Mapped[str]
    text: orm.Mapped[str]
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    actor: orm.Mapped[User] = orm.relationship()

    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in TASK_STATES)})", "state"),
    )
