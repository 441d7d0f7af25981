"""What the offices of the fictional county know of its people in an ordinary, honest year: lists
without faults."""

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass, field

from inspections.sample.county.people import County, Person

FIRST, LAST = 2023 * 12, 2025 * 12 + 11
Row = list[str]


@dataclass
class Book:
    """The lists of a county by file stem (kind and year), and which rows were planted as which fault."""

    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    planted: list[tuple[str, list[Row]]] = field(default_factory=list)

    def add(self, stem: str, *cells: object) -> Row:
        """The new row of a list."""
        row = ["" if cell is None else str(cell) for cell in cells]
        self.rows[stem].append(row)
        return row

    def plant(self, model: str, *rows: Row) -> None:
        """Nothing; these rows together are a fault the model of that code should find."""
        self.planted.append((model, list(rows)))


def month(index: int) -> str:
    """A month as the lists write it."""
    return f"{index // 12}-{index % 12 + 1:02}"


def pay_day(index: int, rng: random.Random) -> str:
    """A day in the month after the one that is paid for."""
    index += 1
    return f"{index // 12}-{index % 12 + 1:02}-{rng.randint(5, 20):02}"


def day(rng: random.Random, first: int = 2023, last: int = 2025) -> dt.date:
    """A day within these years."""
    return dt.date(rng.randint(first, last), rng.randint(1, 12), rng.randint(1, 28))


