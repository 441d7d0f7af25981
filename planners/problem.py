"""The words of the planner: Problem (what is to be staffed), Plan (who goes where), Shortage (what lacks).
Reads no file, judges no plan: formats/ turns JSON into these values, solve.py plans, referee/ judges.

A **team** exists in one round, visits 1 to `visits_per_team` units of that round one after another and keeps
its members for the round. Every member fills one **slot** of the **template** (1+2+N is one template, 2+5
another). All values are frozen; to change a problem, change its JSON form (`Problem.to_dict`) and parse that
again, so that `sha256` always names what was really planned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from planners.policies import Policies

PROBLEM_FORMAT, PROBLEM_FORMAT_2 = "planners.problem/1", "planners.problem/2"
PLAN_FORMAT, PLAN_FORMAT_2 = "planners.plan/1", "planners.plan/2"

#: Cost terms in the order in which a plan lists them; those whose costs stand in the file weigh 1.
TERMS = ("risk", "distance", "load", "pair", "revisit", "size", "change", "soft_tie")
POLICY_TERMS = ("crossing", "memory", "pairing", "topic")
TERMS_2 = (*TERMS, *POLICY_TERMS)

Attribute = Literal["home_unit", "office"]
From = Literal["any", "area", "zone"]
Not = Literal["unit", "area", "zone"]


# ---------------------------------------------------------------- what is to be staffed


@dataclass(frozen=True, slots=True)
class Round:
    """A stretch of days in which up to `teams` teams are out, each visiting up to `visits_per_team` units."""

    id: str
    name: str
    start: str | None  # ISO date; for people to read, the planner only counts rounds
    end: str | None
    teams: int
    visits_per_team: int = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """A kind of seat in a team: `min`..`max` people who each have at least one skill of `needs`."""

    id: str
    name: str
    min: int
    max: int
    needs: tuple[str, ...]
    target: int  # the number wished for; each head more or less costs `weights.size`
    distinct: Attribute | None = None  # no two holders share it; null never clashes


@dataclass(frozen=True, slots=True)
class Template:
    """What a team consists of. The first slot is the leaders' (rule H11 looks at it)."""

    name: str
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """A township, a cooperation zone (`kind == "zone"`) or a county; `parent` is the area it lies in."""

    id: str
    name: str
    kind: str
    parent: str | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A village, community or department that is visited once; a high `risk` wants an early round."""

    id: str
    name: str
    kind: str
    area: str | None
    x_km: float | None
    y_km: float | None
    risk: int
    closed: frozenset[str] = frozenset()  # rounds in which it cannot be visited


@dataclass(frozen=True, slots=True)
class Office:
    """A body that lends people: keeps `min_home` of them, sends at most `max_out` at a time (H09)."""

    id: str
    name: str
    kind: str
    area: str | None
    min_home: int = 0
    max_out: int | None = None  # None: no limit


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be posted. One person may have several skills and fills one slot."""

    id: str
    name: str
    office: str | None
    area: str | None
    home_unit: str | None
    skills: tuple[str, ...]
    x_km: float | None
    y_km: float | None
    off: frozenset[str] = frozenset()  # rounds in which the person is absent
    max_teams: int | None = None  # None: no limit


