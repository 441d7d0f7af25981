"""One change by hand to the teams of a plan: fill a seat anew, trade two people, trade two visits.

It takes teams as a plan file has them (contracts §2) and gives them back changed; it judges no rule.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from inspections.site.refusal import Refusal

Teams = list[dict[str, Any]]

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
    """New teams after the steps, members in slot order and then by id; what was given stays as it was.

    Raises Refusal where a seat or visit is no longer what the step says.
    """
    done = [
        {**team, "units": [*team["units"]], "members": [{**seat} for seat in team["members"]]}
        for team in teams
    ]
    for step in steps:
        _APPLY[step.act](done, step)
    for team in done:
        team["members"].sort(key=lambda seat: (slots.index(seat["slot"]), seat["person"]))
    return done


def _seat(teams: Teams, step: Step) -> None:
    team = _team(teams, step.team)
    if step.out:
        held = _held(team, step.out)
        if held["slot"] != step.slot:
            raise Refusal(MOVED)
        if step.into:
            held["person"] = step.into
        else:
            team["members"].remove(held)
    else:
        team["members"].append({"person": step.into, "slot": step.slot})


def _trade(teams: Teams, step: Step) -> None:
    one, other = _held(_team(teams, step.team), step.out), _held(_team(teams, step.other), step.into)
    one["person"], other["person"] = other["person"], one["person"]


def _visit(teams: Teams, step: Step) -> None:
    def place(unit: str) -> tuple[list[str], int]:
        units = next((team["units"] for team in teams if unit in team["units"]), None)
        if units is None:
            raise Refusal(MOVED)
        return units, units.index(unit)

    (here, at), (there, to) = place(step.out), place(step.into)
    here[at], there[to] = there[to], here[at]


_APPLY: Mapping[str, Callable[[Teams, Step], None]] = {"seat": _seat, "trade": _trade, "visit": _visit}


def _team(teams: Teams, code: str) -> dict[str, Any]:
    for team in teams:
        if team["id"] == code:
            return team
    raise Refusal(MOVED)


def _held(team: Mapping[str, Any], person: str) -> dict[str, str]:
    for seat in team["members"]:
        if seat["person"] == person:
            found: dict[str, str] = seat
            return found
    raise Refusal(MOVED)


def lacks(
    teams: Teams, slots: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The shortage rows of these teams: what each slot lacks of its least number, then units left out.

    A row that was there `before` keeps its reason.
    """
    reasons = {(row["unit"], row["slot"]): row for row in before}
    rows: list[dict[str, Any]] = []
    for team in teams:
        for slot in slots:
            missing = slot["min"] - sum(seat["slot"] == slot["id"] for seat in team["members"])
            if missing <= 0:
                continue
            for unit in team["units"]:
                former = reasons.get((unit, slot["id"]), {})
                rows.append(
                    {
                        "unit": unit,
                        "round": team["round"],
                        "slot": slot["id"],
                        "missing": missing,
                        "reason": former.get("reason", "手工调整后的缺口。"),
                        "because": former.get("because", []),
                    }
                )
    return [*rows, *(dict(row) for row in before if row["slot"] is None)]
