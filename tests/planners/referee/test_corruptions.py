"""Whatever is spoilt in a legal plan, the referee sees it: random places, many kinds of damage."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planners.formats.parse import parse_plan, parse_problem
from tests.planners.small import Json, judged, ok_plan, ok_small, priced, two_visits

Draw = Callable[..., int]

LEGAL = {"ok_small": (ok_small(), ok_plan()), "two visits": two_visits()}
SLOTS = ("leader", "finance", "member")


def _team(plan: Json, draw: Draw) -> Json:
    chosen: Json = plan["teams"][draw(0, len(plan["teams"]) - 1)]
    return chosen


def drop_a_member(plan: Json, draw: Draw) -> set[str]:
    team = _team(plan, draw)
    del team["members"][draw(0, len(team["members"]) - 1)]
    return {"H03"}


def drop_a_team(plan: Json, draw: Draw) -> set[str]:
    plan["teams"].remove(_team(plan, draw))
    return {"H01"}


def drop_a_unit(plan: Json, draw: Draw) -> set[str]:
    team = _team(plan, draw)
    del team["units"][draw(0, len(team["units"]) - 1)]
    return {"H01"}


def visit_a_unit_again(plan: Json, draw: Draw) -> set[str]:
    _team(plan, draw)["units"].append(_team(plan, draw)["units"][0])
    return {"H01"}


def seat_somebody_twice(plan: Json, draw: Draw) -> set[str]:
    team = _team(plan, draw)
    team["members"].append(dict(team["members"][draw(0, len(team["members"]) - 1)]))
    return {"H04"}


def change_a_slot(plan: Json, draw: Draw) -> set[str]:
    team = _team(plan, draw)
    member = team["members"][draw(0, len(team["members"]) - 1)]
    member["slot"] = SLOTS[(SLOTS.index(member["slot"]) + draw(1, 2)) % 3]
    return {"H03"}


def crowd_a_round(plan: Json, draw: Draw) -> set[str]:
    team = _team(plan, draw)
    team["round"] = f"R{int(team['round'][1]) % 3 + 1}"
    return {"H02"}


def invent_a_shortage(plan: Json, draw: Draw) -> set[str]:
    team, slot = _team(plan, draw), SLOTS[draw(0, 2)]
    row: Json = {"unit": team["units"][0], "round": team["round"], "slot": slot, "missing": draw(1, 3)}
    plan["shortages"].append(row if draw(0, 1) else row | {"round": None, "slot": None, "missing": 1})
    return {"S01"}


def misstate_a_term(plan: Json, draw: Draw) -> set[str]:
    terms = plan["objective"]["terms"]
    terms[list(terms)[draw(0, len(terms) - 1)]] += draw(1, 9)
    return {"S02"}


def misstate_the_total(plan: Json, draw: Draw) -> set[str]:
    plan["objective"]["total"] += draw(1, 50)
    return {"S02"}


def claim_too_high_a_bound(plan: Json, draw: Draw) -> set[str]:
    plan |= {"bound": plan["objective"]["total"] + draw(1, 50), "gap": 0.0}
    return {"S03"}


DAMAGE = [
    drop_a_member,
    drop_a_team,
    drop_a_unit,
    visit_a_unit_again,
    seat_somebody_twice,
    change_a_slot,
    crowd_a_round,
    invent_a_shortage,
    misstate_a_term,
    misstate_the_total,
    claim_too_high_a_bound,
]


@pytest.mark.parametrize("legal", LEGAL)
@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_spoilt_plan_is_never_called_legal(
    legal: str, damage: Callable[[Json, Draw], set[str]], data: st.DataObject
) -> None:
    problem, plan = deepcopy(LEGAL[legal])
    expected = damage(plan, lambda least, most: data.draw(st.integers(least, most)))
    assert expected <= {broken.rule for broken in judged(problem, plan).broken}


@pytest.mark.parametrize("legal", LEGAL)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_seat_given_to_somebody_at_random_is_legal_only_if_every_rule_agrees(
    legal: str, data: st.DataObject
) -> None:
    """The rules for one seat are asked here in another way: from the facts of the tiny county, one by one."""
    problem, plan = deepcopy(LEGAL[legal])
    person = data.draw(st.sampled_from(problem["people"]))
    team = data.draw(st.sampled_from(plan["teams"]))
    member = data.draw(st.sampled_from(team["members"]))
    if member["person"] == person["id"]:
        return
    member["person"] = person["id"]
    others = [
        seat["person"] for row in plan["teams"] if row["round"] == team["round"] for seat in row["members"]
    ]
    visited = {unit for row in plan["teams"] if row["round"] == team["round"] for unit in row["units"]}
    skill = {"leader": "discipline", "finance": "finance", "member": "commissioner"}[member["slot"]]
    areas = {row["id"]: row["area"] for row in problem["units"]}
    fine = (
        skill in person["skills"]
        and others.count(person["id"]) == 1
        and person.get("home_unit") not in visited
        and not (skill == "discipline" and person["area"] in {areas[unit] for unit in team["units"]})
        and not _mutual(problem, plan, areas)
    )
    parsed = parse_problem(problem)
    assert judged(problem, priced(parsed, parse_plan(plan, parsed))).legal == fine


def _mutual(problem: Json, plan: Json, areas: dict[str, str]) -> bool:
    home = {row["id"]: row["area"] for row in problem["people"]}
    leads = {
        (team["round"], home[seat["person"]], areas[unit])
        for team in plan["teams"]
        for seat in team["members"]
        for unit in team["units"]
        if seat["slot"] == "leader"
    }
    return any((round, there, here) in leads for round, here, there in leads if here and here != there)
