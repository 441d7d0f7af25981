"""Units are added, renamed, joined and divided; recusal goes on, the past keeps its name."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import today
from inspections.lives import units
from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import KeyPost, Kin, Tie
from inspections.people.ties import ties_on
from inspections.rounds.selection import townships
from inspections.site.refusal import Refusal
from tests import factories

pytestmark = pytest.mark.both_databases
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def kinds(session: orm.Session) -> None:
    load_recusal_kinds(session)


def test_a_renamed_unit_keeps_its_old_name_at_the_old_time(session: orm.Session) -> None:
    unit = factories.make_unit(session, name="上湾村")
    units.rename(session, unit, "湾上村", today(), None)
    assert unit.name == "湾上村"
    assert unit.named_on(today() - DAY) == "上湾村"
    assert unit.named_on(today()) == "湾上村"
    with pytest.raises(Refusal, match="相同"):
        units.rename(session, unit, "湾 上村", today(), None)


def test_joined_units_hand_their_ties_on_and_are_inspected_no_more(session: orm.Session) -> None:
    town = factories.make_area(session)
    old, into = factories.make_unit(session, town), factories.make_unit(session, town)
    tied, native, cousin = (factories.make_person(session) for _ in range(3))
    native.home_unit = old
    session.add(Tie(person=tied, unit=old, kind_code="RC-10", hard=True))
    session.add(Kin(person=cousin, term="父亲", relative_name="李国", unit=old, post="会计"))
    session.add(KeyPost(unit=old, post="会计", name="李国"))
    session.flush()
    units.join(session, [old], into, today(), None)
    facts = ties_on(session, [tied, native, cousin], [into], today())
    assert {(fact.person, fact.kind) for fact in facts} == {(tied, "RC-10"), (cousin, "RC-05")}
    assert native.home_unit is into
    offered = [unit for one in townships(session) for group in one.groups.values() for unit in group.units]
    assert into in offered and old not in offered
    with pytest.raises(Refusal, match="不再是单独的单位"):
        units.join(session, [old], into, today(), None)


def test_whoever_was_barred_from_a_divided_unit_is_barred_from_each_part(session: orm.Session) -> None:
    old = factories.make_unit(session, name="大湾村", tier="key")
    tied, native = factories.make_person(session), factories.make_person(session, home_unit=old)
    session.add(Tie(person=tied, unit=old, kind_code="RC-03", hard=True))
    session.flush()
    parts = [units.NewUnit(name, "village", old.area, today()) for name in ("东湾村", "西湾村")]
    events = units.divide(session, old, parts, None)
    made = [event.other for event in events]
    assert [unit.tier for unit in made if unit] == ["key", "key"]
    facts = ties_on(session, [tied, native], [unit for unit in made if unit], today())
    assert {fact.unit for fact in facts if fact.person is tied} == set(made)
    assert native.home_unit is made[0]
    assert [(fact.unit, fact.kind) for fact in facts if fact.person is native] == [(made[1], "RC-01")]


def test_a_unit_with_a_namesake_is_told_by_its_township(session: orm.Session) -> None:
    one = factories.make_unit(session, factories.make_area(session, name="柳河镇"), name="枫树村")
    factories.make_unit(session, factories.make_area(session, name="枫林镇"), name="枫 树村")
    session.refresh(one)
    assert one.called == "枫树村（柳河镇）"


@pytest.mark.parametrize("what", ["rename", "join", "divide", "end"])
def test_the_pages_refuse_in_place(
    session: orm.Session, sign_in: Callable[[User], FlaskClient], what: str
) -> None:
    unit = factories.make_unit(session)
    planner = sign_in(factories.make_user(session))
    assert planner.get(f"/units/{unit.uuid}/{what}").status_code == 200
    told = {"name": unit.name, "into": unit.name, "parts": "东湾村", "day": str(today()), "basis": ""}
    answer = planner.post(f"/units/{unit.uuid}/{what}", data=told)
    assert answer.status_code == 422
    assert str(today()) in answer.text


def test_residents_of_a_joined_or_divided_unit_stay_away_from_its_old_records(session: orm.Session) -> None:
    town = factories.make_area(session)
    old, into, split = (factories.make_unit(session, town) for _ in range(3))
    one, two = (factories.make_person(session, home_unit=home) for home in (old, split))
    units.join(session, [old], into, today(), None)
    parts = [units.NewUnit(name, "village", town, today()) for name in ("东湾村", "西湾村")]
    units.divide(session, split, parts, None)
    facts = ties_on(session, [one, two], [old, split], today())
    assert {(fact.person, fact.unit, fact.kind, fact.hard) for fact in facts} == {
        (one, old, "RC-01", True),
        (two, split, "RC-01", True),
    }


def test_a_tie_that_both_units_had_bars_as_far_as_the_stronger(session: orm.Session) -> None:
    town = factories.make_area(session)
    old, into = factories.make_unit(session, town), factories.make_unit(session, town)
    person, day = factories.make_person(session), today()
    known = Tie(person=person, unit=into, kind_code="RC-10", hard=False, valid_to=day)
    session.add_all([known, Tie(person=person, unit=old, kind_code="RC-10", hard=True, valid_to=day + DAY)])
    session.flush()
    units.join(session, [old], into, day, None)
    assert (known.hard, known.valid_to) == (True, day + DAY)
