"""What is known of a person: all of it, no next village, and no table forgotten."""

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections import all_models
from inspections.accounts.models import User
from inspections.database import Base, today
from inspections.operations.known import READERS, known
from inspections.people.models import Absence, Kin, Tie
from inspections.recusal.models import Declaration, Training
from tests import factories


def test_every_table_that_refers_to_a_person_is_read() -> None:
    all_models()
    of_people = Base.metadata.tables["people"]
    refer = {
        table.name
        for table in Base.metadata.tables.values()
        if any(key.column.table is of_people for column in table.columns for key in column.foreign_keys)
    }
    # a step of a recusal names its substitute: read with the requests
    assert refer - READERS.keys() == {"recusal_steps"}


def test_a_person_is_told_everything_but_the_next_village(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    person = factories.make_person(session, name="某甲", note="备注一则")
    unit = factories.make_unit(session, name="柳树村")
    factories.make_recusal_kind(session, "RC-16", strength="mode")
    factories.make_user(session, "leader", person=person, login="mou-jia")
    day = today()
    cycle = factories.make_cycle(session)
    training = Training(cycle_id=cycle.id, day=day, topic="纪律培训", people=[person])
    session.add_all(
        [
            Kin(person=person, relative_name="某乙", term="兄", unit=unit, post="会计"),
            Tie(person=person, unit=unit, kind_code="RC-16", hard=True),
            Absence(person=person, start=day, end=day),
            Declaration(cycle_id=cycle.id, person=person, nil=True, said=[]),
            training,
        ]
    )
    factories.make_posting(session, {person: "leader"}, unit)
    later = factories.make_round(session, name="还没有发布的一轮", start=day + dt.timedelta(days=5))
    factories.make_posting(session, {person: "leader"}, factories.make_unit(session), round=later)
    other = factories.make_person(session, name="某丙")
    session.flush()
    lines = known(session, person)
    assert {line.where for line in lines} == {
        "名册", "账号", "亲属", "回避关系", "不可用日期", "回避申报", "培训", "分组",
    }  # fmt: skip
    assert "还没有发布的一轮" not in str(lines)
    client = sign_in(factories.make_user(session))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/people/{person.uuid}/known.xlsx").data))
    shown = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert len(shown) == len(lines)
    assert ["亲属", "兄某乙，在柳树村任会计", None] in [[*row[:2], row[2] or None] for row in shown]
    assert "导出本人信息" in client.get(f"/people/{person.uuid}").text
    assert "某乙" not in str(known(session, other))
