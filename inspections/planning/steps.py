"""One change by hand to the teams of a plan: fill a seat anew, trade two people, trade two visits.

It takes a plan's teams and gives other ones back; it judges no rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from inspections.site.refusal import Refusal
from planners.problem import Member, Shortage, Slot, Team

__all__ = ["MOVED", "Member", "Step", "Team", "Teams", "applied", "lacks"]

Teams = tuple[Team, ...]

MOVED = "这个席位或驻点已经变动，请刷新页面。"


@dataclass(frozen=True, slots=True)
class Step:
    """What is changed; ids are those of the plan's file, empty where a kind of step has no such side.

    `seat`: in `team`, `into` sits where `out` sat in `slot`; without `out` one more, without `into` one less.
    `trade`: `out` of `team` and `into` of `other` exchange seats. `visit`: the units `out` and `into`
    exchange teams.
    """

    act: str
    out: str = ""
    into: str = ""
    team: str = ""
    slot: str = ""
    other: str = ""

    @classmethod
    def of(cls, given: Mapping[str, str]) -> "Step":
        """The step of a submitted form or a stored row. Raises Refusal when it lacks a side."""
        step = cls(**{name: str(given.get(name) or "")[:64] for name in cls.__slots__})
        needed = {
            "seat": step.team and step.slot and (step.out or step.into),
            "trade": step.team and step.other and step.out and step.into,
            "visit": step.out and step.into,
        }
        if not needed.get(step.act) or step.out == step.into:
            raise Refusal("请选定要调整的席位或驻点，以及换成谁。")
        return step

    def row(self) -> dict[str, str]:
        """As it is stored."""
        return asdict(self)


def applied(teams: Teams, steps: Sequence[Step], slots: Sequence[str]) -> Teams:
    """The teams after the steps, members in slot order and then by id.

    Raises Refusal where a seat or visit is no longer what the step says.
    """
    done = {team.id: team for team in teams}
    for step in steps:
        _APPLY[step.act](done, step)

    def place(one: Member) -> tuple[int, str]:
        # a slot that is not of the plan is told by whoever reads the teams next
        return slots.index(one.slot) if one.slot in slots else len(slots), one.person

    return tuple(replace(team, members=tuple(sorted(team.members, key=place))) for team in done.values())


_ByCode = dict[str, Team]


def _seat(teams: _ByCode, step: Step) -> None:
    team = _team(teams, step.team)
    if not step.out:
        teams[team.id] = replace(team, members=(*team.members, Member(step.into, step.slot)))
        return
    held = _held(team, step.out)
    if held.slot != step.slot:
        raise Refusal(MOVED)
    teams[team.id] = _with(team, held, step.into)


def _trade(teams: _ByCode, step: Step) -> None:
    one, other = _team(teams, step.team), _team(teams, step.other)
    here, there = _held(one, step.out), _held(other, step.into)
    teams[one.id] = _with(one, here, step.into)
    teams[other.id] = _with(_team(teams, step.other), there, step.out)


def _visit(teams: _ByCode, step: Step) -> None:
    place = {unit: code for code, team in teams.items() for unit in team.units}
    if step.out not in place or step.into not in place:
        raise Refusal(MOVED)
    swap = {step.out: step.into, step.into: step.out}
    for code in {place[step.out], place[step.into]}:
        teams[code] = replace(teams[code], units=tuple(swap.get(unit, unit) for unit in teams[code].units))


_APPLY: Mapping[str, Callable[[_ByCode, Step], None]] = {"seat": _seat, "trade": _trade, "visit": _visit}


def _team(teams: _ByCode, code: str) -> Team:
    if code not in teams:
        raise Refusal(MOVED)
    return teams[code]


def _held(team: Team, person: str) -> Member:
    for member in team.members:
        if member.person == person:
            return member
    raise Refusal(MOVED)


def _with(team: Team, held: Member, into: str) -> Team:
    """The team with somebody else in that seat, or without it."""
    changed = (replace(one, person=into) if one is held else one for one in team.members)
    return replace(team, members=tuple(one for one in changed if one.person))


def lacks(teams: Teams, slots: Sequence[Slot], before: Sequence[Shortage]) -> tuple[Shortage, ...]:
    """The shortages of these teams: what each slot lacks of its least number, then units left out.

    One that was there `before` keeps its reason.
    """
    known = {(row.unit, row.slot): row for row in before}
    rows: list[Shortage] = []
    for team in teams:
        for slot in slots:
            missing = slot.min - len(team.holders(slot.id))
            for unit in team.units if missing > 0 else ():
                former = known.get((unit, slot.id))
                reason = "手工调整后的缺口。" if former is None else former.reason
                because = () if former is None else former.because
                rows.append(Shortage(unit, team.round, slot.id, missing, reason, because))
    return (*rows, *(row for row in before if row.slot is None))
