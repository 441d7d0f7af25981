"""How teams cross: for each kind of seat, whom the own village, township and zone bar, and what is avoided.

A county reads and changes a table; four presets fill it. It judges no posting: the planner and its referee do
(H05 for the own village, H06 for the others, the term `crossing` for what is avoided).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from inspections.people.models import Person
from inspections.site.refusal import Refusal
from inspections.units.models import Area, Unit

#: skill of the village members (N)
COMMISSIONER = "commissioner"
#: the circles that a person and a unit may share, from the narrowest
CIRCLES: Mapping[str, str] = {"unit": "本村", "area": "本乡镇", "zone": "本片区"}
POLICIES: Mapping[str, str] = {"forbid": "不许", "avoid": "尽量不", "allow": "可以"}
SOURCES: Mapping[str, str] = {"any": "全县", "zone": "只从本片区", "area": "只从本乡镇"}
#: what a seat in an avoided circle costs, in kilometres: more than the way across a county, less than a seat
#: short of the target number (150), so that nobody stays at home for it
AVOIDED = 100


class SeatPolicy(NamedTuple):
    """What holds for one kind of seat: where its people come from, and each circle's policy."""

    source: str
    unit: str
    area: str
    zone: str


Table = dict[str, SeatPolicy]

#: preset → (officers and specialists, village members)
PRESETS: Mapping[str, tuple[SeatPolicy, SeatPolicy]] = {
    # a township's own teams visit that township's own villages: everybody comes from it
    "intra_township": (
        SeatPolicy("area", "forbid", "allow", "allow"),
        SeatPolicy("area", "forbid", "allow", "allow"),
    ),
    # 小交叉: inside one cooperation zone
    "within_zone": (
        SeatPolicy("zone", "forbid", "forbid", "allow"),
        SeatPolicy("zone", "forbid", "avoid", "allow"),
    ),
    # 异地交叉: nobody in the own zone
    "cross_zone": (
        SeatPolicy("any", "forbid", "forbid", "forbid"),
        SeatPolicy("any", "forbid", "forbid", "forbid"),
    ),
    # 生面孔: from the whole county; village members out of their township as far as heads allow
    "county_wide": (
        SeatPolicy("any", "forbid", "forbid", "allow"),
        SeatPolicy("any", "forbid", "avoid", "allow"),
    ),
}


def preset(mode: str, slots: Iterable[Mapping[str, Any]]) -> Table:
    """The table of a preset for these slots of a template; KeyError for an unknown preset.

    One fixed rule "never in one's own township" would forbid the township-run rotations of 茗山乡 and
    大箕铺镇 altogether (domain.md, fact 2), hence the county chooses.
    """
    staff, village = PRESETS[mode]
    return {slot["id"]: village if COMMISSIONER in slot["needs"] else staff for slot in slots}


def table_of(mode: str, slots: Sequence[Mapping[str, Any]], stored: Mapping[str, Sequence[str]]) -> Table:
    """The cycle's own table where one is stored, else the preset's; a slot it lacks has the preset's row."""
    filled = preset(mode, slots)
    return {slot: SeatPolicy(*stored[slot]) if slot in stored else row for slot, row in filled.items()}


def checked(table: Table, names: Mapping[str, str]) -> Table:
    """The table. Raises Refusal, naming slot and circle, where it contradicts itself."""
    for slot, row in table.items():
        known = row.source in SOURCES and all(getattr(row, circle) in POLICIES for circle in CIRCLES)
        if not known:
            raise Refusal(f"“{names[slot]}”一行有不认识的选项，请重新选择。")
        wide = [circle for circle in ("area", "zone") if getattr(row, circle) == "forbid"]
        for circle in wide:
            inner = list(CIRCLES)[: list(CIRCLES).index(circle)]
            looser = next((each for each in inner if getattr(row, each) != "forbid"), None)
            if looser is not None:
                raise Refusal(
                    f"“{names[slot]}”：{CIRCLES[circle]}不许的，{CIRCLES[looser]}也要选“不许”，因为它在其中。"
                )
        if (row.source == "area" and wide) or (row.source == "zone" and row.zone == "forbid"):
            raise Refusal(f"“{names[slot]}”：{SOURCES[row.source]}派人，就不能不许{CIRCLES[wide[-1]]}。")
    return table


def rules_of(table: Table) -> dict[str, dict[str, Any]]:
    """`rules.crossing` of planners.problem/2."""
    return {
        slot: {"from": row.source, **{circle: _policy(getattr(row, circle)) for circle in CIRCLES}}
        for slot, row in table.items()
    }


def _policy(word: str) -> Any:
    return {"avoid": AVOIDED} if word == "avoid" else word


