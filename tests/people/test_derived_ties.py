"""What follows from kin: by kin set, by the post held, by what others declared, by one hop of business."""

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from inspections.people import doubles, edits
from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import KeyPost, Kin, Person, RecusalKind, Tie
from inspections.people.ties import ties_on
from inspections.reading.days import since, until
from inspections.site.refusal import Refusal
from inspections.units.models import Unit
from tests import factories

ON = dt.date(2026, 3, 2)


@pytest.fixture(autouse=True)
def kinds(session: orm.Session) -> None:
    load_recusal_kinds(session)


def tell(session: orm.Session, person: Person, term: str, unit: Unit, name: str, post: str = "会计") -> None:
    session.add(Kin(person=person, term=term, relative_name=name, unit=unit, post=post))
    session.flush()


def facts(session: orm.Session, people: list[Person], units: list[Unit]) -> list[tuple[Any, ...]]:
    return [(fact.person, fact.kind, fact.hard, fact.path) for fact in ties_on(session, people, units, ON)]


def test_in_the_narrow_set_an_uncle_bars_nobody_and_a_father_does(session: orm.Session) -> None:
    person, unit, other = (
        factories.make_person(session),
        factories.make_unit(session),
        factories.make_unit(session),
    )
    tell(session, person, "舅父", unit, "曾长根")
    tell(session, person, "父亲", other, "曾有福")
    assert [fact[1] for fact in facts(session, [person], [unit, other])] == ["RC-05", "RC-06"]
    edits.choose_kin_set(session, "narrow", "本县规定", None)
    (fact,) = ties_on(session, [person], [unit, other], ON)
    assert (fact.kind, fact.article) == ("RC-05", "民法典第一千零四十五条")
    with pytest.raises(Refusal, match="理由"):
        edits.choose_kin_set(session, "wide", " ", None)


def test_a_relative_in_a_post_that_is_no_key_post_disfavours_and_does_not_bar(session: orm.Session) -> None:
    person, unit = factories.make_person(session), factories.make_unit(session)
    tell(session, person, "堂兄", unit, "曾长根", post="护林员")
    assert facts(session, [person], [unit]) == [(person, "RC-06", False, "本人—父亲—兄弟—儿子：堂兄")]


def test_the_register_of_key_posts_says_from_when_to_when_a_relative_counts(session: orm.Session) -> None:
    person, unit = factories.make_person(session), factories.make_unit(session)
    tell(session, person, "堂兄", unit, "曾长根", post="")
    left = KeyPost(unit=unit, post="村会计", name="曾长根", valid_to=dt.date(2026, 3, 1))
    session.add(left)
    session.flush()
    assert facts(session, [person], [unit]) == []
    left.valid_to = ON
    session.flush()
    assert [fact[2] for fact in facts(session, [person], [unit])] == [True]


def test_what_a_wife_declares_of_her_father_bars_the_husband(session: orm.Session) -> None:
    at_home, unit = factories.make_unit(session), factories.make_unit(session)
    wife = factories.make_person(session, name="林春梅", home_unit=at_home)
    husband = factories.make_person(session)
    tell(session, husband, "妻子", at_home, "林春梅", post="监委会主任")
    tell(session, wife, "父亲", unit, "林老根")
    found = facts(session, [husband], [unit])
    assert found == [(husband, "RC-07", True, "本人—妻子—父亲：岳父")]


def test_two_who_name_the_same_father_may_not_share_a_team(session: orm.Session) -> None:
    unit = factories.make_unit(session)
    one, two = factories.make_person(session), factories.make_person(session)
    for person in (one, two):
        tell(session, person, "父亲", unit, "曾有福")
    mates = [fact for fact in ties_on(session, [one, two], [], ON) if fact.other]
    assert [(fact.kind, fact.person, fact.other, fact.hard) for fact in mates] == [("RC-20", one, two, True)]


def test_a_business_reaches_the_spouse_and_no_further(session: orm.Session) -> None:
    at_home, unit = factories.make_unit(session), factories.make_unit(session)
    wife = factories.make_person(session, name="林春梅", home_unit=at_home)
    husband, cousin = factories.make_person(session), factories.make_person(session)
    session.add(Tie(person=wife, unit=unit, kind_code="RC-10", hard=True, evidence="承包鱼塘"))
    tell(session, husband, "妻子", at_home, "林春梅")
    tell(session, cousin, "表姐", at_home, "林春梅")
    barred = [fact for fact in ties_on(session, [husband, cousin], [unit], ON) if fact.unit is unit]
    assert [(fact.person, fact.kind, fact.path) for fact in barred] == [(husband, "RC-10", "本人—妻子")]


