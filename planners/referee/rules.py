"""The referee's rules H01 to H12, one function each: what is broken, with the records that it is about.
Knows no cost, no solver and no sentence (rulebook/ has those). H13 to H15 stand in policy_rules.py; order and
codes are those of the contract.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import combinations

from planners.problem import Person, Pin, Plan, Problem, Slot, Team, Unit
from planners.referee.days import (
    counts_by_day,
    offices_keep_people_at_home_by_day,
    people_are_in_one_place_by_day,
)
from planners.referee.policy_rules import (
    people_do_not_come_again_too_soon,
    slots_are_held_by_their_bodies,
    slots_cross,
    units_are_not_visited_again_too_soon,
)
from planners.referee.visits import each_visit, seated, visit
from planners.rulebook.values import Broken, Said, facts


def _teams_by_round(plan: Plan) -> dict[str, list[Team]]:
    teams: dict[str, list[Team]] = {}
    for team in plan.teams:
        teams.setdefault(team.round, []).append(team)
    return teams


def every_unit_is_visited_once(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H01: every unit is visited exactly once, or named in the shortages as visited by nobody."""
    visits: dict[str, list[Team]] = {}
    for team in plan.teams:
        for unit_id in team.units:
            visits.setdefault(unit_id, []).append(team)
    named = {row.unit for row in plan.shortages if row.round is None}
    for unit in problem.units:
        teams = visits.get(unit.id, [])
        if len(teams) > 1:
            yield Broken.of("H01", "often", unit=unit.id, n=len(teams), teams=[team.id for team in teams])
        elif not teams and unit.id not in named:
            yield Broken.of("H01", "never", unit=unit.id)


