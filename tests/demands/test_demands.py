"""A demand is written down without its author, answered in time, closed when people were asked again."""

import datetime as dt
import io
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import today
from inspections.demands import handling
from inspections.demands.models import Demand
from inspections.fieldwork.models import Deadline
from inspections.site.refusal import Conflict, Refusal
from tests.factories import make_person, make_posting, make_unit, make_user

SignIn = Callable[[User], FlaskClient]


@pytest.fixture
def rule(session: orm.Session) -> None:
    values = {
        "name": "信访办结",
        "start_event": "petition.accepted",
        "unit": "day",
        "source": "信访工作条例第34条",
    }
    session.merge(Deadline(code="DL-15", offset=60, basis_checked=True, **values))
    session.flush()


def heard(session: orm.Session, **given: object) -> Demand:
    unit = given.pop("unit", None) or make_unit(session)
    actor = make_user(session)
    return handling.hear(session, unit, "living", "visit", "村东头路灯三个月不亮", actor, **given)


def test_a_demand_goes_from_hearing_to_asking_again(session: orm.Session, rule: None) -> None:
    demand = heard(session)
    planner, liaison = make_user(session), make_user(session, "recipient", township=demand.township)
    handling.assign(session, demand, demand.version, "镇村镇建设办", None, planner)
    assert demand.due == today() + dt.timedelta(days=60)
    assert "信访工作条例第34条" in demand.due_basis
    handling.reply(session, demand, demand.version, "路灯已修复", liaison)
    handling.ask_again(session, demand, demand.version, "yes", "", planner)
    assert (demand.state, demand.closed_on) == ("closed", today())
    assert [step.state for step in demand.steps] == ["received", "assigned", "replied", "closed"]


def test_who_is_not_content_gets_another_answer(session: orm.Session, rule: None) -> None:
    demand = heard(session)
    planner, liaison = make_user(session), make_user(session, "recipient", township=demand.township)
    handling.assign(session, demand, demand.version, "镇村镇建设办", None, planner)
    handling.reply(session, demand, demand.version, "已安排", liaison)
    with pytest.raises(Refusal, match="答复人不能自己回访"):
        handling.ask_again(session, demand, demand.version, "yes", "", liaison)
    handling.ask_again(session, demand, demand.version, "no", "仍然不亮", planner)
    assert (demand.state, demand.due) == ("assigned", today() + dt.timedelta(days=30))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请填写诉求内容"),
        ("请回电 13812345678", "不得录入电话号码"),
        ("身份证 11010519491231002X", "身份证"),
        ("长" * 1001, "最多 1000 字"),
    ],
)
def test_words_that_name_a_person_or_say_nothing_are_refused(
    session: orm.Session, text: str, words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        handling.hear(session, make_unit(session), "living", "visit", text, make_user(session))
    assert session.scalar(sa.select(sa.func.count(Demand.id)).where(Demand.text == text)) == 0


def test_a_real_place_has_no_demands(session: orm.Session) -> None:
    with pytest.raises(Refusal, match="真实地名"):
        heard(session, unit=make_unit(session, planning_only=True))


def test_a_day_later_than_the_rule_is_refused(session: orm.Session, rule: None) -> None:
    demand = heard(session)
    with pytest.raises(Refusal, match="办理时限应在今天和"):
        late = today() + dt.timedelta(days=61)
        handling.assign(session, demand, demand.version, "镇办", late, make_user(session))


@pytest.mark.both_databases
def test_two_who_act_at_once_are_told(session: orm.Session, rule: None) -> None:
    demand = heard(session)
    seen = demand.version
    handling.assign(session, demand, seen, "镇办", None, make_user(session))
    with pytest.raises(Conflict):
        handling.assign(session, demand, seen, "别的办", None, make_user(session))


def test_the_register_has_no_column_for_a_person_who_asked() -> None:
    columns = set(Demand.__table__.columns.keys())
    assert not {name for name in columns if any(w in name for w in ("name", "phone", "person", "asker"))}


def test_a_team_writes_down_what_it_hears_and_the_township_reads_what_it_was_given(
    session: orm.Session, sign_in: SignIn, rule: None
) -> None:
    person = make_person(session)
    posting = make_posting(session, {person: "leader"})
    leader = make_user(session, "leader", person=person)
    liaison = make_user(session, "recipient", township=posting.unit.area)
    planner, stranger = make_user(session), make_user(session, "leader")
    session.commit()
    field = sign_in(leader)
    data = {"unit": str(posting.uuid), "topic": "living", "channel": "meeting", "text": "饮水管道漏水"}
    made = field.post("/demands/new", data=data)
    assert made.status_code == 302
    page = made.headers["Location"]
    assert sign_in(stranger).get(page).status_code == 404
    assert sign_in(liaison).get(page).status_code == 404
    desk = sign_in(planner)
    demand = session.scalars(sa.select(Demand).where(Demand.posting_id == posting.id)).one()
    sent = desk.post(f"{page}/assign", data={"seen": demand.version, "owner": "镇水利站"})
    assert sent.status_code == 302
    assert "饮水管道漏水" in sign_in(liaison).get(page).text
    refused = sign_in(liaison).post(f"{page}/reply", data={"seen": 99, "text": "已修"})
    assert refused.status_code == 409
    assert "已修" in refused.text
    book = load_workbook(io.BytesIO(desk.get("/demands.xlsx?state=assigned").data))
    assert [row[6] for row in book.active.iter_rows(values_only=True)][1:] == ["镇水利站"]
