"""Fills a database with a made-up city at full size, to measure the figures on it.

Rows go in by the thousand, past the functions of the program; nothing of it is about anybody.
"""

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from inspections import all_models
from inspections.database import Base

FIRST_YEAR = 2022
BATCH = 20_000
_INSTANT = dt.datetime(FIRST_YEAR, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made: papers are spread evenly over units and years."""

    counties: int
    units: int
    years: int
    papers: int


class Filler:
    """Rows of every table with their own numbers, from one seed."""

    def __init__(self, connection: sa.Connection, seed: int) -> None:
        all_models()
        self.connection, self.random = connection, random.Random(seed)  # noqa: S311 (no secret is drawn)
        self.waiting: dict[str, list[dict[str, Any]]] = {}
        self.next: dict[str, int] = {}

    def add(self, table: str, **values: Any) -> int:
        """The id of a new row; it is written with others of its table."""
        own = self.next[table] = self.next.get(table, 0) + 1
        columns = Base.metadata.tables[table].columns
        if "uuid" in columns:
            values["uuid"] = uuid.UUID(int=self.random.getrandbits(128), version=4)
        rows = self.waiting.setdefault(table, [])
        rows.append({"id": own, **values})
        return own

    def link(self, table: str, **values: Any) -> None:
        """Nothing; a row without an id of its own is written with others of its table."""
        self.waiting.setdefault(table, []).append(values)

    def flush(self) -> None:
        """Nothing; everything added is in the database, tables in the order of their references."""
        for table in Base.metadata.sorted_tables:
            rows = self.waiting.pop(table.name, [])
            for start in range(0, len(rows), BATCH):
                self.connection.execute(sa.insert(table), rows[start : start + BATCH])


def fill(connection: sa.Connection, size: Size, categories: Mapping[str, str], seed: int = 1) -> None:
    """Nothing; the tables hold a city of that size. `categories`: subcategory → severity of the taxonomy."""
    filler = Filler(connection, seed)
    draw = filler.random
    city = _area(filler, "CITY", "city", None)
    planner = filler.add("users", **_user("many-planner", "planner"))
    filler.flush()
    units_each, kinds = size.units // size.counties, sorted(categories)
    per_visit = size.papers / (size.units * size.years)
    made = 0.0
    for county in range(size.counties):
        area = _area(filler, f"C{county}", "county", city)
        towns = [_area(filler, f"C{county}T{n}", "township", area) for n in range(17)]
        office = filler.add("offices", code=f"C{county}O", name="县纪委", kind="discipline", area_id=towns[0])
        people = [
            filler.add(
                "people",
                code=f"C{county}P{n}",
                name=f"样例{n}",
                office_id=office,
                skills=["discipline"],
                off=[],
                trained=True,
            )
            for n in range(40)
        ]
        units = [_unit(filler, f"C{county}V{n}", towns[n % 17]) for n in range(units_each)]
        filler.flush()
        for year, start in _years(size.years):
            cycle = filler.add(
                "cycles",
                name=f"C{county}-{year}",
                crossing="county_wide",
                template_name="1+2+N",
                slots=[],
                looks_back=False,
                created_at=_INSTANT,
                version=1,
            )
            plan = filler.add("plans", **_plan(cycle))
            rounds = [_round(filler, cycle, n, start) for n in range(10)]
            for n, unit in enumerate(units):
                round_, day = rounds[n % 10]
                team = filler.add("teams", plan_id=plan, round_id=round_, position=n % 90, code=f"R-{n}")
                for seat, person in enumerate(draw.sample(people, 4)):
                    filler.link("seats", team_id=team, person_id=person, slot="leader", position=seat)
                posting = filler.add("postings", team_id=team, unit_id=unit, position=0)
                made += per_visit
                while made >= 1:
                    made -= 1
                    kind = draw.choice(kinds)
                    _paper(filler, posting, unit, towns[n % 17], day, kind, categories[kind], planner)
            filler.flush()


def _years(count: int) -> Iterator[tuple[int, dt.date]]:
    for year in range(FIRST_YEAR, FIRST_YEAR + count):
        yield year, dt.date(year, 1, 10)


def _area(filler: Filler, code: str, kind: str, parent: int | None) -> int:
    return filler.add("areas", code=code, name=f"样例{code}", kind=kind, parent_id=parent, lng=None, lat=None)


def _user(login: str, role: str) -> dict[str, Any]:
    values = {"login": login, "name": login, "role": role, "password_hash": "none", "must_change": False}
    return values | {"active": True, "session_version": 1, "created_at": _INSTANT}


def _unit(filler: Filler, code: str, town: int) -> int:
    values = {"risk": 0, "tier": "normal", "closed": [], "note": "", "planning_only": False}
    return filler.add("units", code=code, name=f"{code}村", kind="village", area_id=town, **values)


def _plan(cycle: int) -> dict[str, Any]:
    values = {"cycle_id": cycle, "number": 1, "state": "published", "seed": 1, "seconds": 1, "progress": {}}
    return values | {"stop_asked": "", "trouble": "", "created_at": _INSTANT, "version": 1}


def _round(filler: Filler, cycle: int, n: int, start: dt.date) -> tuple[int, dt.date]:
    day = start + dt.timedelta(days=33 * n)
    values = {"start": day, "end": day + dt.timedelta(days=6), "release_on": day, "teams": 20}
    own = filler.add(
        "rounds", cycle_id=cycle, position=n, code=f"R{n}", name=f"第{n + 1}轮", visits_per_team=1, **values
    )
    return own, day


def _paper(
    filler: Filler, posting: int, unit: int, town: int, day: dt.date, kind: str, severity: str, author: int
) -> None:
    """A signed working paper, and for most of them the item that came of it, closed, open or late."""
    draw = filler.random
    severity = severity if severity in ("S1", "S2", "S3") else "S2"
    at = dt.datetime.combine(day + dt.timedelta(days=5), dt.time(4), dt.UTC)
    number = filler.next.get("findings", 0) + 1
    paper = filler.add(
        "findings",
        number=f"M{number}",
        posting_id=posting,
        unit_id=unit,
        unit_planning_only=False,
        item_code=None,
        created_by_id=author,
        created_at=at,
    )
    texts = dict.fromkeys(("summary", "process", "method", "place", "period", "basis", "responsible"), "样例")
    filler.add(
        "finding_revisions",
        finding_id=paper,
        n=1,
        title="样例问题",
        category=kind,
        severity=severity,
        amount=None,
        evidence="",
        statement="",
        author_id=author,
        at=at,
        **texts,
    )
    for state in ("draft", "submitted", "signed"):
        filler.add(
            "finding_steps", finding_id=paper, revision=1, state=state, actor_id=author, at=at, reason=""
        )
    if draw.random() < 0.7:
        _item(filler, paper, unit, town, day + dt.timedelta(days=14), kind, severity)


def _item(
    filler: Filler, paper: int, unit: int, town: int, served: dt.date, kind: str, severity: str
) -> None:
    draw = filler.random
    due = served + dt.timedelta(days={"S1": 7, "S2": 30, "S3": 60}[severity])
    closed = draw.random() < 0.93
    closed_on = served + dt.timedelta(days=draw.randint(3, 70)) if closed else None
    rechecked = closed_on + dt.timedelta(days=90) if closed_on and draw.random() < 0.2 else None
    filler.add(
        "rectification_items",
        finding_id=paper,
        paper_id=None,
        letter="样例",
        unit_id=unit,
        unit_planning_only=False,
        township_id=town,
        title="样例问题",
        category=kind,
        severity=severity,
        responsible="样例",
        way="at_once" if severity == "S1" else "deadline",
        dispatch="lead",
        office="",
        served_on=served,
        plan_due=due,
        due=due,
        due_basis="",
        state="closed" if closed else "rectifying",
        closed_on=closed_on,
        rechecked_on=rechecked,
        rating="好" if closed else "",
        recovered=0,
        households=0,
        version=1,
    )
