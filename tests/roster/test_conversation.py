"""The import as a conversation on one page: a clerk's own three-township workbook with its oddities."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import Office, Person
from inspections.roster.faults import Fault
from inspections.roster.marked import marked
from inspections.roster.roster import import_roster, preview
from inspections.roster.workbook import RawSheet
from inspections.units.models import Area, Unit
from tests import factories

Browser = Callable[[User], FlaskClient]


def county(tmp_path: Path, **sheets: list[list[Any]]) -> Path:
    """A workbook as a clerk has it: the villages of each township on its sheet, the people on one list."""
    book = Workbook()
    made = {
        "柳河镇": [["村名", "类别"], ["枫树村", "村"], ["上湾村", "村"]],
        "枫林镇": [["村名", "类别"], ["枫树村", "村"], ["新街社区", "社区"]],
        "纪检监察干部花名册": [
            ["清河县纪检监察干部花名册（2026年）"],
            ["序号", "乡镇", "姓名", "工作单位", "户籍村", "政治面貌", "联系电话"],
            [1, "柳河镇", "张　三", "纪委", "枫树村", "党员", "13900000001"],
            [2, None, "李四", "柳河镇财政所", "上湾", "党员", "13900000002"],
            [3, "枫林镇", "王五", "纪委", "枫树村", "群众", "13900000003"],
            [4, None, "赵六", "县纪委监委第一室", None, "党员", "13900000004"],
            ["填表人：孙七", None, None, "2026年3月2日"],
        ],
    } | sheets
    for title, rows in made.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.remove(book["Sheet"])
    if "纪检监察干部花名册" in book.sheetnames and not sheets:
        book["纪检监察干部花名册"].merge_cells("A1:G1")
        book["纪检监察干部花名册"].merge_cells("B3:B4")
    file = tmp_path / "county.xlsx"
    book.save(file)
    return file


@pytest.fixture
def planner(session: orm.Session, sign_in: Browser) -> FlaskClient:
    load_recusal_kinds(session)
    return sign_in(factories.make_user(session))


def sent(planner: FlaskClient, file: Path) -> str:
    data = {"file": (io.BytesIO(file.read_bytes()), file.name)}
    answer = planner.post("/roster", data=data, content_type="multipart/form-data")
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def test_a_clerks_own_workbook_of_townships_goes_in_without_leaving_the_page(
    planner: FlaskClient, session: orm.Session, tmp_path: Path
) -> None:
    address = sent(planner, county(tmp_path))
    page = planner.get(address).text
    assert "有 2 列的表头不认识" in page and "电话不写入名册" in page
    assert "没有单位“上湾”，是不是“上湾村”？" in page and 'name="said" value="上湾村"' in page
    assert "将新建机构" in page and "B3 起合并的 2 格，每行都按“柳河镇”读取" in page
    matches = {"人员|政治面貌": "", "人员|联系电话": ""}
    assert planner.post(f"{address}/headings", data=matches).status_code == 302
    place = re.search(r'name="places" value="([^"]+)"', page)
    assert place is not None
    told = {"places": place[1], "was": "上湾", "said": "上湾村"}
    assert planner.post(f"{address}/mend", data=told).status_code == 302
    page = planner.get(address).text
    assert "文件没有错误" in page and "2 列按本县以前的说明读取" in page
    fields = dict(re.findall(r'name="(file_sha256|seen)" type="hidden" value="([^"]*)"', page))
    assert planner.post(address, data=fields).status_code == 302
    people = {person.name: person for person in session.scalars(sa.select(Person))}
    assert set(people) == {"张三", "李四", "王五", "赵六"}
    assert people["张三"].home_unit.area.name == "柳河镇" and people["王五"].home_unit.area.name == "枫林镇"
    assert people["张三"].office is not people["王五"].office
    assert people["张三"].office.called == "纪委（柳河镇）"
    assert people["李四"].skills == ["finance"] and people["赵六"].skills == ["discipline"]
    assert people["李四"].note == "" and people["赵六"].office.area is None
    assert session.scalar(sa.select(sa.func.count()).select_from(Unit)) == 4


def test_the_same_workbook_again_is_no_difference(session: orm.Session, tmp_path: Path) -> None:
    load_recusal_kinds(session)
    fixed = county(tmp_path)
    book = load_workbook(fixed)
    book["纪检监察干部花名册"]["E4"] = "上湾村"
    book.save(fixed)
    import_roster(session, fixed)
    codes = sorted(session.scalars(sa.select(Person.code)))
    assert preview(session, fixed).rows == []
    assert sorted(session.scalars(sa.select(Person.code))) == codes


def test_the_workbook_comes_back_with_red_cells_and_comments(planner: FlaskClient, tmp_path: Path) -> None:
    address = sent(planner, county(tmp_path))
    answer = planner.get(f"{address}/marked.xlsx")
    book = load_workbook(io.BytesIO(answer.data))
    cell = book["纪检监察干部花名册"]["E4"]
    assert cell.value == "上湾" and cell.fill.fgColor.rgb == "00F4B6B0"
    assert "是不是“上湾村”" in cell.comment.text
    assert book["要改的地方"]["A2"].value == "纪检监察干部花名册!E4"


def test_a_heading_is_asked_once_and_remembered_for_the_next_file(
    planner: FlaskClient, session: orm.Session, tmp_path: Path
) -> None:
    rows = [["姓 名", "所在科室单位", "岗位"], ["张三", "县纪委监委", "纪检"], ["李四", "县财政局", "财务"]]
    address = sent(planner, county(tmp_path, 人员=rows, 纪检监察干部花名册=[[]]))
    page = planner.get(address).text
    assert "缺少表头 机构" in page and "有 1 列的表头不认识" in page
    told = {"人员|所在科室单位": "机构"}
    assert planner.post(f"{address}/headings", data=told).status_code == 302
    assert "文件没有错误" in planner.get(address).text
    again = sent(planner, county(tmp_path, 人员=rows, 纪检监察干部花名册=[[]]))
    assert "不认识" not in planner.get(again).text
    assert planner.post(f"{again}/headings", data={"人员|所在科室单位": "没有的列"}).status_code == 422


def test_a_sheet_by_itself_may_be_csv(planner: FlaskClient, session: orm.Session, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes("姓名,机构,专长\n张三,县纪委监委第一室,纪检\n".encode("gb18030"))
    assert "将新增 2 条" in planner.get(sent(planner, file)).text


def test_a_number_that_may_not_be_kept_is_not_kept_by_mending_either(
    planner: FlaskClient, tmp_path: Path
) -> None:
    address = sent(planner, county(tmp_path))
    number = "11010519491231002X"
    told = {"places": "纪检监察干部花名册!E4", "was": "上湾", "said": number}
    answer = planner.post(f"{address}/mend", data=told)
    assert answer.status_code == 422 and "不得录入" in answer.text and number not in answer.text
    folder = Path(planner.application.instance_path) / "uploads"
    assert not any(number in file.read_text("utf-8") for file in folder.glob("*.mends"))


def test_a_township_that_comes_later_is_made_below_the_county(session: orm.Session, tmp_path: Path) -> None:
    load_recusal_kinds(session)
    top = factories.make_area(session, kind="county", name="清河县")
    factories.make_area(session, name="柳河镇", parent=top)
    file = county(tmp_path, 纪检监察干部花名册=[[]])
    import_roster(session, file)
    made = session.scalars(sa.select(Area).where(Area.name == "枫林镇")).one()
    assert made.parent is top and made.kind == "township"
    assert session.scalar(sa.select(sa.func.count()).select_from(Office)) == 0


def test_a_cell_of_a_sheet_with_a_blank_in_its_name_is_put_right(
    planner: FlaskClient, tmp_path: Path
) -> None:
    rows = [["姓名", "工作单位", "户籍村"], ["张三", "县纪委监委", "上湾"]]
    address = sent(planner, county(tmp_path, 纪检监察干部花名册=[[]], **{"人员 名单": rows}))
    place = re.search(r'name="places" value="([^"]+)"', planner.get(address).text)
    assert place is not None and " " in place[1]
    assert planner.post(f"{address}/mend", data={"places": place[1], "was": "上湾", "said": "上湾村"})
    assert "没有单位“上湾”" not in planner.get(address).text


def test_a_character_that_no_workbook_holds_does_not_break_the_marked_one() -> None:
    sheet, out = RawSheet("人员", [["姓名"], ["张\x0b三"]]), io.BytesIO()
    marked({"人员": sheet}, [Fault("人员!A2", "没有“张\x0b三”")], [], out)
    page = load_workbook(io.BytesIO(out.getvalue()))["人员"]
    assert page["A2"].value == "张三" and page["A2"].comment.text == "没有“张三”"
