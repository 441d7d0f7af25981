"""The crossing table of a cycle: presets, the sentence of what it leaves, what a plan achieves with it."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.planning.statement import policy_of, problem_of
from inspections.rounds import crossing, memory
from inspections.rounds.models import Cycle, Plan
from tests import factories
from tests.planning.county import small_county

Browser = Callable[[User], FlaskClient]


def test_the_page_fills_a_preset_says_what_it_leaves_and_saves(
    session: orm.Session, sign_in: Browser
) -> None:
    cycle = small_county(session)
    client = sign_in(factories.make_user(session))
    address = f"/rounds/{cycle.uuid}/policy"
    assert "本乡镇尽量不" in client.get(address).text
    assert "本片区不许" in client.get(f"{address}?preset=cross_zone").text
    # one zone only: nobody may go anywhere
    assert "平均每个单位有 0 人可派" in client.get(f"{address}?preset=cross_zone").text
    told = client.get(f"{address}/effect?member-area=forbid").text
    assert "本村不许，本乡镇不许；平均每个单位有 8 人可派" in told
    typed = {"seen": cycle.version, "member-area": "forbid", "unit_days": "180", "unit_hard": "1"}
    answer = client.post(address, data={**typed, "member-unit": "allow"})
    assert answer.status_code == 422
    assert "因为它在其中" in answer.text
    assert 'value="180"' in answer.text
    assert client.post(address, data={**typed, "unit_days": "很久"}).status_code == 422
    assert client.post(address, data=typed).status_code == 302
    session.expire_all()
    assert policy_of(cycle)["member"].area == "forbid"
    assert memory.memory_of(cycle)[:2] == (180, True)
    rules = problem_of(session, cycle)["rules"]
    assert (rules["crossing"]["member"]["area"], rules["memory"]["unit"]) == ("forbid", "forbid")


def test_village_members_stay_out_of_their_township_where_heads_allow(
    session: orm.Session, solved: Callable[[Cycle], Plan]
) -> None:
    """The township of one's own is left even where it is by far the nearest."""
    plan = solved(small_county(session))
    assert plan.problem is not None
    assert plan.answer is not None
    found = {one.name: one for one in crossing.shares(plan.problem, plan.answer)}
    member = next(slot["name"] for slot in plan.cycle.slots if slot["id"] == "member")
    assert (found[member].own_area, found[member].fallback) == (0, 0)
    assert found[member].own_zone == found[member].seats


@pytest.mark.parametrize("role", ["leadership", "auditor"])
def test_only_a_planner_changes_the_table(session: orm.Session, sign_in: Browser, role: str) -> None:
    cycle = small_county(session)
    client = sign_in(factories.make_user(session, role))
    assert client.get(f"/rounds/{cycle.uuid}/policy").status_code == 403
