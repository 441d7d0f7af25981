"""The villagers' questionnaire: nobody is known, nothing counts twice, few answers show nothing."""

import datetime as dt
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import orm, select

from inspections import database
from inspections.accounts.models import User
from inspections.database import today
from inspections.demands.models import Demand
from inspections.findings.models import Finding
from inspections.journal import JournalEntry
from inspections.questionnaire import polling
from inspections.questionnaire.models import AnswerSheet, Poll, PollFive, PollSlip
from inspections.questionnaire.sheet import questions, results
from inspections.site.refusal import Conflict, Refusal
from tests import factories


@pytest.fixture
def poll(session: orm.Session) -> Poll:
    leader = factories.make_user(session, "leader")
    posting = factories.make_posting(session, {leader.person: "leader"})
    return polling.open_poll(session, posting, 20, leader)


def sheet(**more: Any) -> dict[str, Any]:
    """The first option of every question that must be answered."""
    return {question.code: "1" for question in questions() if question.required} | more


def filled(session: orm.Session, poll: Poll, count: int, **more: Any) -> None:
    for _ in range(count):
        polling.take(session, poll, uuid.uuid4(), sheet(**more))


def test_every_hint_of_the_scoring_column_is_read() -> None:
    by_code = {question.code: question for question in questions()}
    assert len(by_code) == 16
    assert [hint.kind for hint in by_code["Q11"].hints] == ["L1", "A3"]
    assert by_code["Q04"].hints[0].share == 0.3
    assert by_code["Q07"].hints[0].mean_below == 3
    assert by_code["Q09"].hints[0].options == (2, 3)
    assert all(
        max(hint.options, default=0) <= len(question.options)
        for question in questions()
        for hint in question.hints
    )


def test_four_sheets_show_nothing_and_the_fifth_shows_counts(session: orm.Session, poll: Poll) -> None:
    filled(session, poll, 4, Q16="路灯坏了")
    assert polling.result_of(session, poll) == []
    assert polling.remarks(session, poll) == []
    with pytest.raises(Refusal, match="不足 5 份"):
        polling.follow(session, poll, poll.opened_by)
    filled(session, poll, 1)
    found = {result.question.code: result for result in polling.result_of(session, poll)}
    assert found["Q01"].counts[0] == 5
    assert found["Q03"].mean == 5
    assert len(polling.remarks(session, poll)) == 4


@pytest.mark.both_databases
def test_a_sheet_sent_twice_is_one_sheet(session: orm.Session, poll: Poll) -> None:
    name = uuid.uuid4()
    for _ in range(3):
        polling.take(session, poll, name, sheet())
    assert polling.count(session, poll) == 1


def test_what_hints_at_something_is_a_check_of_team_and_county_and_never_the_inspected_sides(
    session: orm.Session, poll: Poll, sign_in: Callable[[User], FlaskClient]
) -> None:
    filled(session, poll, 4)
    filled(session, poll, 1, Q05="3", Q07="5")
    made = polling.follow(session, poll, poll.opened_by)
    assert any("村干部”的 1/5" in check.reason and check.category == "E4" for check in made)
    assert {(check.source, check.unit_id) for check in made} == {("questionnaire", poll.posting.unit_id)}
    assert all(check.groups and check.severity in ("S1", "S2", "S3", "S4") for check in made)
    assert polling.follow(session, poll, poll.opened_by) == []
    filled(session, poll, 6, Q07="5")
    [more] = [check for check in polling.follow(session, poll, poll.opened_by) if check.category == "F3"]
    assert "低于 3 分" in more.reason
    assert session.scalar(select(sa.func.count(Finding.id))) == 0
    assert session.scalar(select(sa.func.count(Demand.id))) == 0, "nothing that could be given to the place"
    unit, hint = poll.posting.unit, made[0].title
    team, county = sign_in(poll.opened_by), sign_in(factories.make_user(session))
    at = f"/postings/{poll.posting.uuid}/checks"
    assert hint in team.get(at).text and hint in county.get(at).text
    assert f"{at}" in team.get(f"/postings/{poll.posting.uuid}/questionnaire").text
    for place in ({"township": unit.area}, {"unit": unit}):
        inspected = sign_in(factories.make_user(session, "recipient", **place))
        assert inspected.get(at).status_code == 403
        for page in ("/", "/inbox", "/demands"):
            assert hint not in inspected.get(page).text
        answered = inspected.post(f"/checks/{made[0].uuid}", data={"outcome": "true"})
        assert answered.status_code == 403


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"Q01": ""}, "第 1 题还没有选择"),
        ({"Q01": "9"}, "第 1 题请从所列选项中选择"),
        ({"Q05": ["1", "2"]}, "第 5 题请从所列选项中选择"),
        ({"Q16": "电话13812345678"}, "第 16 题请不要填写"),
        ({"Q16": "11010519491231002X"}, "第 16 题请不要填写"),
        ({"Q16": "长" * 501}, "第 16 题最多 500 字"),
    ],
)
def test_an_unfit_sheet_is_refused_with_its_question(
    session: orm.Session, poll: Poll, more: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refusal, match=words):
        polling.take(session, poll, uuid.uuid4(), sheet(**more))
    assert polling.count(session, poll) == 0


