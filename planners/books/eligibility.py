"""Says who may stand where: per person, unit and slot the rules that forbid it and the records that say so.
It looks at one seat alone; what several postings do together (quotas, hosts, mutual leads) it ignores."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planners.books.by_day import away_in
from planners.policies import FORBID, Bodies, Policies
from planners.problem import Person, Problem, Slot, Unit


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that bars a seat, with the facts of the record behind it as (word, value) pairs."""

    rule: str
    facts: tuple[tuple[str, str], ...] = ()

    def fact(self, word: str) -> str | None:
        """The value recorded under `word`, None when the reason has no such fact."""
        return dict(self.facts).get(word)


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
) -> list[Reason]:
    """Every reason why this person may not hold this slot at this unit; an empty list means the seat is open.

    Covers H03 (skill), H05 to H07, H15, and with a round also H02 (unit closed), H04 (person off), H13, H14.
    """
    reasons = []
    policies = problem.policies
    skills = usable_skills(person, slot)
    if not skills:
        reasons.append(Reason("H03", (("slot", slot.id), ("needs", "、".join(slot.needs)))))
    if person.home_unit == unit.id and (policies is None or policies.crossing_of(slot.id).unit == FORBID):
        reasons.append(Reason("H05", (("unit", unit.id),)))
    if policies is not None:
        reasons += policy_reasons(problem, policies, person, unit, slot, round_id)
    elif skills and not any(crossing_allows(problem, person, unit, skill) for skill in skills):
        for skill in skills:
            rule = problem.rules.crossing_for(skill)
            reasons.append(
                Reason("H06", (("skill", skill), ("from", rule.from_), ("not", rule.not_), ("unit", unit.id)))
            )
    for tie in problem.ties:
        if tie.hard and tie.person == person.id and tie.unit == unit.id:
            reasons.append(Reason("H07", (("kind", tie.kind), ("unit", unit.id))))
    if round_id is not None and round_id in unit.closed:
        reasons.append(Reason("H02", (("unit", unit.id), ("round", round_id))))
    if round_id is not None and round_id in person.off:
        reasons.append(Reason("H04", (("person", person.id), ("round", round_id))))
    return reasons


def policy_reasons(
    problem: Problem, policies: Policies, person: Person, unit: Unit, slot: Slot, round_id: str | None
) -> list[Reason]:
    """What version 2 says against the seat: H06 by slot, H15, and with a round H13 and H14."""
    reasons = []
    entry, here = policies.crossing_of(slot.id), ("unit", unit.id)
    zone = problem.zone_of(person.area)
    shared = {
        "area": person.area is not None and person.area == unit.area,
        "zone": zone is not None and zone == problem.zone_of(unit.area),
    }
    for circle in ("area", "zone"):
        if shared[circle] and getattr(entry, circle) == FORBID:
            reasons.append(Reason("H06", (("slot", slot.id), ("not", circle), here)))
    if entry.from_ != "any" and person.area is not None and not shared[entry.from_]:
        reasons.append(Reason("H06", (("slot", slot.id), ("from", entry.from_), here)))
    if not of_the_kind(problem, person, slot):
        kinds = "、".join(policies.bodies[slot.id].offices)
        reasons.append(Reason("H15", (("slot", slot.id), ("offices", kinds))))
    supervises = unit.id in policies.supervised.get(person.office or "", ())
    wanted = policies.bodies.get(slot.id, Bodies()).supervises
    if wanted is not None and supervises != (wanted == "must"):
        reasons.append(Reason("H15", (("slot", slot.id), ("supervises", wanted), here)))
    if round_id is not None and away_in(problem, person, problem.round(round_id)):
        reasons.append(Reason("H04", (("person", person.id), ("round", round_id))))
    start = problem.round(round_id).start if round_id is not None else None
    memory = policies.memory
    for rule, policy, least, last in (
        ("H13", memory.unit, memory.unit_days, policies.last_visit(unit.id)),
        ("H14", memory.person_unit, memory.person_unit_days, policies.last_visit(unit.id, person.id)),
    ):
        if policy == FORBID and None not in (start, least, last):
            days = (date.fromisoformat(str(start)) - date.fromisoformat(str(last))).days
            if days < int(str(least)):
                reasons.append(Reason(rule, (here, ("date", str(last)), ("days", str(least)))))
    return reasons
