"""People come, move, are lent, leave, return and are joined; ties, days away, accounts and plans follow."""

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import today
from inspections.lives import people
from inspections.people.absences import FOR_GOOD, absent_days
from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import Kin, Person, Tie
from inspections.people.ties import ties_on
from inspections.planning.statement import people_of
from inspections.roster.changes import people as sheet
from inspections.roster.faults import RosterFaults
from inspections.site.refusal import Refusal
from inspections.units.table_xlsx import table_xlsx
from tests import factories

Browser = Callable[[User], FlaskClient]
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def kinds(session: orm.Session) -> None:
    load_recusal_kinds(session)


def test_a_move_keeps_the_person_from_the_villages_of_the_former_post(session: orm.Session) -> None:
    town = factories.make_area(session)
    villages = [factories.make_unit(session, town) for _ in range(3)]
    person = factories.make_person(session, factories.make_office(session, town))
    there = factories.make_office(session)
    assert people.former_post(session, person) == villages
    to = people.Move(there, None, today(), villages, dt.date(2020, 5, 1))
    people.move(session, person, to, None)
    assert person.office is there
    facts = ties_on(session, [person], villages, today() + DAY)
    assert [(fact.kind, fact.hard) for fact in facts] == [("RC-03", True)] * 3
    assert {tie.valid_from for tie in person.ties} == {dt.date(2020, 5, 1)}


def test_a_village_member_who_moves_leaves_the_post_in_the_home_village_alone(session: orm.Session) -> None:
    town = factories.make_area(session)
    home, _ = factories.make_unit(session, town), factories.make_unit(session, town)
    office = factories.make_office(session, town)
    person = factories.make_person(session, office, home_unit=home, skills=["commissioner"])
    assert people.former_post(session, person) == [home]


