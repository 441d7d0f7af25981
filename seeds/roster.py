"""A county's roster while it is being made: units, offices, people, ties and kin, numbered and drawn by lot.

It invents no name: each county brings its own. The lot is seeded, so the same county comes out every time.
"""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

#: from the first score on a unit is 重点, from the second on 关注
KEY_RISK, WATCH_RISK = 42, 25


def lot_of(name: str) -> random.Random:
    """A lot that falls the same way whenever it is drawn for `name`."""
    return random.Random(name)  # noqa: S311 - a sample to be repeated, nothing secret


@dataclass
class Roster:
    """The five tables of one county, growing row by row. `prefix` keeps the numbers of counties apart."""

    prefix: str
    lot: random.Random
    names: Iterator[str]
    units: list[dict[str, str]] = field(default_factory=list)
    offices: list[dict[str, str]] = field(default_factory=list)
    people: list[dict[str, str]] = field(default_factory=list)
    ties: list[dict[str, str]] = field(default_factory=list)
    kin: list[dict[str, str]] = field(default_factory=list)

    def unit(self, place: dict[str, str], zone: str, lng: str, lat: str, closed: str = "") -> None:
        """Adds one village, community, farm or department with a risk score of 0 to 60 and its tier."""
        risk = int(self.lot.triangular(0, 60, 18))
        tier = "重点" if risk >= KEY_RISK else "关注" if risk >= WATCH_RISK else "一般"
        self.units.append(
            {
                "编号": place["编号"],
                "名称": place["名称"],
                "类型": place["类型"],
                "所属乡镇": place["所属乡镇"],
                "片区": zone,
                "经度": lng,
                "纬度": lat,
                "风险分": str(risk),
                "分级": tier,
                "停检日期": closed,
                "备注": place.get("备注", ""),
            }
        )

    def office(
        self, code: str, name: str, kind: str, township: str, min_home: int = 0, max_out: int | None = None
    ) -> str:
        """Adds an office and gives its number; `max_out` None sets no limit."""
        code = f"{self.prefix}O{code}"
        self.offices.append(
            {
                "编号": code,
                "名称": name,
                "性质": kind,
                "所属乡镇": township,
                "最少留守": str(min_home),
                "最多外派": "" if max_out is None else str(max_out),
            }
        )
        return code

    def person(
        self, office: str, skills: str, home: str = "", off: str = "", limit: str = "", trained: bool = True
    ) -> str:
        """Adds a person with the next name and gives the number."""
        code = f"{self.prefix}P{len(self.people) + 1:04}"
        self.people.append(
            {
                "编号": code,
                "姓名": next(self.names),
                "机构": office,
                "所在村": home,
                "专长": skills,
                "不可用日期": off,
                "全周期最多次数": limit,
                "已培训": "是" if trained else "否",
                "备注": "",
            }
        )
        return code

    def staff(self, office: str, number: int, skills: str, absent: "Absence") -> list[str]:
        """Adds `number` people of one office, some with days on which they cannot be posted."""
        return [self.person(office, skills, off=absent.drawn(self.lot)) for _ in range(number)]

    def tie(self, person: str, other: str, kind: str, basis: str, hard: bool, dates: str = "") -> None:
        """Adds a declared tie; `dates` is 'from/to' with either end open."""
        start, _, end = dates.partition("/")
        self.ties.append(
            {
                "人员编号": person,
                "对象": other,
                "关系": kind,
                "依据": basis,
                "起": start,
                "止": end,
                "硬性": "是" if hard else "否",
            }
        )


@dataclass(frozen=True)
class Absence:
    """How often and when somebody is away: one person in `one_in`, for up to two weeks of a season."""

    first: dt.date
    days: int
    one_in: int

    def drawn(self, lot: random.Random) -> str:
        """A range of days like 2026-03-02至2026-03-13, or nothing."""
        if lot.randrange(self.one_in):
            return ""
        start = self.first + dt.timedelta(lot.randrange(self.days))
        end = start + dt.timedelta(lot.randrange(4, 12))
        return f"{start}至{end}"
