"""The figures count what happened, each from rows that can be listed, and add up on every page."""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import database
from inspections.accounts.models import User
from inspections.figures import table
from inspections.figures.county import figures
from inspections.figures.measures import Rate, Window
from inspections.figures.records import LISTINGS
from inspections.figures.scope import Scope, below
from inspections.followup.models import Item
from inspections.lives import areas, units
from inspections.people.models import Office
from inspections.units.models import Area, place_on
from tests.factories import (
    make_area,
    make_finding,
    make_item,
    make_office,
    make_person,
    make_posting,
    make_round,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.both_databases

DAY = dt.date(2025, 3, 10)
MARCH = Window.month(2025, 3)
SignIn = Callable[[User], FlaskClient]


def noon(day: dt.date) -> object:
    return database.at(dt.datetime.combine(day, dt.time(4), dt.UTC))


class County:
    """A county of its own with two townships, so that other tests' rows are not counted."""

    def __init__(self, session: orm.Session) -> None:
        self.session = session
        self.area: Area = make_area(session, "county")
        self.towns = [make_area(session, parent=self.area) for _ in range(2)]
        self.office: Office = make_office(session, self.towns[0], min_home=1)
        self.round = make_round(
            session, start=DAY, end=DAY + dt.timedelta(days=6), release_on=DAY - dt.timedelta(days=3)
        )
        self.plan = None

    def posting(self, town: int) -> object:
        people = {make_person(self.session, self.office): "leader"}
        unit = make_unit(self.session, self.towns[town])
        made = make_posting(self.session, people, unit, round=self.round, plan=self.plan)
        self.plan = made.team.plan
        return made

    def finding(self, posting: object, day: dt.date = DAY, **given: object) -> object:
        with noon(day):
            return make_finding(self.session, posting, state="signed", **given)

    def item(self, finding: object, served: dt.date, **given: object) -> Item:
        return make_item(self.session, finding, served_on=served, **given)

    def scope(self, window: Window = MARCH) -> Scope:
        return Scope(window, below(self.session, self.area))


@pytest.fixture
def county(session: orm.Session) -> County:
    return County(session)


def closed(county: County, item: Item, day: dt.date, **given: object) -> Item:
    item.state, item.closed_on = "closed", day
    for name, value in given.items():
        setattr(item, name, value)
    county.session.flush()
    return item


def test_visits_problems_and_coverage_of_a_month(session: orm.Session, county: County) -> None:
    first, second = county.posting(0), county.posting(1)
    make_unit(session, county.towns[1])  # a village nobody visited
    for posting, category in ((first, "C2"), (first, "C2"), (second, "C2"), (second, "B1")):
        county.finding(posting, category=category)
    county.finding(first, DAY + dt.timedelta(days=40), category="C2")  # signed in April
    county.finding(first, severity="S4")  # not a problem before somebody decides
    found = figures(session, county.scope(), DAY)
    assert (found.visits, found.units_visited, found.papers, found.per_unit) == (2, 2, 4, 2.0)
    assert found.coverage == Rate(2, 3)
    assert [(kind.code, kind.papers, kind.units) for kind in found.kinds] == [("C2", 3, 2), ("B1", 1, 1)]
    assert found.concentration == Rate(4, 4)
    assert sum(found.heat.cells.values()) == found.papers == sum(town.papers for town in found.towns)
    april = figures(session, county.scope(Window.month(2025, 4)), DAY + dt.timedelta(days=45))
    assert (april.papers, april.against_month.now, april.against_month.before) == (1, 1, 4)


def test_a_figure_names_places_as_they_were_called_then(session: orm.Session, county: County) -> None:
    posting = county.posting(0)
    county.finding(posting, category="C2")
    unit, town = posting.unit, county.towns[0]
    was = (town.name, unit.name)
    units.rename(session, unit, "新名村", DAY + dt.timedelta(days=60), None)
    areas.rename(session, town, "新名街道", DAY + dt.timedelta(days=60), None)
    found = figures(session, county.scope(), DAY)
    assert [one.name for one in found.towns] == [was[0]]
    assert {name for _, name in found.heat.townships} == {was[0]}
    [line] = LISTINGS["visits"].lines(session, county.scope())
    assert tuple(line[:2]) == was
    later = county.scope(Window.month(2025, 9))
    assert [tuple(line) for line in LISTINGS["units"].lines(session, later)] == [("新名街道", "新名村")]
    assert place_on(unit, DAY) == "".join(was)


def test_rates_of_rectification_and_the_rows_behind_them(session: orm.Session, county: County) -> None:
    served = dt.date(2025, 2, 10)
    due = dt.date(2025, 3, 12)  # S2: thirty days
    items = [county.item(county.finding(county.posting(n % 2), served), served) for n in range(5)]
    assert {item.due for item in items} == {due}
    closed(county, items[0], dt.date(2025, 3, 1), recovered=Decimal("10.50"), households=2)
    closed(county, items[1], dt.date(2025, 3, 20))  # too late
    closed(county, items[2], dt.date(2025, 4, 2))  # after the month
    items[3].state = "rectifying"  # overdue in the end
    items[4].state = "reported"  # waits for the county: nobody is late
    session.flush()
    scope = county.scope()
    found = figures(session, scope, dt.date(2025, 5, 1))
    assert found.due == Rate(2, 5)
    assert found.full == Rate(2, 5)
    assert found.on_time == Rate(1, 2)
    assert found.handed == 0
    assert (found.recovered, found.households) == (Decimal("10.50"), 2)
    assert found.days_mean == pytest.approx((19 + 38) / 2)
    on = MARCH.end
    counts = {name: len(session.scalars(table.items(name, scope, on)).all()) for name in table.ITEMS}
    assert (counts["due"], counts["due-closed"], counts["full"], counts["full-closed"]) == (5, 2, 5, 2)
    assert (counts["on-time"], counts["overdue"], counts["handed"]) == (1, found.overdue, 0)
    by_town = [len(session.scalars(table.items("full", scope, on, town.code)).all()) for town in found.towns]
    assert by_town == [town.handed for town in found.towns]


def test_rebound_counts_only_what_was_looked_at_again(session: orm.Session, county: County) -> None:
    served = dt.date(2024, 11, 1)
    papers = [county.finding(county.posting(0), served) for _ in range(3)]
    held, failed, untouched = (county.item(paper, served) for paper in papers)
    closed(county, held, dt.date(2024, 12, 1), rechecked_on=dt.date(2025, 3, 5))
    failed.state, failed.rechecked_on = "reopened", dt.date(2025, 3, 6)
    failed.reopened_on = failed.rechecked_on
    closed(county, untouched, dt.date(2024, 12, 1))
    assert figures(session, county.scope(), dt.date(2025, 4, 1)).rebound == Rate(1, 2)


def test_workload_home_staffing_and_crossing(session: orm.Session, county: County) -> None:
    county.posting(0)
    county.posting(1)
    found = figures(session, county.scope(), DAY)
    assert found.loads.people == 2
    assert (found.loads.least, found.loads.most) == (7, 7)
    assert found.crossing == Rate(1, 2)  # both live in the first township
    assert found.home == Rate(0, 1)  # two of two are out, one must stay
    make_person(session, county.office)
    assert figures(session, county.scope(), DAY).home == Rate(1, 1)
    make_person(session, county.office, off=[["2025-03-01", "2025-03-31"]])
    assert figures(session, county.scope(), DAY).home == Rate(1, 1)


def test_another_county_is_not_counted(session: orm.Session, county: County) -> None:
    other = County(session)
    other.item(other.finding(other.posting(0)), DAY)
    county.posting(0)
    found = figures(session, county.scope(), DAY)
    assert (found.visits, found.papers, found.handed) == (1, 0, 0)


def test_a_round_is_counted_whenever_its_letters_went_out(session: orm.Session, county: County) -> None:
    finding = county.finding(county.posting(0))
    county.item(finding, DAY + dt.timedelta(days=60))
    window = Window(county.round.start, DAY + dt.timedelta(days=200), "第一轮")
    scope = Scope(window, below(session, county.area), county.round.id)
    found = figures(session, scope, DAY + dt.timedelta(days=200))
    assert (found.visits, found.papers, found.handed, found.due) == (1, 1, 1, Rate(0, 1))


def test_the_page_links_each_figure_to_as_many_rows(
    session: orm.Session, county: County, sign_in: SignIn
) -> None:
    for _ in range(3):
        county.item(county.finding(county.posting(1)), DAY)
    session.commit()
    client = sign_in(make_user(session))
    where = f"area={county.area.code}&month=2025-03"
    page = client.get(f"/figures?{where}").text
    assert "发现问题 3 个，交办 3 个" in page
    for link in set(re.findall(r'href="(/figures/[^"]+)"', page)):
        assert client.get(link.replace("&amp;", "&")).status_code == 200
    assert "3 个</h1>" in client.get(f"/figures/problems/handed?{where}").text
    assert "问题 3 个</h1>" in client.get(f"/figures/papers?{where}").text


@pytest.mark.parametrize("odd", ["month=2025-13", "month=x", "month=99999", "round=zz", "area=nowhere"])
def test_an_odd_address_is_not_found(session: orm.Session, county: County, sign_in: SignIn, odd: str) -> None:
    county.posting(0)
    session.commit()
    assert sign_in(make_user(session)).get(f"/figures?{odd}").status_code == 404


def test_leadership_reads_figures_and_lists_but_no_working_paper(
    session: orm.Session, county: County, sign_in: SignIn
) -> None:
    county.item(county.finding(county.posting(0)), DAY)
    session.commit()
    client = sign_in(make_user(session, "leadership"))
    where = f"area={county.area.code}&month=2025-03"
    assert client.get(f"/figures/problems/handed?{where}").status_code == 200
    assert client.get(f"/figures/papers?{where}").status_code == 404


def test_a_round_to_come_is_no_visit_yet(session: orm.Session) -> None:
    county = County(session)
    county.posting(0)
    wanted = Scope(MARCH, below(session, county.area)).visits
    for day, visits in ((DAY - dt.timedelta(days=1), 0), (DAY, 1)):
        with noon(day):
            assert len(session.scalars(wanted()).all()) == visits


def test_a_county_without_units_is_told_so_by_its_figures(session: orm.Session, sign_in: SignIn) -> None:
    page = sign_in(make_user(session)).get("/figures")
    assert page.status_code == 200
    assert "还没有可以统计的单位" in page.text
