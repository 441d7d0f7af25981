"""A plan laid out for the page: rounds × teams, workload, who stays at home, costs, shortages, key figures.

Takes problem and answer as they were stored, so that an old plan stays as it was; computes no cost.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from inspections.rounds.models import Lock, team_words
from planners.problem import Member, Pin, PinMember, Problem
from planners.problem import Plan as Answer
from planners.problem import Team as PlannedTeam
from planners.rulebook.table import TERMS


@dataclass(frozen=True)
class Chip:
    """One seat as the page shows it."""

    person: str
    name: str
    sign: str
    role: str
    slot: int
    home: str
    area: str
    office: str
    is_new: bool
    is_locked: bool


@dataclass(frozen=True)
class Visit:
    """One unit of a team."""

    code: str
    name: str
    township: str
    area: str
    is_new: bool
    is_locked: bool


@dataclass(frozen=True)
class LackingSlot:
    """What a slot of a team lacks, e.g. 财务缺 1."""

    slot: str
    words: str


@dataclass(frozen=True)
class Cell:
    """One team of one round; `code` is the plan's own id of it."""

    team: str
    code: str
    visits: tuple[Visit, ...]
    chips: tuple[Chip, ...]
    lacks: tuple[LackingSlot, ...]


@dataclass(frozen=True)
class RoundColumn:
    """One round with its teams from top to bottom."""

    name: str
    days: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class LoadBar:
    """How many people of a role are in so many teams."""

    times: int
    people: int


@dataclass(frozen=True)
class Workload:
    """The spread of one slot's work over those who could fill it."""

    role: str
    sign: str
    pool: int
    seats: int
    bars: tuple[LoadBar, ...]

    @property
    def tallest(self) -> int:
        return max((bar.people for bar in self.bars), default=0)


@dataclass(frozen=True)
class Staffing:
    """One office: how many of its people are at home in each round, and how many must be."""

    office: str
    min_home: int
    at_home: tuple[int, ...]
    out: tuple[int, ...]

    @property
    def is_tight(self) -> bool:
        """Whether the office is down to its least in a round in which it sends somebody."""
        return any(gone and home <= self.min_home for home, gone in zip(self.at_home, self.out, strict=True))


@dataclass(frozen=True)
class Cost:
    """One line of the price: the count, what one costs, and both multiplied."""

    term: str
    count: int
    weight: int
    price: int


@dataclass(frozen=True)
class PlanFigures:
    """The numbers of the plan's first line."""

    units: int
    measure: str
    rounds: int
    teams: str
    seats: int
    people: int
    most: int

    @property
    def mean(self) -> float:
        return self.seats / self.people if self.people else 0.0


