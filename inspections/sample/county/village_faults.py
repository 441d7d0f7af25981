"""The faults planted in the villages' books, contracts and tenders."""

import datetime as dt

from inspections.sample.county.lists import Offices, day


class VillagePlanter:
    """Plants faults that are no person's, and beside each the honest thing that looks like it."""

    def __init__(self, offices: Offices) -> None:
        self.o, self.rng, self.book = offices, offices.rng, offices.book

    def _invoice(
        self, code: str, serial: int, village: str, seller: str, on: dt.date, amount: int
    ) -> list[str]:
        return self.book.add("发票", code, f"{serial:08}", village, seller, on, amount)

    def invoice_twice(self) -> None:
        villages, code = self.o.county.villages, f"0420{self.rng.randrange(10**8):08}"
        serial, amount = self.rng.randrange(10**8), self.rng.randrange(500, 9000)
        rows = [
            self._invoice(
                code, serial, self.rng.choice(villages).code, f"销方{serial % 300}", day(self.rng), amount
            )
            for _ in range(2)
        ]
        self.book.plant("M16", *rows)
        village, on = self.rng.choice(villages).code, day(self.rng)
        for sign in (1, -1):
            self._invoice(code, serial + 5, village, "销方红字", on, sign * amount)

    def invoice_run(self) -> None:
        code, serial = f"0421{self.rng.randrange(10**8):08}", self.rng.randrange(10**6, 9 * 10**6) * 10 + 1
        village, start = self.rng.choice(self.o.county.villages).code, day(self.rng, 2023, 2024)
        rows = [
            self._invoice(
                code, serial + n, village, f"连号{code}", start + dt.timedelta(days=25 * n), 3000 + n
            )
            for n in range(self.rng.randint(3, 5))
        ]
        self.book.plant("M17", *rows)
        for n in range(3):  # one purchase on three slips
            self._invoice(code, serial + 40 + n, village, f"同日{code}", start, 500 + n)

    def _contract(
        self,
        price: int,
        signed: dt.date,
        firm: str,
        village: str,
        name: str = "水渠清淤工程",
        sealed: bool = True,
    ) -> list[str]:
        code = f"GX{self.rng.randrange(10**9):09}"
        if sealed:
            self.book.add("用印", code, signed, "村委会公章")
        return self.book.add("工程合同", code, village, name, firm, price, signed)

    def _some(self) -> tuple[str, str, dt.date]:
        firm = self.o.firm(None, "有限责任公司")
        return firm, self.rng.choice(self.o.county.villages).code, day(self.rng)

    def paid_first(self) -> None:
        firm, village, signed = self._some()
        row = self._contract(90000, signed, firm, village)
        paid = self.book.add("付款", row[0], signed - dt.timedelta(days=self.rng.randint(8, 60)), 20000)
        self.book.add("验收", row[0], signed + dt.timedelta(days=90))
        self.book.plant("M18", row, paid)

    def unaccepted(self) -> None:
        firm, village, signed = self._some()
        row = self._contract(120000, signed, firm, village)
        paid = self.book.add("付款", row[0], signed + dt.timedelta(days=20), 115000)
        self.book.add("验收", row[0], signed + dt.timedelta(days=150))
        self.book.plant("M19", row, paid)

    def split(self) -> None:
        firm, village, signed = self._some()
        rows = [
            self._contract(
                self.rng.randrange(210000, 390000, 1000),
                signed + dt.timedelta(days=15 * n),
                firm,
                village,
                f"道路硬化工程{'一二三'[n]}标段",
            )
            for n in range(self.rng.randint(2, 3))
        ]
        self.book.plant("M20", *rows)
        firm, village, signed = self._some()
        for name, price in (("路灯安装工程", 250000), ("水渠清淤工程", 260000)):
            self._contract(price, signed, firm, village, name)

    def unsealed(self) -> None:
        firm, village, signed = self._some()
        self.book.plant("M21", self._contract(70000, signed, firm, village, sealed=False))

    def ring(self) -> None:
        firm, village, signed = self._some()
        row = self._contract(520000, signed, firm, village, "广场修缮工程")
        phone = f"17{self.rng.randrange(10**9):09}"
        rows = [
            self.book.add(
                "投标", row[0], self.o.firm(None, "有限责任公司"), f"地址{self.rng.random()}", phone, "否"
            )
            for _ in range(3)
        ]
        self.book.plant("M23", *rows)

    def rent(self) -> None:
        village, person = self.rng.choice(self.o.county.villages).code, self.rng.choice(self.o.county.people)
        for note, planted in (("", True), ("经会议同意免收", False)):
            code = f"CX{self.rng.randrange(10**9):09}"
            row = self.book.add(
                "承包合同", code, village, person.name, person.number, "2020-01-01", "2029-12-31", 6000, note
            )
            self.book.add("用印", code, "2023-01-01", "村委会公章")
            self.book.add("承包收款", code, 2023, 6000, "2023-05-05")
            if planted:
                self.book.plant("M24", row)

    def no_meeting(self) -> None:
        village = self.rng.choice(self.o.county.villages).code
        self.book.plant(
            "M26",
            self.book.add(
                "支出",
                f"PX{self.rng.randrange(10**8)}",
                village,
                day(self.rng),
                f"{self.rng.randrange(6000, 80000)}.{self.rng.randrange(100):02}",
            ),
        )

    def own_work(self) -> None:
        number = self.rng.randrange(len(self.o.county.villages))
        relatives = self.o.relatives[number]
        if not relatives:
            return
        person = self.rng.choice(relatives)
        firm = self.o.firm(person, "有限责任公司", dt.date(2018, 1, 1))
        register = self.book.rows["工商"][-1]
        row = self._contract(
            self.rng.randrange(30000, 90000),
            day(self.rng),
            firm,
            self.o.county.villages[number].code,
            "公厕改造工程",
        )
        self.book.plant("M27", row, register)

    def favoured(self, village: int) -> None:
        rows = []
        for person in self.o.relatives[village] + self.o.cadres[village]:
            if self.rng.random() < 0.75:
                rows.append(self.book.add("临时救助", *self.o.who(person), day(self.rng), 3000))
        self.book.plant("M25", *rows)
