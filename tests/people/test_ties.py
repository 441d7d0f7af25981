"""Which ties are in force on a day: dates, look-back, soft after the look-back, kin, kin in one team."""

import datetime as dt

import pytest
from sqlalchemy import orm

from inspections.people import edits
from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import Kin, Person, RecusalKind, Tie
from inspections.people.ties import TieFact, ties_on, years_after
from inspections.units.models import Unit
from tests import factories

ON = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def kinds(session: orm.Session) -> None:
    load_recusal_kinds(session)


def declared(
    session: orm.Session, kind: str, start: str | None, end: str | None, hard: bool = True, on: dt.date = ON
) -> list[bool]:
    """Whether the facts of one declared tie to a village are hard."""
    person, unit = factories.make_person(session), factories.make_unit(session)
    tie = Tie(person=person, unit=unit, kind_code=kind, hard=hard)
    tie.valid_from = dt.date.fromisoformat(start) if start else None
    tie.valid_to = dt.date.fromisoformat(end) if end else None
    session.add(tie)
    session.flush()
    return [fact.hard for fact in ties_on(session, [person], [unit], on)]


def kin_facts(session: orm.Session, term: str, people: list[Person], unit: Unit) -> list[TieFact]:
    session.add(Kin(person=people[0], term=term, relative_name="曾长根", unit=unit, post="村会计"))
    session.flush()
    return ties_on(session, people, [unit], ON)


def test_a_tie_without_dates_holds(session: orm.Session) -> None:
    assert declared(session, "RC-25", None, None) == [True]


def test_a_tie_that_begins_later_does_not_hold_yet(session: orm.Session) -> None:
    assert declared(session, "RC-25", "2026-03-03", None) == []
    assert declared(session, "RC-25", "2026-03-02", None) == [True]


def test_a_village_stays_closed_for_a_year_after_one_looked_after_it(session: orm.Session) -> None:
    assert declared(session, "RC-25", "2020-01-01", "2025-03-02") == [True]
    assert declared(session, "RC-25", "2020-01-01", "2025-03-01") == []


def test_a_kind_without_look_back_ends_with_its_last_day(session: orm.Session) -> None:
    assert declared(session, "RC-16", None, "2026-03-02", hard=False) == [False]
    assert declared(session, "RC-16", None, "2026-03-01", hard=False) == []


def test_a_former_post_becomes_soft_after_three_years_unless_it_lasted_three_years(
    session: orm.Session,
) -> None:
    assert declared(session, "RC-03", "2021-01-01", "2023-03-02") == [True]
    assert declared(session, "RC-03", "2021-01-01", "2023-03-01") == [False]
    assert declared(session, "RC-03", "2020-01-01", "2023-01-01") == [True]


def test_a_contract_becomes_soft_three_years_after_its_end(session: orm.Session) -> None:
    assert declared(session, "RC-10", "2015-01-01", "2023-03-02") == [True]
    assert declared(session, "RC-10", "2015-01-01", "2023-03-01") == [False]


def test_a_look_back_from_a_leap_day_ends_on_the_last_of_february() -> None:
    assert years_after(dt.date(2024, 2, 29), 3) == dt.date(2027, 2, 28)


def test_a_declared_soft_tie_stays_soft(session: orm.Session) -> None:
    assert declared(session, "RC-12", None, None, hard=False) == [False]


@pytest.mark.parametrize(
    ("term", "kind"),
    [
        ("配偶", "RC-04"),
        ("女儿", "RC-05"),
        ("外祖父", "RC-05"),
        ("堂兄", "RC-06"),
        ("舅父", "RC-06"),
        ("岳父", "RC-07"),
        ("儿媳", "RC-07"),
        ("妻弟", "RC-07"),
        ("嫂子", "RC-07"),
    ],
)
def test_a_member_is_never_posted_to_the_village_where_a_relative_holds_a_post(
    session: orm.Session, term: str, kind: str
) -> None:
    person, unit = factories.make_person(session), factories.make_unit(session)
    (fact,) = kin_facts(session, term, [person], unit)
    assert (fact.person, fact.unit, fact.other, fact.kind, fact.hard) == (person, unit, None, kind, True)
    assert term in fact.reason and "曾长根" not in fact.reason


def test_a_relative_on_the_roster_may_not_sit_in_the_same_team(session: orm.Session) -> None:
    unit = factories.make_unit(session)
    relative = factories.make_person(session, name="曾长根", home_unit=unit)
    namesake = factories.make_person(session, name="曾长根", home_unit=factories.make_unit(session))
    person = factories.make_person(session)
    facts = kin_facts(session, "堂兄", [person, relative, namesake], unit)
    assert sorted((fact.kind, fact.person.id, fact.other) for fact in facts) == [
        ("RC-06", person.id, None),
        ("RC-20", relative.id, person),  # once, from the one whose code comes first
    ]


def test_a_pair_declared_twice_by_one_kind_counts_once_and_hard(session: orm.Session) -> None:
    person, unit = factories.make_person(session), factories.make_unit(session)
    session.add(Tie(person=person, unit=unit, kind_code="RC-06", hard=False))
    assert [fact.hard for fact in kin_facts(session, "堂兄", [person], unit)] == [True]


def test_ties_between_people_hold_only_when_both_are_asked_about(session: orm.Session) -> None:
    one, two = factories.make_person(session), factories.make_person(session)
    session.add(Tie(person=one, other=two, kind_code="RC-20", hard=True))
    session.flush()
    assert ties_on(session, [one], [], ON) == []
    assert [(fact.person, fact.other) for fact in ties_on(session, [one, two], [], ON)] == [(one, two)]
    assert ties_on(session, [two], [], ON) == []


@pytest.mark.parametrize(
    ("strength", "said", "hard"),
    [
        ("hard", None, True),
        ("mode", None, True),
        ("soft", None, False),
        ("mode", False, False),
        ("soft", True, True),
    ],
)
def test_a_tie_is_as_hard_as_its_kind_unless_the_planner_says_otherwise(
    session: orm.Session, strength: str, said: bool | None, hard: bool
) -> None:
    session.get_one(RecusalKind, "RC-17").strength = strength
    person, unit = factories.make_person(session), factories.make_unit(session)
    values = {"object": unit.code, "kind": "RC-17", "evidence": "本人申报", "hard": said}
    days = {"valid_from": None, "valid_to": None}
    tie = edits.add_tie(session, person, values | days, factories.make_user(session))
    assert tie.hard is hard
    assert [fact.hard for fact in ties_on(session, [person], [unit], ON)] == [hard]