def homes_that_may_send(table: Table, visited: Iterable[Area]) -> frozenset[int] | None:
    """The ids of areas (or zones) whose people can be used at all; None: no limit.

    Leaving out whole offices that no rule would let into a team keeps the problem small and changes no plan.
    """
    sources = {row.source for row in table.values()}
    if "any" in sources or not sources:
        return None
    if sources == {"area"}:
        return frozenset(area.id for area in visited)
    zones = (area.ancestor("zone") for area in visited)
    return frozenset(zone.id for zone in zones if zone is not None)


def words(row: SeatPolicy) -> str:
    """What a row says, e.g. 本村不许，本乡镇尽量不."""
    told = [f"{CIRCLES[circle]}{POLICIES[getattr(row, circle)]}" for circle in CIRCLES]
    kept = [one for one in told if not one.endswith(POLICIES["allow"])]
    source = [] if row.source == "any" else [f"{SOURCES[row.source]}派人"]
    return "，".join([*source, *kept]) or "哪里都可以"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a row leaves: people for the seat, how many of them may go to a unit on average and at least."""

    slot: str
    name: str
    pool: int
    mean: float
    fewest: int
    where: str
    words: str

    @property
    def sentence(self) -> str:
        if not self.pool:
            return f"{self.name}：没有能担任的人。"
        few = f"，最少的是{self.where}，{self.fewest} 人" if self.where else ""
        return f"{self.name} {self.pool} 人：{self.words}；平均每个单位有 {self.mean:.0f} 人可派{few}。"


def effects(
    table: Table, slots: Iterable[Mapping[str, Any]], people: Sequence[Person], units: Sequence[Unit]
) -> list[Effect]:
    """Slot by slot whom the table bars from the units; it looks at no tie, leave or quota."""
    zones = {area.id: zone.id if (zone := area.ancestor("zone")) else None for area in _areas(people, units)}
    found = []
    for slot in slots:
        row = table[slot["id"]]
        pool = [person for person in people if set(slot["needs"]) & set(person.skills)]
        homes = Counter(person.home_unit_id for person in pool)
        areas = Counter(person.area.id if person.area else None for person in pool)
        by_zone = Counter(zones[person.area.id] if person.area else None for person in pool)
        left = []
        for unit in units:
            its = zones[unit.area_id]
            near = {"unit": homes[unit.id], "area": areas[unit.area_id], "zone": by_zone[its] if its else 0}
            free = {"any": len(pool), "area": near["area"] + areas[None], "zone": near["zone"]}[row.source]
            if row.source == "zone":
                free += by_zone[None]
            barred = [near[circle] for circle in CIRCLES if getattr(row, circle) == "forbid"]
            left.append((max(0, free - max(barred, default=0)), unit.name))
        fewest = min(left, default=(0, ""))
        mean = sum(count for count, _ in left) / len(left) if left else 0.0
        found.append(Effect(slot["id"], slot["name"], len(pool), mean, *fewest, words(row)))
    return found


def _areas(people: Sequence[Person], units: Sequence[Unit]) -> set[Area]:
    return {unit.area for unit in units} | {person.area for person in people if person.area is not None}


@dataclass(frozen=True, slots=True)
class Share:
    """Of one kind of seat: the seats, each once per unit, and those in the own township and zone.

    `fallback` are seats in a circle that the table avoids.
    """

    name: str
    seats: int
    own_area: int
    own_zone: int
    fallback: int

    @property
    def crossing(self) -> float:
        """The share of seats outside the own township, from 0 to 1."""
        return 1 - self.own_area / self.seats if self.seats else 1.0


def shares(problem: Mapping[str, Any], answer: Mapping[str, Any]) -> list[Share]:
    """What a stored plan achieves, by slot of its template; people without a township are the county's."""
    people = {row["id"]: row for row in problem["people"]}
    units = {row["id"]: row for row in problem["units"]}
    areas = {row["id"]: row for row in problem["areas"]}
    rules = problem["rules"]["crossing"]
    counts: dict[str, Counter[str]] = {slot["id"]: Counter() for slot in problem["template"]["slots"]}
    for team in answer["teams"]:
        for unit in team["units"]:
            for seat in team["members"]:
                area, there = people[seat["person"]]["area"], units[unit]["area"]
                zone, its = _zone(areas, area), _zone(areas, there)
                shared = {
                    "area": area is not None and area == there,
                    "zone": zone is not None and zone == its,
                }
                shared["unit"] = people[seat["person"]]["home_unit"] == unit
                row = rules.get(seat["slot"], {})
                avoided = any(isinstance(row.get(circle), dict) for circle, same in shared.items() if same)
                counts[seat["slot"]].update(
                    seats=1, area=shared["area"], zone=shared["zone"], fallback=avoided
                )
    return [
        Share(slot["name"], found["seats"], found["area"], found["zone"], found["fallback"])
        for slot in problem["template"]["slots"]
        if (found := counts[slot["id"]])["seats"]
    ]


def _zone(areas: Mapping[str, Mapping[str, Any]], code: str | None) -> str | None:
    while code is not None and code in areas:
        if areas[code]["kind"] == "zone":
            return code
        code = areas[code]["parent"]
    return None
