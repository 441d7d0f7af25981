"""The cycle, its rounds, the plans made for it, and the postings of an approved plan. No solving here."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, UniqueConstraint, orm

from inspections.accounts.models import User
from inspections.accounts.permissions import Reach
from inspections.database import Base, Named, now, today
from inspections.people.models import Person
from inspections.units.models import Unit
from inspections.workdays.lived import has_come

CROSSINGS = {
    "county_wide": "全县交叉",
    "cross_zone": "跨片区交叉",
    "within_zone": "片区内交叉",
    "intra_township": "镇内交叉",
}
PLAN_STATES = {
    "queued": "等待排程",
    "solving": "正在排程",
    "ready": "设想",
    "submitted": "送审中",
    "returned": "已退回",
    "approved": "已批准",
    "published": "已发布",
    "superseded": "已被替代",
    "lapsed": "已失效",
    "cancelled": "已取消",
    "failed": "未成",
}
WITHOUT_RESULT = ("queued", "solving", "cancelled", "failed")

cycle_units = Table(
    "cycle_units",
    Base.metadata,
    Column("cycle_id", ForeignKey("cycles.id"), primary_key=True),
    Column("unit_id", ForeignKey("units.id"), primary_key=True),
)


class TeamTemplate(Base):
    """A way to compose a team, e.g. 1+2+N; `slots` is the list of the planning contract."""

    __tablename__ = "team_templates"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(unique=True)
    slots: orm.Mapped[list[Any]]


class Cycle(Named, Base):
    """One campaign: the units to be visited, the rounds, the template and how teams cross."""

    __tablename__ = "cycles"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    name: orm.Mapped[str] = orm.mapped_column(unique=True)
    crossing: orm.Mapped[str]
    template_name: orm.Mapped[str]
    slots: orm.Mapped[list[Any]]
    #: a 回头看: whoever was in a team that visited one of these units before does not go there again
    looks_back: orm.Mapped[bool] = orm.mapped_column(default=False)
    #: where the county changed the preset's table: slot → source and policies (`crossing.SeatPolicy`)
    crossing_table: orm.Mapped[dict[str, Any]] = orm.mapped_column(default=dict)
    #: days between two visits, as `memory.Memory`; empty: the usual
    memory: orm.Mapped[list[Any]] = orm.mapped_column(default=list)
    created_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    #: laid by: nothing in it waits for anybody any more, and nothing can be done until it is fetched back
    archived_at: orm.Mapped[dt.datetime | None]
    version: orm.Mapped[int] = orm.mapped_column(default=1)

    units: orm.Mapped[list[Unit]] = orm.relationship(secondary=cycle_units, order_by=Unit.code)
    rounds: orm.Mapped[list["Round"]] = orm.relationship(
        back_populates="cycle", order_by="Round.position", cascade="all, delete-orphan"
    )
    plans: orm.Mapped[list["Plan"]] = orm.relationship(back_populates="cycle", order_by="Plan.number")

    __table_args__ = (CheckConstraint(f"crossing IN ({', '.join(repr(c) for c in CROSSINGS)})", "crossing"),)
    __mapper_args__ = {"version_id_col": version}

    @property
    def leading_plan(self) -> "Plan | None":
        """The plan that says how far the cycle is: published, else the furthest, else the newest; or None."""
        rank = {"published": 4, "approved": 3, "submitted": 2, "returned": 1}
        return max(self.plans, key=lambda plan: (rank.get(plan.state, 0), plan.number), default=None)

    @property
    def is_published(self) -> bool:
        return self.published_plan is not None

    @property
    def published_plan(self) -> "Plan | None":
        return next((plan for plan in self.plans if plan.state == "published"), None)

    @property
    def standing_rounds(self) -> "list[Round]":
        """The rounds that have not been cancelled, in order."""
        return [round_ for round_ in self.rounds if round_.cancelled_at is None]


class Round(Named, Base):
    """A period in the field. Until `release_on` nobody in a team knows the next village."""

    __tablename__ = "rounds"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    cycle_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("cycles.id"), index=True)
    position: orm.Mapped[int]
    code: orm.Mapped[str]
    name: orm.Mapped[str]
    start: orm.Mapped[dt.date]
    end: orm.Mapped[dt.date]
    release_on: orm.Mapped[dt.date]
    teams: orm.Mapped[int]
    visits_per_team: orm.Mapped[int] = orm.mapped_column(default=1)
    #: a cancelled round stays on record, but no team goes out in it
    cancelled_at: orm.Mapped[dt.datetime | None]

    cycle: orm.Mapped[Cycle] = orm.relationship(back_populates="rounds")

    __table_args__ = (
        UniqueConstraint("cycle_id", "code"),
        CheckConstraint('"end" >= start AND release_on <= start', "dates"),
        CheckConstraint("teams > 0 AND visits_per_team > 0", "numbers"),
    )


class Plan(Named, Base):
    """One computed plan of a cycle and the run that computes it: problem, answer, price and bound.

    A plan is never solved twice: another run is another row. Which act takes it from which state to which,
    `life.py` says. At most one plan of a cycle waits for approval and at most one is published; another that
    is published after it takes over its postings, and it is superseded.
    """

    __tablename__ = "plans"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    cycle_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("cycles.id"), index=True)
    number: orm.Mapped[int]
    state: orm.Mapped[str] = orm.mapped_column(default="queued")
    seed: orm.Mapped[int]
    seconds: orm.Mapped[int]
    #: a county's problem and answer weigh a megabyte: a list of plans does not read them
    problem: orm.Mapped[dict[str, Any] | None] = orm.mapped_column(sa.JSON, deferred=True)
    answer: orm.Mapped[dict[str, Any] | None] = orm.mapped_column(sa.JSON, deferred=True)
    #: why it lacks people and what would help, as the worker found it out; `planning/shortfall.py`
    diagnosis: orm.Mapped[dict[str, Any] | None] = orm.mapped_column(
        sa.JSON(none_as_null=True), deferred=True
    )
    #: what the solver reports while it works: phase, objective, bound, gap, seconds
    progress: orm.Mapped[dict[str, Any]] = orm.mapped_column(default=dict)
    #: what the worker is asked: '' go on, 'keep' end with the best plan so far, 'drop' end without one
    stop_asked: orm.Mapped[str] = orm.mapped_column(default="")
    trouble: orm.Mapped[str] = orm.mapped_column(default="")
    #: the version that this one repairs or took the place of; how a repair went: first round, counts, words
    replaces_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("plans.id"))
    repair: orm.Mapped[dict[str, Any] | None] = orm.mapped_column(sa.JSON(none_as_null=True))
    created_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)
    #: who handed it in for approval, and the note to whoever approves; the reason with which it came back
    submitted_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    submitted_at: orm.Mapped[dt.datetime | None]
    note: orm.Mapped[str] = orm.mapped_column(default="")
    returned_for: orm.Mapped[str] = orm.mapped_column(default="")
    approved_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    approved_at: orm.Mapped[dt.datetime | None]
    #: the number of the approval, e.g. 2026-003: the third of its year
    approval: orm.Mapped[str | None] = orm.mapped_column(unique=True)
    published_at: orm.Mapped[dt.datetime | None]
    #: hard rules that the referee found broken at publication
    violations: orm.Mapped[int | None]
    version: orm.Mapped[int] = orm.mapped_column(default=1)

    cycle: orm.Mapped[Cycle] = orm.relationship(back_populates="plans")
    replaces: orm.Mapped["Plan | None"] = orm.relationship(remote_side=id)
    created_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=created_by_id)
    submitted_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=submitted_by_id)
    approved_by: orm.Mapped[User | None] = orm.relationship(foreign_keys=approved_by_id)
    teams: orm.Mapped[list["Team"]] = orm.relationship(
        back_populates="plan", order_by="Team.position", cascade="all, delete-orphan"
    )
    adjustment: orm.Mapped["Adjustment | None"] = orm.relationship(back_populates="plan")

    __table_args__ = (
        UniqueConstraint("cycle_id", "number"),
        CheckConstraint(f"state IN ({', '.join(repr(s) for s in PLAN_STATES)})", "state"),
        CheckConstraint("stop_asked IN ('', 'keep', 'drop')", "stop_asked"),
        sa.Index(
            "uq_plans_one_published",
            "cycle_id",
            unique=True,
            sqlite_where=sa.text("state = 'published'"),
            postgresql_where=sa.text("state = 'published'"),
        ),
        sa.Index(
            "uq_plans_one_submitted",
            "cycle_id",
            unique=True,
            sqlite_where=sa.text("state = 'submitted'"),
            postgresql_where=sa.text("state = 'submitted'"),
        ),
    )
    __mapper_args__ = {"version_id_col": version}


class Team(Named, Base):
    """A team of one round: its members stay together for all units it visits."""

    __tablename__ = "teams"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    plan_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("plans.id"), index=True)
    round_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("rounds.id"), index=True)
    position: orm.Mapped[int]
    code: orm.Mapped[str]

    plan: orm.Mapped[Plan] = orm.relationship(back_populates="teams")
    round: orm.Mapped[Round] = orm.relationship()
    members: orm.Mapped[list["Seat"]] = orm.relationship(
        back_populates="team", order_by="Seat.position", cascade="all, delete-orphan"
    )
    postings: orm.Mapped[list["Posting"]] = orm.relationship(
        back_populates="team", order_by="Posting.position", cascade="all, delete-orphan"
    )

    __table_args__ = (UniqueConstraint("plan_id", "code"),)

    @property
    def name(self) -> str:
        """第一轮第1组, as people call it."""
        return team_words(self.round.name, self.code)


class Adjustment(Base):
    """调整稿: changes by hand to a plan that stays as it is until they are saved as a version of their own.

    `steps` are dicts of `steps.Step`, each with who took it, when, why, and what it costs.
    """

    __tablename__ = "adjustments"

    plan_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("plans.id"), primary_key=True)
    steps: orm.Mapped[list[Any]] = orm.mapped_column(default=list)
    version: orm.Mapped[int] = orm.mapped_column(default=1)

    plan: orm.Mapped[Plan] = orm.relationship(back_populates="adjustment")

    __mapper_args__ = {"version_id_col": version}


class Lock(Named, Base):
    """What every further version of a cycle has to keep, until one is published: a seat, a visit or a team.

    `pin` is a row of `pins` of the planning contract (rule H12); `words` say it as people do.
    """

    __tablename__ = "plan_locks"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    cycle_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("cycles.id"), index=True)
    kind: orm.Mapped[str]
    words: orm.Mapped[str]
    pin: orm.Mapped[dict[str, Any]]
    created_by_id: orm.Mapped[int | None] = orm.mapped_column(ForeignKey("users.id"))
    created_at: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)

    cycle: orm.Mapped[Cycle] = orm.relationship()
    created_by: orm.Mapped[User | None] = orm.relationship()

    __table_args__ = (CheckConstraint("kind IN ('seat', 'visit', 'team')", "kind"),)


def team_words(round_name: str, code: str) -> str:
    """第一轮第1组 for the team R1-01; the code itself stands after the round when it ends in no number."""
    last = code.rpartition("-")[2]
    return f"{round_name}第{int(last)}组" if last.isdecimal() else f"{round_name}{code}组"


class Seat(Base):
    """A person in a slot of a team."""

    __tablename__ = "seats"

    team_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("teams.id"), primary_key=True)
    person_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    slot: orm.Mapped[str]
    position: orm.Mapped[int]

    team: orm.Mapped[Team] = orm.relationship(back_populates="members")
    person: orm.Mapped[Person] = orm.relationship()


class FormerTeam(Base):
    """A team that had a visit until a repaired plan gave it to another: what it wrote then counts."""

    __tablename__ = "former_teams"

    posting_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("postings.id"), primary_key=True)
    team_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("teams.id"), primary_key=True, index=True)
    until: orm.Mapped[dt.datetime] = orm.mapped_column(default=now)


class PastVisit(Base):
    """A visit of the years before this system, from the county's sheet; `people` are codes of the roster."""

    __tablename__ = "past_visits"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    unit_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("units.id"), index=True)
    day: orm.Mapped[dt.date]
    people: orm.Mapped[list[Any]] = orm.mapped_column(default=list)

    unit: orm.Mapped[Unit] = orm.relationship()

    __table_args__ = (UniqueConstraint("unit_id", "day"),)


