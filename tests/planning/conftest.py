"""A fixture for the tests of plans: the worker's work done on the spot."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import orm

from inspections.planning import generate, shortfall
from inspections.rounds.models import Cycle, Plan
from planners.annealing import anneal
from planners.search import improve


@pytest.fixture(autouse=True)
def short_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests ask whether plans are right, not how good they get: the search is cut short."""
    monkeypatch.setattr(anneal, "TRIES", 5_000)
    monkeypatch.setattr(anneal, "TRIES_PER_SEAT", 0)
    monkeypatch.setattr(improve, "EXCHANGE_WORK", 600)


@pytest.fixture
def solved(app: Flask, session: orm.Session) -> Callable[[Cycle], Plan]:
    """A function: the plan of a cycle, after the worker's work."""

    def solve(cycle: Cycle) -> Plan:
        plan = generate.queue(session, cycle, seed=1, seconds=10, user=None)
        session.commit()
        generate.run(app.extensions["sessions"], str(plan.uuid), breath=0)
        shortfall.run(app.extensions["sessions"], str(plan.uuid))
        session.expire_all()
        return plan

    return solve
