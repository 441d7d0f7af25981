"""Changes of a problem that may make it plannable, each named after the gap that calls for it.
It promises nothing: whether a change helps is computed in remedies.py.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from planners.books.draft import Draft
from planners.books.tables import NO_LIMIT, Tables
from planners.problem import Problem, Round
from planners.rulebook.values import Said, facts
from planners.shortage.gaps import Gap, Unvisited
from planners.shortage.softer_policies import softer_policies

Json = dict[str, Any]

#: Rounds that are offered at most; a cycle that needs more of them needs other people.
MOST_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Amendment:
    """One change: kind, what is said of it, the amended problem, and the rounds units may move into for it.

    The problem is amended twice, as values for the trial and in `problem.raw` as the file that would say so;
    its `sha256` is empty, because nothing was read.
    """

    kind: str
    said: Said
    problem: Problem = field(repr=False)
    rounds: tuple[str, ...] = ()


def amendments(draft: Draft, found: list[Gap], lost: list[Unvisited]) -> list[Amendment]:
    """Changes worth trying, in the order of trying; those for one cause only come when it is there."""
    if not draft.tables.rounds:
        return []
    return [
        *_more_rounds(draft, found, lost),
        *_lifted_exclusions(draft, found),
        *_opened_units(draft, lost),
        *_more_teams(draft, lost),
        *_higher_limits(draft, found),
        *_loans(draft, found),
        *(Amendment("policy", *softer) for softer in softer_policies(draft.tables, found, lost)),
        *_wider_quotas(draft, found),
    ]


def _with(tables: Tables, key: str, rows: dict[str, Json]) -> Problem:
    """The problem with these rounds, units, offices or people (by id) changed."""
    problem = tables.problem
    raw = dict(problem.to_dict())
    raw[key] = [row | rows[row["id"]] if row["id"] in rows else row for row in raw[key]]
    records = tuple(replace(row, **_values(rows.get(row.id, {}))) for row in getattr(problem, key))
    amended: Json = {key: records}
    return replace(problem, sha256="", raw=raw, **amended)


def _values(row: Json) -> Json:
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in row.items()}


def _more_rounds(draft: Draft, found: list[Gap], lost: list[Unvisited]) -> list[Amendment]:
    """Rounds like the last one at the end of the cycle: as many as the units in gaps fill, and one alone."""
    tables = draft.tables
    last = tables.rounds[-1]
    units = len({unit for gap in found for unit in gap.units}) + len(lost)
    enough = min(MOST_ROUNDS, -(-units // max(1, last.teams * last.visits_per_team)))
    return [_rounds(tables, count) for count in sorted({1, enough}, reverse=True)]


def _rounds(tables: Tables, count: int) -> Amendment:
    problem = tables.problem
    raw = dict(problem.to_dict())
    last, taken = tables.rounds[-1], problem.ids("rounds")
    names = [f"R{n}" for n in range(1, len(taken) + count + 1) if f"R{n}" not in taken][-count:]
    more = [
        Round(name, f"新增第{n}轮", None, None, last.teams, last.visits_per_team)
        for n, name in enumerate(names, start=1)
    ]
    raw["rounds"] = [
        *raw["rounds"],
        *({key: getattr(row, key) for key in ("id", "name", "teams", "visits_per_team")} for row in more),
    ]
    said = Said("round", facts(n="一" if count == 1 else count, most=last.teams))
    rounds = (*problem.rounds, *more)
    return Amendment("round", said, replace(problem, sha256="", raw=raw, rounds=rounds), tuple(names))


def _wider_quotas(draft: Draft, found: list[Gap]) -> list[Amendment]:
    """One more head out of an office that is full while the gap starves: several offices, then one alone."""
    tables = draft.tables
    rounds_of: dict[int, list[int]] = {}
    for gap in found:
        for office in gap.set.full if gap.set is not None else []:
            rounds_of.setdefault(office, []).append(gap.round)
    ranked = sorted(
        rounds_of, key=lambda office: (-len(rounds_of[office]), tables.problem.offices[office].id)
    )
    most = max((gap.missing for gap in found if gap.set is not None and gap.set.full), default=0)
    choices = [ranked[:most]] if most > 1 and len(ranked) > 1 else []
    choices += [[office] for office in ranked[:2]]
    return [_quota(tables, offices, rounds_of) for offices in choices]


def _quota(tables: Tables, offices: list[int], rounds_of: dict[int, list[int]]) -> Amendment:
    """Lowers `min_home` or raises `max_out` by one, whichever holds people back; both where both do."""
    rows: dict[str, Json] = {}
    kept, sent = [], []
    for number in offices:
        office = tables.problem.offices[number]
        staff = tables.present[tables.office == number].sum(axis=0)
        spare = min(int(staff[r]) - office.min_home for r in rounds_of[number])
        most = NO_LIMIT if office.max_out is None else office.max_out
        rows[office.id] = {}
        if spare <= most and office.min_home > 0:
            rows[office.id]["min_home"] = office.min_home - 1
            kept.append(facts(office=office.id, n=office.min_home, most=office.min_home - 1))
        if most <= spare:
            rows[office.id]["max_out"] = most + 1
            sent.append(facts(office=office.id, n=most, most=most + 1))
    changes = [
        Said(f"{limit} of one", listed[0])
        if len(listed) == 1
        else Said(f"{limit} of many", facts(offices=[dict(one)["office"] for one in listed]))
        for listed, limit in ((kept, "home"), (sent, "out"))
        if listed
    ]
    return Amendment("quota", Said("quota", facts(changes=changes)), _with(tables, "offices", rows))


def _higher_limits(draft: Draft, found: list[Gap]) -> list[Amendment]:
    """One more team for everybody whom `max_teams` keeps from a gap (H04)."""
    people = {
        str(dict(record.names)["person"]): int(dict(record.names)["max_teams"])
        for gap in found
        for cause in gap.causes
        for record in cause.because
        if record.rule == "H04" and "max_teams" in dict(record.names)
    }
    if not people:
        return []
    problem = _with(draft.tables, "people", {p: {"max_teams": most + 1} for p, most in people.items()})
    return [Amendment("limit", Said("limit", facts(people=list(people))), problem)]


def _loans(draft: Draft, found: list[Gap]) -> list[Amendment]:
    """People of another zone, or of another area, for a skill that may not cross it (H06, `from`)."""
    tables, problem = draft.tables, draft.tables.problem
    wanted: Counter[tuple[str, str, int, str]] = Counter()
    for gap in found:
        for slot in gap.slots:
            for skill in tables.slots[slot].needs:
                reach = problem.rules.crossing_for(skill).from_
                area = tables.units[gap.units[0]].area
                home = problem.zone_of(area) if reach == "zone" else area
                if reach != "any" and home is not None:
                    key = (reach, home, slot, skill)
                    wanted[key] = max(wanted[key], gap.missing)
    loans = []
    for (kind, home, slot, skill), heads in sorted(wanted.items(), key=lambda row: (-row[1], row[0])):
        rounds = [gap.round for gap in found if slot in gap.slots]
        lenders = _lenders(draft, kind, home, skill, rounds)
        if lenders:
            lender, people = min(
                lenders.items(),
                key=lambda row: (-min(len(row[1]), heads), _load(draft, row[1][:heads]), row[0]),
            )
            lent = people[:heads]
            rows = {tables.people[p].id: {"area": home} for p in lent}
            parties = {"area": lender, "other_area": home, "slot": tables.slots[slot].id}
            said = facts(**parties, n=len(lent), people=[tables.people[p].id for p in lent])
            loans.append(Amendment("loan", Said("loan", said), _with(tables, "people", rows)))
    return loans[:2]


def _lenders(draft: Draft, reach: str, home: str, skill: str, rounds: list[int]) -> dict[str, list[int]]:
    """People with the skill by the zone or area they belong to, the least used first; not those of `home`."""
    tables, problem = draft.tables, draft.tables.problem
    lenders: dict[str, list[int]] = {}
    for p in np.argsort(draft.load, kind="stable").tolist():
        person = tables.people[p]
        lender = problem.zone_of(person.area) if reach == "zone" else person.area
        if skill in person.skills and lender not in (None, home) and tables.present[p, rounds].any():
            lenders.setdefault(str(lender), []).append(p)
    return lenders


def _load(draft: Draft, people: list[int]) -> int:
    return int(draft.load[people].sum())


def _more_teams(draft: Draft, lost: list[Unvisited]) -> list[Amendment]:
    """More teams in the round that most units nobody visits could go to (H02)."""
    tables = draft.tables
    votes = Counter(r for one in lost for r in one.rounds)
    if not votes:
        return []
    round_, units = min(votes.items(), key=lambda row: (-row[1], -row[0]))
    row = tables.rounds[round_]
    teams = row.teams + -(-units // row.visits_per_team)
    said = Said("teams", facts(round=row.id, n=row.teams, most=teams))
    return [Amendment("teams", said, _with(tables, "rounds", {row.id: {"teams": teams}}), (row.id,))]


def _opened_units(draft: Draft, lost: list[Unvisited]) -> list[Amendment]:
    """A unit that is closed in every round is opened in the first one that has a team to spare (H02)."""
    tables = draft.tables
    room = [r for r, crews in enumerate(draft.crews) if len(crews) < tables.teams[r]]
    rows: dict[str, Json] = {}
    changes, rounds = [], []
    for one in lost:
        unit = tables.units[one.unit]
        if tables.is_open[one.unit].any():
            continue
        at = tables.rounds[room[0] if room else 0]
        rows[unit.id] = {"closed": sorted(unit.closed - {at.id})}
        changes.append(Said("open unit", facts(unit=unit.id, round=at.id)))
        rounds.append(at.id)
    if not rows:
        return []
    said = Said("open", facts(changes=changes))
    return [Amendment("open", said, _with(tables, "units", rows), tuple(dict.fromkeys(rounds)))]


def _lifted_exclusions(draft: Draft, found: list[Gap]) -> list[Amendment]:
    """A pin that keeps people out of a team with a gap no longer does (H12)."""
    tables = draft.tables
    barred = {
        (gap.round, tables.person_at[str(dict(record.names)["person"])])
        for gap in found
        for cause in gap.causes
        for record in cause.because
        if record.rule == "H12"
    }
    raw = dict(tables.problem.to_dict())
    rows, pins, lifted = [dict(pin) for pin in raw.get("pins") or []], list(tables.problem.pins), []
    for number, pin in enumerate(tables.problem.pins):
        freed = [p for p in pin.exclude if (tables.round_at[pin.round], tables.person_at[p]) in barred]
        if freed:
            rows[number]["exclude"] = [p for p in pin.exclude if p not in freed]
            pins[number] = replace(pin, exclude=tuple(rows[number]["exclude"]))
            lifted.append(Said("pin lifted", facts(pin=str(number), people=freed)))
    if not lifted:
        return []
    raw["pins"] = rows
    amended = replace(tables.problem, sha256="", raw=raw, pins=tuple(pins))
    return [Amendment("pin", Said("pin", facts(changes=lifted)), amended)]
