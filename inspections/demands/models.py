"""The register of villagers' demands. There is no field for who asked: it is about a thing, not a person."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, Named, append_only, now, today
from inspections.rounds.models import Posting
from inspections.units.models import Area, Unit, fictional_unit_columns

CHANNELS = {
    "visit": "入户走访",
    "meeting": "座谈（板凳会）",
    "window": "来访",
    "phone": "来电",
    "paper": "底稿转来",
    "other": "其他",
}
TOPICS = {
    "open": "村务公开",
    "accounts": "三资账目",
    "welfare": "补贴救助",
    "land": "土地征地",
    "works": "工程项目",
    "conduct": "干部作风",
    "living": "道路、饮水、照明",
    "dispute": "矛盾纠纷",
    "other": "其他",
}
STATES = {
    "received": "待分流",
    "assigned": "办理中",
    "replied": "已答复，待回访",
    "closed": "已办结",
    "dropped": "不予受理",
}
SATISFACTION = {"yes": "满意", "fair": "基本满意", "no": "不满意"}
#: what runs against the office that must answer
OPEN = ("received", "assigned", "replied")


class Demand(Named, Base):
    """One demand about one unit, from the day it was heard to the day its answer was asked about again."""

    __tablename__ = "demands"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    posting_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("postings.id"), index=True)
    #: the working paper that the county sorted to the demands (FD7)
    finding_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("findings.id"), unique=True)
    unit_id: orm.Mapped[int] = orm.mapped_column(index=True)
    unit_planning_only: orm.Mapped[bool] = orm.mapped_column(default=False)
    township_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("areas.id"), index=True)
    topic: orm.Mapped[str]
    channel: orm.Mapped[str]
    text: orm.Mapped[str]
    heard_on: orm.Mapped[dt.date]
    state: orm.Mapped[str] = orm.mapped_column(default="received")
    owner: orm.Mapped[str] = orm.mapped_column(default="")
    due: orm.Mapped[dt.date | None]
    due_basis: orm.Mapped[str] = orm.mapped_column(default="")
    reply: orm.Mapped[str] = orm.mapped_column(default="")
    replied_on: orm.Mapped[dt.date | None]
    satisfaction: orm.Mapped[str] = orm.mapped_column(default="")
    closed_on: orm.Mapped[dt.date | None]
    created_by_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    version: orm.Mapped[int] = orm.mapped_column(default=1)

    posting: orm.Mapped[Posting | None] = orm.relationship()
    unit: orm.Mapped[Unit] = orm.relationship(viewonly=True)
    township: orm.Mapped[Area] = orm.relationship()
    created_by: orm.Mapped[User] = orm.relationship()
    steps: orm.Mapped[list["DemandStep"]] = orm.relationship(
        back_populates="demand", order_by="DemandStep.id"
    )

    __table_args__ = (
        *fictional_unit_columns("demands"),
        CheckConstraint(f"state IN ({', '.join(repr(s) for s in STATES)})", "state"),
        CheckConstraint(f"topic IN ({', '.join(repr(t) for t in TOPICS)})", "topic"),
        CheckConstraint(f"channel IN ({', '.join(repr(c) for c in CHANNELS)})", "channel"),
        CheckConstraint("satisfaction IN ('', 'yes', 'fair', 'no')", "satisfaction"),
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_overdue(self) -> bool:
        return self.state == "assigned" and self.due is not None and self.due < today()

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Demands in reach: `team` of the user's released postings; those given to a liaison's place."""
        if reach is Reach.TEAM:
            return cls.posting_id.in_(sa.select(Posting.id).where(Posting.within(reach, user)))
        if reach is not Reach.TOWNSHIP:
            return sa.false()
        own = cls.unit_id == user.unit_id if user.unit_id is not None else cls.township_id == user.township_id
        return sa.and_(own, cls.state != "received", cls.state != "dropped")


@append_only
class DemandStep(Base):
    """One act on a demand, by whom and in which words; never altered."""

    __tablename__ = "demand_steps"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    demand_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("demands.id"), index=True)
    state: orm.Mapped[str]
    actor_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("users.id"))
    at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    text: orm.Mapped[str] = orm.mapped_column(default="")

    demand: orm.Mapped[Demand] = orm.relationship(back_populates="steps")
    actor: orm.Mapped[User] = orm.relationship()

    __table_args__ = (CheckConstraint(f"state IN ({', '.join(repr(s) for s in STATES)})", "state"),)
