"""Every state × role × act of a plan: what stands in the table is done, everything else is refused."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.accounts.permissions import ROLES
from inspections.planning.amending import amendments
from inspections.rounds import archive, life
from inspections.rounds.models import PLAN_STATES, Cycle, Plan
from tests import factories
from tests.planning.county import small_county

Browser = Callable[[User], FlaskClient]
Solve = Callable[[Cycle], Plan]

#: written out by hand, so that a slip in the table is seen: act → states, roles, the state after it
TABLE = {
    "submit": ({"ready", "returned", "lapsed"}, {"planner"}, "submitted"),
    "recall": ({"submitted"}, {"planner"}, "ready"),
    "send_back": ({"submitted", "approved"}, {"planner", "leadership"}, "returned"),
    "approve": ({"submitted"}, {"planner", "leadership"}, "approved"),
    "publish": ({"approved"}, {"planner"}, "published"),
    "ask_withdrawal": ({"published"}, {"planner"}, "published"),
}


def test_the_acts_are_those_of_the_table() -> None:
    assert {act: (set(move.before), move.after) for act, move in life.MOVES.items()} == {
        act: (states, after) for act, (states, _, after) in TABLE.items()
    }


@pytest.mark.parametrize("role", [role for role in ROLES if role != "anonymous"])
def test_every_state_and_act_outside_the_table_is_refused(
    session: orm.Session, sign_in: Browser, solved: Solve, role: str
) -> None:
    plan = solved(small_county(session, villages=1, rounds=1))
    name = plan.uuid
    client = sign_in(factories.make_user(session, role))
    for state in PLAN_STATES:
        for act, (states, roles, after) in TABLE.items():
            plan = session.get_one(Plan, plan.id, populate_existing=True)
            plan.state = state
            waiting = amendments.open_of(session, plan.cycle)
            if waiting is not None:
                session.delete(waiting)
            plan.submitted_by_id = None
            session.commit()
            typed = {"seen": plan.version, "note": "", "reason": "因故", "typed": str(plan.number)}
            answer = client.post(f"/plans/{name}/{act}", data=typed)
            session.expire_all()
            where = (state, role, act, answer.status_code)
            if role not in roles:
                assert (answer.status_code, plan.state) == (403, state), where
            elif state not in states:
                assert (answer.status_code, plan.state) == (422, state), where
            else:
                assert (answer.status_code, plan.state) == (302, after), where


@pytest.mark.parametrize("act", list(TABLE))
def test_nothing_is_done_in_an_archived_cycle(
    session: orm.Session, sign_in: Browser, solved: Solve, act: str
) -> None:
    plan = solved(small_county(session, villages=1, rounds=1))
    planner = factories.make_user(session)
    archive.archive(session, plan.cycle, plan.cycle.version, planner)
    plan.state = min(TABLE[act][0])
    session.commit()
    typed = {"seen": plan.version, "reason": "因故", "typed": "1"}
    answer = sign_in(planner).post(f"/plans/{plan.uuid}/{act}", data=typed)
    assert answer.status_code == 422
    assert "已归档" in answer.text
