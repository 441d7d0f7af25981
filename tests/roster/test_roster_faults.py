"""Every fault of a roster file is named by its cell, all at once, and a file with a fault changes nothing."""

import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from sqlalchemy import orm

from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import Person
from inspections.roster.faults import RosterFaults
from inspections.roster.roster import import_roster, preview
from inspections.units.models import Area, Unit
from tests.roster.roster_files import roster, write_csv, write_xlsx


def faults_of(session: orm.Session, file: Path) -> dict[str, str]:
    """Place → sentence of a file that must be refused."""
    load_recusal_kinds(session)
    with pytest.raises(RosterFaults) as refused:
        import_roster(session, file)
    assert session.scalar(sa.select(sa.func.count()).select_from(Unit)) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Area)) == 0
    return {fault.place: fault.sentence for fault in refused.value.faults}


def test_the_sample_roster_has_no_fault(session: orm.Session, tmp_path: Path) -> None:
    load_recusal_kinds(session)
    assert len(preview(session, write_xlsx(tmp_path / "a.xlsx", roster())).rows) == 16


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("区域!D3", "没有县", "没有区域“没有县”"),
        ("区域!D2", "T1", "循环"),
        ("区域!D4", "T2", "上级的类型不符"),
        ("区域!E5", 104, "同时填写"),
        ("单位!A3", "V1", "与第 2 行重复"),
        ("单位!A3", "v1", "与第 2 行重复"),
        ("单位!B2", None, "名称不能为空"),
        ("单位!C2", "街道办", "村、社区、农场、单位"),
        ("单位!D2", "没有镇", "没有区域“没有镇”"),
        ("单位!E2", "南片区", "属于片区“北片区”"),
        ("单位!F2", 204.5, "73 至 136"),
        ("单位!H2", -1, "0 至 1000"),
        ("单位!H2", 12.5, "整数"),
        ("单位!H2", "若干", "整数"),
        ("单位!I2", "很高", "重点、关注、一般"),
        ("单位!J2", "三月初", "不是日期"),
        ("单位!J2", "2026-03-13至2026-03-02", "早于"),
        ("单位!J2", "2026-02-30", "历法"),
        ("单位!K2", "x" * 2001, "最多 2000 字"),
        ("单位!L2", "多出的一格", "没有表头"),
        ("机构!C2", "公安", "纪检、财政、民政、村、派驻、室、其他"),
        ("机构!D3", "没有镇", "没有区域"),
        ("机构!E2", "若干", "整数"),
        ("人员!A3", "P1", "与第 2 行重复"),
        ("人员!A3", "V1", "已是单位的编号"),
        ("人员!C2", "O9", "没有机构“O9”"),
        ("人员!D3", "V9", "没有单位“V9”"),
        ("人员!E2", "英语", "纪检、财务、惠民、村纪检委员"),
        ("人员!E2", None, "专长不能为空"),
        ("人员!H2", "大概", "是 或 否"),
        ("回避!A2", "梁大永", "没有人员“梁大永”，是不是“梁大勇”？"),
        ("回避!B2", "V9", "没有单位或人员“V9”"),
        ("回避!B2", "P1", "本人"),
        ("回避!C2", "RC-99", "没有回避种类"),
        ("回避!C2", "RC-08", "只由案管室掌握"),
        ("回避!F2", "2020-01-01", "早于"),
        ("亲属!B2", "干爹", "配偶"),
        ("亲属!D2", "V9", "没有单位"),
    ],
)
def test_a_fault_names_its_cell_and_what_is_allowed(
    session: orm.Session, tmp_path: Path, place: str, value: Any, said: str
) -> None:
    found = faults_of(session, write_xlsx(tmp_path / "a.xlsx", roster({place: value})))
    assert said in found[place]


def test_all_faults_of_a_file_come_at_once_in_reading_order(session: orm.Session, tmp_path: Path) -> None:
    bad = {"人员!D3": "V9", "单位!D2": "没有镇", "单位!H10": "x", "亲属!B2": "干爹", "单位!H3": "多"}
    load_recusal_kinds(session)
    with pytest.raises(RosterFaults) as refused:
        preview(session, write_xlsx(tmp_path / "a.xlsx", roster(bad)))
    places = [fault.place for fault in refused.value.faults]
    assert places[:2] == ["单位!D2", "单位!H3"]
    assert places[-2:] == ["人员!D3", "亲属!B2"]
    assert {"单位!B10", "单位!H10"} <= set(places)
    assert str(refused.value.faults[0]).startswith("单位!D2：")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("420281199001011234", "身份证号"),
        ("４２０２８１１９９００１０１１２３４", "身份证号"),
        ("420281 19900101 123x", "身份证号"),
        (420281199001011234, "身份证号"),
        ("6222 0212 3456 7890 123", "银行卡号"),
        ("4111-1111-1111-1111", "银行卡号"),
    ],
)
def test_an_identity_or_card_number_is_refused_and_not_repeated(
    session: orm.Session, tmp_path: Path, number: Any, said: str
) -> None:
    found = faults_of(session, write_xlsx(tmp_path / "a.xlsx", roster({"人员!I2": number})))
    assert said in found["人员!I2"]
    assert "1990" not in found["人员!I2"] and "1111" not in found["人员!I2"]


