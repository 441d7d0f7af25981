"""Why seats stay empty, rule by rule, with the records that the rules name.
It reads a draft and the cut of starved_seats.py; it finds no missing people itself and offers no remedy.
"""

from __future__ import annotations

from collections.abc import Sequence

from planners.books.draft import FIRST_TOLD, Crew, Draft
from planners.books.tables import NO_LIMIT, Tables
from planners.problem import Because
from planners.rulebook.values import Cause, Said, facts
from planners.shortage.starved_seats import Starved

#: In this order causes are told: rule, and case of those that have several.
ORDER = (
    "H08",
    "H11",
    "H03 alike",
    "H12 excluded",
    "H12 elsewhere",
    "H04 limit",
    "H04 off",
    "H10",
    "H07",
    "H05",
    "H15",
    "H14",
    "H06",
    "H04 busy",
    "H09",
)


def causes_of_starved(draft: Draft, one: Starved) -> list[Cause]:
    """The rules that keep every further head from a set of starved seats, quotas first; never empty."""
    tables = draft.tables
    causes = [_full_offices(tables, one)] if one.full else []
    there = one.sent | one.waiting | one.alike
    bars: dict[int, tuple[str, Crew]] = dict.fromkeys(sorted(one.alike), ("H03 alike", one.seats[0][0]))
    for person in _qualified(tables, one.slots):
        if person not in there:
            bars[person] = (_bar_in_round(draft, one, person), one.seats[0][0])
    causes += _by_rule(draft, bars, one.slots)
    if not causes and one.sent:
        names: tuple[tuple[str, str | int], ...] = (
            ("round", tables.rounds[one.round].id),
            ("people", len(one.sent)),
        )
        causes = [Cause.of("H04", "sent", len(one.sent), (Because("H04", names),))]
    return causes or [_nobody(tables, one.slots)]


def causes_of_conflict(draft: Draft, crew: Crew, slot: int) -> list[Cause]:
    """What keeps each qualified person from one seat as the teams stand now (H08 and H11 among it)."""
    tables = draft.tables
    bars: dict[int, tuple[str, Crew]] = {}
    unasked = 0
    for person in _qualified(tables, [slot]):
        if person in crew.seats[slot]:
            continue
        rule = draft.bar(crew, slot, person)
        if rule is None:
            unasked += 1
        else:
            bars[person] = (_detailed(draft, crew, person, rule), crew)
    causes = _by_rule(draft, bars, [slot])
    if unasked:
        records = (Because("H03", (("slot", tables.slots[slot].id),)),)
        causes.append(Cause.of("H03", "stopped", unasked, records))
    return causes or [_nobody(tables, [slot])]


def records_of(causes: Sequence[Cause], at_most: int) -> tuple[Because, ...]:
    """The records of all causes in their order, each once."""
    return tuple(dict.fromkeys(record for cause in causes for record in cause.because))[:at_most]


def _qualified(tables: Tables, slots: list[int]) -> list[int]:
    return [p for p in range(len(tables.people)) if tables.fits[slots, p].any()]


def _nobody(tables: Tables, slots: list[int]) -> Cause:
    skills = list(dict.fromkeys(skill for slot in slots for skill in tables.slots[slot].needs))
    records = tuple(Because("H03", (("slot", tables.slots[slot].id),)) for slot in slots)
    return Cause.of("H03", "nobody", 0, records, needs=skills)


def _full_offices(tables: Tables, one: Starved) -> Cause:
    round_id = tables.rounds[one.round].id
    offices = [tables.problem.offices[i] for i in one.full]
    full = []
    for office, number in zip(offices, one.full, strict=True):
        present = int((tables.present[:, one.round] & (tables.office == number)).sum())
        most = NO_LIMIT if office.max_out is None else office.max_out
        if present - office.min_home < most:
            quota = facts(office=office.id, n=present, least=office.min_home)
            full.append(Said("office keeps", quota))
        else:
            full.append(Said("office sends", facts(office=office.id, most=most)))
    records = tuple(Because("H09", (("office", office.id), ("round", round_id))) for office in offices)
    return Cause.of("H09", "full", 0, records, offices=full)