class Offices:
    """Writes the honest lists of a county into a book."""

    def __init__(self, rng: random.Random, county: County) -> None:
        self.rng, self.county, self.book = rng, county, Book()
        self.where = [(v.township, v.name) for v in county.villages]
        self.account: dict[int, str] = {}
        self.phone: dict[int, str] = {}
        self.used: set[int] = set()  # people and households already in a fault or a decoy
        self.taken: set[int] = set()
        self.plots: dict[int, list[tuple[str, float]]] = {}
        self.poor: dict[int, tuple[int, int | None]] = {}
        self.firms: list[tuple[str, str]] = []
        self.cadres: dict[int, list[Person]] = defaultdict(list)
        self.relatives: dict[int, list[Person]] = defaultdict(list)

    def who(self, person: Person) -> tuple[str, str, str, str]:
        """Township, village, name and number, as most lists begin."""
        return (*self.where[person.village], person.name, person.number)

    def account_of(self, person: Person) -> str:
        """The account a person draws with: the household's for minors and spouses, else the own."""
        holder = (
            self.county.households[person.household][0] if person.relation in ("子女", "配偶") else person
        )
        return self.account.setdefault(id(holder), f"62{self.rng.randrange(10**15):015}")

    def phone_of(self, person: Person) -> str:
        """The household's telephone."""
        return self.phone.setdefault(person.household, f"13{self.rng.randrange(10**9):09}")

    def pay(
        self,
        person: Person,
        item: str,
        index: int,
        amount: float,
        note: str = "",
        late: int = 0,
        **other: str,
    ) -> Row:
        """One payment of the card: the row."""
        return self.book.add(
            f"流水{min(2025, index // 12)}",
            *(other["where"].split("|") if "where" in other else self.where[person.village]),
            person.name,
            person.number,
            item,
            month(index),
            pay_day(index + late, self.rng),
            f"{amount:.2f}",
            other.get("account") or self.account_of(person),
            other.get("phone") or self.phone_of(person),
            note,
        )

    def write(self) -> Book:
        """The book of an honest county."""
        self._register()
        self._aid()
        self._payments()
        self._land()
        self._property()
        return self.book

    def _register(self) -> None:
        rng, add = self.rng, self.book.add
        for number, home in enumerate(self.county.households, start=1):
            for person in home:
                code = self.county.villages[person.village].code
                sex = "女" if person.woman else "男"
                add("户籍", f"H{number:06}", *self.who(person), person.relation, sex, person.born, code)
                if (person.age(2025) > 60 and rng.random() < 0.05) or rng.random() < 0.002:
                    person.died = day(rng)
                    late = person.died + dt.timedelta(days=rng.choice([2, 5, 20, 90, 200]))
                    add("死亡", *self.who(person), person.died, late)
                    if rng.random() < 0.7:
                        burnt = person.died + dt.timedelta(days=rng.randint(1, 4))
                        add("殡葬", person.name, person.number, burnt, self.where[person.village][1])
                for year in (2024, 2025):
                    if person.died is None or person.died.year >= year:
                        add(
                            f"医保{year}",
                            *self.who(person),
                            year,
                            "城乡居民" if rng.random() < 0.93 else "职工",
                        )
        for person in rng.sample(self.county.people, len(self.county.people) // 200):
            add("迁出", *self.who(person), day(rng))
        adults = [p for p in self.county.people if 22 < p.age(2025) < 60 and not p.died]
        for person in rng.sample(adults, len(adults) // 40):
            leave = month(rng.randint(FIRST - 60, LAST)) if rng.random() < 0.1 else ""
            add(
                "财政供养",
                person.name,
                person.number,
                rng.choice(["县一中", "县医院", "县水务局"]),
                month(rng.randint(1995 * 12, FIRST - 70)),
                leave,
            )
            self.taken.add(id(person))
        for person in rng.sample(adults, len(adults) // 25):
            start = rng.randint(FIRST, LAST)
            for index in range(start, min(LAST, start + rng.randint(2, 20)) + 1):
                add(
                    "社保",
                    person.name,
                    person.number,
                    "某公司",
                    rng.choice(["本县", "本县", "外县", "外省"]),
                    month(index),
                )
            self.taken.add(id(person))
        for village, _ in enumerate(self.county.villages):
            homes = [h for h in self.county.households if h[0].village == village][:400]
            chosen = rng.sample(homes, min(len(homes), 12))
            for place, home in enumerate(chosen):
                head = home[0]
                self.taken.update(id(p) for p in home)
                if place < 5:
                    add("村干部", *self.who(head), ["书记", "副主任", "委员", "会计", "监委会主任"][place])
                    self.cadres[village].append(head)
                else:
                    cadre = self.cadres[village][place % 5]
                    add("村干部亲属", *self.who(head), cadre.number, rng.choice(["兄弟", "姐妹", "子女"]))
                    self.relatives[village].append(head)
        for person in rng.sample(adults, max(4, len(adults) // 900)):
            if id(person) not in self.taken:
                entered = day(rng, 2021, 2024)
                add(
                    "服刑",
                    person.name,
                    person.number,
                    entered,
                    entered + dt.timedelta(days=rng.randint(200, 1500)),
                )
                self.taken.add(id(person))

    def _aid(self) -> None:
        rng, add = self.rng, self.book.add
        for home in self.county.households:
            if rng.random() < 0.04 and not any(id(p) in self.taken for p in home):
                start = rng.randint(FIRST - 48, LAST - 8)
                end = rng.randint(start + 6, LAST) if rng.random() < 0.3 else None
                for person in home:
                    self.poor[id(person)] = (start, end)
                    add("低保", *self.who(person), home[0].number, month(start), month(end) if end else "")
                    self.taken.add(id(person))
        for person in self.county.people:
            if id(person) in self.taken or person.died:
                continue
            draw = rng.random()
            if person.age(2025) > 62 and draw < 0.01:
                add("特困", *self.who(person), month(rng.randint(FIRST - 40, LAST - 10)), "")
            elif draw < 0.03:
                add(
                    "残疾补贴",
                    *self.who(person),
                    rng.choice(["生活补贴", "护理补贴"]),
                    rng.choice("一二三四"),
                )
            elif draw < 0.036:
                add("临时救助", *self.who(person), day(rng), rng.choice([500, 1000, 2000]))
            elif draw < 0.04 and person.relation == "户主":
                add("危改", *self.who(person), day(rng), 20000)
            elif 0.04 < draw < 0.045 and person.relation == "户主":
                add(
                    "农机",
                    *self.who(person),
                    f"NJ{rng.randrange(10**8):08}",
                    day(rng),
                    rng.choice([3000, 8000]),
                )
            elif 0.05 < draw < 0.057 and 30 < person.age(2025) < 60:
                self.post(person, rng.randint(FIRST, LAST - 14), None)
            else:
                continue
            self.taken.add(id(person))
        for person in self.county.people:
            if person.age(2025) > 61 and id(person) not in self.taken and rng.random() < 0.08:
                add("职工养老", person.name, person.number, month(rng.randint(FIRST - 100, FIRST)), "")
                self.taken.add(id(person))

    def post(self, person: Person, start: int, end: int | None, attends: bool = True) -> Row:
        """A public-service post with its attendance: the row of the post."""
        row = self.book.add("公益岗", *self.who(person), "保洁员", month(start), month(end) if end else "")
        for index in range(max(FIRST, start), min(end or LAST, LAST) + 1):
            if attends and self.rng.random() < 0.98:
                self.book.add("公益岗考勤", *self.who(person), month(index), self.rng.randint(15, 26))
        return row

    def _payments(self) -> None:
        pensioned = {row[1] for row in self.book.rows["职工养老"]}
        disabled = {row[3] for row in self.book.rows["残疾补贴"]}
        destitute = {row[3]: row[4] for row in self.book.rows["特困"]}
        posts = {row[3]: row for row in self.book.rows["公益岗"]}
        jailed = {row[1] for row in self.book.rows["服刑"]}
        for person in self.county.people:
            if person.number in jailed:
                continue
            last = (person.died.year * 12 + person.died.month - 1) if person.died else LAST
            months = range(FIRST, last + 1)
            if person.age(2025) >= 63 and person.number not in pensioned:
                for index in months:
                    self.pay(person, "城乡居民养老", index, 138)
            if person.age(2025) >= 83:
                for index in months:
                    self.pay(person, "高龄津贴", index, 50)
            if person.number in disabled:
                for index in months:
                    self.pay(person, "残疾人补贴", index, 80)
            if person.number in destitute:
                for index in range(max(FIRST, _index(destitute[person.number])), last + 1):
                    self.pay(person, "特困供养", index, 900)
            if person.number in posts:
                row = posts[person.number]
                for index in range(max(FIRST, _index(row[5])), _index(row[6] or month(LAST)) + 1):
                    self.pay(person, "公益岗补贴", index, 600)
            if id(person) in self.poor and person.relation == "户主":
                start, end = self.poor[id(person)]
                for index in range(max(start, FIRST), min(end or LAST, last) + 1):
                    self.pay(person, "低保", index, 420)
        for person in self.county.people:  # payments in arrears and for funerals are honest after a death
            if person.died and self.rng.random() < 0.3:
                self.pay(person, "丧葬补助", min(LAST, person.died.year * 12 + person.died.month + 1), 2000)

    def _land(self) -> None:
        rng, add = self.rng, self.book.add
        plot = 0
        for number, home in enumerate(self.county.households):
            if rng.random() < 0.12:
                continue
            head = home[0]
            self.plots[number] = []
            for _ in range(rng.choice([1, 1, 2, 3])):
                plot += 1
                area = round(rng.uniform(0.8, 6), 2)
                self.plots[number].append((f"D{plot:07}", area))
                add("确权", f"D{plot:07}", *self.who(head), area)
            total = sum(area for _, area in self.plots[number])
            leased = round(rng.uniform(2, 12), 2) if rng.random() < 0.06 else 0.0
            if leased:
                add("流转", *self.who(head), leased, dt.date(2021, 3, 1), dt.date(2027, 2, 28))
            for year in (2024, 2025):
                payee = home[1] if head.died and head.died.year < year and len(home) > 1 else head
                for code, area in self.plots[number]:
                    add(f"耕地{year}", *self.who(payee), area, f"{area * 82:.2f}", code)
                if leased:
                    add(f"耕地{year}", *self.who(payee), leased, f"{leased * 82:.2f}", "")
                self.book.add(
                    f"流水{year}",
                    *self.who(payee),
                    "耕地地力保护补贴",
                    f"{year}-06",
                    f"{year}-07-10",
                    f"{(total + leased) * 82:.2f}",
                    self.account_of(payee),
                    self.phone_of(payee),
                    "",
                )

    def plain(self, person: Person) -> bool:
        """Whether the lists so far say nothing unusual of the person: fit for a fault or a decoy."""
        return not person.died and id(person) not in self.taken and person.household % 2 == 1

    def _property(self) -> None:
        rng, add = self.rng, self.book.add
        for person in self.county.people:
            if person.age(2025) < 24 or id(person) in self.poor or person.household % 2:
                # every other household has no car and no house to its name: faults are planted there
                continue
            draw = rng.random()
            if draw < 0.16:
                add(
                    "车辆",
                    person.name,
                    person.number,
                    rng.choice(["小型轿车", "小型轿车", "三轮摩托", "轻型货车"]),
                    rng.randrange(20000, 300000, 1000),
                    day(rng, 2015, 2025),
                    "",
                )
            elif draw < 0.26:
                for _ in range(rng.choice([1, 1, 1, 2])):
                    add(
                        "不动产",
                        person.name,
                        person.number,
                        "商品房",
                        rng.randint(70, 140),
                        day(rng, 2005, 2024),
                        1,
                        "",
                    )
            elif draw < 0.35:
                add(
                    "不动产",
                    person.name,
                    person.number,
                    rng.choice(["宅基地", "安置房"]),
                    rng.randint(90, 200),
                    day(rng, 2005, 2024),
                    1,
                    "",
                )
            elif draw < 0.37:
                self.firm(person, rng.choice(["有限责任公司", "个体工商户", "农民专业合作社"]))

    def firm(self, person: Person | None, kind: str, since: dt.date | None = None, until: str = "") -> str:
        """A registered firm: its code."""
        rng = self.rng
        code = f"91{len(self.firms):08}MA{rng.randrange(10**4):04}"
        name, number = (person.name, person.number) if person else ("赵某外", "")
        address, phone = f"清河路{len(self.firms)}号", f"15{rng.randrange(10**9):09}"
        since = since or day(rng, 2010, 2022)
        self.book.add(
            "工商",
            code,
            f"{name[:1]}记{len(self.firms)}",
            kind,
            500000,
            name,
            number,
            since,
            until,
            address,
            phone,
        )
        self.firms.append((code, kind))
        return code


def _index(text: str) -> int:
    year, number = text.split("-")
    return int(year) * 12 + int(number) - 1
