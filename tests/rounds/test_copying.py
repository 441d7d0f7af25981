"""This year's cycle again for the next: dates over the calendar, what came since, ready to be planned."""

import datetime as dt
from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.planning.statement import problem_of
from inspections.rounds import copying
from tests import factories
from tests.planning.county import make_template, small_county


def test_the_next_cycle_keeps_what_the_county_chose_and_moves_its_dates(session: orm.Session) -> None:
    cycle = small_county(session)
    make_template(session)
    cycle.crossing_table = {"member": ["any", "forbid", "forbid", "allow"]}
    cycle.memory = [180, True, 365, False]
    came = factories.make_unit(session, cycle.units[0].area)
    start = copying.first_day(cycle)
    assert start.weekday() == cycle.rounds[0].start.weekday()
    made = copying.copy(session, cycle, "下一年", start, factories.make_user(session))
    assert [round_.end - round_.start for round_ in made.rounds] == [
        round_.end - round_.start for round_ in cycle.rounds
    ]
    assert {unit.id for unit in made.units} == {unit.id for unit in cycle.units} | {came.id}
    assert (made.crossing_table, made.memory) == (cycle.crossing_table, cycle.memory)
    assert problem_of(session, made)["rules"]["memory"]["unit_days"] == 180


def test_no_round_begins_on_a_day_off_nor_before_the_one_before_has_ended(session: orm.Session) -> None:
    cycle = small_county(session)
    spring = dt.date(2027, 2, 6)  # a Saturday; the spring festival begins on the sixth
    found = copying.next_of(session, cycle, spring)
    days = copying.calendar(session)
    for before, after in zip(found.rounds, found.rounds[1:], strict=False):
        assert after.start > before.end
    assert all(days.works(one.start) for one in found.rounds)
    assert found.rounds[0].start > spring


def test_two_clicks_make_the_next_cycle(session: orm.Session, sign_in: Callable[[User], FlaskClient]) -> None:
    cycle = small_county(session, name="2027年驻点")
    make_template(session)
    client = sign_in(factories.make_user(session))
    page = client.get(f"/rounds/{cycle.uuid}/copy").text
    assert 'value="2028年驻点"' in page
    start = copying.first_day(cycle).isoformat()
    typed = {"name": "2027年驻点", "start": start}
    answer = client.post(f"/rounds/{cycle.uuid}/copy", data=typed)
    assert answer.status_code == 422
    assert "已经有了" in answer.text
    typed["name"] = "2028年驻点"
    assert client.post(f"/rounds/{cycle.uuid}/copy", data={**typed, "preview": "1"}).status_code == 200
    answer = client.post(f"/rounds/{cycle.uuid}/copy", data=typed, follow_redirects=True)
    assert "2028年驻点：12 个单位分 3 轮" in answer.text
