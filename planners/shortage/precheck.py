"""What a glance at the lists shows to be impossible, in names: rounds, slots, units that nobody may visit.
It plans nothing and its silence proves nothing; each remark is true of every plan of the problem.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from planners.books.tables import NO_LIMIT, Tables
from planners.problem import Because
from planners.rulebook.values import Cause, Remark, Said, facts
from planners.search.schedule import staffable_teams
from planners.shortage.causes import ORDER


def remarks(tables: Tables) -> tuple[Remark, ...]:
    """Remarks on the cycle, on units, then on slots by round; empty when counting finds nothing wrong."""
    staffable = [staffable_teams(tables, r) for r in range(len(tables.rounds))]
    return (
        *_cycle(tables, staffable),
        *_closed_units(tables),
        *_barred_units(tables),
        *_slots_over_the_cycle(tables),
        *_slots_by_round(tables),
    )


def seatless(tables: Tables) -> tuple[Remark, ...]:
    """Only what policies, ties and closed rounds leave without enough people or without a round."""
    return (*_closed_units(tables), *_barred_units(tables))


def supply(tables: Tables, slot: int, round_: int) -> int:
    """How many people with a skill of the slot can be out in the round by absences and quotas (H04, H09)."""
    heads = tables.fits[slot] & tables.present[:, round_] & (tables.max_teams > 0)
    offices = tables.office[heads]
    per_office = np.bincount(offices[offices >= 0], minlength=len(tables.problem.offices))
    return int(np.minimum(per_office, tables.cap[:, round_]).sum() + (offices < 0).sum())


def _cycle(tables: Tables, staffable: list[int]) -> list[Remark]:
    """Room for units in all rounds together: by `teams` alone (H02), then by the teams heads suffice for."""
    needed = int(tables.is_open.any(axis=1).sum())
    visits = np.array(tables.visits, dtype=np.int64)
    room, most = int((np.array(tables.teams) * visits).sum()), int((np.array(staffable) * visits).sum())
    if room < needed:
        names: tuple[tuple[str, str | int], ...] = (("room", room), ("units", needed))
        groups = _groups(sum(tables.teams), room)
        return [Remark("H02", "room", facts(groups=groups, n=needed), (Because("H02", names),))]
    if most >= needed:
        return []
    thin = [r for r, (can, teams) in enumerate(zip(staffable, tables.teams, strict=True)) if can < teams]
    names = (("room", most), ("units", needed))
    few = [Said("round of so many", facts(round=tables.rounds[r].id, n=staffable[r])) for r in thin]
    said = facts(groups=_groups(sum(staffable), most), n=needed, rounds=few)
    rows = tuple(Because("H03", (("round", tables.rounds[r].id), ("teams", staffable[r]))) for r in thin)
    return [Remark("H03", "staff", said, (Because("H03", names), *rows))]


def _groups(teams: int, visits: int) -> Said:
    if teams == visits:
        return Said("groups", facts(n=teams))
    return Said("groups and visits", facts(n=teams, visits=visits))


def _closed_units(tables: Tables) -> list[Remark]:
    shut = np.nonzero(~tables.is_open.any(axis=1))[0].tolist()
    found = []
    for u in sorted(shut, key=lambda u: tables.units[u].id):
        rule = "H13" if tables.too_soon[u].any() else "H02"
        unit = tables.units[u].id
        found.append(Remark(rule, "closed", facts(unit=unit), (Because(rule, (("unit", unit),)),)))
    return found


def _barred_units(tables: Tables) -> list[Remark]:
    """Units that too few people may visit at all, by slot, with the rules that bar the rest."""
    found = []
    for slot, may in enumerate(tables.may):
        heads = may.sum(axis=0)
        for unit in np.nonzero((heads < tables.lowest[slot]) & tables.is_open.any(axis=1))[0].tolist():
            found.append((tables.units[unit].id, slot, _barred_unit(tables, unit, slot, int(heads[unit]))))
    return [remark for _, _, remark in sorted(found, key=lambda row: row[:2])]


def _barred_unit(tables: Tables, unit: int, slot: int, heads: int) -> Remark:
    bars: dict[int, str] = {}
    for person in np.nonzero(tables.fits[slot] & ~tables.may[slot][:, unit])[0].tolist():
        bars[person] = tables.why_barred(slot, person, unit)
    counts = Counter(bars.values())
    causes = [Cause.of(key, count=counts[key]) for key in ORDER if counts[key]]
    unit_id, seat = tables.units[unit].id, tables.slots[slot]
    records = [
        Because(rule, (("person", tables.people[p].id), ("unit", unit_id))) for p, rule in bars.items()
    ]
    records.sort(key=lambda row: (row.rule, row.names))
    rule = max(sorted(counts), key=lambda key: counts[key]) if counts else "H03"
    said = facts(
        unit=unit_id, slot=seat.id, least=seat.min, n=heads, causes=causes or [Cause.of("H03", "none")]
    )
    return Remark(
        rule, "barred", said, tuple(records) or (Because("H03", (("slot", seat.id), ("unit", unit_id))),)
    )


def _slots_over_the_cycle(tables: Tables) -> list[Remark]:
    """Turns of people with `max_teams` against the least number of teams that visit every open unit (H04)."""
    units = int(tables.is_open.any(axis=1).sum())
    teams = -(-units // max(tables.visits, default=1))
    found = []
    for slot, seat in enumerate(tables.slots):
        fit = tables.fits[slot]
        present = tables.present[fit].sum(axis=1)
        turns = int(np.minimum(present, tables.max_teams[fit]).sum())
        if turns < teams * seat.min and (tables.max_teams[fit] < NO_LIMIT).any():
            said = facts(slot=seat.id, n=int(fit.sum()), most=turns, least=teams * seat.min)
            names = (("slot", seat.id), ("supply", turns), ("need", teams * seat.min))
            found.append(Remark("H04", "turns", said, (Because("H04", names),)))
    return found


def _slots_by_round(tables: Tables) -> list[Remark]:
    """Slots that cannot be filled if all teams of a round go out; a plan may do with fewer teams."""
    found = []
    for r, row in enumerate(tables.rounds):
        for slot, seat in enumerate(tables.slots):
            most, need = supply(tables, slot, r), tables.teams[r] * seat.min
            if most < need:
                names = (("round", row.id), ("slot", seat.id), ("supply", most), ("need", need))
                rule = "H09" if _held_back(tables, slot, r) else "H03"
                said = facts(round=row.id, slot=seat.id, n=most, teams_wanted=tables.teams[r], least=need)
                found.append(Remark(rule, "round", said, (Because(rule, names),)))
    return found


def _held_back(tables: Tables, slot: int, round_: int) -> bool:
    """Whether quotas keep people with the skill at home who are there in the round."""
    heads = tables.fits[slot] & tables.present[:, round_] & (tables.max_teams > 0)
    return supply(tables, slot, round_) < int(heads.sum())