def test_it_ends_with_the_quota_the_button_and_the_visit(session: orm.Session, poll: Poll) -> None:
    poll.quota = 5
    filled(session, poll, 5)
    with pytest.raises(Refusal, match="已满"):
        polling.take(session, poll, uuid.uuid4(), sheet())
    poll.quota = 6
    after = dt.datetime.combine(poll.posting.team.round.end + dt.timedelta(days=1), dt.time(4), dt.UTC)
    with database.at(after), pytest.raises(Refusal, match="已经结束"):
        polling.take(session, poll, uuid.uuid4(), sheet())
    polling.close(session, poll, poll.opened_by)
    with pytest.raises(Refusal, match="已经结束"):
        polling.take(session, poll, uuid.uuid4(), sheet())
    with pytest.raises(Conflict):
        polling.open_poll(session, poll.posting, 20, poll.opened_by)


def test_the_page_needs_no_account_and_leaves_no_trace_of_who_answered(
    app: Flask, session: orm.Session, poll: Poll
) -> None:
    session.commit()
    client = app.test_client()
    page = client.get(f"/q/{poll.token}")
    assert page.status_code == 200
    assert "不记名" in page.text
    before = session.scalar(select(sa.func.count(JournalEntry.id)))
    sent = sheet(name=str(uuid.uuid4()), Q15=["1", "3"])
    refused = client.post(f"/q/{poll.token}", data=sent | {"Q05": ""})
    assert refused.status_code == 422
    assert "第 5 题还没有选择" in refused.text
    assert refused.text.count("checked") > 10
    answer = client.post(f"/q/{poll.token}", data=sent, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    assert "已经收到" in answer.text
    session.expire_all()
    [kept] = session.scalars(select(AnswerSheet)).all()
    assert kept.said["Q15"] == [1, 3]
    assert set(AnswerSheet.__table__.columns.keys()) == {"id", "poll_id", "said"}
    assert session.scalar(select(sa.func.count(JournalEntry.id))) == before
    assert client.get("/q/" + "x" * 32).status_code == 404


def test_the_team_sees_code_and_count_and_another_team_nothing(
    session: orm.Session, poll: Poll, sign_in: Callable[[User], FlaskClient]
) -> None:
    filled(session, poll, 5, Q05="3")
    other = factories.make_user(session, "leader")
    session.commit()
    client = sign_in(poll.opened_by)
    address = f"/postings/{poll.posting.uuid}/questionnaire"
    page = client.get(address).text
    assert "收到 5 份" in page
    assert poll.token in page
    assert "<svg" in page
    assert client.post(f"{address}/follow").status_code == 302
    assert client.get(f"{address}.xlsx").status_code == 200
    assert sign_in(other).get(address).status_code == 404


def test_results_need_five_sheets_whatever_they_say() -> None:
    one = {"Q01": 1}
    assert results([one] * 4) == []
    assert results([one] * 5)[0].answered == 5


def test_the_day_it_opened_is_no_day_of_an_answer(poll: Poll) -> None:
    assert poll.posting.team.round.start <= today()
    assert poll.is_open


def test_looking_before_and_after_one_sheet_tells_nothing_of_it(session: orm.Session, poll: Poll) -> None:
    filled(session, poll, 5)
    before = polling.result_of(session, poll)
    assert before
    filled(session, poll, 1, Q05="3", Q07="5", Q16="只有我这样说")
    assert polling.result_of(session, poll) == before
    assert polling.remarks(session, poll) == []
    filled(session, poll, 4)
    assert polling.result_of(session, poll)[0].answered == 10
    assert polling.remarks(session, poll) == ["只有我这样说"]
    filled(session, poll, 1)
    poll.closed = True
    assert polling.result_of(session, poll)[0].answered == 11


def test_one_machine_does_not_speak_for_the_village(app: Flask, session: orm.Session, poll: Poll) -> None:
    session.commit()
    taken = 0
    for _ in range(20):
        sent = sheet(name=str(uuid.uuid4()))
        taken += app.test_client().post(f"/q/{poll.token}", data=sent).status_code == 200
    assert taken == polling.MOST_FROM_ONE_PLACE < poll.quota
    sent = sheet(name=str(uuid.uuid4()))
    other = app.test_client().post(f"/q/{poll.token}", data=sent, environ_base={"REMOTE_ADDR": "10.1.1.1"})
    assert other.status_code == 200


def test_the_database_keeps_no_order_in_which_the_sheets_came(session: orm.Session, poll: Poll) -> None:
    """No time, no number, and on SQLite no hidden one: the rows lie in the order of their random names."""
    names = [uuid.UUID(int=n) for n in (9, 3, 7, 1, 5)]
    for name in names:
        polling.take(session, poll, name, sheet())
    assert {column.name for column in AnswerSheet.__table__.columns} == {"id", "poll_id", "said"}
    if session.get_bind().dialect.name == "sqlite":
        with pytest.raises(sa.exc.OperationalError, match="rowid"):
            session.execute(sa.text("SELECT rowid FROM answer_sheets"))
    [five] = session.scalars(select(PollFive.sheets))
    assert five == sorted(map(str, names))


@pytest.mark.both_databases
def test_a_slip_brings_one_sheet_and_leaves_no_trace_of_which(session: orm.Session, poll: Poll) -> None:
    words = polling.print_slips(session, poll, 6, poll.opened_by)
    assert polling.slips_left(session, poll) == 6
    stored = set(session.scalars(select(PollSlip.sha256)))
    assert not stored & set(words)
    for wrong, said in (("", "凭答卷条"), ("x", "已经用过")):
        with pytest.raises(Refusal, match=said):
            polling.take(session, poll, uuid.uuid4(), sheet(), wrong)
    name = uuid.uuid4()
    for _ in range(2):  # the answer was lost, and the form came again
        polling.take(session, poll, name, sheet(), words[0])
    with pytest.raises(Refusal, match="已经用过"):
        polling.take(session, poll, uuid.uuid4(), sheet(), words[0])
    assert (polling.count(session, poll), polling.slips_left(session, poll)) == (1, 5)
    with pytest.raises(Refusal, match="最多可印 14 张"):
        polling.print_slips(session, poll, 15, poll.opened_by)
    other = polling.open_poll(session, factories.make_posting(session), 20, poll.opened_by)
    assert not polling.is_unused(session, other, words[1])
    polling.close(session, poll, poll.opened_by)
    assert polling.slips_left(session, poll) == 0


def test_slips_are_printed_and_open_the_form_without_the_brake_of_the_address(
    session: orm.Session, poll: Poll, app: Flask, sign_in: Callable[[User], FlaskClient]
) -> None:
    page = f"/postings/{poll.posting.uuid}/questionnaire"
    team = sign_in(poll.opened_by)
    assert team.post(f"{page}/slips", data={"number": "0"}).status_code == 422
    paper = team.post(f"{page}/slips", data={"number": "2"})
    assert paper.mimetype == "application/pdf" and len(PdfReader(io.BytesIO(paper.data)).pages) == 1
    session.expire_all()
    assert "还有 2 张未用" in team.get(page).text
    villager = app.test_client()
    assert "凭答卷条填写" in villager.get(f"/q/{poll.token}").text
    words = polling.print_slips(session, poll, polling.MOST_FROM_ONE_PLACE + 2, poll.opened_by)
    session.commit()
    for word in words:
        address = f"/q/{poll.token}/{word}"
        said = sheet() | {"name": str(uuid.uuid4())}
        assert villager.post(address, data=said).status_code == 200
        assert "已经用过" in villager.get(address).text
    assert polling.count(session, poll) == len(words)
