"""Days on which somebody cannot be sent: all look alike, and only whoever entered them withdraws them."""

import datetime as dt
from collections.abc import Callable

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import today
from inspections.journal import JournalEntry
from inspections.people.models import Absence, Person
from inspections.planning.statement import people_of, problem_of
from inspections.rounds.models import Cycle
from inspections.units.models import Blackout
from tests import factories
from tests.planning.county import FIRST_DAY, small_county

Browser = Callable[[User], FlaskClient]
DAY = dt.timedelta(days=1)


def off(session: orm.Session, cycle: Cycle, person: Person) -> list[str]:
    found = next(one for one in problem_of(session, cycle)["people"] if one["id"] == person.code)
    rounds: list[str] = found["off"]
    return rounds


def test_leave_and_what_the_case_room_enters_keep_somebody_at_home_and_look_alike(
    session: orm.Session, sign_in: Browser
) -> None:
    cycle = small_county(session)
    one, two = people_of(session, cycle)[:2]
    span = {"start": FIRST_DAY.isoformat(), "end": (FIRST_DAY + DAY).isoformat()}
    member = sign_in(factories.make_user(session, "leader", person=one))
    case_room = sign_in(factories.make_user(session, "case_room"))
    assert member.post("/absences", data=span | {"person": two.code}).status_code == 302  # one's own only
    assert case_room.post("/absences", data=span | {"person": two.code}).status_code == 302
    assert (off(session, cycle, one), off(session, cycle, two)) == (["R1"], ["R1"])
    planner = sign_in(factories.make_user(session))
    pages = [planner.get(f"/people/{person.uuid}").text for person in (one, two)]
    spans = f"{span['start']}至{span['end']}"
    assert all(spans in page for page in pages)
    listing = planner.get("/absences").text
    assert one.name in listing and two.name in listing
    for words in ("案管", "证人", "RC-08", "RC-09"):
        assert words not in listing and words not in pages[1]


def test_the_journal_does_not_say_for_whom_the_case_room_entered_days(
    session: orm.Session, sign_in: Browser
) -> None:
    person = factories.make_person(session)
    client = sign_in(factories.make_user(session, "case_room"))
    span = {"start": today().isoformat(), "end": today().isoformat(), "person": person.code}
    assert client.post("/absences", data=span).status_code == 302
    entry = session.scalars(sa.select(JournalEntry).where(JournalEntry.act == "absence.enter")).one()
    assert (entry.subject, entry.detail) == (None, {})


def test_only_whoever_entered_days_withdraws_them(session: orm.Session, sign_in: Browser) -> None:
    person = factories.make_person(session)
    case_room = sign_in(factories.make_user(session, "case_room"))
    span = {"start": today().isoformat(), "end": (today() + DAY).isoformat(), "person": person.code}
    case_room.post("/absences", data=span)
    row = session.scalars(sa.select(Absence)).one()
    address = f"/absences/{row.uuid}/withdraw"
    for role in ("planner", "case_room"):
        assert sign_in(factories.make_user(session, role)).post(address).status_code == 404
    assert sign_in(factories.make_user(session, "leader", person=person)).post(address).status_code == 404
    assert case_room.post(address).status_code == 302
    assert session.scalars(sa.select(Absence)).all() == []


def test_dates_that_make_no_sense_are_refused_in_a_sentence(session: orm.Session, sign_in: Browser) -> None:
    person = factories.make_person(session)
    client = sign_in(factories.make_user(session, "leader", person=person))
    tomorrow, yesterday = (today() + DAY).isoformat(), (today() - DAY).isoformat()
    for start, end, said in (
        (tomorrow, today().isoformat(), "早于开始日期"),
        (yesterday, yesterday, "已经过去"),
    ):
        answer = client.post("/absences", data={"start": start, "end": end})
        assert answer.status_code == 422 and said in answer.text
    assert client.post("/absences", data={"start": tomorrow, "end": tomorrow}).status_code == 302
    again = client.post("/absences", data={"start": tomorrow, "end": tomorrow})
    assert again.status_code == 422 and "已经登记" in again.text


def test_the_planner_is_warned_of_a_year_without_moved_workdays(
    session: orm.Session, sign_in: Browser
) -> None:
    client = sign_in(factories.make_user(session))
    cycle = small_county(session)
    cycle.rounds[0].start, cycle.rounds[0].end = dt.date(2049, 3, 1), dt.date(2049, 3, 5)
    session.commit()
    page = client.get(f"/rounds/{cycle.uuid}/readiness").text
    assert "有的年份还没有调休安排" in page and "约 5" in page


def test_a_blackout_closes_the_villages_of_an_area_and_not_its_departments(
    session: orm.Session, sign_in: Browser
) -> None:
    cycle = small_county(session)
    township = cycle.units[0].area
    department = factories.make_unit(session, township, kind="department")
    cycle.units = [*cycle.units, department]
    session.commit()
    client = sign_in(factories.make_user(session))
    form = {
        "name": "农忙",
        "start": FIRST_DAY.isoformat(),
        "end": FIRST_DAY.isoformat(),
        "area": str(township.uuid),
        "kinds": ["village", "community"],
        "unit": "",
    }
    assert client.post("/units/blackouts", data=form | {"kinds": []}).status_code == 422
    assert client.post("/units/blackouts", data=form | {"unit": "没有"}).status_code == 422
    assert client.post("/units/blackouts", data=form).status_code == 302
    closed = {unit["id"] for unit in problem_of(session, cycle)["units"] if unit["closed"] == ["R1"]}
    assert closed == {unit.code for unit in cycle.units if unit.area is township and unit is not department}
    one = {"unit": department.code, "start": (FIRST_DAY + 7 * DAY).isoformat()}
    one["end"] = one["start"]
    assert client.post("/units/blackouts", data=form | one | {"name": "换届"}).status_code == 302
    found = {unit["id"]: unit["closed"] for unit in problem_of(session, cycle)["units"]}
    assert found[department.code] == ["R2"]
    assert "登记了 2 个停检时段" in client.get("/units/blackouts").text
    page = client.get(f"/units/{department.uuid}").text
    assert "有 1 段停检日期" in page and "换届：" in page and "农忙" not in page
    for row in session.scalars(sa.select(Blackout)).all():
        assert client.post(f"/units/blackouts/{row.uuid}/remove").status_code == 302
    assert not any(unit["closed"] for unit in problem_of(session, cycle)["units"])
