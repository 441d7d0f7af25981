"""代录 for many, from ticks or a list of signatures: who entered it is known, and it can be taken back."""

import datetime as dt
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import now, today
from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import Tie
from inspections.planning.statement import people_of
from inspections.recusal import declaring, readiness, stand_in
from inspections.recusal.models import Declaration, Training
from inspections.roster.faults import RosterFaults
from inspections.rounds.models import Cycle, Plan
from inspections.site.refusal import Refusal
from inspections.units.table_xlsx import table_xlsx
from tests import factories
from tests.planning.county import small_county

Browser = Callable[[User], FlaskClient]


@pytest.fixture
def cycle(session: orm.Session) -> Cycle:
    load_recusal_kinds(session)
    made = small_county(session)
    readiness.begin(session, made.id)
    return made


def silent(session: orm.Session, cycle: Cycle) -> int:
    found = readiness.standings(session, cycle.id, people_of(session, cycle))
    return sum(one.answer is None for one in found.values())


def test_many_are_entered_at_once_by_a_known_hand_and_taken_back(session: orm.Session, cycle: Cycle) -> None:
    people, planner = people_of(session, cycle), factories.make_user(session)
    batch = stand_in.declare(session, cycle.id, cycle.uuid, people, planner)
    assert silent(session, cycle) == 0
    assert {row.answered_by for row in session.scalars(sa.select(Declaration))} == {planner}
    assert [(one.people, one.actor) for one in stand_in.batches(session, cycle.id)] == [(42, planner)]
    own = factories.make_user(session, "member", person=people[0])
    declaring.answer(session, cycle.id, cycle.uuid, people[0], own, nil=True)
    assert stand_in.undo(session, cycle.id, cycle.uuid, batch, planner) == 41
    assert silent(session, cycle) == 41
    assert stand_in.batches(session, cycle.id) == []
    with pytest.raises(Refusal, match="已经撤销"):
        stand_in.undo(session, cycle.id, cycle.uuid, batch, planner)


def test_nobody_stands_in_for_himself(session: orm.Session, cycle: Cycle) -> None:
    person = people_of(session, cycle)[0]
    planner = factories.make_user(session, person=person)
    with pytest.raises(Refusal, match="自己"):
        stand_in.declare(session, cycle.id, cycle.uuid, [person], planner)


def test_an_answer_holds_for_other_cycles_of_a_year_while_the_facts_stand(
    session: orm.Session, cycle: Cycle
) -> None:
    one, two, three = people_of(session, cycle)[:3]
    first = factories.make_cycle(session)
    planner = factories.make_user(session)
    stand_in.declare(session, first.id, first.uuid, [one, two, three], planner)
    assert silent(session, cycle) == 39
    session.add(Tie(person=one, unit=cycle.units[0], kind_code="RC-10", hard=True))
    two.office = three.office = factories.make_office(session, two.office.area)
    session.flush()
    session.expire_all()
    found = readiness.carried(session, cycle.id, [one, two, three])
    assert found == {}
    with time_machine.travel(now() + dt.timedelta(days=366)):
        assert readiness.carried(session, cycle.id, people_of(session, cycle)) == {}


def signed(tmp_path: Path, rows: list[list[str]], head: list[str]) -> Path:
    file = tmp_path / "signed.xlsx"
    file.write_bytes(table_xlsx("签到表", head, rows).read())
    return file


def test_a_list_of_signatures_tells_who_signed(session: orm.Session, cycle: Cycle, tmp_path: Path) -> None:
    people = people_of(session, cycle)
    rows = [[person.name, person.office.name, "" if n == 3 else "√"] for n, person in enumerate(people[:5])]
    file = signed(tmp_path, rows, ["姓名", "工作单位", "签名"])
    found = stand_in.signed_list(session, file, people)
    assert found.people == [*people[:3], people[4]]
    assert found.passed == [people[3].name]
    stranger = signed(tmp_path, [["没有此人", "", "√"]], ["姓名", "工作单位", "签名"])
    with pytest.raises(RosterFaults) as told:
        stand_in.signed_list(session, stranger, people)
    assert [fault.place for fault in told.value.faults] == ["签到表!A2"]


def test_the_page_takes_ticks_or_a_list_and_undoes_until_the_plan_is_approved(
    session: orm.Session, sign_in: Browser, cycle: Cycle, tmp_path: Path
) -> None:
    people = people_of(session, cycle)
    client = sign_in(factories.make_user(session, name="王统筹"))
    address = f"/rounds/{cycle.uuid}/readiness"
    ticked = {"person": [str(person.uuid) for person in people[:10]]}
    bare = client.post(f"{address}/stand-in", data=ticked)
    assert bare.status_code == 422 and "请逐人核对后勾选" in bare.text
    assert f'value="{people[0].uuid}" aria-label="选 {people[0].called}" checked' in bare.text
    assert client.post(f"{address}/stand-in", data=ticked | {"checked": "y"}).status_code == 302
    page = client.get(f"{address}?show=all").text
    assert page.count("（王统筹代录）") == 10
    file = signed(tmp_path, [[person.name] for person in people[10:20]], ["姓名"])
    told = {"day": str(today()), "topic": "业务培训", "hours": "4", "whom": "ticked"}
    sent = told | {"file": (io.BytesIO(file.read_bytes()), "a.xlsx")}
    assert (
        client.post(
            f"/rounds/{cycle.uuid}/trainings", data=sent, content_type="multipart/form-data"
        ).status_code
        == 302
    )
    training = session.scalars(sa.select(Training)).one()
    assert training.people == people[10:20]
    batch = re.search(r"/readiness/stand-in/([0-9a-f-]+)/undo", page)
    assert batch is not None
    undo = f"{address}/stand-in/{batch[1]}/undo"
    plan = Plan(cycle=cycle, number=1, state="approved", seed=1, seconds=1, progress={})
    session.add(plan)
    session.commit()
    assert client.post(undo).status_code == 422
    plan.state = "ready"
    session.commit()
    assert client.post(undo).status_code == 302
    another = factories.make_cycle(session)
    session.commit()
    assert client.post(f"/rounds/{another.uuid}/trainings/{training.uuid}/undo").status_code == 404
    assert client.post(f"/rounds/{cycle.uuid}/trainings/{training.uuid}/undo").status_code == 302
    assert session.scalar(sa.select(sa.func.count()).select_from(Training)) == 0
    assert silent(session, cycle) == 42
