"""A roster goes in by code and name, in the forms clerks use, and what the file does not name stays."""

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from sqlalchemy import orm

from inspections.findings.models import Finding
from inspections.journal import JournalEntry
from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import KeyPost, Kin, Office, Person, RecusalKind, Tie
from inspections.roster.faults import RosterFaults
from inspections.roster.roster import import_roster, preview
from inspections.site.refusal import Refusal
from inspections.units.models import Area, Unit
from tests import factories
from tests.roster.roster_files import roster, write_csv, write_xlsx


@pytest.fixture
def file(session: orm.Session, tmp_path: Path) -> Path:
    load_recusal_kinds(session)
    return write_xlsx(tmp_path / "名册.xlsx", roster())


class NameInGbk(zipfile.ZipInfo):
    """A packed file whose name is in GBK without a mark, as Chinese Windows writes it."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the library's own name
        return self.filename.encode("gb18030"), self.flag_bits & ~0x800


def by_code(session: orm.Session, model: type[Any], code: str) -> Any:
    return session.scalars(sa.select(model).where(model.code == code)).one()


def test_a_roster_arrives_as_the_file_says_it(session: orm.Session, file: Path) -> None:
    import_roster(session, file)
    session.expire_all()
    village, person = by_code(session, Unit, "V2"), by_code(session, Person, "P2")
    assert (village.area.name, village.area.ancestor("zone").name) == ("柳河镇", "北片区")
    assert village.closed == [["2026-03-02", "2026-03-13"], ["2026-04-01", "2026-04-01"]]
    assert (village.risk, village.tier, village.note) == (0, "normal", "旧址")
    assert by_code(session, Unit, "D1").area.kind == "county"
    assert (person.home_unit, person.office.code, person.skills) == (village, "O2", ["commissioner"])
    assert (person.off, person.max_teams, person.trained) == ([["2026-05-01", "2026-05-01"]], None, True)
    assert by_code(session, Person, "P3").skills == ["discipline", "finance"]
    assert by_code(session, Person, "P3").trained is False
    assert (by_code(session, Office, "O1").max_out, by_code(session, Office, "O2").max_out) == (2, None)
    first, second = by_code(session, Person, "P1").ties
    assert (first.unit.code, first.hard, first.valid_to) == ("V1", True, dt.date(2025, 8, 31))
    assert (second.other.code, second.hard) == ("P3", False)  # RC-15 is soft unless the file says otherwise
    assert [kin.unit.code for kin in by_code(session, Person, "P3").kin] == ["V1"]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("单位!A2", "Ｖ１"),
        ("单位!A2", " V1　"),
        ("单位!A2", "'V1"),
        ("单位!D2", "柳河镇 "),
        ("单位!D2", "Ｔ１"),
        ("单位!H2", "１０"),
        ("单位!H2", "'10"),
        ("单位!H2", 10.0),
        ("单位!J3", "2026年3月2日至2026/3/13，20260401"),
        ("单位!J3", "２０２６-０３-０２ ~ 2026.3.13；2026-4-1"),
        ("人员!F3", dt.date(2026, 5, 1)),
        ("人员!F3", dt.datetime(2026, 5, 1)),  # noqa: DTZ001 - what a workbook holds
        ("人员!E4", "财务,纪检"),
        ("人员!E4", "财务 、 纪检"),
        ("人员!H2", "Y"),
        ("人员!H2", "√"),
        ("人员!D3", "河湾村"),
        ("回避!C2", "曾任职单位"),
        ("回避!C2", "rc-03"),
        ("回避!E2", "2021年5月1日"),
        ("回避!E2", dt.date(2021, 5, 1)),
    ],
)
def test_the_same_said_in_another_form_is_no_difference(
    session: orm.Session, file: Path, tmp_path: Path, place: str, value: Any
) -> None:
    import_roster(session, file)
    again = write_xlsx(tmp_path / "b.xlsx", roster({place: value}))
    assert [str(row) for row in preview(session, again).rows] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_files_bring_in_the_same_as_the_workbook(
    session: orm.Session, file: Path, tmp_path: Path, encoding: str
) -> None:
    import_roster(session, file)
    assert preview(session, write_csv(tmp_path / "csv", roster(), encoding)).rows == []


def test_a_zip_packed_on_chinese_windows_is_read(session: orm.Session, file: Path, tmp_path: Path) -> None:
    import_roster(session, file)
    folder = write_csv(tmp_path / "csv", roster({"单位!H2": 77}), "gb18030")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        for path in folder.iterdir():
            packed.writestr(NameInGbk("名册/" + path.name), path.read_bytes())
    assert [str(row) for row in preview(session, tmp_path / "a.zip").rows] == [
        "变更 单位 V1 柳树村：风险分 10 → 77"
    ]


def test_a_dry_run_tells_old_and_new_and_changes_nothing(
    session: orm.Session, file: Path, tmp_path: Path
) -> None:
    import_roster(session, file)
    changed = roster(
        {"单位!D2": "青石镇", "单位!E2": None, "人员!F3": None, "人员!E4": "惠民", "亲属!E2": "村支书"}
    )
    changed["机构"].append(["O4", "新设室", "室", None, None, None])
    found = preview(session, write_xlsx(tmp_path / "b.xlsx", changed))
    assert [str(row) for row in found.rows] == [
        "变更 单位 V1 柳树村：所属乡镇 柳河镇 → 青石镇",
        "新增 机构 O4 新设室",
        "变更 人员 P2 沈新民：不可用日期 2026-05-01 → 空",
        "变更 人员 P3 曾红霞：专长 纪检、财务 → 惠民",
        "变更 亲属 P3 堂兄 曾长根 V1：职务 村会计 → 村支书",
    ]
    assert session.new == session.dirty == set() or not session.dirty
    assert by_code(session, Unit, "V1").area.code == "T1"


def test_rows_that_the_file_does_not_name_stay_and_are_counted(
    session: orm.Session, file: Path, tmp_path: Path
) -> None:
    import_roster(session, file)
    less = roster()
    less["人员"] = less["人员"][:2]
    less["回避"], less["亲属"] = less["回避"][:1], less["亲属"][:1]
    done = import_roster(session, write_xlsx(tmp_path / "b.xlsx", less))
    assert done.counts()["人员"] == {"新增": 0, "变更": 0, "删除": 0, "不变": 1, "未列入": 2}
    assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 3
    assert session.scalar(sa.select(sa.func.count()).select_from(Tie)) == 2
    assert session.scalar(sa.select(sa.func.count()).select_from(Kin)) == 1


def test_importing_again_writes_nothing_not_even_a_journal_entry(session: orm.Session, file: Path) -> None:
    import_roster(session, file)
    entries = session.scalar(sa.select(sa.func.count()).select_from(JournalEntry))
    assert import_roster(session, file).rows == []
    assert session.scalar(sa.select(sa.func.count()).select_from(JournalEntry)) == entries


def test_a_change_stands_in_the_journal_of_its_record(
    session: orm.Session, file: Path, tmp_path: Path
) -> None:
    planner = factories.make_user(session)
    import_roster(session, file)
    import_roster(session, write_xlsx(tmp_path / "b.xlsx", roster({"单位!H2": 44})), planner)
    village = by_code(session, Unit, "V1")
    entry = session.scalars(sa.select(JournalEntry).where(JournalEntry.subject == village.uuid)).one()
    assert (entry.act, entry.actor, entry.detail) == (
        "unit.change",
        planner,
        {"changes": [["风险分", "10", "44"]]},
    )


def test_extra_columns_are_kept_as_notes(session: orm.Session, file: Path, tmp_path: Path) -> None:
    extra = roster({"单位!L1": "支书", "单位!L3": "某某", "回避!H1": "登记人", "回避!H2": "某科"})
    import_roster(session, write_xlsx(tmp_path / "b.xlsx", extra))
    assert by_code(session, Unit, "V2").note == "旧址\n支书：某某"
    assert by_code(session, Person, "P1").ties[0].note == "登记人：某科"


def test_a_column_that_the_file_lacks_leaves_the_field_as_it_is(
    session: orm.Session, file: Path, tmp_path: Path
) -> None:
    import_roster(session, file)
    narrow = roster()
    narrow["单位"] = [row[:4] for row in narrow["单位"]]
    assert import_roster(session, write_xlsx(tmp_path / "b.xlsx", narrow)).rows == []
    assert by_code(session, Unit, "V1").risk == 10


def test_blank_rows_and_title_spaces_do_no_harm(session: orm.Session, file: Path, tmp_path: Path) -> None:
    import_roster(session, file)
    gaps = roster()
    gaps["人员"].insert(2, [None, "  ", None])
    gaps["人员"][0] = [f" {title} " for title in gaps["人员"][0]]
    assert preview(session, write_xlsx(tmp_path / "b.xlsx", gaps)).rows == []


def test_a_first_import_without_areas_takes_them_from_the_units(session: orm.Session, tmp_path: Path) -> None:
    load_recusal_kinds(session)
    sheets = roster({"单位!D3": "柳河镇", "单位!D2": "青石镇"}, without=["区域"])
    done = import_roster(session, write_xlsx(tmp_path / "a.xlsx", sheets))
    assert [row.title for row in done.rows if row.sheet == "区域"] == [
        "C01 清河县",
        "Z01 北片区",
        "T01 青石镇",
        "T02 柳河镇",
    ]
    assert by_code(session, Unit, "V1").area.parent.name == "北片区"
    assert by_code(session, Area, "T02").parent.name == "清河县"


def test_real_places_are_marked_and_the_mark_is_never_lifted(session: orm.Session, file: Path) -> None:
    import_roster(session, file, planning_only=True)
    assert by_code(session, Unit, "V1").planning_only is True
    assert import_roster(session, file).rows == []
    assert by_code(session, Unit, "V1").planning_only is True


def test_a_village_with_findings_cannot_become_a_real_place(session: orm.Session, file: Path) -> None:
    import_roster(session, file)
    posting = factories.make_posting(session, unit=by_code(session, Unit, "V1"))
    factories.make_finding(session, posting)
    session.commit()
    with pytest.raises(Refusal, match="仅供排程"), session.begin_nested():
        import_roster(session, file, planning_only=True)
    assert session.scalars(sa.select(Finding)).one().unit_planning_only is False


def test_the_kinds_of_recusal_are_loaded_once(session: orm.Session) -> None:
    assert load_recusal_kinds(session) == 26
    assert load_recusal_kinds(session) == 0
    session.get_one(RecusalKind, "RC-05").name = "别的"
    assert load_recusal_kinds(session) == 1
    assert session.get_one(RecusalKind, "RC-17").basis_checked is False
    assert session.get_one(RecusalKind, "RC-03").lookback_years == 3


def test_the_template_opens_empty_with_its_choices(session: orm.Session, tmp_path: Path) -> None:
    from inspections.roster.workbook_made import template

    load_recusal_kinds(session)
    template(tmp_path / "t.xlsx", session)
    assert preview(session, tmp_path / "t.xlsx").rows == []
    book = load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames == ["区域", "单位", "机构", "人员", "回避", "亲属", "关键岗位", "选项"]
    assert book["选项"].sheet_state == "hidden"
    headers = " ".join(str(cell.value) for cell in book["单位"][1])
    assert headers == "编号* 名称* 类型* 所属乡镇* 片区 经度 纬度 风险分 分级 停检日期 备注"
    rules = {str(rule.sqref): rule.formula1 for rule in book["单位"].data_validations.dataValidation}
    letter = rules["C2:C2000"].split("$")[1]
    assert [book["选项"][f"{letter}{row}"].value for row in range(2, 6)] == ["村", "社区", "农场", "单位"]
    kinds = {cell.value for row in book["选项"].iter_rows() for cell in row}
    assert "RC-07" in kinds and "RC-08" not in kinds


def with_removals(reason: str) -> dict[str, list[list[Any]]]:
    """The roster whose ties and relatives all carry a reason for removal."""
    sheets = roster()
    for name in ("回避", "亲属"):
        header, *rows = sheets[name]
        sheets[name] = [[*header, "删除原因"], *([*row, reason] for row in rows)]
    return sheets


def test_ties_and_relatives_are_taken_off_only_with_a_reason_and_only_once(
    session: orm.Session, file: Path, tmp_path: Path
) -> None:
    before = import_roster(session, file).counts()
    unsaid = write_xlsx(tmp_path / "b.xlsx", with_removals(""))
    assert preview(session, unsaid).rows == []
    removing = write_xlsx(tmp_path / "c.xlsx", with_removals("登记有误"))
    told = [str(row) for row in preview(session, removing).rows]
    assert len(told) == before["回避"]["新增"] + before["亲属"]["新增"] > 1
    assert all(line.startswith("删除") and line.endswith("：登记有误") for line in told)
    import_roster(session, removing)
    assert session.scalar(sa.select(sa.func.count()).select_from(Tie)) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Kin)) == 0
    acts = session.scalars(sa.select(JournalEntry).where(JournalEntry.act == "tie.remove")).all()
    assert {entry.detail["reason"] for entry in acts} == {"登记有误"}
    assert import_roster(session, removing).rows == []


def test_key_posts_come_with_the_roster_and_a_sheet_of_them_is_not_asked_for(
    session: orm.Session, file: Path, tmp_path: Path
) -> None:
    assert import_roster(session, file).counts()["关键岗位"]["新增"] == 0
    header = ["单位编号", "职务", "姓名", "起", "止"]
    rows = [["V1", "村会计", "曾长根", "2021-01-15", None], ["柳树村", "监委会主任", "钟国梁", None, None]]
    good = write_xlsx(tmp_path / "b.xlsx", roster() | {"关键岗位": [header, *rows]})
    assert import_roster(session, good).counts()["关键岗位"]["新增"] == 2
    assert import_roster(session, good).rows == []
    rows[0][4] = "2020-01-01"
    rows.append(["没有村", "", "某人", None, None])
    bad = write_xlsx(tmp_path / "c.xlsx", roster() | {"关键岗位": [header, *rows]})
    with pytest.raises(RosterFaults) as faults:
        preview(session, bad)
    assert [fault.place for fault in faults.value.faults] == ["关键岗位!E2", "关键岗位!A4", "关键岗位!B4"]
    rows = [["V1", "村会计", "曾长根", None, None, "已离任"]]
    gone = write_xlsx(tmp_path / "d.xlsx", roster() | {"关键岗位": [[*header, "删除原因"], *rows]})
    assert [str(row) for row in preview(session, gone).rows] == ["删除 关键岗位 V1 村会计 曾长根：已离任"]
    import_roster(session, gone)
    assert [post.name for post in session.scalars(sa.select(KeyPost))] == ["钟国梁"]


def test_a_file_changes_nothing_that_a_second_person_approved(
    session: orm.Session, file: Path, tmp_path: Path
) -> None:
    import_roster(session, file)
    tie = session.scalars(sa.select(Tie).where(Tie.kind_code == "RC-03")).one()
    tie.source = "decision"
    session.flush()
    assert preview(session, file).rows == []
    softer = write_xlsx(tmp_path / "b.xlsx", roster({"回避!G2": "否"}))
    for changed in (softer, write_xlsx(tmp_path / "c.xlsx", with_removals("不需要了"))):
        with pytest.raises(RosterFaults) as faults:
            preview(session, changed)
        assert [str(fault) for fault in faults.value.faults] == [
            "回避!A2：是经批准的回避决定，不能用文件更改或删除"
        ]