def _bar_in_round(draft: Draft, one: Starved, person: int) -> str:
    """Why this person may serve none of the starved seats, whoever else sits there; one of ORDER."""
    tables, round_ = draft.tables, one.round
    if not tables.present[person, round_]:
        return "H04 off"
    if any(person in crew.pinned for crew in draft.crews[round_]):
        return "H12 elsewhere"
    if any(draft.busy[person, near] for near in tables.near[round_] if near != round_):
        return "H04 busy"
    if int(draft.load[person]) - int(draft.busy[person, round_]) >= int(tables.max_teams[person]):
        return "H04 limit"
    if tables.problem.rules.host_stays and draft.hosting[person, round_]:
        home = int(tables.home[person])
        return "H05" if all(home in crew.units for crew, _ in one.seats) else "H10"
    return _static_bar(tables, one.seats, person)


def _static_bar(tables: Tables, seats: list[tuple[Crew, int]], person: int) -> str:
    """The rule that bars most of the seats that the person has a skill for."""
    found: list[str] = []
    for crew, slot in seats:
        if not tables.fits[slot, person]:
            continue
        if person in crew.banned:
            found.append("H12 excluded")
        elif barred := [unit for unit in crew.units if not tables.may[slot][person, unit]]:
            rules = [tables.why_barred(slot, person, unit) for unit in barred]
            found.append(min(rules, key=FIRST_TOLD.index))
        elif any(tables.bars_in(person, unit, crew.round) for unit in crew.units):
            found.append("H14")
        else:
            found.append("H03 alike")
    return max(sorted(set(found)), key=found.count)


def _detailed(draft: Draft, crew: Crew, person: int, rule: str) -> str:
    if rule == "H12":
        return "H12 excluded"
    if rule == "H03":
        return "H03 alike"
    if rule != "H04":
        return rule
    if not draft.tables.present[person, crew.round]:
        return "H04 off"
    if not draft.busy[person, draft.tables.near[crew.round]].any():
        return "H04 limit"
    pinned = any(person in other.pinned for other in draft.crews[crew.round])
    return "H12 elsewhere" if pinned else "H04 busy"


def _by_rule(draft: Draft, bars: dict[int, tuple[str, Crew]], slots: list[int]) -> list[Cause]:
    causes = []
    for key in ORDER:
        people = [person for person, (bar, _) in bars.items() if bar == key]
        if people:
            records = [_record(draft, key, person, bars[person][1], slots) for person in people]
            records.sort(key=lambda record: record.names)
            rule, _, case = key.partition(" ")
            causes.append(Cause.of(rule, case, len(people), tuple(dict.fromkeys(records))))
    return causes


def _record(draft: Draft, key: str, person: int, crew: Crew, slots: list[int]) -> Because:
    """The rule with the records that it names: always a person or an office, and what stands against it."""
    tables, rule = draft.tables, key[:3]
    round_ = ("round", tables.rounds[crew.round].id)
    if rule == "H09":
        return Because(rule, (("office", tables.problem.offices[int(tables.office[person])].id), round_))
    who = ("person", tables.people[person].id)
    if key == "H04 limit":
        return Because(rule, (who, ("max_teams", int(tables.max_teams[person]))))
    if rule in {"H04", "H12"}:
        return Because(rule, (who, round_))
    if rule == "H08":
        others = sorted(tables.people[foe].id for foe in tables.foes[person].intersection(crew.members()))
        return Because(rule, (who, ("other", others[0])))
    if rule == "H10":
        return Because(rule, (who, ("unit", tables.units[int(tables.home[person])].id), round_))
    if rule == "H11":
        return Because(
            rule, (who, ("area", tables.problem.areas[int(tables.person_area[person])].id), round_)
        )
    if rule == "H03":
        return Because(rule, (who, ("slot", tables.slots[slots[0]].id)))
    return Because(rule, (who, ("unit", tables.units[crew.units[0]].id)))
