"""Every figure of the register counted again by plain SQL, on generated years and on many days of them."""

import datetime as dt
import random
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import orm, select

from inspections import migrations
from inspections.database import open_engine
from inspections.figures import table
from inspections.figures.county import Figures, figures
from inspections.figures.measures import Window
from inspections.figures.scope import Scope, below
from inspections.findings.models import Finding
from inspections.followup.models import Item
from inspections.sample.many import FIRST_YEAR, Size, fill
from inspections.units.models import Area

KINDS = {"A1": "S1", "B2": "S2", "C2": "S3", "D1": "S2"}
OPEN_STATES = ("issued", "received", "planned", "rectifying", "reported", "checking", "checked", "long_term")
WITH_COUNTY = "('reported', 'checking', 'checked')"
OWED = "('issued', 'received', 'planned', 'rectifying', 'returned', 'reopened')"

#: an item of the county; its state at the end of :on, from the newest step up to then
ITEM = """
SELECT i.*, (i.closed_on IS NOT NULL AND i.closed_on <= :on)
         OR (i.reopened_on > :on AND :on < :today AND COALESCE(l.state, 'issued') = 'closed') AS shut,
       CASE WHEN :on >= :today THEN i.state ELSE COALESCE(l.state, 'issued') END AS stood
FROM rectification_items i
LEFT JOIN rectification_steps l ON l.id = (
    SELECT MAX(s.id) FROM rectification_steps s WHERE s.item_id = i.id AND s.at < :after)
WHERE i.state <> 'withdrawn'
"""
EVER = "served_on <= :end"
IN_TIME = "shut AND closed_on <= due"
SERVED = "served_on BETWEEN :start AND :end"
RECHECKED = "rechecked_on <= :on"
#: written out once more by hand: what each set of the table of figures must count
PLAIN = {
    "handed": SERVED,
    "at-once": f"{SERVED} AND way = 'at_once'",
    "at-once-in-time": f"{SERVED} AND way = 'at_once' AND {IN_TIME}",
    "full": EVER,
    "full-closed": f"{EVER} AND shut",
    "on-time": f"{EVER} AND {IN_TIME}",
    "due": f"{EVER} AND due <= :on",
    "due-closed": f"{EVER} AND due <= :on AND shut",
    "overdue": f"{EVER} AND due < :on AND NOT shut AND stood IN {OWED}",
    "due-today": f"{EVER} AND due = :on AND NOT shut AND stood IN {OWED}",
    "due-county": f"{EVER} AND due <= :on AND NOT shut AND stood IN {WITH_COUNTY}",
    "due-long": f"{EVER} AND due <= :on AND NOT shut AND stood = 'long_term'",
    "rechecked": RECHECKED,
    "reopened": f"{RECHECKED} AND reopened_on >= rechecked_on",
    "recovered": f"{EVER} AND (recovered > 0 OR households > 0)",
}


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[orm.Session]:
    with county_of(
        tmp_path_factory.mktemp("recount"), Size(counties=1, units=34, years=2, papers=400), 1
    ) as one:
        yield one


@contextmanager
def county_of(folder: Path, size: Size, seed: int) -> Iterator[orm.Session]:
    """A county's generated years, stirred: problems in every state, reopened, prolonged, with money."""
    engine = open_engine(f"sqlite:///{folder}/county{seed}.db")
    migrations.upgrade(engine)
    with engine.begin() as connection:
        fill(connection, size, KINDS, seed)
    with orm.Session(engine) as opened:
        stir(opened, seed)
        opened.commit()
        yield opened
    engine.dispose()


def stir(session: orm.Session, seed: int) -> None:
    """Nothing; each item has the steps that led to where it stands, and some were closed and reopened."""
    draw = random.Random(seed + 6)
    step = sa.text(
        "INSERT INTO rectification_steps (item_id, action, state, actor_id, at, text, said)"
        " VALUES (:item, 'hand_over', :state, 1, :at, '', '{}')"
    )

    def took(item: Item, state: str, day: dt.date) -> None:
        at = f"{day.isoformat()} 04:00:00.000000"
        session.execute(step, {"item": item.id, "state": state, "at": at})

    for item in session.scalars(select(Item)).all():
        took(item, "issued", item.served_on)
        half = item.served_on + (item.due - item.served_on) / 2
        took(item, draw.choice(OPEN_STATES), half)
        if item.closed_on is not None:
            took(item, "closed", item.closed_on)
            if draw.random() < 0.2:
                item.reopened_on = item.closed_on + dt.timedelta(days=20)
                took(item, "reopened", item.reopened_on)
                item.state, item.closed_on = "reopened", None
        else:
            item.state = draw.choice(OPEN_STATES)
            took(item, item.state, item.due + dt.timedelta(days=draw.randint(-3, 30)))
        if draw.random() < 0.3:
            item.recovered, item.households = Decimal(draw.randint(1, 9000)), draw.randint(0, 9)


def days() -> list[tuple[Window, dt.date]]:
    """Months, half-years and years with the day on which somebody looks back; the last looks at today."""
    last = FIRST_YEAR + 1
    windows = [Window.month(FIRST_YEAR, month) for month in (2, 5, 12)]
    windows += [Window.half(last, 1), Window.year(FIRST_YEAR)]
    back = [(window, window.end + dt.timedelta(days=n)) for window in windows for n in (1, 200)]
    return [*back, (Window.year(last + 1), dt.date(last + 1, 12, 15))]


