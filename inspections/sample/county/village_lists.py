"""What the villages' own books say in an honest year."""

import datetime as dt

from inspections.sample.county.lists import Offices, day


def village_books(offices: Offices) -> None:
    """Nothing; spending, meetings, invoices, lost work and journeys stand in the book."""
    rng, add = offices.rng, offices.book.add
    for number, village in enumerate(offices.county.villages):
        for _ in range(rng.randint(30, 60)):
            spent = day(rng)
            amount = rng.choice(
                [rng.randrange(200, 4900), rng.randrange(200, 4900), rng.randrange(5100, 90000)]
            )
            add(
                "支出",
                f"P{village.code}{rng.randrange(10**6):06}",
                village.code,
                spent,
                f"{amount}.{rng.randrange(100):02}",
            )
            if amount >= 5000:
                met = spent - dt.timedelta(days=rng.randint(2, 25))
                add("会议", village.code, met, "讨论村务支出", offices.book.rows["支出"][-1][3])
        for _ in range(rng.randint(10, 30)):
            serial = rng.randrange(10**7, 10**8)
            add(
                "发票",
                f"0420{rng.randrange(10**8):08}",
                f"{serial}",
                village.code,
                f"销方{rng.randrange(300)}",
                day(rng),
                f"{rng.randrange(100, 9000)}",
            )
        homes = [p for p in offices.county.people[number :: len(offices.county.villages)] if p.age(2025) > 20]
        for _ in range(rng.randint(8, 20)):
            cadre = rng.choice(offices.cadres[number] or homes)
            worked = day(rng)
            add("误工", *offices.who(cadre), worked, 80, "整治河道")
        for _ in range(rng.randint(2, 6)):
            cadre = rng.choice(offices.cadres[number] or homes)
            left = day(rng, 2022, 2022)
            add(
                "外出",
                *offices.who(cadre),
                left,
                left + dt.timedelta(days=rng.randint(1, 9)),
                rng.choice(["探亲", "务工", "培训"]),
            )


def contracts(offices: Offices) -> None:
    """Nothing; contracts of works and of land with payments, seals and tenders stand in the book."""
    rng, add = offices.rng, offices.book.add
    builders = [offices.firm(None, "有限责任公司") for _ in range(max(20, len(offices.county.villages)))]
    works = ["道路硬化", "水渠清淤", "路灯安装", "广场修缮", "公厕改造"]
    for village in offices.county.villages:
        for _ in range(rng.randint(2, 5)):
            code = f"GC{village.code}{rng.randrange(10**5):05}"
            signed, price = day(rng), rng.randrange(30000, 900000, 500)
            firm = rng.choice(builders)
            add(
                "工程合同",
                code,
                village.code,
                f"{village.name}{rng.choice(works)}工程",
                firm,
                price,
                signed,
            )
            add("用印", code, signed, "村委会公章")
            done = signed + dt.timedelta(days=rng.randint(40, 160))
            add("验收", code, done)
            add("付款", code, signed + dt.timedelta(days=10), round(price * rng.uniform(0.2, 0.6)))
            add("付款", code, done + dt.timedelta(days=rng.randint(3, 30)), round(price * 0.3))
            if price >= 400000:
                for place, bidder in enumerate(dict.fromkeys([firm, *rng.sample(builders, 3)])):
                    add(
                        "投标",
                        code,
                        bidder,
                        f"地址{bidder}",
                        f"139{bidder[2:10]}",
                        "是" if place == 0 else "否",
                    )
        for _ in range(rng.randint(4, 10)):
            code = f"CB{village.code}{rng.randrange(10**5):05}"
            person = rng.choice(offices.county.people)
            since, rent = rng.randint(2016, 2022), rng.randrange(1000, 20000, 100)
            add(
                "承包合同",
                code,
                village.code,
                person.name,
                person.number,
                dt.date(since, 1, 1),
                dt.date(since + rng.randint(5, 12), 12, 31),
                rent,
                "",
            )
            for year in range(2023, 2026):
                if year <= int(offices.book.rows["承包合同"][-1][5][:4]):
                    add("承包收款", code, year, rent, dt.date(year, rng.randint(1, 12), 10))
            add("用印", code, dt.date(since, 1, 1), "村委会公章")
    for village in offices.county.villages[:: max(1, len(offices.county.villages) // 40)]:
        plot = f"T{village.code}"
        person = rng.choice(offices.county.people)
        add("征地", plot, *offices.who(person), 2.0, day(rng), 60000)
        add("退耕", f"R{village.code}", *offices.who(person), 3.0, rng.randint(2018, 2022))
