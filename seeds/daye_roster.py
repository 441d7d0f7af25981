"""The roster of 大冶 for planning: its real places, and staff who are plainly made up.

No finding, letter, photograph or relative is ever attached to a real place: kin stays empty.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import tables
from roster import Absence, Roster, lot_of

SEASON = Absence(dt.date(2027, 3, 1), 168, one_in=16)
CLOSED = Absence(dt.date(2027, 3, 1), 168, one_in=40)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
#: the score of a real place is drawn by lot, and the row says so
NO_JUDGEMENT = "演示数据：风险分和分级由抽签产生，与该单位实际情况无关"
#: townships that rotate inside themselves (镇内交叉) send a team of each kind to four villages at once
ROTATING = ("大箕铺镇", "茗山乡")
COUNTY_ROOMS = (
    "第一纪检监察室",
    "第二纪检监察室",
    "第三纪检监察室",
    "第四纪检监察室",
    "第五纪检监察室",
    "党风政风监督室",
    "案件审理室",
    "组织宣传室",
)
STATIONED = ("第一", "第二", "第三", "第四", "第五", "第六", "第七", "第八", "第九", "第十")


def invented_names() -> Iterator[str]:
    """张演001, 钱演002, …: 演 for 演示; nobody is called that."""
    number = 0
    while True:
        yield f"{SURNAMES[number * 7 % len(SURNAMES)]}演{number + 1:03}"
        number += 1


def made(folder: Path) -> Roster:
    """The roster from the hand-kept `townships.csv` and `places.csv` of `folder`."""
    roster = Roster("DY", lot_of("大冶"), invented_names())
    townships = {row["名称"]: row for row in tables.read(folder / "townships.csv")}
    by_code = {row["编号"]: row for row in townships.values()}
    for place in tables.read(folder / "places.csv"):
        township = townships[place["所属乡镇"]]
        zone = by_code[township["上级编号"]]["名称"]
        place["备注"] = NO_JUDGEMENT
        roster.unit(place, zone, township["经度"], township["纬度"], CLOSED.drawn(roster.lot))
    for township in townships.values():
        if township["类型"] in ("街道", "镇", "乡", "农场"):
            staff_township(roster, township)
    staff_county(roster)
    declare_ties(roster)
    return roster


def staff_township(roster: Roster, township: dict[str, str]) -> None:
    """Adds a township's discipline, finance and welfare offices and the commissioner of every village."""
    name, code = township["名称"], township["编号"].removeprefix("DYT")
    rotating = name in ROTATING
    for letter, title, kind, skill, low, high in (
        ("J", "纪委" if township["类型"] in ("镇", "乡") else "纪工委", "纪检", "纪检", 4, 6),
        ("C", "财政所", "财政", "财务", 3, 5),
        ("M", "社会事务（民政）办公室", "民政", "惠民", 3, 5),
    ):
        size = 6 if rotating else roster.lot.randint(low, high)
        min_home = 2 if size >= 5 and not rotating else 1
        max_out = 4 if rotating else 3 if size >= 5 else 2
        office = roster.office(f"{code}{letter}", f"{name}{title}", kind, name, min_home, max_out)
        roster.staff(office, size, skill, SEASON)
    office = roster.office(f"{code}V", f"{name}村（社区）纪检委员", "村", name)
    for unit in [unit for unit in roster.units if unit["所属乡镇"] == name]:
        limit = "" if roster.lot.randrange(25) else "2"
        roster.person(office, "村纪检委员", unit["编号"], SEASON.drawn(roster.lot), limit)


def staff_county(roster: Roster) -> None:
    """Adds the rooms and stationed groups of the discipline commission and two bureaus of the city."""
    for number, title in enumerate(COUNTY_ROOMS, 1):
        office = roster.office(f"S{number:02}", f"市纪委监委{title}", "室", "", 2, 3)
        roster.staff(office, 6, "纪检", SEASON)
    for number, title in enumerate(STATIONED, 1):
        office = roster.office(f"P{number:02}", f"市纪委监委派驻{title}纪检监察组", "派驻", "", 2, 3)
        roster.staff(office, 6, "纪检", SEASON)
    finance = roster.office("CZ", "市财政局", "财政", "市直单位", 8, 10)
    roster.staff(finance, 38, "财务", SEASON)
    roster.staff(finance, 4, "财务、惠民", SEASON)
    welfare = roster.office("MZ", "市民政局", "民政", "市直单位", 8, 10)
    roster.staff(welfare, 42, "惠民", SEASON)


def declare_ties(roster: Roster) -> None:
    """Adds former posts (RC-03) and villages looked after (RC-25), drawn by lot; nothing about families."""
    townships = {office["编号"]: office["所属乡镇"] for office in roster.offices}
    officials = [person for person in roster.people if not person["所在村"]]
    for person in roster.lot.sample(officials, 70):
        home = townships[person["机构"]]
        looked_after = bool(home) and home != "市直单位" and roster.lot.randrange(2)
        choice = [unit for unit in roster.units if (unit["所属乡镇"] == home) == bool(looked_after)]
        unit = roster.lot.choice(choice)["编号"]
        if looked_after:
            roster.tie(person["编号"], unit, "RC-25", "演示数据：包村分工", True, "2026-01-01/")
        else:
            roster.tie(person["编号"], unit, "RC-03", "演示数据：曾任职", True, "2023-06-01/2026-06-30")
