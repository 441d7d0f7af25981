"""The referee's rules that version 2 adds: crossing by slot (H05, H06), memory (H13, H14), bodies (H15).
Each says what is broken and the records it is about; on a problem of version 1 they are silent.
"""

from __future__ import annotations

from collections.abc import Iterator

from planners.policies import FORBID
from planners.problem import Person, Plan, Problem, Slot, Team, Unit
from planners.referee.policy_costs import circles, days_since, too_soon
from planners.referee.visits import each_visit, visit
from planners.rulebook.values import Broken


def slots_cross(problem: Problem, team: Team, person: Person, slot: Slot, unit: Unit) -> Iterator[Broken]:
    """H05 and H06 of one seat and visit by the policies of the slot."""
    if problem.policies is None:
        return
    entry = problem.policies.crossing_of(slot.id)
    shared = circles(problem, person, unit)
    where = visit(team, person, unit)
    if "unit" in shared and entry.unit == FORBID:
        yield Broken.of("H05", **where)
        return
    forbidden = [
        circle for circle in ("area", "zone") if circle in shared and getattr(entry, circle) == FORBID
    ]
    if forbidden:
        yield Broken.of("H06", "not", **where, slot=slot.id, circle=forbidden[0])
    elif entry.from_ != "any" and person.area is not None and entry.from_ not in shared:
        yield Broken.of("H06", "from", **where, slot=slot.id, circle=entry.from_)


def units_are_not_visited_again_too_soon(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H13: between a unit's last visit and the start of the round lie at least `unit_days` days."""
    policies = problem.policies
    if policies is None or policies.memory.unit != FORBID:
        return
    for team in plan.teams:
        for unit in map(problem.unit, team.units):
            days = days_since(problem, policies, team, unit.id, None)
            if too_soon(days, policies.memory.unit_days):
                where = {"round": team.round, "team": team.id, "unit": unit.id}
                yield Broken.of("H13", **where, n=days, days=policies.memory.unit_days)


def people_do_not_come_again_too_soon(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H14: between somebody's last visit of a unit and the start of the round lie `person_unit_days` days."""
    policies = problem.policies
    if policies is None or policies.memory.person_unit != FORBID:
        return
    for team, person, _, unit in each_visit(problem, plan):
        days = days_since(problem, policies, team, unit.id, person.id)
        if too_soon(days, policies.memory.person_unit_days):
            least = policies.memory.person_unit_days
            yield Broken.of("H14", **visit(team, person, unit), n=days, days=least)


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
        where = {"round": team.round, "team": team.id}
        holders: dict[str, list[str]] = {}
        for member in team.members:
            for topic in member.topics:
                holders.setdefault(topic, []).append(member.person)
                person = problem.person(member.person)
                if not set(needs[topic]) & set(person.skills):
                    yield Broken.of("H03", "topic skill", **where, topic=topic, person=person.id)
        for topic, people in holders.items():
            if len(people) > 1:
                yield Broken.of("H03", "topic twice", **where, topic=topic, n=len(people))
        lacking = unmet_topics(problem, team)
        if lacking and not all((unit, team.round) in named for unit in team.units):
            yield Broken.of("H03", "topic", **where, topics=lacking)


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
            if bodies.offices and (office is None or office.kind not in bodies.offices):
                seat = {"round": team.round, "team": team.id, "person": person.id, "slot": slot.id}
                which = {} if office is None else {"office": office.id, "body": office.kind}
                case = "nowhere" if office is None else "body"
                yield Broken.of("H15", case, **seat, **which, bodies=bodies.offices)
            supervised = policies.supervised.get(person.office or "", frozenset())
            for unit in map(problem.unit, team.units):
                if bodies.supervises == "must" and unit.id not in supervised:
                    case = "must"
                elif bodies.supervises == "must_not" and unit.id in supervised:
                    case = "must not"
                else:
                    continue
                yield Broken.of("H15", case, **visit(team, person, unit), slot=slot.id)