def counted(session: orm.Session, window: Window, day: dt.date) -> Figures:
    county = session.scalars(select(Area).where(Area.code == "C0")).one()
    return figures(session, Scope(window, below(session, county)), day)


@pytest.mark.parametrize(("window", "day"), days(), ids=lambda one: getattr(one, "name", str(one)))
def test_plain_sql_counts_what_the_page_says(
    session: orm.Session, monkeypatch: pytest.MonkeyPatch, window: Window, day: dt.date
) -> None:
    recount(session, monkeypatch, window, day)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 52))
def test_fifty_generated_county_years_are_counted_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Other sizes and fates than the county above; each year looked at on a day of its own."""
    draw = random.Random(seed)
    with county_of(tmp_path, Size(1, draw.randint(5, 40), 1, draw.randint(0, 250)), seed) as session:
        year = Window.year(FIRST_YEAR)
        recount(session, monkeypatch, year, year.start + dt.timedelta(days=draw.randint(0, 500)))
        month = Window.month(FIRST_YEAR, draw.randint(1, 12))
        recount(session, monkeypatch, month, month.end + dt.timedelta(days=draw.randint(0, 60)))


def recount(session: orm.Session, monkeypatch: pytest.MonkeyPatch, window: Window, day: dt.date) -> None:
    """Nothing; page, rows and plain SQL say the same of that window on that day."""
    monkeypatch.setattr("inspections.followup.models.today", lambda: day)
    county = session.scalars(select(Area).where(Area.code == "C0")).one()
    scope = Scope(window, below(session, county))
    found = figures(session, scope, day)
    on = found.on
    # the end of that day in the county, in the clock of the database
    after = f"{on.isoformat()} 16:00:00.000000"
    values = {"on": on, "today": day, "start": window.start, "end": window.end, "after": after}
    plain = {
        name: session.scalar(sa.text(f"SELECT COUNT(*) FROM ({ITEM}) WHERE {rule}"), values)
        for name, rule in PLAIN.items()
    }
    listed = {name: len(session.scalars(table.items(name, scope, on)).all()) for name in table.ITEMS}
    assert listed == plain
    shown = {
        "handed": found.handed,
        "at-once": found.at_once.whole,
        "at-once-in-time": found.at_once.part,
        "full": found.full.whole,
        "full-closed": found.full.part,
        "on-time": found.on_time.part,
        "due": found.due.whole,
        "due-closed": found.due.part,
        "overdue": found.overdue,
        "due-today": found.due_today,
        "due-county": found.due_county,
        "due-long": found.due_long,
        "rechecked": found.rebound.whole,
        "reopened": found.rebound.part,
    }
    assert shown == {name: plain[name] for name in shown}
    money = session.scalar(sa.text(f"SELECT COALESCE(SUM(recovered), 0) FROM ({ITEM}) WHERE {EVER}"), values)
    assert int(found.recovered) == int(money or 0)


@pytest.mark.parametrize(("window", "day"), days(), ids=lambda one: getattr(one, "name", str(one)))
def test_the_rows_add_up_to_the_total_and_due_falls_apart(
    session: orm.Session, monkeypatch: pytest.MonkeyPatch, window: Window, day: dt.date
) -> None:
    monkeypatch.setattr("inspections.followup.models.today", lambda: day)
    found = counted(session, window, day)
    assert found.due_open == found.overdue + found.due_today + found.due_county + found.due_long
    assert sum(town.papers for town in found.towns) == found.papers == sum(found.heat.cells.values())
    assert sum(town.handed for town in found.towns) == found.full.whole
    assert sum(town.overdue for town in found.towns) == found.overdue
    for total, part in ((found.due, "due"), (found.on_time, "on_time")):
        assert sum(getattr(town, part).whole for town in found.towns) == total.whole
        assert sum(getattr(town, part).part for town in found.towns) == total.part


def test_a_past_month_says_the_same_however_late_somebody_looks(
    session: orm.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = Window.month(FIRST_YEAR, 6)
    said = []
    for later in (1, 90, 700):
        day = window.end + dt.timedelta(days=later)
        monkeypatch.setattr("inspections.followup.models.today", lambda day=day: day)
        said.append(counted(session, window, day))
    assert said[0] == said[1] == said[2]
    assert said[0].due_open


def test_a_paper_counts_in_the_category_to_which_the_county_sorted_it(session: orm.Session) -> None:
    paper = session.scalars(select(Finding).order_by(Finding.id)).first()
    assert paper is not None
    kind, month = paper.current.category, Window.month(FIRST_YEAR, 1)
    other = next(one for one in KINDS if one != kind)
    before = counted(session, month, month.end).heat.cells
    session.execute(
        sa.text(
            "INSERT INTO finding_sortings (finding_id, disposal, way, category, severity, responsible,"
            " office, reason, actor_id, at)"
            " VALUES (:id, 'FD2', 'deadline', :kind, 'S2', '', '', '', 1, '2022-02-01')"
        ),
        {"id": paper.id, "kind": other},
    )
    after = counted(session, month, month.end).heat.cells
    session.rollback()
    moved = {cell: after.get(cell, 0) - before.get(cell, 0) for cell in after.keys() | before.keys()}
    assert sorted(n for n in moved.values() if n) == [-1, 1]
    assert {category for (category, _), n in moved.items() if n == 1} == {other}