class Matrix:
    """The plan of a problem and its answer (contracts §2), ready to be drawn.

    Teams that go to a `hidden` unit are left out. `before` are the teams of the version from which changes
    are marked; `pins` what is locked.
    """

    def __init__(
        self,
        problem: Problem,
        answer: Answer,
        hidden: Collection[str] = (),
        before: Sequence[PlannedTeam] | None = None,
        pins: Sequence[Pin] = (),
    ) -> None:
        self.problem, self.answer, self.hidden = problem, answer, frozenset(hidden)
        former = before if before is not None else answer.teams
        self._former_units = {unit: (team.id, team.round) for team in former for unit in team.units}
        self._former_seats = {(team.id, seat.person) for team in former for seat in team.members}
        self._pinned_units = {unit for pin in pins for unit in pin.units}
        self._pinned_seats = {(pin.round, seat.person) for pin in pins for seat in pin.members}
        self.slots = problem.template.slots
        self._slot_at = {slot.id: n for n, slot in enumerate(self.slots)}
        self.signs = signs([slot.name for slot in self.slots])
        self._lacking: dict[str, list[LackingSlot]] = defaultdict(list)
        for row in answer.shortages:
            if row.slot is not None:
                words = f"{problem.slot(row.slot).name}缺 {row.missing}"
                self._lacking[row.unit].append(LackingSlot(row.slot, words))

    def _area(self, code: str | None) -> str:
        return self.problem.area(code).name if code is not None else ""

    def columns(self) -> list[RoundColumn]:
        """The rounds from left to right."""
        teams = defaultdict(list)
        for team in self._shown():
            teams[team.round].append(self._cell(team))
        return [
            RoundColumn(row.name, _days(row.start, row.end), tuple(teams[row.id]))
            for row in self.problem.rounds
        ]

    def _shown(self) -> list[PlannedTeam]:
        return [team for team in self.answer.teams if not self.hidden.intersection(team.units)]

    def _cell(self, team: PlannedTeam) -> Cell:
        return Cell(
            team_words(self.problem.round(team.round).name, team.id),
            team.id,
            tuple(
                Visit(
                    unit.id,
                    unit.name,
                    self._area(unit.area),
                    unit.area or "",
                    self._former_units.get(unit.id) != (team.id, team.round),
                    unit.id in self._pinned_units,
                )
                for unit in map(self.problem.unit, team.units)
            ),
            tuple(self._chip(member, team) for member in team.members),
            tuple(dict.fromkeys(lack for unit in team.units for lack in self._lacking[unit])),
        )

    def _chip(self, member: Member, team: PlannedTeam) -> Chip:
        person = self.problem.person(member.person)
        at = self._slot_at[member.slot]
        office = self.problem.office(person.office).name if person.office is not None else ""
        return Chip(
            person=person.id,
            name=person.name,
            sign=self.signs[at],
            role=self.slots[at].name,
            slot=at,
            home=self._area(person.area) or office,
            area=person.area or "",
            office=person.office or "",
            is_new=(team.id, person.id) not in self._former_seats,
            is_locked=(team.round, person.id) in self._pinned_seats,
        )

    def figures(self) -> PlanFigures:
        """What the first line says: units, rounds, teams, and how often people go out."""
        times = Counter(member.person for team in self.answer.teams for member in team.members)
        needed = {skill for slot in self.slots for skill in slot.needs}
        pool = [p for p in self.problem.people if needed & set(p.skills) and p.max_teams != 0]
        kinds = {unit.kind for unit in self.problem.units}
        sizes = sorted({row.teams for row in self.problem.rounds})
        return PlanFigures(
            units=len(self.problem.units),
            measure="个村（社区）" if kinds <= {"village", "community"} else "个单位",
            rounds=len(self.problem.rounds),
            teams=str(sizes[0]) if len(sizes) == 1 else f"{sizes[0]} 至 {sizes[-1]}",
            seats=sum(times.values()),
            people=len(pool),
            most=max(times.values(), default=0),
        )

    def crossing(self) -> list[tuple[str, int]]:
        """Round and how many percent of its seats are held by somebody from another township than the unit's.

        A seat counts once for each unit of its team; people without a township are the county's and count as
        crossing.
        """
        found = []
        for row in self.problem.rounds:
            seats = [
                self.problem.person(seat.person).area != self.problem.unit(unit).area
                for team in self.answer.teams
                if team.round == row.id
                for unit in team.units
                for seat in team.members
            ]
            found.append((row.name, round(100 * sum(seats) / len(seats)) if seats else 0))
        return found

    def workload(self) -> list[Workload]:
        """Per role: how many of the people who could fill it go out 0, 1, 2 … times in it."""
        times: dict[str, Counter[str]] = {slot.id: Counter() for slot in self.slots}
        for team in self.answer.teams:
            for member in team.members:
                times[member.slot][member.person] += 1
        found = []
        for at, slot in enumerate(self.slots):
            held = times[slot.id]
            pool = [
                person.id
                for person in self.problem.people
                if set(slot.needs) & set(person.skills) and person.max_teams != 0
            ]
            spread = Counter(held[person] for person in pool)
            bars = tuple(LoadBar(n, spread[n]) for n in range(max(spread, default=0) + 1))
            found.append(Workload(slot.name, self.signs[at], len(pool), sum(held.values()), bars))
        return found

    def staffing(self) -> list[Staffing]:
        """The offices that must keep somebody at home or may send only so many, tightest first."""
        out: dict[str | None, Counter[str]] = defaultdict(Counter)
        for team in self.answer.teams:
            for member in team.members:
                out[self.problem.person(member.person).office][team.round] += 1
        rounds = [row.id for row in self.problem.rounds]
        present: dict[str | None, Counter[str]] = defaultdict(Counter)
        for person in self.problem.people:
            present[person.office].update(set(rounds) - set(person.off))
        rows = [
            Staffing(
                office.name,
                office.min_home,
                tuple(present[office.id][r] - out[office.id][r] for r in rounds),
                tuple(out[office.id][r] for r in rounds),
            )
            for office in self.problem.offices
            if (office.min_home > 0 or office.max_out is not None) and out[office.id]
        ]
        return sorted(rows, key=lambda row: (min(row.at_home, default=0) - row.min_home, row.office))

    def costs(self, terms: Mapping[str, int]) -> list[Cost]:
        """The price by term, dearest first, for unweighted sums such as the referee's."""
        weights = self.problem.weights
        lines = [
            Cost(TERMS[term], count, weights.of(term), count * weights.of(term))
            for term, count in terms.items()
        ]
        return sorted(lines, key=lambda line: -line.price)

    def shortages(self) -> list[tuple[str, str]]:
        """Heading and reason of each shortage."""
        found = []
        for row in self.answer.shortages:
            if row.unit in self.hidden:
                continue
            unit = self.problem.unit(row.unit)
            where = f"{self._area(unit.area)}{unit.name}"
            round_ = self.problem.round(row.round).name if row.round is not None else ""
            if row.round is None:
                found.append((f"{where}：没有排进任何一轮", row.reason))
            elif row.slot is None:
                found.append((f"{where}（{round_}）：{row.missing} 个专题没有人承担", row.reason))
            else:
                role = self.problem.slot(row.slot).name
                found.append((f"{where}（{round_}）：{role}缺 {row.missing} 人", row.reason))
        return found

    def townships(self) -> list[tuple[str, str]]:
        """Codes and names of the areas that visits or seats belong to, for the filter."""
        used = {unit.area for unit in self.problem.units}
        used |= {person.area for person in self.problem.people}
        return [(area.id, area.name) for area in self.problem.areas if area.id in used]

    def offices(self) -> list[tuple[str, str]]:
        """Codes and names of the offices with somebody in a team, for the filter."""
        used = {
            self.problem.person(member.person).office for team in self.answer.teams for member in team.members
        }
        return [(office.id, office.name) for office in self.problem.offices if office.id in used]


def pinned(locks: Iterable[Lock]) -> list[Pin]:
    """What the planners locked, as the planner's values."""
    return [
        Pin(
            lock.pin["round"],
            tuple(lock.pin["units"]),
            tuple(PinMember(seat["person"], seat["slot"]) for seat in lock.pin["members"]),
            tuple(lock.pin["exclude"]),
        )
        for lock in locks
    ]


def signs(names: list[str]) -> list[str]:
    """One character per role that tells it from the others: 组 财 惠 村; the first unused one of its name."""
    chosen: list[str] = []
    for name in names:
        free = [letter for letter in name if letter not in chosen]
        chosen.append(free[0] if free else str(len(chosen) + 1))
    return chosen


def _days(start: str | None, end: str | None) -> str:
    """3月1日—3月5日 from two ISO dates."""
    words = [f"{int(day[5:7])}月{int(day[8:10])}日" for day in (start, end) if day]
    return "—".join(words)
