"""The people of the fictional county: households in villages, numbers of a region code that nobody
has (629999)."""

import datetime as dt
import random
from dataclasses import dataclass, field

from inspections.comparisons.lists.numbers import check_digit

REGION = "629999"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹"
    "彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金"
    "石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵"
    "万钱严覃武戴莫孔向汤"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉力玉梅建国"
    "华志红永春海燕凤云生龙金福德荣贵林树清成新根宝祥发山庆有长和田学"
    "义兴松喜来顺连全"
)


@dataclass
class Person:
    """One person: name, number, birth, household and village (place in the county's list)."""

    name: str
    number: str
    born: dt.date
    woman: bool
    household: int
    village: int
    relation: str = "户主"
    died: dt.date | None = None

    def age(self, year: int) -> int:
        """The age in full years at the end of a year."""
        return year - self.born.year


@dataclass(frozen=True)
class Village:
    """A village: code, township and name."""

    code: str
    township: str
    name: str


@dataclass
class County:
    """Villages, households (lists of people, the head first) and people."""

    villages: list[Village]
    households: list[list[Person]] = field(default_factory=list)

    @property
    def people(self) -> list[Person]:
        """Everybody, by household."""
        return [person for household in self.households for person in household]


def invented_villages(count: int) -> list[Village]:
    """So many villages of made-up names, about sixteen to a township."""
    first = "青石白云清平大柳双桥金沙红枫长丰永安新泉东湖西岭南坪北河"
    names = [a + b for a in first for b in "庄店沟坡湾营岗寨"]
    townships = [f"{first[2 * n]}{first[2 * n + 1]}{'镇' if n % 3 else '乡'}" for n in range(len(first) // 2)]
    villages = []
    for number in range(count):
        township = townships[number // 16 % len(townships)] if number < 16 * len(townships) else townships[-1]
        code = f"{REGION}{100 + number // 16:03}{200 + number % 16:03}"
        suffix = "" if number < len(names) else "上"
        villages.append(Village(code, township, f"{names[number % len(names)]}{suffix}村"))
    return villages


def number_for(rng: random.Random, born: dt.date, woman: bool, taken: set[str]) -> str:
    """A number nobody else has, of the region nobody lives in."""
    while True:
        serial = rng.randrange(0, 500) * 2 + (0 if woman else 1)
        first = f"{REGION}{born:%Y%m%d}{serial:03}"
        number = first + check_digit(first)
        if number not in taken:
            taken.add(number)
            return number


def settle(rng: random.Random, people: int, villages: list[Village]) -> County:
    """A county of about so many people."""
    county = County(villages)
    taken: set[str] = set()

    def born(low: int, high: int) -> dt.date:
        return dt.date(2025 - rng.randint(low, high), rng.randint(1, 12), rng.randint(1, 28))

    def person(surname: str, age: tuple[int, int], woman: bool, relation: str) -> Person:
        day = born(*age)
        given = rng.choice(GIVEN) + (rng.choice(GIVEN) if rng.random() < 0.75 else "")
        number = number_for(rng, day, woman, taken)
        return Person(surname + given, number, day, woman, len(county.households), village, relation)

    count = 0
    while count < people:
        village = rng.randrange(len(villages))
        surname = rng.choice(SURNAMES[:40] if rng.random() < 0.7 else SURNAMES)
        low = rng.choice([26, 36, 46, 58, 66])
        home = [person(surname, (low, low + 12), rng.random() < 0.15, "户主")]
        if rng.random() < 0.75:
            home.append(person(rng.choice(SURNAMES), (low, low + 10), not home[0].woman, "配偶"))
        for _ in range(rng.choice([0, 1, 1, 2, 2, 3])):
            home.append(person(surname, (max(1, low - 30), max(2, low - 20)), rng.random() < 0.5, "子女"))
        if rng.random() < 0.45:
            age = min(low + 22, 80)
            home.append(person(surname, (age, age + 14), rng.random() < 0.5, "父母"))
        county.households.append(home)
        count += len(home)
    return county
