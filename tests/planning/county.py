"""A small county with which real plans can be made: townships, villages, offices and staff in one call."""

import datetime as dt
from typing import Any

from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.people.models import Person
from inspections.planning import publish
from inspections.rounds.models import Cycle, Plan, TeamTemplate
from inspections.units.models import Area, Unit
from tests import factories

FIRST_DAY = dt.date(2027, 3, 1)


def small_county(
    session: orm.Session,
    townships: int = 3,
    villages: int = 4,
    rounds: int = 3,
    teams: int = 4,
    **given: Any,
) -> Cycle:
    """A cycle over all villages, county-wide, with enough people for every team."""
    county = factories.make_area(session, "county")
    zone = factories.make_area(session, "zone", parent=county)
    units: list[Unit] = []
    for _ in range(townships):
        township = factories.make_area(session, parent=zone, lng=104.0, lat=39.1)
        own = [factories.make_unit(session, township, lng=104.0 + n / 50, lat=39.1) for n in range(villages)]
        units += own
        for kind, size in (("discipline", 4), ("finance", 3), ("welfare", 3)):
            staff(session, township, kind, size)
        village_office = factories.make_office(session, township, kind="village")
        for unit in own:
            factories.make_person(session, village_office, skills=["commissioner"], home_unit=unit)
    cycle = factories.make_cycle(session, **{"crossing": "county_wide", **given})
    cycle.units = units
    for n in range(rounds):
        start = FIRST_DAY + dt.timedelta(days=7 * n)
        factories.make_round(
            session, cycle, position=n, code=f"R{n + 1}", name=f"第{n + 1}轮", start=start,
            end=start + dt.timedelta(days=4), release_on=start - dt.timedelta(days=3), teams=teams,
        )  # fmt: skip
    session.flush()
    session.refresh(cycle)
    return cycle


def staff(session: orm.Session, township: Area, kind: str, size: int) -> list[Person]:
    """So many people of one skill in a new office that keeps one of them at home."""
    office = factories.make_office(session, township, kind=kind, min_home=1)
    return [factories.make_person(session, office, skills=[kind]) for _ in range(size)]


def make_template(session: orm.Session, name: str = "1+2+N") -> TeamTemplate:
    template = TeamTemplate(name=name, slots=factories.SLOTS)
    session.add(template)
    session.flush()
    return template


def approve(session: orm.Session, plan: Plan, user: User | None = None, reason: str = "") -> User:
    """The plan handed in and approved; who approved it."""
    user = user or factories.make_user(session, "leadership")
    if plan.state != "submitted":
        publish.submit(session, plan, plan.version, "", factories.make_user(session))
    publish.approve(session, plan, plan.version, reason, user)
    return user


def go_public(session: orm.Session, plan: Plan, user: User | None = None) -> None:
    """The approved plan published, with the number of its version typed."""
    publish.publish(session, plan, plan.version, str(plan.number), user or factories.make_user(session))