def rounds_and_teams_keep_their_size(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H02: at most `teams` teams in a round, 1 to `visits_per_team` units in a team, none of them closed."""
    for round_id, teams in _teams_by_round(plan).items():
        round_ = problem.round(round_id)
        if len(teams) > round_.teams:
            yield Broken.of("H02", "teams", round=round_id, n=len(teams), most=round_.teams)
        for team in teams:
            where = {"round": round_id, "team": team.id}
            if not 1 <= len(team.units) <= round_.visits_per_team:
                count = {"n": len(team.units), "most": round_.visits_per_team}
                yield Broken.of("H02", "units", **where, **count)
            for unit in map(problem.unit, team.units):
                if round_id in unit.closed:
                    yield Broken.of("H02", "closed", **where, unit=unit.id)


def slots_are_filled(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H03: each slot holds `min`..`max` people with a needed skill, `distinct` holds; shortages lower min."""
    lowered: dict[tuple[str, str | None, str | None], int] = {}
    for row in plan.shortages:
        key = (row.unit, row.round, row.slot)
        lowered[key] = max(lowered.get(key, 0), row.missing)
    for team in plan.teams:
        for slot in problem.template.slots:
            missing = max((lowered.get((unit, team.round, slot.id), 0) for unit in team.units), default=0)
            yield from _faults_of_slot(problem, team, slot, slot.min - missing)


def _faults_of_slot(problem: Problem, team: Team, slot: Slot, least: int) -> Iterator[Broken]:
    where = {"round": team.round, "team": team.id, "slot": slot.id}
    holders = [problem.person(person) for person in dict.fromkeys(team.holders(slot.id))]
    if not least <= len(holders) <= slot.max:
        count = {"n": len(holders), "least": max(0, least), "most": slot.max}
        yield Broken.of("H03", "heads", **where, **count)
    for person in holders:
        if not set(person.skills) & set(slot.needs):
            yield Broken.of("H03", "skill", **where, person=person.id, skills=slot.needs)
    if slot.distinct is None:
        return
    for one, two in combinations(holders, 2):
        shared = getattr(one, slot.distinct)
        if shared is not None and shared == getattr(two, slot.distinct):
            home = "unit" if slot.distinct == "home_unit" else "office"
            pair = {"person": one.id, "other": two.id, home: shared}
            yield Broken.of("H03", f"alike {home}", **where, **pair)


def people_are_in_one_place(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H04: at most one team per round and once in it, never while off, at most `max_teams` teams."""
    seats: Counter[tuple[str, str]] = Counter()
    teams_of: dict[str, set[int]] = {}
    for number, team in enumerate(plan.teams):
        for member in team.members:
            seats[member.person, team.round] += 1
            teams_of.setdefault(member.person, set()).add(number)
    for (person_id, round_id), count in seats.items():
        where = {"person": person_id, "round": round_id}
        if count > 1:
            yield Broken.of("H04", "seats", **where, n=count)
        if round_id in problem.person(person_id).off:
            yield Broken.of("H04", "off", **where)
    if counts_by_day(problem):
        yield from people_are_in_one_place_by_day(problem, plan)
    for person_id, teams in teams_of.items():
        person = problem.person(person_id)
        if person.max_teams is not None and len(teams) > person.max_teams:
            yield Broken.of("H04", "limit", person=person_id, n=len(teams), most=person.max_teams)


def nobody_visits_the_own_unit(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H05: nobody visits the own `home_unit`; in version 2 as far as the policy of the slot forbids it."""
    for team, person, _, unit in each_visit(problem, plan):
        if person.home_unit == unit.id and problem.policies is None:
            yield Broken.of("H05", **visit(team, person, unit))


def crossing_holds(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H06: for every visit one of the skills used in the slot lets the person come from there to here.

    In version 2 the policies of the slot say so, and the own unit (H05) is one of them.
    """
    for team, person, slot, unit in each_visit(problem, plan):
        if problem.policies is not None:
            yield from slots_cross(problem, team, person, slot, unit)
            continue
        used = [skill for skill in slot.needs if skill in person.skills]
        if used and not any(_may_cross(problem, skill, person, unit) for skill in used):
            seat = {"area": person.area, "slot": slot.id, "skills": used}
            yield Broken.of("H06", "skill", **visit(team, person, unit), **seat)


def _may_cross(problem: Problem, skill: str, person: Person, unit: Unit) -> bool:
    if person.area is None:
        return True
    crossing = problem.rules.crossing_for(skill)
    same_area = person.area == unit.area
    zone = problem.zone_of(person.area)
    same_zone = zone is not None and zone == problem.zone_of(unit.area)
    comes_from = {"any": True, "area": same_area, "zone": same_zone}[crossing.from_]
    belongs_to = {"unit": False, "area": same_area, "zone": same_zone}[crossing.not_]
    return comes_from and not belongs_to


def hard_ties_to_units_are_kept_apart(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H07: no hard person–unit tie to any unit of the team."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for tie in problem.ties:
        if tie.hard and tie.unit is not None:
            kinds.setdefault((tie.person, tie.unit), []).append(tie.kind)
    for team, person, _, unit in each_visit(problem, plan):
        if (person.id, unit.id) in kinds:
            yield Broken.of("H07", **visit(team, person, unit), kinds=kinds[person.id, unit.id])


def hard_ties_between_people_are_kept_apart(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H08: no hard person–person tie inside a team."""
    people = [{member.person for member in team.members} for team in plan.teams]
    teams_of: dict[str, list[int]] = {}
    for number, members in enumerate(people):
        for person in members:
            teams_of.setdefault(person, []).append(number)
    for tie in problem.ties:
        if not tie.hard or tie.other is None:
            continue
        for number in teams_of.get(tie.person, []):
            if tie.other in people[number]:
                team = plan.teams[number]
                pair = {"person": tie.person, "other": tie.other, "kind": tie.kind}
                yield Broken.of("H08", round=team.round, team=team.id, **pair)


def offices_keep_people_at_home(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H09: where an office has somebody in a team of a round, at most `max_out` go, `min_home` stay."""
    if counts_by_day(problem):
        yield from offices_keep_people_at_home_by_day(problem, plan)
        return
    staff: dict[str, list[Person]] = {}
    for person in problem.people:
        if person.office is not None:
            staff.setdefault(person.office, []).append(person)
    for round_id, teams in _teams_by_round(plan).items():
        posted = {member.person for team in teams for member in team.members}
        for office in problem.offices:
            people = staff.get(office.id, [])
            out = [person for person in people if person.id in posted]
            if not out:
                continue
            home = [person for person in people if person.id not in posted and round_id not in person.off]
            where = {"round": round_id, "office": office.id}
            if office.max_out is not None and len(out) > office.max_out:
                sent = {"n": len(out), "people": [person.id for person in out], "most": office.max_out}
                yield Broken.of("H09", "out", **where, **sent)
            if len(home) < office.min_home:
                yield Broken.of("H09", "home", **where, n=len(home), least=office.min_home)


def hosts_stay_at_home(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H10 (`host_stays`): nobody is in a team in the round in which the own `home_unit` is visited."""
    if not problem.rules.host_stays:
        return
    visited = {(team.round, unit) for team in plan.teams for unit in team.units}
    for team in plan.teams:
        for person, _ in seated(problem, team):
            if person.home_unit is not None and (team.round, person.home_unit) in visited:
                yield Broken.of("H10", **visit(team, person, problem.unit(person.home_unit)))


def areas_do_not_lead_each_other(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H11 (`no_mutual_lead`): in no round a leader of A visits B and a leader of B visits A (A ≠ B)."""
    if not problem.rules.no_mutual_lead:
        return
    leaders = problem.template.slots[0].id
    for round_id, teams in _teams_by_round(plan).items():
        leads: dict[tuple[str, str], tuple[Person, Team]] = {}
        for team in teams:
            visited = [area for unit in team.units if (area := problem.unit(unit).area) is not None]
            for person in map(problem.person, team.holders(leaders)):
                for area in visited:
                    if person.area is not None:
                        leads.setdefault((person.area, area), (person, team))
        for (home, visited_area), (person, team) in leads.items():
            if home < visited_area and (visited_area, home) in leads:  # each pair once, and A ≠ B
                other, other_team = leads[visited_area, home]
                there = {"other_area": visited_area, "other": other.id, "other_team": other_team.id}
                here = {"area": home, "person": person.id, "team": team.id}
                yield Broken.of("H11", round=round_id, **here, **there)


def pins_hold(problem: Problem, plan: Plan) -> Iterator[Broken]:
    """H12: one team of the round has the pinned units and members and nobody who is excluded from it."""
    by_round = _teams_by_round(plan)
    for number, pin in enumerate(problem.pins):
        teams = [team for team in by_round.get(pin.round, []) if set(pin.units) <= set(team.units)]
        if any(not _loose_ends(pin, team) for team in teams):
            continue
        where = {"round": pin.round, "pin": str(number)}
        if pin.units and not teams:
            yield Broken.of("H12", "apart" if len(pin.units) > 1 else "unit", **where, units=pin.units)
        elif pin.units:
            loose = _loose_ends(pin, teams[0])
            yield Broken.of("H12", "loose", **where, team=teams[0].id, loose=loose)
        else:
            people = [member.person for member in pin.members]
            yield Broken.of("H12", "people", **where, people=people)


def _loose_ends(pin: Pin, team: Team) -> list[Said]:
    """What a team lacks of a pin's people or has of its excluded ones."""
    held = {(member.person, member.slot) for member in team.members}
    lacking = [
        Said("lacks", facts(person=member.person, slot=member.slot))
        for member in pin.members
        if (member.person, member.slot) not in held
    ]
    there = {member.person for member in team.members}
    barred = [Said("should not have", facts(person=person)) for person in pin.exclude if person in there]
    return lacking + barred


Rule = Callable[[Problem, Plan], Iterator[Broken]]

RULES: dict[str, Rule] = {
    "H01": every_unit_is_visited_once,
    "H02": rounds_and_teams_keep_their_size,
    "H03": slots_are_filled,
    "H04": people_are_in_one_place,
    "H05": nobody_visits_the_own_unit,
    "H06": crossing_holds,
    "H07": hard_ties_to_units_are_kept_apart,
    "H08": hard_ties_between_people_are_kept_apart,
    "H09": offices_keep_people_at_home,
    "H10": hosts_stay_at_home,
    "H11": areas_do_not_lead_each_other,
    "H12": pins_hold,
    "H13": units_are_not_visited_again_too_soon,
    "H14": people_do_not_come_again_too_soon,
    "H15": slots_are_held_by_their_bodies,
}