@pytest.mark.parametrize(
    ("kind", "through", "said"),
    [
        ("RC-10", "舅父", "不是民法典第一千零四十五条所列近亲属"),
        ("RC-10", "邻居", "不是登记的亲属称谓"),
        ("RC-16", "父亲", "只有 RC-10"),
    ],
)
def test_whose_business_it_is_must_be_a_near_relative(
    session: orm.Session, kind: str, through: str, said: str
) -> None:
    person, unit = factories.make_person(session), factories.make_unit(session)
    values = {"object": unit.code, "kind": kind, "evidence": "申报", "valid_from": None, "valid_to": None}
    with pytest.raises(Refusal, match=said):
        edits.add_tie(session, person, values | {"hard": None, "through": through}, None)
    edits.add_tie(session, person, values | {"kind": "RC-10", "hard": None, "through": "父亲"}, None)
    (fact,) = ties_on(session, [person], [unit], ON)
    assert fact.hard and "父亲，" in fact.reason


def test_the_catalogue_says_what_nobody_can_waive(session: orm.Session) -> None:
    never = session.scalars(sa.select(RecusalKind.code).where(RecusalKind.waivable.is_(False)))
    numbers = ("01", "08", "09", "17", "20", "21", "22", "23", "24")
    assert sorted(never) == [f"RC-{number}" for number in numbers]


@pytest.mark.parametrize(
    "form", ["赵　敏", "赵 敏", "赵敏（女）", "⾚敏", "阿依•古丽", "阿依 ・ 古丽", "⻢超"]
)
def test_the_form_of_a_name_switches_no_tie_off(session: orm.Session, form: str) -> None:
    """The roster says it in one form, the relative's declaration and the key post in the other."""
    plain = {"⾚敏": "赤敏", "⻢超": "马超"}.get(form, "阿依·古丽" if "古" in form else "赵敏")
    home, unit = factories.make_unit(session), factories.make_unit(session)
    one = factories.make_person(session, name=form, home_unit=home)
    two = factories.make_person(session)
    tell(session, two, "妻子", home, plain, post="会计")
    tell(session, one, "父亲", unit, plain, post="护林员")
    session.add(KeyPost(unit=unit, post="会计", name=form))
    session.flush()
    found = facts(session, [one, two], [home, unit])
    assert [(fact[1], fact[2]) for fact in found if fact[0] is two] == [("RC-04", True), ("RC-07", True)]
    assert [fact[1:3] for fact in found if fact[0] is one] == [("RC-05", True), ("RC-20", True)]


def test_a_month_is_kept_as_a_month_and_counts_to_its_cautious_end(session: orm.Session) -> None:
    person, unit = factories.make_person(session), factories.make_unit(session)
    values = {"object": unit.code, "kind": "RC-03", "evidence": "任职文件", "hard": None, "through": ""}
    edits.add_tie(
        session, person, values | {"valid_from": since("2018.03"), "valid_to": until("2023年3月")}, None
    )
    session.expire_all()
    [tie] = person.ties
    assert (str(tie.valid_from), str(tie.valid_to)) == ("2018.03", "2023.03")
    assert tie.valid_to == dt.date(2023, 3, 31)


def test_one_father_declared_at_two_units_is_asked_and_counts_once_confirmed(session: orm.Session) -> None:
    """Case 19: 可能是同一人 with both rows; confirmed, they are brothers (RC-20); denied, nothing is tied."""
    units = factories.make_unit(session), factories.make_unit(session)
    one, two = factories.make_person(session), factories.make_person(session)
    tell(session, one, "父亲", units[0], "吕有福")
    tell(session, two, "父亲", units[1], "呂有福")
    [pair] = doubles.doubles(session)
    assert pair.same is None and {one.name in pair.one.words or one.name in pair.other.words} == {True}
    mates = lambda: [fact.kind for fact in ties_on(session, [one, two], [], ON) if fact.other]  # noqa: E731
    assert mates() == []
    doubles.decide(session, pair.one.node, pair.other.node, True, None)
    assert mates() == ["RC-20"] and doubles.doubles(session)[0].same is True
    barred = {(fact.person, fact.unit) for fact in ties_on(session, [one, two], units, ON) if fact.unit}
    assert barred == {(person, unit) for person in (one, two) for unit in units}
    doubles.decide(session, pair.one.node, pair.other.node, False, None)
    assert mates() == []
    with pytest.raises(Refusal, match="已有变动"):
        doubles.decide(session, pair.one.node, "relative:0:某", True, None)
