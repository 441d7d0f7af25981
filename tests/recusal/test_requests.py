"""From application to approval: in order, by reason and name, by a second person; then it bars."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import exc, orm

from inspections.accounts.models import User
from inspections.database import today
from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import Person, Tie
from inspections.people.ties import ties_on
from inspections.recusal import requests
from inspections.recusal.models import RecusalRequest, RecusalStep
from inspections.recusal.requests import Step
from inspections.site.refusal import Conflict, Refusal
from inspections.units.models import Unit
from tests import factories

Browser = Callable[[User], FlaskClient]


@pytest.fixture(autouse=True)
def kinds(session: orm.Session) -> None:
    load_recusal_kinds(session)


class Case:
    """A request about a person and a unit, with the people who handle it."""

    def __init__(self, session: orm.Session) -> None:
        self.session = session
        self.person: Person = factories.make_person(session)
        self.unit: Unit = factories.make_unit(session)
        self.planner = factories.make_user(session)
        self.boss = factories.make_user(session, "leadership")
        words = f"{self.person.name}同志"
        told = (self.unit, "RC-16", "unit", words, "与本村会计是多年牌友")
        self.made: RecusalRequest = requests.apply(session, *told, self.planner)

    def step(self, name: str, actor: User, agreed: bool = True, **said: Any) -> None:
        given = Step(agreed, said.pop("reason", "理由"), **said)
        requests.take_step(self.session, self.made, self.made.version, name, given, actor)

    def hard(self) -> list[bool]:
        return [fact.hard for fact in ties_on(self.session, [self.person], [self.unit], today())]


@pytest.fixture
def case(session: orm.Session) -> Case:
    return Case(session)


def test_an_approved_request_bars_from_the_next_statement_on(session: orm.Session, case: Case) -> None:
    substitute = factories.make_person(session)
    case.step("checked", case.planner, person=case.person.code)
    case.step("decided", case.planner)
    case.step("substituted", case.planner, substitute=substitute.code)
    assert case.hard() == []
    case.step("approved", case.boss)
    assert case.hard() == [True]
    assert session.scalars(sa.select(Tie)).one().source == "decision"
    assert [(row.step, row.actor.name, bool(row.reason)) for row in case.made.steps] == [
        ("applied", case.planner.name, True),
        ("checked", case.planner.name, True),
        ("decided", case.planner.name, True),
        ("substituted", case.planner.name, True),
        ("approved", case.boss.name, True),
    ]
    assert case.made.next is None


def test_a_declared_acquaintance_that_is_upheld_becomes_hard(session: orm.Session, case: Case) -> None:
    session.add(Tie(person=case.person, unit=case.unit, kind_code="RC-16", hard=False))
    session.flush()
    assert case.hard() == [False]
    case.step("checked", case.planner, person=case.person.code)
    case.step("decided", case.planner)
    case.step("substituted", case.planner)
    case.step("approved", case.boss)
    assert case.hard() == [True]


def test_whoever_decided_cannot_approve(case: Case) -> None:
    case.step("checked", case.planner, person=case.person.code)
    case.step("decided", case.planner)
    case.step("substituted", case.planner)
    with pytest.raises(Refusal, match="另一人"):
        case.step("approved", case.planner)
    assert case.hard() == []


@pytest.mark.parametrize("step", ["decided", "substituted", "approved", "applied", "nonsense"])
def test_a_step_out_of_order_is_refused(case: Case, step: str) -> None:
    with pytest.raises(Refusal, match="现在不是"):
        case.step(step, case.boss)


def test_a_no_ends_the_request(case: Case) -> None:
    case.step("checked", case.planner, agreed=False, reason="查无此关系")
    assert case.made.next is None
    with pytest.raises(Refusal):
        case.step("decided", case.planner)
    assert case.hard() == []


def test_every_step_asks_a_reason_and_a_person_of_the_roster(case: Case) -> None:
    with pytest.raises(Refusal, match="写明核实的理由"):
        case.step("checked", case.planner, person=case.person.code, reason=" ")
    with pytest.raises(Refusal, match="没有“无此人”"):
        case.step("checked", case.planner, person="无此人")


def test_a_substitute_who_must_step_aside_too_is_refused(session: orm.Session, case: Case) -> None:
    case.step("checked", case.planner, person=case.person.code)
    case.step("decided", case.planner)
    tied, home = factories.make_person(session), factories.make_person(session, home_unit=case.unit)
    session.add(Tie(person=tied, unit=case.unit, kind_code="RC-25", hard=True))
    session.flush()
    for person, said in ((tied, "也须回避"), (home, "的人，不能替补"), (case.person, "不能是被申请回避的人")):
        with pytest.raises(Refusal, match=said):
            case.step("substituted", case.planner, substitute=person.code)


def test_a_second_click_on_an_old_page_changes_nothing(session: orm.Session, case: Case) -> None:
    seen = case.made.version
    case.step("checked", case.planner, person=case.person.code)
    with pytest.raises(Conflict):
        requests.take_step(session, case.made, seen, "decided", Step(True, "理由"), case.planner)


def test_steps_are_never_altered(session: orm.Session, case: Case) -> None:
    with pytest.raises(exc.DBAPIError, match="append-only"):
        session.execute(sa.update(RecusalStep).values(reason="别的理由"))


@pytest.mark.parametrize("kind", ["RC-08", "RC-09", "RC-99"])
def test_what_the_case_room_knows_is_no_ground_of_a_request(
    session: orm.Session, case: Case, kind: str
) -> None:
    with pytest.raises(Refusal, match="从列表中选择"):
        requests.apply(session, case.unit, kind, "unit", "某人", "理由", case.planner)


def test_the_pages_play_it_from_a_unit_to_the_leadership(session: orm.Session, sign_in: Browser) -> None:
    unit, person = factories.make_unit(session, name="柳树村"), factories.make_person(session)
    other = factories.make_unit(session, name="河湾村")
    liaison = sign_in(factories.make_user(session, "recipient", unit=unit))
    form = {
        "unit": "柳树村",
        "person_words": "组长某同志",
        "raised_by": "unit",
        "kind": "RC-16",
        "ground": "熟人",
    }
    assert liaison.post("/recusal/new", data=form | {"unit": other.code}).status_code == 422
    where = liaison.post("/recusal/new", data=form).headers["Location"]
    planner, boss = sign_in(factories.make_user(session)), sign_in(factories.make_user(session, "leadership"))
    for step, more in (("checked", {"person": person.code}), ("decided", {}), ("substituted", {})):
        made = session.scalars(sa.select(RecusalRequest)).one()
        data = {"seen": made.version, "step": step, "agreed": "yes", "reason": "核实谈话记录"} | more
        assert boss.post(f"{where}/handle", data=data).status_code == 403
        assert planner.post(f"{where}/handle", data=data).status_code == 302, step
        session.expire_all()
    made = session.scalars(sa.select(RecusalRequest)).one()
    data = {"seen": made.version, "step": "approved", "agreed": "yes", "reason": "同意"}
    assert planner.post(f"{where}/approve", data=data).status_code == 422
    assert boss.post(f"{where}/approve", data=data).status_code == 302
    told = liaison.get(where).text
    assert "已批准回避" in told and "核实谈话记录" not in told and person.name not in told
    stranger = sign_in(factories.make_user(session, "recipient", unit=other))
    assert stranger.get(where).status_code == 404
    assert "1 人不能去柳树村" in planner.get(f"/units/{unit.uuid}/ties").text
