"""A row that names another office: a move bars from the former post, nobody is doubled."""

import datetime as dt
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import today
from inspections.lives import people, units
from inspections.lives.areas import rename as rename_area
from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import Office, Person, Tie
from inspections.roster.changes import units as unit_changes
from inspections.roster.faults import RosterFaults
from inspections.roster.roster import import_roster, preview
from inspections.units.models import Area, Unit
from inspections.units.table_xlsx import table_xlsx
from tests import factories
from tests.roster.roster_files import roster, write_xlsx

Browser = Callable[[User], FlaskClient]


@pytest.fixture
def planner(session: orm.Session, sign_in: Browser, tmp_path: Path) -> FlaskClient:
    load_recusal_kinds(session)
    import_roster(session, write_xlsx(tmp_path / "first.xlsx", roster()))
    session.commit()
    return sign_in(factories.make_user(session))


def sent(planner: FlaskClient, tmp_path: Path, sheets: dict[str, list[list[Any]]]) -> str:
    file = write_xlsx(tmp_path / "sent.xlsx", sheets)
    data = {"file": (io.BytesIO(file.read_bytes()), file.name)}
    answer = planner.post("/roster", data=data, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def confirmed(planner: FlaskClient, address: str) -> int:
    page = planner.get(address).text
    fields = dict(re.findall(r'name="(file_sha256|seen)" type="hidden" value="([^"]*)"', page))
    return planner.post(address, data=fields).status_code


ELSEWHERE = {"人员": [["姓名", "机构", "专长"], ["梁　大勇", "县纪委监委第一室", "纪检"]]}


def test_a_row_without_a_code_that_names_another_office_is_asked_about(
    planner: FlaskClient, session: orm.Session, tmp_path: Path
) -> None:
    address = sent(planner, tmp_path, ELSEWHERE)
    page = planner.get(address).text
    assert "有 1 人的机构与名册不同" in page and "就是柳河镇纪委的梁大勇，从柳河镇纪委调来" in page
    assert "柳树村、河湾村" in page and "确认导入" not in page
    digest = re.search(r'name="file_sha256" type="hidden" value="([^"]*)"', page)
    assert planner.post(address, data={"file_sha256": digest[1] if digest else ""}).status_code != 302
    told = {"place": "人员!A2", "became": "moved|P1", "day": "2026年3月某日", "since": "2019.05"}
    refused = planner.post(f"{address}/transfers", data=told)
    assert (
        refused.status_code == 422 and 'value="2019.05"' in refused.text and "2026年3月某日" in refused.text
    )
    far = told | {"day": str(today() + dt.timedelta(days=9))}
    assert "还没有到" in planner.post(f"{address}/transfers", data=far).text
    stranger = told | {"became": "moved|P2", "day": "2026-03-02"}
    assert planner.post(f"{address}/transfers", data=stranger).status_code == 302
    assert "有 1 人的机构与名册不同" in planner.get(address).text
    assert planner.post(f"{address}/transfers", data=told | {"day": "2026年3月2日"}).status_code == 302
    assert "原为" in planner.get(address).text and confirmed(planner, address) == 302
    person = session.scalars(sa.select(Person).where(Person.name == "梁大勇")).one()
    assert (person.code, person.office.name) == ("P1", "县纪委监委第一室")
    ties = session.scalars(sa.select(Tie).where(Tie.person == person, Tie.kind_code == "RC-03")).all()
    assert {(str(tie.valid_from), tie.valid_to) for tie in ties} == {("2019.05", dt.date(2026, 3, 2))}
    assert preview(session, tmp_path / "sent.xlsx").rows == []


@pytest.mark.parametrize(("became", "number", "ties"), [("another", 2, 0), ("corrected|P1", 1, 0)])
def test_another_person_and_a_correction_bar_nobody(
    planner: FlaskClient, session: orm.Session, tmp_path: Path, became: str, number: int, ties: int
) -> None:
    address = sent(planner, tmp_path, ELSEWHERE)
    told = {"place": "人员!A2", "became": became, "day": str(today()), "since": ""}
    assert planner.post(f"{address}/transfers", data=told).status_code == 302
    assert confirmed(planner, address) == 302
    found = session.scalars(sa.select(Person).where(Person.name == "梁大勇")).all()
    assert len(found) == number
    moved = sa.select(sa.func.count()).select_from(Tie).where(Tie.person_id.in_([p.id for p in found]))
    assert session.scalar(moved.where(Tie.evidence == "名册导入")) == ties


def test_an_office_changed_by_code_is_a_move_where_nobody_can_be_asked(
    session: orm.Session, tmp_path: Path
) -> None:
    load_recusal_kinds(session)
    import_roster(session, write_xlsx(tmp_path / "a.xlsx", roster()))
    import_roster(session, write_xlsx(tmp_path / "b.xlsx", roster({"人员!C2": "O3"})))
    person = session.scalars(sa.select(Person).where(Person.code == "P1")).one()
    assert person.office.code == "O3" and person.events[0].kind == "moved"
    with pytest.raises(RosterFaults, match="没有导入"):
        import_roster(
            session, write_xlsx(tmp_path / "c.xlsx", {"人员": [["姓名", "机构"], ["梁大勇", "O1"]]})
        )


def test_who_left_or_has_another_code_is_pointed_out(session: orm.Session, tmp_path: Path) -> None:
    load_recusal_kinds(session)
    import_roster(session, write_xlsx(tmp_path / "a.xlsx", roster()))
    more = {"人员": [["编号", "姓名", "机构", "专长"], ["P9", "沈新民", "O3", "纪检"]]}
    told = [str(word) for word in preview(session, write_xlsx(tmp_path / "b.xlsx", more)).told]
    assert any("第 2 行的沈新民与名册中另一人同名，编号不同" in word for word in told)
    gone = session.scalars(sa.select(Person).where(Person.code == "P1")).one()
    people.leave(session, gone, today(), None)
    told = [str(word) for word in preview(session, write_xlsx(tmp_path / "c.xlsx", ELSEWHERE)).told]
    assert any("第 2 行的梁大勇与一名已离开的人同名" in word for word in told)


def test_an_old_sheet_renames_nothing_back_and_doubles_nothing(session: orm.Session, tmp_path: Path) -> None:
    load_recusal_kinds(session)
    file = write_xlsx(tmp_path / "a.xlsx", roster())
    import_roster(session, file)
    unit = session.scalars(sa.select(Unit).where(Unit.name == "河湾村")).one()
    units.rename(session, unit, "湾里村", today(), None)
    town = session.scalars(sa.select(Area).where(Area.name == "青石镇")).one()
    rename_area(session, town, "青山街道", today(), None)
    assert town.named_on(today() - dt.timedelta(days=1)) == "青石镇"
    done = preview(session, file)
    assert done.rows == []
    assert any("“河湾村”已更名为“湾里村”，按新名称导入" in str(word) for word in done.told if word.corrected)
    old = {"单位": [["名称", "类型", "所属乡镇"], ["河湾村", "村", "柳河镇"]]}
    assert preview(session, write_xlsx(tmp_path / "b.xlsx", old)).rows == []
    old = {"青石镇": [["村名", "类别"], ["上坡村", "村"]]}
    assert [row.title[-3:] for row in preview(session, write_xlsx(tmp_path / "c.xlsx", old)).rows] == [
        "上坡村"
    ]


def test_many_changes_of_units_come_by_one_sheet(
    planner: FlaskClient, session: orm.Session, tmp_path: Path
) -> None:
    def sheet(*rows: list[str]) -> dict[str, Any]:
        heads = [column.header for column in unit_changes.UNIT_CHANGES.sheet.columns]
        return {"file": (table_xlsx("单位变动", heads, rows), "a.xlsx")}

    bad = planner.post(
        "/units/changes",
        data=sheet(
            ["柳树村", "更名", "2026-03-02", "", "", "", ""],
            ["没有村", "撤销", "2026-03-02", "", "", "", "县政〔2026〕1号"],
            ["河湾村", "并了", "2026-03-02", "柳树村", "", "", ""],
        ),
        content_type="multipart/form-data",
    )
    assert bad.status_code == 422
    assert all(place in bad.text for place in ("单位变动!A2", "单位变动!A3", "单位变动!B4"))
    good = planner.post(
        "/units/changes",
        data=sheet(
            ["新湾社区", "新设", "2026.3.2", "", "柳河镇", "", "县政〔2026〕1号"],
            ["河湾村", "并入", "2026年3月2日", "新湾社区", "", "", ""],
            ["柳树村", "改名", "2026/3/2", "柳林村", "", "", ""],
            ["柳林村", "拆分", "2026-03-03", "东柳村、西柳村", "", "", ""],
            ["青石镇", "乡镇更名", "2026-03-02", "青山街道", "", "", ""],
        ),
        content_type="multipart/form-data",
    )
    assert good.status_code == 302, good.text
    standing = set(session.scalars(sa.select(Unit.name).where(Unit.ended_on.is_(None))))
    assert standing == {"新湾社区", "东柳村", "西柳村", "县财政局"}
    assert session.scalars(sa.select(Unit).where(Unit.name == "新湾社区")).one().kind == "community"
    member = session.scalars(sa.select(Person).where(Person.code == "P2")).one()
    assert member.home_unit is not None and member.home_unit.name == "新湾社区"
    assert session.scalar(sa.select(Area.id).where(Area.name == "青山街道")) is not None
    assert planner.get("/units/changes.xlsx").status_code == 200


def test_a_township_is_renamed_by_page(planner: FlaskClient, session: orm.Session) -> None:
    town = session.scalars(sa.select(Area).where(Area.name == "青石镇")).one()
    same = {"name": "柳河镇", "day": str(today())}
    refused = planner.post(f"/areas/{town.uuid}/rename", data=same)
    assert refused.status_code == 422 and "已有柳河镇" in refused.text and 'value="柳河镇"' in refused.text
    named = {"name": "青山街道", "day": str(today()), "basis": "民政批〔2026〕3号"}
    assert planner.post(f"/areas/{town.uuid}/rename", data=named).status_code == 302
    session.refresh(town)
    assert town.name == "青山街道"
    office = session.scalars(sa.select(Office).where(Office.code == "O2")).one()
    assert office.area is town


def test_a_sheet_that_nothing_tells_apart_is_asked_about_once(
    planner: FlaskClient, session: orm.Session, tmp_path: Path
) -> None:
    mine = {"柳河镇": [["柳河镇村庄一览"], ["村庄", "备考一"], ["东坡村", "甲"], ["西坡村", "乙"]]}
    address = sent(planner, tmp_path, mine)
    page = planner.get(address).text
    assert "有 1 张工作表没有认出" in page and '<option value="单位" selected>' in page
    assert planner.post(f"{address}/headings", data={"工作表|柳河镇": "单位"}).status_code == 302
    page = planner.get(address).text
    assert "缺少表头 名称" in page and 'name="单位|村庄"' in page
    told = {"单位|村庄": "名称", "单位|备考一": ""}
    assert planner.post(f"{address}/headings", data=told).status_code == 302
    assert "将新增 2 条" in planner.get(address).text
    again = planner.get(sent(planner, tmp_path, mine)).text
    assert "将新增 2 条" in again and "请说明" not in again
