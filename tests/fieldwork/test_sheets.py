"""A checklist as a workbook: faults by cell, preview, a new version; skip rules, choices, own questions."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, orm, select

from inspections.accounts.models import User
from inspections.fieldwork import answers, checklists, ledger, sheets
from inspections.fieldwork.models import Checklist
from inspections.site.refusal import Refusal
from tests import factories
from tests.fieldwork.forms import fields_of
from tests.fieldwork.team import COUNT, Stay, make_stay, op

CATEGORIES = ["A1", "B2"]
HEAD = [
    "类型 type",
    "编号 name",
    "问题 label",
    "何时填 relevant",
    "填写要求 constraint",
    "提示 constraint_message",
]
HEAD += ["异常条件 trigger_expr", "category", "severity", "units", "sample_min", "required"]
GOOD: list[list[Any]] = [
    HEAD,
    ["begin_group", "A", "三资管理"],
    ["yes_no", "A-1", "有没有合作社", "", "", "", "eq:no", "A1", "S2", "", "", "yes"],
    ["select_one LIST", "A-2", "账由谁记", "${A-1} = 'yes'", "", "", "eq:self", "A1", "S2"],
    ["integer", "A-3", "欠款笔数", "${A-1} = 'yes' and ${A-2} in ('self')", ". <= 100", "最多 100 笔"],
    ["date", "A-4", "最近一次公开"],
    ["text", "A-5", "说明"],
    ["end_group"],
    ["begin_group", "X", "本村"],
    ["sample", "X-1", "本村扶贫车间", "", "", "", "", "", "", "V-OWN", "all"],
    ["end_group"],
]
CHOICES = [["list_name", "name", "label"], ["LIST", "self", "本村自记"], ["LIST", "town", "乡镇代理"]]


def book(survey: list[list[Any]], choices: list[list[Any]] = CHOICES, kind: str = "village") -> bytes:
    made = openpyxl.Workbook()
    made.active.title = "survey"
    for title, rows in (("survey", survey), ("choices", choices), ("settings", [["kind"], [kind]])):
        sheet = made[title] if title in made.sheetnames else made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(row: int, column: int, value: Any) -> bytes:
    survey = [list(each) + [""] * (len(HEAD) - len(each)) for each in GOOD]
    survey[row - 1][column - 1] = value
    return book(survey)


def test_a_good_workbook_has_its_questions_in_groups_with_choices_and_conditions() -> None:
    sheet = sheets.read(book(GOOD), CATEGORIES)
    assert sheet.faults == []
    by_code = {item["code"]: item for item in sheet.items}
    assert list(by_code) == ["A-1", "A-2", "A-3", "A-4", "A-5", "X-1"]
    assert by_code["A-2"]["options"] == [
        {"code": "self", "name": "本村自记"},
        {"code": "town", "name": "乡镇代理"},
    ]
    assert (by_code["A-1"]["required"], by_code["A-3"]["answer_type"]) == (True, "count")
    assert (by_code["X-1"]["units"], by_code["X-1"]["sample_all"]) == (["V-OWN"], True)


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        (changed(3, 1, "maybe"), "survey!A3", "类型“maybe”"),
        (changed(4, 1, "select_one NIX"), "survey!A4", "没有选项表"),
        (changed(4, 2, "A-1"), "survey!B4", "重复"),
        (changed(4, 3, ""), "survey!C4", "没有写问题"),
        (changed(4, 4, "${A-1} ="), "survey!D4", "第 9 个字符处"),
        (changed(3, 4, "${A-3} > 1"), "survey!D3", "不是前面的题目编号"),
        (changed(5, 5, "${A-1} > 1"), "survey!E5", "只能用 ."),
        (changed(3, 7, "eq:perhaps"), "survey!G3", "不能识别"),
        (changed(4, 7, "eq:no"), "survey!G4", "不能识别"),
        (changed(3, 8, "Z9"), "survey!H3", "目录"),
        (changed(3, 9, "S7"), "survey!I3", "目录"),
        (changed(3, 8, ""), "survey!G3", "问题类别和等级都要填"),
        (changed(3, 11, "many"), "survey!K3", "整数或 all"),
        (changed(3, 12, "maybe"), "survey!L3", "yes、no"),
        (changed(3, 3, "身份证 11010519491231002X"), "survey!C3", "身份证"),
        (changed(2, 2, ""), "survey!B2", "一节的编号"),
        (changed(2, 1, "note"), "survey!A2", "类型“note”"),
        (book(GOOD, kind="town"), "settings!A2", "清单种类“town”"),
        (book(GOOD, [["list_name", "name"], ["LIST", "self"]]), "choices!1", "缺少列"),
        (book(GOOD, [*CHOICES, ["LIST", "self", "又一个"]]), "choices!B4", "重复"),
        (book([HEAD[1:]]), "survey!1", "缺少列“类型 type”"),
        (book([HEAD]), "survey", "没有问题"),
    ],
    # a workbook holds the second it was made in: no name that two processes would share
    ids=lambda value: value if isinstance(value, str) else "xlsx",
)
def test_each_fault_is_named_by_its_cell(data: bytes, place: str, words: str) -> None:
    faults = sheets.read(data, CATEGORIES).faults
    assert any(fault.place == place and words in fault.sentence for fault in faults), [str(f) for f in faults]


def test_all_faults_of_a_workbook_come_at_once() -> None:
    survey = [list(each) for each in GOOD]
    survey[2][0], survey[3][1], survey[4][4] = "x", "A-1", ". >"
    assert len(sheets.read(book(survey), CATEGORIES).faults) >= 3


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no book", b"<html>"])
def test_what_is_no_workbook_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(Refusal, match="xlsx"):
        sheets.read(data, CATEGORIES)


def test_the_catalogue_written_and_read_again_is_the_same(session: orm.Session, seeds: Path) -> None:
    checklists.load(session, seeds / "catalogue")
    for kind in ("village", "department"):
        out = io.BytesIO()
        newest = checklists.newest(session, kind)
        sheets.write(out, newest)
        sheet = sheets.read(out.getvalue(), checklists.categories(session))
        assert sheet.faults == []
        assert sheet.items == [checklists.content(item) for item in newest.items]
        assert checklists.publish(session, kind, sheet.items, None) == newest.version


@pytest.fixture
def stay(session: orm.Session) -> Stay:
    """A team in the village V-OWN, whose checklist is the good workbook."""
    unit = factories.make_unit(session, code="V-OWN")
    made = make_stay(session, unit=unit)
    sheet = sheets.read(book(GOOD), CATEGORIES)
    checklist = Checklist(kind="village", version=made.checklist.version + 1000)
    checklist.items = [checklists.ChecklistItem(**item) for item in sheet.items]
    session.add(checklist)
    session.flush()
    made.checklist = checklist
    return made


def test_a_skip_rule_counts_only_what_is_asked(session: orm.Session, stay: Stay) -> None:
    def counted() -> tuple[int, int]:
        sheet = answers.sheet(session, stay.posting)
        assert answers.progress(session, [stay.posting])[stay.posting.id] == (sheet.done, sheet.total)
        return sheet.done, sheet.total

    def say(item: str, value: Any) -> str:
        (ack,) = ledger.record(session, stay.posting, stay.member, [op(item, value)])
        return ack.status

    assert counted() == (0, 4)  # the other two wait for an answer
    say("A-1", "yes")
    assert counted() == (1, 5)
    say("A-2", "self")
    assert counted() == (2, 6)
    say("A-3", 7)
    say("A-1", "no")
    assert counted() == (1, 4)  # what was answered before is kept, and not asked for
    assert answers.sheet(session, stay.posting).answer("A-3").value == 7  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("item", "value", "words"),
    [
        ("A-2", "bank", "请选择本村自记、乡镇代理之一"),
        ("A-3", 101, "最多 100 笔"),
        ("A-4", "三月一日", "日期应为"),
        ("A-5", "x" * 501, "最多 500 字"),
    ],
)
def test_an_answer_that_breaks_the_sheet_is_refused_in_its_words(
    session: orm.Session, stay: Stay, item: str, value: Any, words: str
) -> None:
    (ack,) = ledger.record(session, stay.posting, stay.member, [op(item, value)])
    assert (ack.status, ack.reason) == ("refused", "value")
    assert words in ack.sentence


def test_the_question_of_one_unit_is_not_asked_elsewhere(session: orm.Session, stay: Stay) -> None:
    other = factories.make_unit(session)
    assert [item.code for item in checklists.items_for(stay.checklist, other)] == [
        "A-1",
        "A-2",
        "A-3",
        "A-4",
        "A-5",
    ]


def test_the_page_takes_choices_dates_and_words_and_says_what_is_not_asked(
    session: orm.Session, stay: Stay, sign_in: Callable[[User], FlaskClient]
) -> None:
    browser = sign_in(stay.member)
    address = f"/postings/{stay.posting.uuid}/sections/A"
    page = browser.get(address)
    assert page.text.count("按前面的作答，这一项不用填") == 2
    sent = fields_of(page, address) | {
        "A-1-verdict": "yes",
        "A-2-verdict": "self",
        "A-4-figure": "2026-03-01",
        "A-5-figure": "按季公开",
    }
    assert browser.post(address, data=sent).status_code == 302
    page = browser.get(address).text
    for words in ("本村自记", "2026年3月1日", "按季公开"):
        assert words in page
    sheet = answers.sheet(session, stay.posting)
    assert sheet.answer("A-2").abnormal  # type: ignore[union-attr]


def upload(browser: FlaskClient, data: bytes) -> Any:
    file = (io.BytesIO(data), "清单.xlsx")
    return browser.post("/checklists", data={"file": file}, content_type="multipart/form-data")


def test_a_planner_sees_faults_then_differences_then_publishes_and_a_stay_goes_on_as_it_was(
    app: Flask, session: orm.Session, sign_in: Callable[[User], FlaskClient], seeds: Path
) -> None:
    checklists.load(session, seeds / "catalogue")
    begun = make_stay(session)
    ledger.record(session, begun.posting, begun.member, [op(COUNT, 3)])
    before_publishing = answers.checklist_of(session, begun.posting).id
    browser = sign_in(factories.make_user(session, "planner"))
    before = session.scalar(select(func.count()).select_from(Checklist))
    bad = upload(browser, changed(3, 1, "maybe"))
    assert bad.status_code == 422
    assert "survey!A3" in bad.text
    assert session.scalar(select(func.count()).select_from(Checklist)) == before
    good = upload(browser, book(GOOD))
    assert good.status_code == 302
    preview = browser.get(good.location)
    assert "尚未启用" in preview.text
    assert "新增" in preview.text
    assert "删去" in preview.text
    fields = fields_of(preview, good.location)
    assert browser.post(good.location, data=fields).status_code == 302
    newest = checklists.newest(session, "village")
    assert [item.code for item in newest.items][:2] == ["A-1", "A-2"]
    page = browser.get(f"/checklists/village/{newest.version}")
    assert "本村自记／乡镇代理" in page.text
    again = upload(browser, browser.get(f"/checklists/village/{newest.version}.xlsx").data)
    assert "无需启用" in browser.get(again.location).text
    assert answers.checklist_of(session, begun.posting).id == before_publishing


def test_members_may_read_the_versions_and_not_publish(
    session: orm.Session, sign_in: Callable[[User], FlaskClient]
) -> None:
    browser = sign_in(make_stay(session).member)
    assert browser.get("/checklists").status_code == 200
    assert upload(browser, book(GOOD)).status_code == 403


def test_the_commands_export_check_and_publish(
    app: Flask, session: orm.Session, seeds: Path, tmp_path: Path
) -> None:
    checklists.load(session, seeds / "catalogue")
    session.commit()
    run = app.test_cli_runner()
    file, bad = tmp_path / "村.xlsx", tmp_path / "坏.xlsx"
    said = run.invoke(args=["fieldwork", "checklist", "export", "village", "--out", str(file)])
    assert "153 项" in said.output
    bad.write_bytes(changed(3, 1, "maybe"))
    refused = run.invoke(args=["fieldwork", "checklist", "publish", str(bad)])
    assert refused.exit_code == 2
    assert "坏.xlsx: survey!A3" in refused.output
    same = run.invoke(args=["fieldwork", "checklist", "publish", str(file)])
    assert f"第 {checklists.newest(session, 'village').version} 版" in same.output


def test_skip_rules_and_choices_of_practice_are_faults_by_cell() -> None:
    """Case 18: an answer that is not offered, one label twice, full-width codes and typographic quotes."""
    head = ["type", "name", "label", "relevant", "category", "severity", "trigger_expr"]

    def said(survey: list[list[str]], choices: list[list[Any]]) -> tuple[list[str], list[Any]]:
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "survey"
        for row in [head, ["begin_group", "A", "甲组"], *survey, ["end_group"]]:
            sheet.append(row)
        offered = book.create_sheet("choices")
        for line in [["list_name", "name", "label"], *choices]:
            offered.append(line)
        settings = book.create_sheet("settings")
        settings.append(["kind"])
        settings.append(["village"])
        out = io.BytesIO()
        book.save(out)
        read = sheets.read(out.getvalue(), ["A1"])
        return [f"{fault.place}: {fault.sentence}" for fault in read.faults], read.items

    two = [["lst", "a", "甲"], ["lst", "b", "乙"]]
    asked = ["select_one lst", "A-1", "选哪种"]
    faults, _ = said([asked, ["text", "A-2", "说明", "${A-1} = 'zzz'"]], two)
    assert faults == ["survey!D4: “zzz”不是 A-1 的选项"]
    assert said([asked], [["lst", "a", "甲"], ["lst", "b", "甲"]])[0] == ["choices!C3: 选项“甲”重复"]
    faults, items = said([["yes_no", "Ａ-1", "一"], ["text", "A-2", "二", "${Ａ-1}＝‘no’"]], [])
    assert (faults, [item["code"] for item in items]) == ([], ["A-1", "A-2"])
    assert items[1]["relevant"] == "${A-1}='no'"
    assert said([["yes_no", "A-1", "一"], ["text", "A-2", "二", "${A-1} = 'maybe'"]], [])[0]
    faults, items = said(
        [asked, ["text", "A-2", "二", "${A-1} = '2'"]], [["lst", 1, "甲"], ["lst", "２", "乙"]]
    )
    assert faults == [] and [each["code"] for each in items[0]["options"]] == ["1", "2"]
