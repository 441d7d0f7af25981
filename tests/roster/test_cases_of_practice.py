"""Clerks' own workbooks, as they come: what is ignored is said, what is wrong is named, nothing is silent."""

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from inspections.people.catalogue import load_recusal_kinds
from inspections.people.models import Person, Tie
from inspections.roster.faults import RosterFaults, by_cause
from inspections.roster.roster import import_roster, preview
from tests.roster.roster_files import roster, write_xlsx

CASES = Path(__file__).with_name("cases")


@pytest.fixture(autouse=True)
def kinds(session: orm.Session) -> None:
    load_recusal_kinds(session)


def person(session: orm.Session, code: str) -> Person:
    return session.scalars(sa.select(Person).where(Person.code == code)).one()


@pytest.mark.parametrize("name", ["input.xlsx", "input-columns.xlsx"])
def test_blank_formatted_rows_and_columns_are_nothing(session: orm.Session, name: str) -> None:
    import_roster(session, CASES / f"02-blank-formatted-rows-{name}")
    assert session.scalar(sa.select(sa.func.count(Person.id))) == 3


def test_dates_counted_from_1904(session: orm.Session) -> None:
    import_roster(session, CASES / "03-1904-dates-input.xlsx")
    tie = session.scalars(sa.select(Tie).where(Tie.kind_code == "RC-03")).one()
    assert (tie.valid_from, tie.valid_to) == (dt.date(2021, 5, 1), dt.date(2025, 8, 31))
    assert person(session, "P2").off == [["2026-05-01", "2026-05-01"]]


def test_titles_and_a_footer_are_ignored_and_said_so(session: orm.Session) -> None:
    done = import_roster(session, CASES / "04-title-row-footer-input.xlsx")
    said = [str(word) for word in done.told]
    assert "人员：第 1、2 行是标题，已忽略；表头在第 3 行" in said
    assert any(word.startswith("人员：第 7 行“填表人") and word.endswith("是表尾，已忽略") for word in said)
    assert session.scalar(sa.select(sa.func.count(Person.id))) == 3


def test_a_serial_number_is_nobodys_note_and_a_phone_is_not_taken(
    session: orm.Session, tmp_path: Path
) -> None:
    done = import_roster(session, CASES / "04-title-row-footer-input-serial.xlsx")
    said = "\n".join(map(str, done.told))
    assert "“序号”不导入" in said and "“联系电话”没有导入" in said
    assert person(session, "P1").note == "性别：男\n政治面貌：中共党员"
    swapped = roster()
    swapped["人员"] = [["序号", *row] if at == 0 else [at, *row] for at, row in enumerate(swapped["人员"])]
    swapped["人员"][1][1:], swapped["人员"][2][1:] = swapped["人员"][2][1:], swapped["人员"][1][1:]
    swapped["人员"] = [row[:9] for row in swapped["人员"]]
    assert preview(session, write_xlsx(tmp_path / "b.xlsx", swapped)).rows == []


def test_a_guide_to_pronunciation_is_no_part_of_a_name(session: orm.Session) -> None:
    import_roster(session, CASES / "06-phonetic-input.xlsx")
    assert (person(session, "P1").name, person(session, "P1").note) == ("梁大勇", "第一行\n第二行")


def test_hidden_rows_are_said(session: orm.Session) -> None:
    done = preview(session, CASES / "08-hidden-rows-input.xlsx")
    assert "人员：1 行被隐藏（第 5 行），也将导入" in [str(word) for word in done.told]


def test_a_single_sheet_without_codes_is_an_update_that_repeats_itself(
    session: orm.Session, tmp_path: Path
) -> None:
    import_roster(session, write_xlsx(tmp_path / "a.xlsx", roster()))
    rows = [
        ["姓  名", "工作单位", "业务专长"],
        ["赵　敏", "柳河镇纪委", "纪检"],
        ["阿依•古丽", "柳河镇纪委", "财务"],
        ["梁 大勇", "柳河镇纪委", "纪检"],
    ]
    file = write_xlsx(tmp_path / "b.xlsx", {"人员": rows})
    done = import_roster(session, file)
    assert [row.new for row in done.rows] == [True, True]
    assert "人员：A2 “赵　敏”写作“赵敏”" in [str(word) for word in done.told if word.corrected]
    assert any("3 行没有编号" in str(word) for word in done.told)
    rows[1], rows[2] = rows[2], rows[1]
    assert import_roster(session, write_xlsx(tmp_path / "c.xlsx", {"人员": rows})).rows == []


def test_namesakes_and_near_names_are_pointed_out(session: orm.Session, tmp_path: Path) -> None:
    twice = roster({"人员!B2": "沈新民", "人员!C2": "O2"})
    done = preview(session, write_xlsx(tmp_path / "a.xlsx", twice))
    assert any("有 2 行都叫“沈新民”（第 2、3 行）" in str(word) for word in done.told)
    with pytest.raises(RosterFaults) as refused:
        preview(session, write_xlsx(tmp_path / "b.xlsx", roster({"人员!D3": "河湾", "亲属!D2": "柳树"})))
    assert [str(fault) for fault in refused.value.faults] == [
        "人员!D3：没有单位“河湾”，是不是“河湾村”？",
        "亲属!D2：没有单位“柳树”，是不是“柳树村”？",
    ]


def test_namesakes_are_asked_for_by_place_and_never_by_code(session: orm.Session, tmp_path: Path) -> None:
    two = roster(
        {"单位!B3": "柳树村", "单位!D3": "青石镇", "人员!D3": "柳树村", "亲属!D2": "柳树村（青石镇）"}
    )
    with pytest.raises(RosterFaults) as refused:
        preview(session, write_xlsx(tmp_path / "a.xlsx", two))
    [fault] = refused.value.faults
    assert str(fault) == ("人员!D3：有 2 个单位叫“柳树村”，请写明乡镇：柳树村（柳河镇）、柳树村（青石镇）")


def test_one_cause_is_one_line_with_its_first_cells(session: orm.Session, tmp_path: Path) -> None:
    sheets = roster()
    sheets["人员"] += [[f"P{n}", f"某{n}", "O9", None, "纪检"] for n in range(10, 30)]
    with pytest.raises(RosterFaults) as refused:
        preview(session, write_xlsx(tmp_path / "a.xlsx", sheets))
    [cause] = by_cause(refused.value.faults)
    assert (cause.number, cause.places[:2]) == (20, ("人员!C5", "人员!C6"))
