"""Made-up counties of the sizes that planners meet, by family and seed: the benchmark's problems.
The same family and seed give the same problem everywhere; places and people are invented, no plan is made."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

SLOTS: list[Json] = [
    {"id": "leader", "name": "组长", "min": 1, "max": 1, "needs": ["discipline"]},
    {"id": "finance", "name": "财务", "min": 1, "max": 1, "needs": ["finance"]},
    {"id": "welfare", "name": "惠民", "min": 1, "max": 1, "needs": ["welfare"]},
    {
        "id": "member",
        "name": "村纪检委员",
        "min": 2,
        "max": 5,
        "target": 3,
        "needs": ["commissioner"],
        "distinct": "home_unit",
    },
]
TRADES = (("discipline", "纪委"), ("finance", "财政所"), ("welfare", "民政办"))
DEPARTMENTS = ("教育局", "民政局", "财政局", "水利局", "农业农村局", "卫生健康局")


@dataclass(frozen=True, slots=True)
class County:
    """How large a county is, how many officers of a trade a township has, and how its rounds are cut."""

    villages: int
    townships: int
    officers: int  # of each trade in each township
    county_officers: int  # of finance and of welfare, without an area
    rounds: int
    teams: int
    visits: int = 1
    crossing: bool = True  # officers stay out of their own township
    zones: int = 0  # with zones everybody stays within the own one
    counties: int = 1
    side_km: float = 60.0

    def problem(self, name: str, seed: int) -> Json:
        """The county as a problem file."""
        return _Maker(self, name, seed).problem()


class _Maker:
    """Draws one county; every choice comes from one generator, so its order is part of the problem."""

    def __init__(self, county: County, name: str, seed: int) -> None:
        self.county, self.name = county, f"{name}-{seed}"
        self.dice = random.Random(f"{name}:{seed}")
        side = county.side_km
        self.seats = [
            (self.dice.uniform(0, side), self.dice.uniform(0, side)) for _ in range(county.townships)
        ]
        self.seats.sort(key=lambda place: (place[0] // (side / max(1, county.counties)), place[1]))
        self.people: list[Json] = []
        self.offices: list[Json] = []
        self.units: list[Json] = []

    def problem(self) -> Json:
        county = self.county
        for township in range(county.townships):
            self._officers(township)
        for village in range(county.villages):
            self._village(village)
        self._county_officers()
        ties = [
            {
                "person": person["id"],
                "unit": self.dice.choice(self.units)["id"],
                "kind": "RC-05",
                "hard": number % 3 > 0,
                **({} if number % 3 else {"cost": 40}),
            }
            for number, person in enumerate(self.dice.sample(self.people, len(self.people) // 8))
        ]
        where = {"from": "zone" if county.zones else "any", "not": "area" if county.crossing else "unit"}
        rules: Json = {
            "crossing": {trade: where for trade, _ in TRADES},
            "host_stays": True,
            "no_mutual_lead": True,
        }
        if county.zones:
            rules["crossing"] |= {"commissioner": {"from": "zone", "not": "unit"}}
        return {
            "format": "planners.problem/1",
            "name": self.name,
            "rounds": rounds(county.rounds, county.teams, county.visits),
            "template": {"name": "1+2+N", "slots": SLOTS},
            "areas": self._areas(),
            "units": self.units,
            "offices": self.offices,
            "people": self.people,
            "ties": ties,
            "rules": rules,
        }

    def _areas(self) -> list[Json]:
        county = self.county
        tops = [
            {"id": f"C{c}", "name": f"{c + 1}号县", "kind": "county", "parent": None}
            for c in range(county.counties)
        ]
        zones = [
            {"id": f"Z{z}", "name": f"第{z + 1}片区", "kind": "zone", "parent": "C0"}
            for z in range(county.zones)
        ]
        townships = []
        for t in range(county.townships):
            part = t * (county.zones or county.counties) // county.townships
            parent = f"Z{part}" if county.zones else f"C{part}"
            townships.append(
                {"id": f"T{t:03d}", "name": f"{t + 1}号镇", "kind": "township", "parent": parent}
            )
        return tops + zones + townships

    def _near(self, township: int, km: float) -> Json:
        x, y = self.seats[township]
        return {"x_km": round(self.dice.gauss(x, km), 2), "y_km": round(self.dice.gauss(y, km), 2)}

    def _officers(self, t: int) -> None:
        area = f"T{t:03d}"
        for trade, title in TRADES:
            office = f"O-{trade}-{t:03d}"
            row = {"id": office, "name": f"{t + 1}号镇{title}", "kind": trade, "area": area}
            self.offices.append(row | {"min_home": 1, "max_out": max(3, self.county.officers - 2)})
            for i in range(self.county.officers):
                person: Json = {"id": f"{trade}-{t:03d}-{i}", "name": f"{t + 1}号镇{title}{i + 1}"}
                person |= {"office": office, "area": area, "skills": [trade]}
                self.people.append(person | self._near(t, 1))
        self.offices.append({"id": f"O-village-{t:03d}", "name": f"{t + 1}号镇各村", "kind": "village"})

    def _village(self, v: int) -> None:
        t = v % self.county.townships
        place, area = self._near(t, 4), f"T{t:03d}"
        unit: Json = {"id": f"V{v:04d}", "name": f"{v + 1}村", "kind": "village", "area": area}
        self.units.append(unit | {"risk": self.dice.randint(0, 60)} | place)
        person: Json = {"id": f"commissioner-{v:04d}", "name": f"{v + 1}村纪检委员", "area": area}
        person |= {"office": f"O-village-{t:03d}", "home_unit": unit["id"], "skills": ["commissioner"]}
        self.people.append(person | place)

    def _county_officers(self) -> None:
        middle = self.county.side_km / 2
        for trade, title in TRADES[1:]:
            for i in range(self.county.county_officers):
                person: Json = {"id": f"county-{trade}-{i}", "name": f"县{title}{i + 1}", "skills": [trade]}
                self.people.append(person | {"x_km": middle, "y_km": middle})


def rounds(count: int, teams: int, visits: int = 1) -> list[Json]:
    """So many rounds of two weeks, all alike."""
    return [
        {
            "id": f"R{i}",
            "name": f"第{i}轮",
            "start": "2026-03-02",
            "end": "2026-03-13",
            "teams": teams,
            "visits_per_team": visits,
        }
        for i in range(1, count + 1)
    ]


def departments(seed: int) -> Json:
    """2+5: six departments one after another, two leaders and one person from each of the five others."""
    dice = random.Random(f"dept:{seed}")
    many = range(len(DEPARTMENTS))
    units = [
        {"id": f"D{i}", "name": DEPARTMENTS[i], "kind": "department", "area": "C"}
        | {"x_km": dice.randint(0, 9), "y_km": dice.randint(0, 9), "risk": dice.randint(10, 60)}
        for i in many
    ]
    offices: list[Json] = [
        {"id": f"O{i}", "name": DEPARTMENTS[i], "kind": "department", "area": "C"} for i in many
    ]
    offices.append({"id": "O6", "name": "派出纪检组", "kind": "discipline", "area": "C"})
    people: list[Json] = [
        {"id": f"S{i}{j}", "name": f"{DEPARTMENTS[i]}{j}", "office": f"O{i}", "home_unit": f"D{i}"}
        | {"skills": ["business"], "x_km": units[i]["x_km"], "y_km": units[i]["y_km"]}
        for i in many
        for j in range(dice.randint(2, 4))
    ]
    people += [
        {"id": f"L{i}", "name": f"组员{i}", "office": "O6", "skills": ["discipline"]}
        for i in range(dice.randint(4, 5))
    ]
    slots: list[Json] = [
        {"id": "leader", "name": "组长", "min": 2, "max": 2, "needs": ["discipline"]},
        {"id": "topic", "name": "专题", "min": 5, "max": 5, "needs": ["business"], "distinct": "office"},
    ]
    return {
        "format": "planners.problem/1",
        "name": f"dept-{seed}",
        "rounds": rounds(len(DEPARTMENTS), teams=1),
        "template": {"name": "2+5", "slots": slots},
        "areas": [{"id": "C", "name": "县直", "kind": "county", "parent": None}],
        "units": units,
        "offices": offices,
        "people": people,
    }


COUNTIES: Mapping[str, County] = {
    "t26": County(26, 1, 7, 0, rounds=7, teams=4, crossing=False),
    "t26x2": County(26, 1, 7, 0, rounds=4, teams=4, visits=2, crossing=False),
    "s103": County(103, 10, 4, 9, rounds=12, teams=9),
    "z103": County(103, 12, 4, 0, rounds=12, teams=9, zones=3),
    "d360": County(360, 15, 4, 10, rounds=20, teams=18),
    "j423": County(423, 18, 4, 19, rounds=24, teams=18),
    "h2967": County(2967, 303, 4, 145, rounds=24, teams=124, counties=18, side_km=300.0),
}

#: What a family is, in words for the table.
TITLES: Mapping[str, str] = {
    "t26": "one township, 26 villages, 7 rounds × 4 teams",
    "t26x2": "the same in 4 rounds, two visits per team",
    "s103": "103 villages, 12 rounds × 9 teams",
    "z103": "the same size within three zones",
    "d360": "360 villages, 20 rounds × 18 teams",
    "j423": "423 villages, 24 rounds × 18 teams",
    "dept": "2+5, six departments, 6 rounds × 1 team",
    "h2967": "2,967 villages of 18 counties in one pool, 24 rounds × 124 teams",
}


def made(family: str, seed: int) -> Json:
    """The problem of a family of TITLES. KeyError for another name."""
    return departments(seed) if family == "dept" else COUNTIES[family].problem(family, seed)
