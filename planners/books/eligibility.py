"""Says who may stand where: per person, unit and slot the rules that forbid it, as bars with their records.
It looks at one seat alone; what several postings do together (quotas, hosts, mutual leads) it ignores."""

from __future__ import annotations

from datetime import date

from planners.books.by_day import away_in
from planners.policies import FORBID, Bodies, Policies
from planners.problem import Person, Problem, Slot, Unit
from planners.rulebook.values import Bar


def usable_skills(person: Person, slot: Slot) -> tuple[str, ...]:
    """The skills of the person that the slot asks for, in the order in which the slot names them (H03)."""
    return tuple(skill for skill in slot.needs if skill in person.skills)


def fits_slot(problem: Problem, person: Person, slot: Slot) -> bool:
    """Whether the person has a skill for the slot (H03) and comes from a body that it is for (H15)."""
    return bool(usable_skills(person, slot)) and of_the_kind(problem, person, slot)


def of_the_kind(problem: Problem, person: Person, slot: Slot) -> bool:
    """Whether the person's office is of a kind that the slot is for (H15)."""
    bodies = problem.policies.bodies.get(slot.id) if problem.policies is not None else None
    if bodies is None or not bodies.offices:
        return True
    return person.office is not None and problem.office(person.office).kind in bodies.offices


def crossing_allows(problem: Problem, person: Person, unit: Unit, skill: str) -> bool:
    """Whether `rules.crossing` lets the person visit the unit in this skill (H06); the own unit is H05 alone.

    Somebody without an area is a county officer and passes both halves. A missing zone fails `from: zone`
    and passes `not: zone`, because nothing can be shown to be equal.
    """
    if person.area is None:
        return True
    rule = problem.rules.crossing_for(skill)
    zone = problem.zone_of(person.area)
    same_zone = zone is not None and zone == problem.zone_of(unit.area)
    same_area = person.area == unit.area
    comes_from = {"any": True, "area": same_area, "zone": same_zone}[rule.from_]
    belongs = {"unit": False, "area": same_area, "zone": same_zone}[rule.not_]
    return comes_from and not belongs


def why_not(
    problem: Problem, person: Person, unit: Unit, slot: Slot, round_id: str | None = None
) -> list[Bar]:
    """Everything that bars this person from this slot at this unit; an empty list means the seat is open.

    Covers H03 (skill), H05 to H07, H15, and with a round also H02 (unit closed), H04 (person off), H13, H14.
    """
    bars = []
    policies = problem.policies
    skills = usable_skills(person, slot)
    if not skills:
        bars.append(Bar.of("H03", "skill", slot=slot.id, needs=slot.needs))
    if person.home_unit == unit.id and (policies is None or policies.crossing_of(slot.id).unit == FORBID):
        bars.append(Bar.of("H05", unit=unit.id))
    if policies is not None:
        bars += policy_bars(problem, policies, person, unit, slot, round_id)
    elif skills and not any(crossing_allows(problem, person, unit, skill) for skill in skills):
        bars += [Bar.of("H06", "skill", skill=skill, area=person.area, unit=unit.id) for skill in skills]
    for tie in problem.ties:
        if tie.hard and tie.person == person.id and tie.unit == unit.id:
            bars.append(Bar.of("H07", kind=tie.kind, unit=unit.id))
    if round_id is not None and round_id in unit.closed:
        bars.append(Bar.of("H02", unit=unit.id, round=round_id))
    if round_id is not None and round_id in person.off:
        bars.append(Bar.of("H04", "off", person=person.id, round=round_id))
    return bars


def policy_bars(
    problem: Problem, policies: Policies, person: Person, unit: Unit, slot: Slot, round_id: str | None
) -> list[Bar]:
    """What version 2 says against the seat: H06 by slot, H15, and with a round H13 and H14."""
    bars = []
    entry, seat = policies.crossing_of(slot.id), {"slot": slot.id, "unit": unit.id}
    zone = problem.zone_of(person.area)
    shared = {
        "area": person.area is not None and person.area == unit.area,
        "zone": zone is not None and zone == problem.zone_of(unit.area),
    }
    for circle in ("area", "zone"):
        if shared[circle] and getattr(entry, circle) == FORBID:
            bars.append(Bar.of("H06", "not", **seat, area=person.area, circle=circle))
    if entry.from_ != "any" and person.area is not None and not shared[entry.from_]:
        bars.append(Bar.of("H06", "from", **seat, area=person.area, circle=entry.from_))
    if not of_the_kind(problem, person, slot):
        bars.append(Bar.of("H15", "body", slot=slot.id, bodies=policies.bodies[slot.id].offices))
    supervises = unit.id in policies.supervised.get(person.office or "", ())
    wanted = policies.bodies.get(slot.id, Bodies()).supervises
    if wanted is not None and supervises != (wanted == "must"):
        bars.append(Bar.of("H15", wanted.replace("_", " "), **seat))
    if round_id is not None and away_in(problem, person, problem.round(round_id)):
        bars.append(Bar.of("H04", "off", person=person.id, round=round_id))
    start = problem.round(round_id).start if round_id is not None else None
    memory = policies.memory
    for rule, policy, least, last in (
        ("H13", memory.unit, memory.unit_days, policies.last_visit(unit.id)),
        ("H14", memory.person_unit, memory.person_unit_days, policies.last_visit(unit.id, person.id)),
    ):
        if policy == FORBID and None not in (start, least, last):
            days = (date.fromisoformat(str(start)) - date.fromisoformat(str(last))).days
            if days < int(str(least)):
                bars.append(Bar.of(rule, unit=unit.id, date=str(last), days=int(str(least))))
    return bars
