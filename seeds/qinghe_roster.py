"""The roster of the fictional 清河县: invented places, offices and people with everyday names.

Nothing here means a real county, village or person. What people declare is drawn in qinghe_ties.
"""

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path

import qinghe_ties
import tables
from roster import Absence, Roster, lot_of

SEASON = Absence(dt.date(2027, 1, 11), 110, one_in=14)
CLOSED = Absence(dt.date(2027, 1, 11), 110, one_in=18)
#: the township that also rotates inside itself, and so has more officers than the others
ROTATING = "柳河镇"
SURNAMES = "王李张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭肖蔡潘田董袁于余叶蒋杜苏魏程吕沈"
MEN = "建平志刚立新永强国栋文斌明亮广林卫东振兴爱民长河庆丰少华保田树森家顺守信新民成林大勇光明运来德福双喜"
WOMEN = "秀兰海燕春梅桂芳晓红玉珍丽华雪梅彩霞淑敏小芹红霞月娥银环美玲冬梅凤英巧云喜莲素珍秋菊腊梅水莲翠萍金枝"
DEPARTMENT_SKILLS = ("财务", "惠民", "财务、惠民", "财务")


def two_by_two(characters: str) -> list[str]:
    """The given names in a line of characters: 建平志刚 → 建平, 志刚."""
    return [characters[place : place + 2] for place in range(0, len(characters), 2)]


def everyday_names() -> Iterator[str]:
    """Surname and given name, each pair once, in an order drawn by lot."""
    pairs = [surname + name for surname, name in itertools.product(SURNAMES, two_by_two(MEN + WOMEN))]
    lot_of("清河县姓名").shuffle(pairs)
    return iter(pairs)


def made(folder: Path) -> Roster:
    """The roster from the hand-kept townships, places, teams and visits of `folder`."""
    roster = Roster("QH", lot_of("清河县"), everyday_names())
    townships = {row["名称"]: row for row in tables.read(folder / "townships.csv")}
    by_code = {row["编号"]: row for row in townships.values()}
    for place in tables.read(folder / "places.csv"):
        township = townships[place["所属乡镇"]]
        parent = by_code[township["上级编号"]]
        zone = parent["名称"] if parent["类型"] == "片区" else ""
        closed = "" if place["类型"] == "单位" else CLOSED.drawn(roster.lot)
        roster.unit(place, zone, near(roster, township["经度"]), near(roster, township["纬度"]), closed)
    for township in townships.values():
        if township["类型"] in ("街道", "镇", "乡"):
            staff_township(roster, township)
    staff_county(roster)
    visits = tables.read(folder / "visits.csv")
    posted = {
        member["人员编号"]: {visit["单位编号"] for visit in visits if visit["小组"] == member["小组"]}
        for member in tables.read(folder / "teams.csv")
    }
    qinghe_ties.declare(
        roster, posted, frozenset(two_by_two(MEN)), max(visit["离点日期"] for visit in visits)
    )
    return roster


def near(roster: Roster, degree: str) -> str:
    """A place within about four kilometres of the township's centre."""
    return f"{float(degree) + roster.lot.uniform(-0.04, 0.04):.4f}"


def staff_township(roster: Roster, township: dict[str, str]) -> None:
    """Adds a township's discipline, finance and welfare offices and the commissioner of every village."""
    name, code = township["名称"], township["编号"].removeprefix("QHT")
    rotating = name == ROTATING
    for letter, title, kind, skill, usual in (
        ("J", "纪工委" if township["类型"] == "街道" else "纪委", "纪检", "纪检", 5),
        ("C", "财政所", "财政", "财务", 4),
        ("M", "民政办公室", "民政", "惠民", 4),
    ):
        office = roster.office(f"{code}{letter}", f"{name}{title}", kind, name, 1, 5 if rotating else 2)
        if rotating:
            roster.staff(office, 6, skill, Absence(SEASON.first, SEASON.days, one_in=40))
        else:
            roster.staff(office, usual, skill, SEASON)
    office = roster.office(f"{code}V", f"{name}村（社区）纪检委员", "村", name)
    for unit in [unit for unit in roster.units if unit["所属乡镇"] == name]:
        trained = bool(roster.lot.randrange(30))
        roster.person(office, "村纪检委员", unit["编号"], SEASON.drawn(roster.lot), trained=trained)


def staff_county(roster: Roster) -> None:
    """Adds rooms and stationed groups, which belong to no township, and the departments' own people.

    A department's people have it as their home unit: in 2+5 the inspected one thus supplies nobody (RC-21).
    """
    rooms = ("第一纪检监察室", "第二纪检监察室", "党风政风监督室")
    groups = ("第一", "第二")
    for number, title in enumerate(rooms, 1):
        office = roster.office(f"S{number}", f"县纪委监委{title}", "室", "", 1, 2)
        roster.staff(office, 4, "纪检", SEASON)
    for number, title in enumerate(groups, 1):
        office = roster.office(f"P{number}", f"县纪委监委派驻{title}纪检监察组", "派驻", "", 1, 2)
        roster.staff(office, 3, "纪检", SEASON)
    kinds = {"县财政局": "财政", "县民政局": "民政"}
    departments = [unit for unit in roster.units if unit["类型"] == "单位"]
    for number, unit in enumerate(departments, 1):
        kind = kinds.get(unit["名称"], "其他")
        office = roster.office(f"D{number}", unit["名称"], kind, unit["所属乡镇"], 1, 2)
        for skills in DEPARTMENT_SKILLS:
            roster.person(office, skills, unit["编号"])
