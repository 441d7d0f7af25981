"""The row of a plan while the worker computes it: taken, watched, and ended without a result.

Short transactions of its own; it neither solves nor stores a result (`generate.py` does).
"""

import datetime as dt
import time
from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import orm

from inspections import journal
from inspections.database import now
from inspections.rounds.models import Plan

ACTIVE = ("queued", "solving")
LONGEST_SECONDS = 600
#: a run that took its worker down so often is given up: it would do so for ever
MOST_ATTEMPTS = 5
#: a run of which nothing was heard so long has no worker any more; a working one is heard each PULSE
SILENCE = dt.timedelta(minutes=2)
PULSE = 10.0
#: what the solver tells and the page shows; the row also keeps the gap over time, as `curve`
TOLD = ("phase", "objective", "bound", "gap", "seconds")

#: points of the curve that the row keeps
MOST_POINTS = 200

OpenSession = Callable[..., orm.Session]


class News(Protocol):
    """What the solver tells while it works; the attributes named in TOLD."""

    @property
    def phase(self) -> str: ...


class Watch:
    """Between the solver and the plan row: carries progress out and the wish to stop in, once a breath."""

    def __init__(self, open_session: OpenSession, plan_uuid: UUID, breath: float) -> None:
        self.open_session, self.plan_uuid, self.breath = open_session, plan_uuid, breath
        self.stop_asked = ""
        self._phase = ""
        self._curve: list[tuple[float, float]] = []
        self._told = self._looked = 0.0

    def progress(self, progress: News) -> None:
        if time.monotonic() - self._told < self.breath and progress.phase == self._phase:
            return
        self._phase = progress.phase
        told = {key: getattr(progress, key) for key in TOLD}
        if told["gap"] is not None:
            self._curve.append((round(told["seconds"], 1), round(told["gap"], 5)))
            if len(self._curve) > MOST_POINTS:  # a long run keeps every other point of its curve
                del self._curve[1::2]
        self._tell({**told, "curve": self._curve})

    def _tell(self, values: dict[str, Any]) -> None:
        self._told = time.monotonic()
        with self.open_session() as session:
            _note(session, self.plan_uuid, {**values, "heard": now().isoformat()})
            session.commit()

    def stopped(self) -> bool:
        if time.monotonic() - self._told >= PULSE:
            self._tell({})
        if not self.stop_asked and time.monotonic() - self._looked >= self.breath:
            self._looked = time.monotonic()
            with self.open_session(reading=True) as session:
                asked = session.scalar(sa.select(Plan.stop_asked).where(Plan.uuid == self.plan_uuid))
                self.stop_asked = asked or ""
        return bool(self.stop_asked)


def _note(session: orm.Session, plan_uuid: UUID, values: dict[str, Any]) -> None:
    """Adds to the progress without touching the row's version: a page that asks to stop must not miss it."""
    before = session.scalar(sa.select(Plan.progress).where(Plan.uuid == plan_uuid)) or {}
    session.execute(
        sa.update(Plan)
        .where(Plan.uuid == plan_uuid, Plan.state == "solving")
        .values(progress={**before, **values}),
        execution_options={"synchronize_session": False},
    )


def is_abandoned(plan: Plan) -> bool:
    """Whether the plan counts as being solved but no worker has been heard of it for long."""
    heard = plan.progress.get("heard")
    silent = heard is None or now() - dt.datetime.fromisoformat(heard) > SILENCE
    return plan.state == "solving" and silent


def locked(session: orm.Session, plan_uuid: UUID) -> Plan:
    return session.scalars(sa.select(Plan).where(Plan.uuid == plan_uuid).with_for_update()).one()


def take(open_session: OpenSession, plan_uuid: UUID) -> tuple[dict[str, Any], int, int] | None:
    """Problem, seed and seconds of a plan that still wants solving, now marked so; None for all others."""
    with open_session() as session:
        plan = locked(session, plan_uuid)
        attempt = plan.progress.get("attempt", 0) + 1
        if plan.state not in ACTIVE or plan.problem is None:
            return None
        if plan.stop_asked == "drop":
            plan.state = "cancelled"
        elif attempt > MOST_ATTEMPTS:
            plan.state, plan.trouble = "failed", "排程进程多次中断，已放弃，请联系系统管理员。"
        else:
            plan.state = "solving"
            plan.progress = {**plan.progress, "attempt": attempt, "heard": now().isoformat()}
        session.commit()
        return (plan.problem, plan.seed, plan.seconds) if plan.state == "solving" else None


def end_without(open_session: OpenSession, plan_uuid: UUID, state: str, trouble: str) -> None:
    with open_session() as session:
        plan = locked(session, plan_uuid)
        if plan.state in ACTIVE:
            plan.state, plan.trouble = state, trouble
            journal.record(session, f"plan.{state}", plan_uuid, None, trouble=trouble)
            session.commit()
