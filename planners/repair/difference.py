"""What a repair changed, seat by seat, with the reason for each seat.
It compares two plans and repeats the rules that the repair met; it judges neither plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planners.problem import Plan, Problem, Team
from planners.repair.changes import Changes
from planners.rulebook.values import Cause, Said, facts

#: Rules met by seats of the old plan once the changes are known: (unit, slot, person) → rule code.
Met = Mapping[tuple[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One seat that changed hands, or one unit that changed its round.

    A seat: `before` and `after` are people, None for a seat that was or stays empty. A unit that moved has
    no slot; `before` and `after` are rounds, None for not visited. `rule` is the code that forced it, None
    when the seat was given up for another one. `said` is all of it, with the reason.
    """

    round: str | None
    team: str | None
    units: tuple[str, ...]
    slot: str | None
    before: str | None
    after: str | None
    rule: str | None
    said: Said


def differences(problem: Problem, old: Plan, new: Plan, changes: Changes, met: Met) -> tuple[Difference, ...]:
    """Units that moved, then seats, both in the order of the new plan. `problem` is the amended one."""
    words = _Words(problem, new, changes, met)
    then, now = _team_of(old), _team_of(new)
    rows = [
        words.moved(unit.id, then.get(unit.id), now.get(unit.id))
        for unit in problem.units
        if _round(then.get(unit.id)) != _round(now.get(unit.id))
    ]
    moved = {row.units[0] for row in rows}
    for team in new.teams:
        for slot in problem.template.slots:
            held = set(team.holders(slot.id))
            found: dict[tuple[str | None, str | None], list[str]] = {}
            for unit in team.units:
                previous = then.get(unit)
                was = set(previous.holders(slot.id)) if previous is not None else set()
                for pair in _pairs(sorted(was - held), sorted(held - was)):
                    found.setdefault(pair, []).append(unit)
            for (before, after), units in found.items():
                rows.append(
                    words.seat(team, tuple(units), slot.id, before, after, not moved.isdisjoint(units))
                )
    return tuple(rows)


def _pairs(lost: list[str], gained: list[str]) -> Iterable[tuple[str | None, str | None]]:
    for i in range(max(len(lost), len(gained))):
        yield (lost[i] if i < len(lost) else None, gained[i] if i < len(gained) else None)


def _team_of(plan: Plan) -> dict[str, Team]:
    return {unit: team for team in plan.teams for unit in team.units}


def _round(team: Team | None) -> str | None:
    return team.round if team is not None else None


class _Words:
    """What is said of each difference."""

    def __init__(self, problem: Problem, new: Plan, changes: Changes, met: Met) -> None:
        self.problem, self.new, self.changes, self.met = problem, new, changes, met

    def moved(self, unit: str, then: Team | None, now: Team | None) -> Difference:
        before, after = _round(then), _round(now)
        closed = before is not None and before in self.problem.unit(unit).closed
        said = facts(
            unit=unit,
            before=Said("that round", facts(round=before)) if before is not None else Said("no round"),
            after=Said("that round", facts(round=after)) if after is not None else Said("no visit"),
            why=Said("because closed", facts(round=before, rule="H02")) if closed else Said("because legal"),
        )
        team, rule = now.id if now is not None else None, "H02" if closed else None
        return Difference(after, team, (unit,), None, before, after, rule, Said("moved", said))

    def seat(
        self,
        team: Team,
        units: tuple[str, ...],
        slot: str,
        before: str | None,
        after: str | None,
        moved: bool,
    ) -> Difference:
        rule = next(
            (self.met[u, slot, before] for u in units if before and (u, slot, before) in self.met), None
        )
        kind = "seat filled" if before is None else "seat empty" if after is None else "seat changed"
        place = facts(round=team.round, team=team.id, units=units, slot=slot)
        pair = facts(person=before, other=after, why=self._why(team, units, rule, before, moved))
        return Difference(team.round, team.id, units, slot, before, after, rule, Said(kind, (*place, *pair)))

    def _why(
        self, team: Team, units: tuple[str, ...], rule: str | None, before: str | None, moved: bool
    ) -> Said:
        if before is None:
            return Said("because moved" if moved else "because short")
        who, here = self.problem.person(before), {"person": before, "round": team.round}
        if rule == "H04" and team.round in who.off:
            left = before in self.changes.withdrawn
            return Said("because left" if left else "because away", facts(**here))
        if rule == "H09" and who.office is not None:
            office = self.problem.office(who.office)
            quota = facts(
                office=office.id, round=team.round, least=office.min_home, most=office.max_out, rule="H09"
            )
            return Said("because quota" if office.max_out is None else "because quotas", quota)
        if rule is not None:
            return Said("because barred", facts(why=Cause.of(rule)))
        if moved:
            return Said("because moved")
        goal = next(
            (
                t
                for t in self.new.teams
                if t.round == team.round and any(m.person == before for m in t.members)
            ),
            None,
        )
        if goal is None:
            return Said("because spared")
        if goal.id == team.id:
            return Said("because reseated")
        return Said("because needed", facts(team=goal.id))