def test_a_private_number_on_a_sheet_of_the_clerks_own_is_refused_too(
    session: orm.Session, tmp_path: Path
) -> None:
    sheets = roster() | {"草稿": [["记录"], ["420281199001011234"]]}
    assert "身份证号" in faults_of(session, write_xlsx(tmp_path / "a.xlsx", sheets))["草稿!A2"]


def test_a_missing_sheet_and_a_missing_header_are_named(session: orm.Session, tmp_path: Path) -> None:
    found = faults_of(session, write_xlsx(tmp_path / "a.xlsx", roster({"人员!C1": "来自"}, without=["亲属"])))
    assert "文件" not in found  # a single sheet is an update
    assert "缺少表头 机构" in found["人员!1"]


def test_a_header_that_stands_twice_is_named(session: orm.Session, tmp_path: Path) -> None:
    found = faults_of(session, write_xlsx(tmp_path / "a.xlsx", roster({"人员!I1": "专长"})))
    assert "两次" in found["人员!I1"]


def test_merged_cells_formulas_without_result_and_error_values_are_named(
    session: orm.Session, tmp_path: Path
) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", roster({"单位!H2": "=1+1", "单位!K3": "#REF!"}))
    book = load_workbook(file)
    book["人员"].merge_cells("C2:D3")
    book.save(file)
    found = faults_of(session, file)
    assert "D3 是合并单元格" in found["人员!C2"]
    assert "公式" in found["单位!H2"]
    assert "#REF!" in found["单位!K3"]


@pytest.mark.parametrize(
    "content", [b"", b"not a workbook", b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"PK\x03\x04broken"]
)
def test_a_file_that_is_no_workbook_is_refused_in_a_sentence(
    session: orm.Session, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "a.xlsx"
    file.write_bytes(content)
    assert "xlsx" in faults_of(session, file)["文件"]


def test_a_truncated_workbook_is_refused(session: orm.Session, tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "a.xlsx", roster())
    file.write_bytes(file.read_bytes()[:-400])
    assert "xlsx" in faults_of(session, file)["文件"]


def test_a_workbook_with_damaged_inside_is_refused(session: orm.Session, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook")
    assert "xlsx" in faults_of(session, file)["文件"]


def test_a_missing_file_is_refused_in_a_sentence(session: orm.Session, tmp_path: Path) -> None:
    assert "找不到" in faults_of(session, tmp_path / "none.xlsx")["文件"]


def test_a_workbook_that_unpacks_without_end_is_refused(session: orm.Session, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 110_000_000)
    assert "过大" in faults_of(session, file)["文件"]


def test_csv_in_a_wrong_encoding_is_named(session: orm.Session, tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "csv", roster(), "utf-8")
    (folder / "单位.csv").write_bytes("編號,名稱,類型\n臺灣,龍潭鄉,村\n".encode("big5"))
    assert "编码无法识别，应为 UTF-8、GB18030" in faults_of(session, folder)["单位"]


def test_csv_with_an_open_quotation_mark_is_named(session: orm.Session, tmp_path: Path) -> None:
    folder = write_csv(tmp_path / "csv", roster(), "utf-8")
    with (folder / "人员.csv").open("a", encoding="utf-8") as lines:
        lines.write('P9,"没有结束')
    assert "引号" in faults_of(session, folder)["人员"]


def test_a_folder_without_a_roster_says_which_names_it_wants(session: orm.Session, tmp_path: Path) -> None:
    assert "单位.csv" in faults_of(session, tmp_path)["文件"]


def test_two_townships_of_one_name_must_be_told_apart(session: orm.Session, tmp_path: Path) -> None:
    found = faults_of(session, write_xlsx(tmp_path / "a.xlsx", roster({"区域!B5": "柳河镇"})))
    assert "有 2 个区域叫“柳河镇”" in found["单位!D2"]


def test_ten_thousand_faulty_rows_are_all_named(session: orm.Session, tmp_path: Path) -> None:
    sheets = roster()
    sheets["人员"] += [[f"P{n}", "某某", "O9", None, "英语", "明天"] for n in range(10, 10_010)]
    file = write_xlsx(tmp_path / "a.xlsx", sheets)
    assert len(faults_of(session, file)) == 30_000