@dataclass(frozen=True, slots=True)
class Tie:
    """Why a person should avoid a unit or another person; exactly one of `unit` and `other` is given.

    A hard tie forbids (H07, H08), a soft one costs `cost` each time.
    """

    person: str
    unit: str | None
    other: str | None
    kind: str  # code of the recusal kind, e.g. RC-05
    hard: bool
    cost: int = 0


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where people with a skill may come from (`from_`) and must not belong to (`not_`), seen from the unit.

    `not_ == "unit"` asks for nothing here: the own home unit is always and only rule H05.
    """

    from_: From = "any"
    not_: Not = "unit"


@dataclass(frozen=True, slots=True)
class Rules:
    """Switches of the hard rules. Without an entry in the file they are on: omission never loosens a rule."""

    crossing: Mapping[str, Crossing] = field(default_factory=dict, hash=False)
    host_stays: bool = True  # H10
    no_mutual_lead: bool = True  # H11, over all leaders of a round: one team with both leaders counts as well

    def crossing_for(self, skill: str) -> Crossing:
        """The entry for a skill; a skill without an entry counts as from anywhere, not the own unit."""
        return self.crossing.get(skill, Crossing())


@dataclass(frozen=True, slots=True)
class Weights:
    """What one unit of each cost term costs (whole numbers)."""

    risk: int = 1
    distance: int = 1
    load: int = 20
    pair: int = 30
    revisit: int = 10
    size: int = 150
    change: int = 50

    def of(self, term: str) -> int:
        """The weight of one of TERMS_2; costs that stand in the file as such (ties, policies) weigh 1."""
        return int(getattr(self, term, 1))


@dataclass(frozen=True, slots=True)
class PinMember:
    """One person whom a pin puts into one slot."""

    person: str
    slot: str


@dataclass(frozen=True, slots=True)
class Pin:
    """What the planner must keep (H12): these units in one team of the round, these people in it, those not.

    Without units it asks for one team of the round with these people. The team may have more of both.
    """

    round: str
    units: tuple[str, ...] = ()
    members: tuple[PinMember, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan is made from. Lists keep the order of the file, which orders every answer too."""

    name: str
    rounds: tuple[Round, ...]
    template: Template
    areas: tuple[Area, ...]
    units: tuple[Unit, ...]
    offices: tuple[Office, ...]
    people: tuple[Person, ...]
    ties: tuple[Tie, ...]
    rules: Rules
    weights: Weights
    pins: tuple[Pin, ...]
    sha256: str  # of the canonical JSON of the file, see formats/canonical.py
    raw: Mapping[str, Any] = field(repr=False, compare=False)  # the file as it was read
    policies: Policies | None = None  # what version 2 adds; None for a file of version 1
    _index: Mapping[str, Mapping[str, Any]] = field(init=False, repr=False, compare=False)
    _positions: Mapping[str, int] = field(init=False, repr=False, compare=False)
    _zones: Mapping[str, str | None] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        lists = {
            "rounds": self.rounds,
            "slots": self.template.slots,
            "areas": self.areas,
            "units": self.units,
            "offices": self.offices,
            "people": self.people,
            "topics": self.policies.topics if self.policies is not None else (),
        }
        index: dict[str, dict[str, Any]] = {
            name: {record.id: record for record in records}  # type: ignore[attr-defined]
            for name, records in lists.items()
        }
        object.__setattr__(self, "_index", index)
        object.__setattr__(self, "_positions", {r.id: i for i, r in enumerate(self.rounds)})
        object.__setattr__(self, "_zones", {area.id: self._zone_above(area) for area in self.areas})

    def _zone_above(self, area: Area | None) -> str | None:
        by_id = self._index["areas"]
        while area is not None and area.kind != "zone":
            area = by_id[area.parent] if area.parent is not None else None
        return area.id if area is not None else None

    def round(self, id: str) -> Round:
        """The round of that id. KeyError when there is none; the same holds for the next five."""
        found: Round = self._index["rounds"][id]
        return found

    def slot(self, id: str) -> Slot:
        found: Slot = self._index["slots"][id]
        return found

    def area(self, id: str) -> Area:
        found: Area = self._index["areas"][id]
        return found

    def unit(self, id: str) -> Unit:
        found: Unit = self._index["units"][id]
        return found

    def office(self, id: str) -> Office:
        found: Office = self._index["offices"][id]
        return found

    def person(self, id: str) -> Person:
        found: Person = self._index["people"][id]
        return found

    def ids(self, of: str) -> frozenset[str]:
        """All ids of `rounds`, `slots`, `areas`, `units`, `offices` or `people`."""
        return frozenset(self._index[of])

    def round_index(self, id: str) -> int:
        """The place of a round in the cycle, 0 for the first."""
        return self._positions[id]

    def zone_of(self, area_id: str | None) -> str | None:
        """The area itself if it is a zone, else its nearest ancestor of kind zone; None without one."""
        return None if area_id is None else self._zones[area_id]

    @property
    def terms(self) -> tuple[str, ...]:
        """The cost terms that a plan of this problem lists."""
        return TERMS if self.policies is None else TERMS_2

    def to_dict(self) -> Mapping[str, Any]:
        """The problem as it was read, for canonical JSON and for making an amended problem from a copy."""
        return self.raw


# ---------------------------------------------------------------- who goes where


@dataclass(frozen=True, slots=True)
class Member:
    """One person in one slot of a team, in version 2 with the topics that are his or hers."""

    person: str
    slot: str
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Team:
    """Members who stay together for one round and visit `units` one after another."""

    id: str
    round: str
    units: tuple[str, ...]
    members: tuple[Member, ...]
    standby: tuple[str, ...] = ()  # version 2: who could take a seat of the team when somebody falls out

    def holders(self, slot_id: str) -> tuple[str, ...]:
        """Ids of the people in that slot, in the team's order."""
        return tuple(member.person for member in self.members if member.slot == slot_id)


@dataclass(frozen=True, slots=True)
class Because:
    """One cause of a shortage: the rule's code and the records that it names, e.g. `("office", "O7")`."""

    rule: str
    names: tuple[tuple[str, str | int], ...] = ()

    def to_dict(self) -> dict[str, str | int]:
        """`{"rule": "H09", "office": "O7"}`."""
        return {"rule": self.rule, **dict(self.names)}


@dataclass(frozen=True, slots=True)
class Shortage:
    """What a plan could not staff.

    With a round and a slot: the team of that unit holds `missing` people fewer than the slot's min. In a team
    with several units each row tells the whole of what the team lacks; a row for one of its units is enough.
    With round and slot None: nobody visits the unit, and `missing` is 1. With a round and no slot (version
    2): so many topics that no member of the team can take.
    """

    unit: str
    round: str | None
    slot: str | None
    missing: int
    reason: str  # a Chinese sentence for people
    because: tuple[Because, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Teams, what is missing, and what it all costs. `terms` are the unweighted sums by name (see TERMS)."""

    problem_sha256: str
    seed: int
    seconds: float
    version: str
    teams: tuple[Team, ...]
    shortages: tuple[Shortage, ...]
    objective_total: int
    terms: Mapping[str, int] = field(hash=False)
    bound: int | None = None  # proven lower bound of complete plans; None for a partial plan
    gap: float | None = None  # (total - bound) / bound
    format: str = PLAN_FORMAT  # PLAN_FORMAT_2 for a problem of version 2
    robustness: float | None = None  # share of seats that somebody could take after a single absence
    fallbacks: int = 0  # seats and visits priced by straight line where the roads name no minutes