def test_a_move_of_a_day_to_come_waits_for_the_day(
    session: orm.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, there = factories.make_person(session), factories.make_office(session)
    before = person.office
    event = people.move(session, person, people.Move(there, None, today() + 5 * DAY), None)
    assert (person.office, event.done) == (before, False)
    monkeypatch.setattr(people, "today", lambda: event.day)
    assert people.settle(session) == 1
    assert (person.office, event.done) == (there, True)
    assert people.settle(session) == 0


def test_whoever_leaves_is_sent_nowhere_and_cannot_sign_in(session: orm.Session) -> None:
    user = factories.make_user(session, "member")
    person = user.person
    assert person is not None
    people.leave(session, person, today(), None)
    session.refresh(user)
    assert not user.active
    assert absent_days(session)[person.id] == [[today().isoformat(), FOR_GOOD]]
    with pytest.raises(Refusal, match="已不在名册上"):
        people.leave(session, person, today(), None)
    people.return_(session, person, today() + 3 * DAY, None)
    assert absent_days(session)[person.id] == [[today().isoformat(), (today() + 2 * DAY).isoformat()]]


def test_a_cycle_asks_nobody_who_left_before_it_begins(session: orm.Session) -> None:
    cycle = factories.make_cycle(session)
    unit = factories.make_unit(session)
    cycle.units.append(unit)
    factories.make_round(session, cycle, start=today() + 10 * DAY)
    session.refresh(cycle)
    office = factories.make_office(session, unit.area)
    early, late = factories.make_person(session, office), factories.make_person(session, office)
    people.leave(session, early, today(), None)
    people.leave(session, late, today() + 12 * DAY, None)
    assert late in people_of(session, cycle) and early not in people_of(session, cycle)


def test_whoever_is_lent_to_a_unit_is_away_and_barred_from_it(session: orm.Session) -> None:
    person, unit = factories.make_person(session), factories.make_unit(session)
    people.lend(session, person, "县水利局", today(), today() + 30 * DAY, None, unit=unit)
    assert absent_days(session)[person.id] == [[today().isoformat(), (today() + 30 * DAY).isoformat()]]
    assert [fact.kind for fact in ties_on(session, [person], [unit], today())] == ["RC-03"]


@pytest.mark.both_databases
def test_two_entries_that_are_one_person_are_joined(session: orm.Session) -> None:
    unit = factories.make_unit(session)
    kept = factories.make_person(session, name="赵敏", skills=["finance"])
    gone = factories.make_person(session, name="赵 敏", skills=["discipline"])
    third = factories.make_person(session)
    session.add(Tie(person=gone, unit=unit, kind_code="RC-10", hard=True))
    session.add(Tie(person=third, other=gone, kind_code="RC-20", hard=True))
    session.add(Kin(person=gone, term="父亲", relative_name="赵国", unit=unit))
    session.flush()
    people.merge(session, kept, gone, None)
    session.expire_all()
    assert {(tie.kind_code, tie.unit_id) for tie in kept.ties} == {("RC-10", unit.id)}
    assert [kin.term for kin in kept.kin] == ["父亲"]
    assert third.ties[0].other is kept
    assert kept.skills == ["finance", "discipline"]
    assert kept.namesakes == 0 and kept.called == "赵敏"
    with pytest.raises(Refusal):
        people.merge(session, kept, gone, None)


def test_a_namesake_is_added_only_when_said_to_be_another(session: orm.Session) -> None:
    office = factories.make_office(session, name="柳河镇纪委")
    new = people.NewPerson("张三", office, None, ["discipline"], today())
    first = people.add(session, new, None)
    with pytest.raises(Refusal, match="名册中已有张三（柳河镇纪委）"):
        people.add(session, new, None)
    second = people.add(
        session, people.NewPerson("张三", office, None, ["finance"], today(), "女"), None, True
    )
    assert first.code != second.code
    assert second.called == "张三（女）"


def test_the_pages_offer_the_former_post_and_keep_what_was_typed(
    session: orm.Session, sign_in: Browser
) -> None:
    town = factories.make_area(session, name="柳河镇")
    factories.make_unit(session, town, name="枫树村")
    person = factories.make_person(session, factories.make_office(session, town), name="李四")
    planner = sign_in(factories.make_user(session))
    page = planner.get(f"/people/{person.uuid}/move").text
    assert "枫树村（柳河镇）" in page
    bad = planner.post(f"/people/{person.uuid}/move", data={"office": "没有的局", "day": "2026年3月2日"})
    assert bad.status_code == 422
    assert "没有名为“没有的局”的机构" in bad.text and 'value="没有的局"' in bad.text
    there = factories.make_office(session, name="县财政局")
    session.commit()
    told = {"office": "县财政局", "day": str(today()), "former": "枫树村", "since": "2019.05"}
    assert planner.post(f"/people/{person.uuid}/move", data=told).status_code == 302
    page = planner.get(f"/people/{person.uuid}").text
    assert "县财政局" in page and "曾任职" in page and "2019.05" in page
    session.refresh(person)
    assert person.office_id == there.id


@pytest.mark.parametrize("what", ["move", "lend", "leave", "return", "merge"])
def test_an_empty_form_says_what_is_missing(session: orm.Session, sign_in: Browser, what: str) -> None:
    person = factories.make_person(session)
    answer = sign_in(factories.make_user(session)).post(f"/people/{person.uuid}/{what}", data={})
    assert answer.status_code == 422
    assert "没有保存，请先改正" in answer.text


def changes(tmp_path: Path, *rows: list[str]) -> Path:
    made = table_xlsx("人事变动", [column.header for column in sheet.CHANGES.columns], rows)
    file = tmp_path / "changes.xlsx"
    file.write_bytes(made.read())
    return file


@pytest.mark.both_databases
def test_a_sheet_of_changes_is_done_whole_or_not_at_all(session: orm.Session, tmp_path: Path) -> None:
    one, two = factories.make_person(session, name="甲一"), factories.make_person(session, name="乙二")
    there = factories.make_office(session, name="县财政局")
    good = changes(
        tmp_path,
        ["甲一", "调动", "2026年3月2日", "", "县财政局", "", "", "2020.1", "", "任免〔2026〕3号"],
        ["乙二", "借调", "2026-12-01", "2027/1/31", "市纪委", "", "", "", "", ""],
        ["丙三", "新增", "2026-12-01", "", "县财政局", "", "", "", "财务", ""],
    )
    assert str(sheet.apply(session, good, None)) == "调动 1 人，借调 1 人，新增 1 人"
    assert one.office is there
    assert session.scalar(sa.select(Person).where(Person.name == "丙三")) is not None
    session.commit()
    bad = changes(
        tmp_path,
        ["乙二", "离开", "2026-12-01", "", "", "", "", "", "", ""],
        ["丁四", "离开", "某天", "", "", "", "", "", "", ""],
        ["戊五", "离开", "2026-12-01", "", "", "", "", "", "", ""],
    )
    with pytest.raises(RosterFaults) as told:
        sheet.apply(session, bad, None)
    assert [fault.place for fault in told.value.faults] == ["人事变动!C3", "人事变动!A4"]
    session.rollback()
    session.refresh(two)
    assert two.left_on is None


def test_the_page_of_changes_names_each_cell(session: orm.Session, sign_in: Browser, tmp_path: Path) -> None:
    planner = sign_in(factories.make_user(session))
    file = changes(tmp_path, ["戊五", "离开", "2026-12-01", "", "", "", "", "", "", ""])
    data = {"file": (io.BytesIO(file.read_bytes()), "a.xlsx")}
    answer = planner.post("/people/changes", data=data, content_type="multipart/form-data")
    assert answer.status_code == 422 and "人事变动!A2" in answer.text
    assert planner.get("/people/changes.xlsx").status_code == 200


def test_nobody_changes_the_own_entry_by_a_sheet_or_a_merge(
    session: orm.Session, sign_in: Browser, tmp_path: Path
) -> None:
    mine, other = factories.make_person(session, name="甲一"), factories.make_person(session, name="乙二")
    planner = factories.make_user(session, person=mine)
    file = changes(tmp_path, ["甲一", "离开", "2026-12-01", "", "", "", "", "", "", ""])
    with pytest.raises(RosterFaults) as told:
        sheet.apply(session, file, planner)
    assert [fault.sentence for fault in told.value.faults] == ["涉及您本人，请由其他人办理"]
    answer = sign_in(planner).post(f"/people/{other.uuid}/merge", data={"other": "甲一"})
    assert answer.status_code == 422 and "本人" in answer.text
    session.refresh(mine)
    assert mine.same_as_id is None and mine.left_on is None


@pytest.mark.both_databases
def test_what_barred_the_merged_entry_bars_the_kept_one(session: orm.Session) -> None:
    homes, unit = [factories.make_unit(session) for _ in range(2)], factories.make_unit(session)
    kept, gone = (factories.make_person(session, name="赵敏", home_unit=home) for home in homes)
    session.add(Tie(person=kept, unit=unit, kind_code="RC-10", hard=False, valid_to=today()))
    session.add(Tie(person=gone, unit=unit, kind_code="RC-10", hard=True))
    session.flush()
    people.merge(session, kept, gone, None)
    session.expire_all()
    assert {(tie.kind_code, tie.unit, tie.hard, tie.valid_to) for tie in kept.ties} == {
        ("RC-10", unit, True, None),
        ("RC-01", homes[1], True, None),
    }
