"""The referee's rules that version 2 adds: crossing by slot (H05, H06), memory (H13, H14), bodies (H15).
Each says what is broken in a Chinese sentence with the names; on a problem of version 1 they are silent.
"""

from __future__ import annotations

from collections.abc import Iterator

from planners.policies import FORBID
from planners.problem import Person, Plan, Problem, Slot, Team, Unit
from planners.referee.broken import Broken, called, each_visit, in_round, visit
from planners.referee.policy_costs import circles, days_since, too_soon

WORDS = {"area": "本乡镇（本地）", "zone": "本片区"}


def slots_cross(problem: Problem, team: Team, person: Person, slot: Slot, unit: Unit) -> Iterator[Broken]:
    """H05 and H06 of one seat and visit by the policies of the slot."""
    if problem.policies is None:
        return
    entry = problem.policies.crossing_of(slot.id)
    shared = circles(problem, person, unit)
    start, where = f"{in_round(problem, team)}的{called(person)}", visit(team, person, unit)
    if "unit" in shared and entry.unit == FORBID:
        yield Broken("H05", f"{start}检查本人所在的{called(unit)}", where)
        return
    seat = f"以“{called(slot)}”检查{called(unit)}"
    forbidden = [
        WORDS[circle] for circle in ("area", "zone") if circle in shared and getattr(entry, circle) == FORBID
    ]
    if forbidden:
        yield Broken("H06", f"{start}{seat}，不得检查{forbidden[0]}", where | {"slot": slot.id})
    elif entry.from_ != "any" and person.area is not None and entry.from_ not in shared:
        yield Broken("H06", f"{start}{seat}，应由{WORDS[entry.from_]}的人检查", where | {"slot": slot.id})


def units_are_not_visited_again_too_soon(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H13: between a unit's last visit and the start of the round lie at least `unit_days` days."""
    policies = problem.policies
    if policies is None or policies.memory.unit != FORBID:
        return
    for team in plan.teams:
        for unit in map(problem.unit, team.units):
            days = days_since(problem, policies, team, unit.id, None)
            if too_soon(days, policies.memory.unit_days):
                sentence = (
                    f"{in_round(problem, team)}检查{called(unit)}，距上次检查{days}天，"
                    f"应满{policies.memory.unit_days}天"
                )
                where = {"round": team.round, "team": team.id, "unit": unit.id}
                yield Broken("H13", sentence, where)


def people_do_not_come_again_too_soon(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H14: between somebody's last visit of a unit and the start of the round lie `person_unit_days` days."""
    policies = problem.policies
    if policies is None or policies.memory.person_unit != FORBID:
        return
    for team, person, _, unit in each_visit(problem, plan):
        days = days_since(problem, policies, team, unit.id, person.id)
        if too_soon(days, policies.memory.person_unit_days):
            sentence = (
                f"{in_round(problem, team)}的{called(person)}{days}天前检查过{called(unit)}，"
                f"应隔满{policies.memory.person_unit_days}天"
            )
            yield Broken("H14", sentence, visit(team, person, unit))


def unmet_topics(problem: Problem, team: Team) -> list[str]:
    """Topics that no member of the team has been given."""
    topics = problem.policies.topics if problem.policies is not None else ()
    given = {topic for member in team.members for topic in member.topics}
    return [topic.id for topic in topics if topic.id not in given]


def topics_are_given(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H03 of topics: each is given to one member with a skill for it, or the team's units name it missing."""
    if problem.policies is None:
        return
    needs = {topic.id: topic.needs for topic in problem.policies.topics}
    named = {(row.unit, row.round) for row in plan.shortages if row.slot is None and row.round is not None}
    for team in plan.teams:
        start, where = in_round(problem, team), {"round": team.round, "team": team.id}
        holders: dict[str, list[str]] = {}
        for member in team.members:
            for topic in member.topics:
                holders.setdefault(topic, []).append(member.person)
                person = problem.person(member.person)
                if not set(needs[topic]) & set(person.skills):
                    sentence = f"{start}的专题{topic}由{called(person)}承担，但其没有所需专长"
                    yield Broken("H03", sentence, where | {"person": person.id})
        for topic, people in holders.items():
            if len(people) > 1:
                yield Broken("H03", f"{start}的专题{topic}交给了{len(people)}人，应为1人", where)
        lacking = unmet_topics(problem, team)
        if lacking and not all((unit, team.round) in named for unit in team.units):
            yield Broken("H03", f"{start}的专题{'、'.join(lacking)}没有交给任何人，也没有列入缺口", where)


def slots_are_held_by_their_bodies(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H15: the holder's office is of a kind that the slot is for, and supervises the unit or must not."""
    policies = problem.policies
    if policies is None:
        return
    for team in plan.teams:
        for member in team.members:
            bodies = policies.bodies.get(member.slot)
            if bodies is None:
                continue
            person, slot = problem.person(member.person), problem.slot(member.slot)
            office = problem.office(person.office) if person.office is not None else None
            start = f"{in_round(problem, team)}的{called(person)}"
            if bodies.offices and (office is None or office.kind not in bodies.offices):
                which = "无所属机构" if office is None else f"所在{called(office)}性质为{office.kind}"
                sentence = f"{start}{which}，“{called(slot)}”只能由{'/'.join(bodies.offices)}的人担任"
                where = {"round": team.round, "team": team.id, "person": person.id, "slot": slot.id}
                yield Broken("H15", sentence, where)
            supervised = policies.supervised.get(person.office or "", frozenset())
            for unit in map(problem.unit, team.units):
                if bodies.supervises == "must" and unit.id not in supervised:
                    sentence = f"{start}所在机构不是{called(unit)}的对口监督机构，不能任“{called(slot)}”"
                elif bodies.supervises == "must_not" and unit.id in supervised:
                    sentence = f"{start}所在机构是{called(unit)}的对口监督机构，应当回避“{called(slot)}”"
                else:
                    continue
                yield Broken("H15", sentence, visit(team, person, unit) | {"slot": slot.id})