class Posting(Named, Base):
    """A team's visit to one unit (驻点)."""

    __tablename__ = "postings"

    id: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    team_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("teams.id"), index=True)
    unit_id: orm.Mapped[int] = orm.mapped_column(ForeignKey("units.id"), index=True)
    position: orm.Mapped[int]

    team: orm.Mapped[Team] = orm.relationship(back_populates="postings")
    unit: orm.Mapped[Unit] = orm.relationship()

    __table_args__ = (UniqueConstraint("team_id", "unit_id"),)

    @classmethod
    def within(cls, reach: Reach, user: User) -> sa.ColumnElement[bool]:
        """Postings in reach. `team`: of teams in which the user sits, once published and released.

        Before the release day the row does not exist for its own team: the next village is a secret.
        """
        if reach is not Reach.TEAM or user.person_id is None:
            return sa.false()
        released = (
            sa.select(Team.id)
            .join(Team.plan)
            .join(Team.round)
            .join(Team.members)
            .where(
                Plan.state == "published",
                has_come(Round.release_on),
                Seat.person_id == user.person_id,
            )
        )
        if user.role == "village":  # one is borrowed for the visit: the other village closes again behind it
            released = released.where(Round.end >= today())
        return cls.team_id.in_(released)


#: a plan with what it was asked and what came out, which a list of plans does not read
SOLVED = (
    orm.undefer(Plan.problem),
    orm.undefer(Plan.answer),
    orm.joinedload(Plan.cycle),
    orm.joinedload(Plan.adjustment),
)
