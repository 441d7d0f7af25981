"""The faults planted in the fictional county, and beside each the honest thing that looks like it."""

import datetime as dt
from collections.abc import Callable

from inspections.sample.county.lists import FIRST, LAST, Offices, day, month
from inspections.sample.county.people import Person
from inspections.sample.county.village_faults import VillagePlanter

#: the item of payments after a death: nobody gets it otherwise
AFTER = "计划生育奖扶"


class Planter(VillagePlanter):
    """Plants so many faults of each kind, and as many decoys."""

    def __init__(self, offices: Offices, each: int) -> None:
        super().__init__(offices)
        self.each = each
        self.ended: list[
            tuple[str, int]
        ] = []  # the number and the last month of honest pay of the newly dead
        self.old = self._pool(lambda p: p.age(2025) > 64)
        self.adult = self._pool(lambda p: 25 < p.age(2025) < 58)

    def _pool(self, fits: Callable[[Person], bool]) -> list[Person]:
        jailed = {row[1] for row in self.book.rows["服刑"]}
        pool = [p for p in self.o.county.people if fits(p) and self.o.plain(p) and p.number not in jailed]
        self.rng.shuffle(pool)
        return pool

    def take(self, pool: list[Person]) -> Person:
        """Somebody not yet in a fault or a decoy."""
        while True:
            person = pool.pop()
            if person.household not in self.o.used:
                self.o.used.add(person.household)
                return person

    def plant(self) -> None:
        """Nothing; the book then holds all faults."""
        for _ in range(self.each):
            for fault in (
                self.dead,
                self.paid_and_poor,
                self.exclusive,
                self.car,
                self.homes,
                self.owner,
                self.card,
                self.phone,
                self.area,
                self.jump,
                self.forest,
                self.taken_land,
                self.away,
                self.absent,
                self.official_post,
                self.invoice_twice,
                self.invoice_run,
                self.paid_first,
                self.unaccepted,
                self.split,
                self.unsealed,
                self.lost_work,
                self.ring,
                self.rent,
                self.no_meeting,
                self.own_work,
                self.prison,
                self.two_villages,
                self.two_pensions,
            ):
                fault()
        for village in self.rng.sample(range(len(self.o.county.villages)), max(1, self.each // 5)):
            self.favoured(village)

    def _poor(self, person: Person, start: int = FIRST, end: int | None = None) -> list[str]:
        return self.book.add(
            "低保", *self.o.who(person), person.number, month(start), month(end) if end else ""
        )

    def dead(self) -> None:
        person = self.take(self.old)
        died = day(self.rng, 2023, 2024)
        row = self.book.add("死亡", *self.o.who(person), died, died + dt.timedelta(days=300))
        index = died.year * 12 + died.month - 1
        until = min(LAST, index + self.rng.randint(2, 12))
        mine = [self.o.pay(person, AFTER, later, 50) for later in range(index + 1, until + 1)]
        self.ended.append((person.number, index))
        self.book.plant("M01", row, *mine)
        decoy = self.take(self.old)  # paid for a month after the death, and paid back
        self.book.add("死亡", *self.o.who(decoy), died, died)
        self.ended.append((decoy.number, index))
        for amount, note in ((50, ""), (-50, "退回")):
            self.o.pay(decoy, AFTER, index + 1, amount, note)
        self.o.pay(decoy, "残疾人补贴", index - 1, 80, "补发", late=5)

    def paid_and_poor(self) -> None:
        person, start = self.take(self.adult), self.rng.randint(FIRST, LAST - 8)
        row = self._poor(person, start)
        self.book.plant(
            "M02", row, self.book.add("财政供养", person.name, person.number, "县一中", month(start - 30), "")
        )
        decoy = self.take(self.adult)  # hired after the aid ended
        self._poor(decoy, FIRST, FIRST + 6)
        self.book.add("财政供养", decoy.name, decoy.number, "县一中", month(FIRST + 8), "")

    def exclusive(self) -> None:
        person = self.take(self.old)
        self.book.plant(
            "M03", self._poor(person), self.book.add("特困", *self.o.who(person), month(FIRST + 3), "")
        )
        decoy = self.take(self.old)  # went from one to the other
        self._poor(decoy, FIRST, FIRST + 10)
        self.book.add("特困", *self.o.who(decoy), month(FIRST + 10), "")

    def car(self) -> None:
        person, bought = self.take(self.adult), day(self.rng, 2022, 2024)
        self.book.plant(
            "M04",
            self._poor(person),
            self.book.add(
                "车辆",
                person.name,
                person.number,
                "小型轿车",
                self.rng.randrange(110000, 400000, 1000),
                bought,
                "",
            ),
        )
        for kind, price, sold in (("三轮摩托", 130000, ""), ("小型轿车", 150000, dt.date(2022, 6, 1))):
            decoy = self.take(self.adult)
            self._poor(decoy)
            self.book.add("车辆", decoy.name, decoy.number, kind, price, dt.date(2018, 5, 1), sold)

    def homes(self) -> None:
        person = self.take(self.adult)
        rows = [
            self.book.add(
                "不动产", person.name, person.number, "商品房", 100, day(self.rng, 2010, 2022), 1, ""
            )
            for _ in range(2)
        ]
        self.book.plant("M05", self._poor(person), *rows)
        for kind, share, sold in (("宅基地", 1, ""), ("商品房", 0.5, ""), ("商品房", 1, dt.date(2022, 3, 1))):
            decoy = self.take(self.adult)
            self._poor(decoy)
            self.book.add("不动产", decoy.name, decoy.number, "商品房", 90, day(self.rng, 2010, 2020), 1, "")
            self.book.add(
                "不动产", decoy.name, decoy.number, kind, 90, day(self.rng, 2010, 2020), share, sold
            )

    def owner(self) -> None:
        person = self.take(self.adult)
        poor = self._poor(person)
        self.o.firm(person, "有限责任公司", dt.date(2019, 3, 4))
        self.book.plant("M06", poor, self.book.rows["工商"][-1])
        for kind, until in (("农民专业合作社", ""), ("个体工商户", ""), ("有限责任公司", "2022-05-06")):
            decoy = self.take(self.adult)
            self._poor(decoy)
            self.o.firm(decoy, kind, dt.date(2018, 3, 4), until)

    def card(self) -> None:
        account = f"62{self.rng.randrange(10**15):015}"
        rows = []
        for _ in range(self.rng.randint(3, 5)):
            person = self.take(self.adult)
            rows += [
                self.o.pay(person, "残疾人补贴", index, 80, account=account)
                for index in range(FIRST, FIRST + 6)
            ]
        self.book.plant("M07", *rows)

    def phone(self) -> None:
        for note in ("", "村级代办"):
            number = f"18{self.rng.randrange(10**9):09}"
            rows = []
            for _ in range(self.rng.randint(5, 8)):
                person = self.take(self.adult)
                rows += [
                    self.o.pay(person, "残疾人补贴", index, 80, note, phone=number)
                    for index in range(FIRST, FIRST + 4)
                ]
            if not note:
                self.book.plant("M08", *rows)

    def _farmer(self) -> Person:
        while True:
            person = self.take(self.adult)
            if self.o.plots.get(person.household) and self.o.county.households[person.household][0] is person:
                return person

    def area(self) -> None:
        person = self._farmer()
        own = sum(area for _, area in self.o.plots[person.household])
        extra = round(own * self.rng.uniform(0.4, 1.2) + 1.5, 2)
        rows = [
            self.book.add(f"耕地{year}", *self.o.who(person), extra, f"{extra * 82:.2f}", "")
            for year in (2024, 2025)
        ]
        self.book.plant("M09", *rows)
        decoy = self._farmer()  # leased in
        self.book.add("流转", *self.o.who(decoy), extra, dt.date(2022, 1, 1), dt.date(2026, 12, 31))
        for year in (2024, 2025):
            self.book.add(f"耕地{year}", *self.o.who(decoy), extra, f"{extra * 82:.2f}", "")

    def jump(self) -> None:
        person = self._farmer()
        number = person.household
        own = sum(area for _, area in self.o.plots[number])
        code, area = f"N{number:06}", round(own + 2.5, 2)
        self.book.add("确权", code, *self.o.who(person), area)
        self.book.plant("M10", self.book.add("耕地2025", *self.o.who(person), area, f"{area * 82:.2f}", code))
        decoy = self._farmer()
        own = sum(area for _, area in self.o.plots[decoy.household])
        area = round(own + 2.5, 2)
        self.book.add("流转", *self.o.who(decoy), area, dt.date(2025, 1, 1), dt.date(2030, 12, 31))
        self.book.add("耕地2025", *self.o.who(decoy), area, f"{area * 82:.2f}", "")

    def forest(self) -> None:
        person = self._farmer()
        code, area = self.o.plots[person.household][0]
        row = self.book.add("退耕", code, *self.o.who(person), area, self.rng.randint(2017, 2022))
        self.book.plant("M11", row)
        decoy = self._farmer()
        code, area = self.o.plots[decoy.household][0]
        self.book.add("退耕", code, *self.o.who(decoy), area, 2026)

    def taken_land(self) -> None:
        person = self._farmer()
        code, area = self.o.plots[person.household][0]
        self.book.plant(
            "M12",
            self.book.add("征地", code, *self.o.who(person), area, day(self.rng, 2020, 2022), area * 40000),
        )
        decoy = self._farmer()
        code, area = self.o.plots[decoy.household][0]
        self.book.add("征地", code, *self.o.who(decoy), area, dt.date(2026, 1, 5), area * 40000)

    def away(self) -> None:
        person, start = self.take(self.adult), self.rng.randint(FIRST, LAST - 16)
        row = self.o.post(person, start, None)
        rows = [
            self.book.add("社保", person.name, person.number, "某厂", "外省", month(m))
            for m in range(start + 3, start + 3 + self.rng.randint(3, 10))
        ]
        self.book.plant("M13", row, *rows)
        decoy = self.take(self.adult)  # one month of change
        self.o.post(decoy, start, start + 8)
        for index in range(start + 8, start + 12):
            self.book.add("社保", decoy.name, decoy.number, "某厂", "外省", month(index))

    def absent(self) -> None:
        person = self.take(self.adult)
        self.book.plant("M14", self.o.post(person, FIRST + 2, None, attends=False))

    def official_post(self) -> None:
        person = self.take(self.adult)
        row = self.o.post(person, FIRST + 5, FIRST + 25)
        self.book.plant(
            "M15", row, self.book.add("财政供养", person.name, person.number, "县医院", month(FIRST - 50), "")
        )
        decoy = self.take(self.adult)
        self.o.post(decoy, FIRST, FIRST + 9)
        self.book.add("财政供养", decoy.name, decoy.number, "县医院", month(FIRST + 12), "")

    def prison(self) -> None:
        person = self.take(self.adult)
        entered = dt.date(2023, self.rng.randint(1, 12), 9)
        row = self.book.add("服刑", person.name, person.number, entered, dt.date(2025, 3, 4))
        index = entered.year * 12 + entered.month
        rows = [self.o.pay(person, "残疾人补贴", m, 80) for m in range(index, index + self.rng.randint(2, 9))]
        self.book.plant("M28", row, *rows)
        decoy = self.take(self.adult)
        self.book.add("服刑", decoy.name, decoy.number, entered, dt.date(2025, 3, 4))
        self.o.pay(decoy, "残疾人补贴", index - 1, 80)

    def two_villages(self) -> None:
        person, start = self.take(self.adult), self.rng.randint(FIRST, LAST - 10)
        other = self.rng.choice(
            [v for v in self.o.county.villages if v.code != self.o.county.villages[person.village].code]
        )
        rows = []
        for index in range(start, start + self.rng.randint(2, 8)):
            rows += [
                self.o.pay(person, "残疾人补贴", index, 80),
                self.o.pay(person, "残疾人补贴", index, 80, where=f"{other.township}|{other.name}"),
            ]
        self.book.plant("M29", *rows)

    def two_pensions(self) -> None:
        person = self.take(self.old)
        start = FIRST + self.rng.randint(2, 20)
        row = self.book.add("职工养老", person.name, person.number, month(start), "")
        self.book.plant("M30", row)

    def lost_work(self) -> None:
        person, left = self.take(self.adult), day(self.rng, 2023, 2025)
        back = left + dt.timedelta(days=20)
        trip = self.book.add("外出", *self.o.who(person), left, back, "务工")
        self.book.plant(
            "M22",
            trip,
            *(
                self.book.add("误工", *self.o.who(person), left + dt.timedelta(days=n), 80, "修路")
                for n in (3, 9)
            ),
        )
        decoy = self.take(self.adult)
        self.book.add("外出", *self.o.who(decoy), left, back, "外出培训")
        self.book.add("误工", *self.o.who(decoy), left + dt.timedelta(days=2), 80, "培训")
