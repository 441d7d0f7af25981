"""The auditor's journal: what was read, tried and guessed stands there, is found, and leaves as shown."""

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import orm, select

from inspections import journal
from inspections.accounts.models import User
from inspections.database import at, now, today
from inspections.journal import JournalEntry
from inspections.operations import trail
from tests import factories

SignIn = Callable[[User], FlaskClient]


def acts(session: orm.Session, user: User) -> list[str]:
    return list(
        session.scalars(
            select(JournalEntry.act).where(JournalEntry.actor_id == user.id).order_by(JournalEntry.id)
        )
    )


def test_what_lies_beyond_ones_reach_looks_like_nothing_and_is_written_down(
    session: orm.Session, sign_in: SignIn
) -> None:
    leader = factories.make_user(session, "leader")
    posting = factories.make_posting(session)
    client = sign_in(leader)
    refused = client.get(f"/postings/{posting.uuid}")
    nothing = client.get("/postings/00000000-0000-4000-8000-000000000000")
    assert refused.status_code == nothing.status_code == 404
    assert refused.data == nothing.data
    [probe] = session.scalars(select(JournalEntry).where(JournalEntry.act == "probe.beyond"))
    assert (probe.actor_id, probe.subject) == (leader.id, posting.uuid)


def test_whatever_is_taken_away_is_written_down_once(
    app: Flask, session: orm.Session, sign_in: SignIn
) -> None:
    planner = factories.make_user(session)
    factories.make_letterhead(session, factories.make_area(session, "county"))
    client = sign_in(planner)
    assert client.get("/units").status_code == 200
    assert acts(session, planner) == []
    assert client.get("/units.xlsx").status_code == 200
    assert acts(session, planner) == ["export.take"]
    session.expire_all()
    [entry] = session.scalars(select(JournalEntry).where(JournalEntry.actor_id == planner.id))
    assert entry.detail == {"action": "unit.read"}


def test_the_auditor_narrows_the_journal_and_takes_away_what_is_shown(
    session: orm.Session, sign_in: SignIn
) -> None:
    planner = factories.make_user(session, login="planner-1")
    other = factories.make_user(session, login="planner-2")
    unit = factories.make_unit(session, name="柳树村")
    with at(dt.datetime(2026, 3, 1, 16, 30, tzinfo=dt.UTC)):  # half past midnight of the 2nd in the county
        journal.record(session, "unit.change", unit.uuid, planner)
        session.flush()
    with at(dt.datetime(2026, 3, 4, 1, 0, tzinfo=dt.UTC)):
        journal.record(session, "export.take", None, planner, action="unit.read")
        journal.record(session, "unit.change", unit.uuid, other)
        session.flush()
    client = sign_in(factories.make_user(session, "auditor"))

    def shown(**asked: str) -> list[tuple[str, str]]:
        book = openpyxl.load_workbook(io.BytesIO(client.get("/journal.xlsx", query_string=asked).data))
        rows = [tuple(cell.value for cell in row) for row in book.active.iter_rows(min_row=2)]  # type: ignore[union-attr]
        page = client.get("/journal", query_string=asked).text
        for row in rows:
            assert all(str(value) in page for value in row if value), "the workbook is not what is shown"
        return [(str(row[2]), str(row[3])) for row in rows if str(row[2]).startswith("planner")]

    assert shown(login="planner-1") == [("planner-1", "下载了文件"), ("planner-1", "修改了单位")]
    assert shown(login="planner-1", kind="read") == [("planner-1", "下载了文件")]
    assert shown(kind="work") == [("planner-2", "修改了单位"), ("planner-1", "修改了单位")]
    assert shown(since="2026-03-02", until="2026-03-02") == [("planner-1", "修改了单位")]
    assert shown(until="2026-03-01") == []
    bad = client.get("/journal?since=昨天")
    assert bad.status_code == 422
    assert "起始日期应写成" in bad.text
    assert client.get("/journal.xlsx?since=昨天").status_code == 422


def test_prying_guessing_and_altered_files_raise_an_alarm(session: orm.Session, sign_in: SignIn) -> None:
    nosy, calm = (factories.make_user(session, login=name) for name in ("nosy", "calm"))
    unit = factories.make_unit(session)
    for _ in range(5):
        journal.record(session, "probe.beyond", unit.uuid, nosy)
    for _ in range(4):
        journal.record(session, "probe.beyond", unit.uuid, calm)
    for _ in range(10):
        journal.record(session, "session.refused", calm.uuid, calm)
    session.flush()
    with at(now() - dt.timedelta(days=40)):
        journal.record(session, "trace.broken", unit.uuid, calm)
        session.flush()
    session.flush()
    told = [alarm.sentence for alarm in trail.alarms(session)]
    assert len(told) == 2
    assert "nosy" in told[0] and "5 次试图越权" in told[0]
    assert "calm" in told[1] and "输错密码 10 次" in told[1]
    journal.record(session, "trace.broken", unit.uuid, calm)
    assert "与入库时不同" in trail.alarms(session)[0].sentence
    page = sign_in(factories.make_user(session, "auditor")).get("/journal").text
    assert "近 30 天有 3 项需要核查" in page


def test_the_kinds_of_acts_know_only_acts_that_exist() -> None:
    for name, fronts in trail.KINDS.values():
        for front in fronts:
            assert any(act.startswith(front) for act in journal.ACTS), (name, front)


def test_the_journal_names_no_village_before_its_round_is_released(session: orm.Session) -> None:
    """Somebody probes for the next visit: the entry must not tell the reader what the prober was not told."""
    tomorrow = today() + dt.timedelta(days=1)
    sealed = factories.make_posting(session, round=factories.make_round(session, start=tomorrow))
    open_ = factories.make_posting(session)
    entries = [journal.record(session, "probe.beyond", each.uuid) for each in (sealed, open_)]
    session.flush()
    assert journal.names(session, entries) == {open_.uuid: f"驻点 {open_.unit.name}"}
