"""Joins pins that speak of the same team into anchors, and refuses pins that no plan can keep (H12).
It chooses nothing: units and people that pins leave open are for the search: schedule.py and staffing.py."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from planners.books.draft import Crew, Draft
from planners.books.tables import Tables
from planners.formats.faults import BadInput, Fault

#: (slot, person) of everybody in a team, in table numbers.
Seated = list[tuple[int, int]]


@dataclass(slots=True, eq=False)
class Anchor:
    """What must be in one team of a round, in table numbers; `members` maps people to slots."""

    round: int
    units: list[int] = field(default_factory=list)
    members: dict[int, int] = field(default_factory=dict)
    banned: set[int] = field(default_factory=set)
    pins: list[int] = field(default_factory=list)

    def meets(self, other: Anchor) -> bool:
        """Whether both must be the same team: same round, and a unit or a person in common."""
        if self.round != other.round:
            return False
        return not set(self.units).isdisjoint(other.units) or not self.members.keys().isdisjoint(
            other.members
        )


def anchors(tables: Tables, sparing: bool = False) -> list[Anchor]:
    """The teams that pins ask for, one anchor per team. BadInput names pins that contradict a hard rule.

    A pin without units gets a team of its own, or with `sparing` shares that of another pin where it can.
    """
    faults: list[Fault] = []
    joined: list[Anchor] = []
    for number, pin in enumerate(tables.problem.pins):
        anchor = Anchor(tables.round_at[pin.round], pins=[number])
        _absorb(anchor, [tables.unit_at[unit] for unit in pin.units], {}, faults)
        for member in pin.members:
            _absorb(anchor, [], {tables.person_at[member.person]: tables.slot_at[member.slot]}, faults)
        anchor.banned = {tables.person_at[person] for person in pin.exclude}
        for earlier in [a for a in joined if a.meets(anchor)]:
            joined.remove(earlier)
            _absorb(anchor, earlier.units, earlier.members, faults)
            anchor.banned |= earlier.banned
            anchor.pins = earlier.pins + anchor.pins
        joined.append(anchor)
    if sparing:
        joined = _spare_teams(tables, joined)
    joined.sort(key=lambda anchor: (anchor.round, min(anchor.pins)))
    faults += _unit_faults(tables, joined) + _member_faults(tables, joined)
    if faults:
        raise BadInput(faults)
    return joined


def seat_pinned(draft: Draft, anchored: list[tuple[Anchor, int]]) -> list[Fault]:
    """Seat the members of anchors, each given with its team's place in the round; a fault per barred seat."""
    faults = []
    for anchor, place in anchored:
        crew = draft.crews[anchor.round][place]
        crew.banned, crew.pinned_units = set(anchor.banned), set(anchor.units)
        for person, slot in anchor.members.items():
            rule = (
                "H03"
                if len(crew.seats[slot]) >= draft.tables.slots[slot].max
                else draft.bar(crew, slot, person)
            )
            if rule is not None:
                faults.append(
                    _fault(anchor, f"{draft.tables.people[person].id} cannot be in this team ({rule})")
                )
                continue
            draft.seat(crew, slot, person)
            crew.pinned.add(person)
    return faults


def expect_pins_to_hold(tables: Tables) -> None:
    """Nothing; BadInput when pins contradict the rules however many of them share a team."""
    try:
        anchors(tables)
    except BadInput:
        anchors(tables, sparing=True)


def mark_pins(tables: Tables, crews: Sequence[Crew], seats: Sequence[Seated]) -> None:
    """Tell each team what the pins say of it; `seats` are of the same teams, as the plan has them.

    Like the referee (H12) it looks for one team per pin; a pin that the plan does not keep marks nothing.
    """
    for pin in tables.problem.pins:
        round_, units = tables.round_at[pin.round], {tables.unit_at[unit] for unit in pin.units}
        members = {(tables.slot_at[member.slot], tables.person_at[member.person]) for member in pin.members}
        banned = {tables.person_at[person] for person in pin.exclude}
        for crew, seated in zip(crews, seats, strict=True):
            if crew.round != round_ or not units <= set(crew.units) or not members <= set(seated):
                continue
            if banned.isdisjoint(person for _, person in seated):
                crew.pinned |= {person for _, person in members}
                crew.pinned_units |= units
                crew.banned |= banned
                break


def _spare_teams(tables: Tables, joined: list[Anchor]) -> list[Anchor]:
    """Anchors without units move in with the first anchor of their round that the rules let them join."""
    spared = [anchor for anchor in joined if anchor.units]
    for guest in [anchor for anchor in joined if not anchor.units]:
        for host in [anchor for anchor in spared if anchor.round == guest.round]:
            both = Anchor(
                host.round,
                host.units,
                host.members | guest.members,
                host.banned | guest.banned,
                host.pins + guest.pins,
            )
            if not _member_faults(tables, [both]):
                spared[spared.index(host)] = both
                break
        else:
            spared.append(guest)
    return spared


def _absorb(anchor: Anchor, units: list[int], members: dict[int, int], faults: list[Fault]) -> None:
    anchor.units += [unit for unit in units if unit not in anchor.units]
    for person, slot in members.items():
        if anchor.members.setdefault(person, slot) != slot:
            faults.append(_fault(anchor, "expected each person in one slot only (H04)"))


def _fault(anchor: Anchor, message: str) -> Fault:
    others = ", ".join(f"pins[{number}]" for number in anchor.pins[1:])
    return Fault(f"pins[{anchor.pins[0]}]", message + (f", joined with {others}" if others else ""))


def _unit_faults(tables: Tables, joined: list[Anchor]) -> list[Fault]:
    faults = []
    times = Counter(unit for anchor in joined for unit in anchor.units)
    per_round = Counter(anchor.round for anchor in joined)
    for anchor in joined:
        row = tables.rounds[anchor.round]
        if len(anchor.units) > row.visits_per_team:
            faults.append(
                _fault(anchor, f"expected at most {row.visits_per_team} units in a team of {row.id} (H02)")
            )
        if per_round[anchor.round] > row.teams:
            faults.append(_fault(anchor, f"expected at most {row.teams} teams in {row.id} (H02)"))
        for unit in anchor.units:
            if not tables.is_open[unit, anchor.round]:
                faults.append(_fault(anchor, f"{tables.units[unit].id} is closed in {row.id} (H02)"))
            if times[unit] > 1:
                faults.append(_fault(anchor, f"{tables.units[unit].id} is pinned to two rounds (H01)"))
    return faults


def _member_faults(tables: Tables, joined: list[Anchor]) -> list[Fault]:
    """What the rules say to pinned people alone: a plan only adds to them, which never heals a rule."""
    draft = Draft(tables)
    places = []
    for anchor in joined:
        places.append((anchor, len(draft.crews[anchor.round])))
        draft.open(anchor.round, [unit for unit in anchor.units if draft.crew_of[unit] is None])
    return seat_pinned(draft, places)
