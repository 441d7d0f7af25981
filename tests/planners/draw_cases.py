"""A made-up county for measuring draws; `python -m tests.planners.draw_cases` prints it as a problem file.
The size is that of a real county of 103 villages; every place and person is invented and always the same."""

from __future__ import annotations

import json
import random

from tests.planners.generate import FINANCE, LEADER, MEMBER, Json

TRADES = ("discipline", "finance", "welfare")
WELFARE = {"id": "welfare", "name": "惠民", "min": 1, "max": 1, "needs": ["welfare"]}


def county(townships: int = 10, villages: int = 103, rounds: int = 12, teams: int = 9) -> Json:
    """A problem of the 1+2+N kind; as it stands 103 villages, 242 people, 12 rounds of 9 teams."""
    dice = random.Random(villages)
    seats = [(dice.uniform(0, 60), dice.uniform(0, 60)) for _ in range(townships)]

    def near(township: int, km: float) -> Json:
        x, y = seats[township]
        return {"x_km": round(dice.gauss(x, km), 1), "y_km": round(dice.gauss(y, km), 1)}

    def officer(trade: str, number: int, township: int | None) -> Json:
        where = "县" if township is None else f"{township + 1}号镇"
        place: Json = {"x_km": 30, "y_km": 30} if township is None else near(township, 1)
        return {
            "id": f"{trade}-{'C' if township is None else township}-{number}",
            "name": f"{where}{trade}{number + 1}",
            "area": None if township is None else f"T{township}",
            "office": None if township is None else f"O-{trade}-{township}",
            "skills": [trade],
            **place,
        }

    units: list[Json] = []
    people = [officer(trade, n, t) for t in range(townships) for trade in TRADES for n in range(4)]
    people += [officer(TRADES[n % 3], n, None) for n in range(19)]
    for number in range(villages):
        t = number % townships
        place = near(t, 4)
        area = f"T{t}"
        unit = {"id": f"V{number:03d}", "name": f"{number + 1}村", "kind": "village", "area": area}
        units.append(unit | place | {"risk": dice.randint(0, 60)})
        person = {"id": f"M{number:03d}", "name": f"{number + 1}村纪检委员", "area": area}
        people.append(person | place | {"home_unit": unit["id"], "skills": ["commissioner"]})
    return {
        "format": "planners.problem/1",
        "name": f"虚构{villages}村",
        "rounds": [{"id": f"R{n}", "name": f"第{n}轮", "teams": teams} for n in range(1, rounds + 1)],
        "template": {"name": "1+2+N", "slots": [LEADER, FINANCE, WELFARE, MEMBER | {"max": 5, "target": 3}]},
        "areas": [{"id": f"T{t}", "name": f"{t + 1}号镇", "kind": "township"} for t in range(townships)],
        "units": units,
        "offices": [
            {
                "id": f"O-{trade}-{t}",
                "name": f"{t + 1}号镇{trade}",
                "kind": trade,
                "min_home": 1,
                "max_out": 3,
            }
            for t in range(townships)
            for trade in TRADES
        ],
        "people": people,
        "rules": {"crossing": {trade: {"from": "any", "not": "area"} for trade in TRADES}},
    }


if __name__ == "__main__":
    print(json.dumps(county(), ensure_ascii=False))
