"""The tablet's screens for eyes, fingers, keyboards and screen readers; the lock; who is signed in."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import orm

from inspections.fieldwork.models import Checklist, ChecklistItem, Operation
from tests.fieldwork.team import COUNT, SAMPLE, YES_NO, Stay
from tests.tablet import line as faults
from tests.tablet.conftest import MakeTablet

SMALL = """() => [...document.querySelectorAll(
    "a, button, select, textarea, summary, label.choice, label.button, input")]
  .filter(each => !each.closest("[hidden]") && !["file", "radio", "checkbox"].includes(each.type)
    && !each.closest("p.hint") && each.getBoundingClientRect().height)
  .filter(each => each.getBoundingClientRect().height < 43.5)
  .map(each => `${each.tagName} ${each.textContent.slice(0, 20)} ${each.getBoundingClientRect().height}`)"""


AXE = {"rules": {"color-contrast-enhanced": {"enabled": True}}, "resultTypes": ["violations"]}


def look(page: Page) -> None:
    """No rule of accessibility is broken, colours stand out 7:1, targets are large, nothing runs out."""
    for width in (1280, 800, 360):
        page.set_viewport_size({"width": width, "height": 900})
        found: Any = Axe().run(page, options=AXE)
        assert not found.response["violations"], found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALL) == []
    page.set_viewport_size({"width": 800, "height": 1200})


def test_every_screen_is_legible_large_and_named(tablet: MakeTablet) -> None:
    one = tablet()
    page = one.page
    one.fill(SAMPLE, "10", "checked")
    one.fill(SAMPLE, "1", "abnormal")
    one.card(SAMPLE).get_by_role("button", name="加一条异常明细").click()
    one.choose(YES_NO, "否")
    one.fill(COUNT, "2")
    for summary in page.locator("summary").all():
        summary.click()
    look(page)
    for address, words in (
        ("/", "我的驻点"),
        (f"/visit/{one.visit}", one.stay.posting.unit.name),
        (f"/visit/{one.visit}/paper/new", "记录问题"),
        ("/queue", "没有需处理的"),
        ("/tablet", "本机与交回"),
    ):
        one.go(address)
        expect(page.locator("#screen h1")).to_contain_text(words)
        look(page)


def test_a_section_is_filled_with_the_keyboard_alone(tablet: MakeTablet) -> None:
    one = tablet()
    keys = one.page.keyboard
    one.card(YES_NO).locator("summary").focus()
    keys.press("Tab")
    keys.press("Space")  # 是
    keys.press("ArrowRight")  # 否
    expect(one.card(YES_NO).locator(".state")).to_contain_text("否")
    link = one.card(YES_NO).get_by_role("link", name="记录问题")
    for _ in range(8):
        keys.press("Tab")
        if link.evaluate("each => each === document.activeElement"):
            break
    keys.press("Enter")
    expect(one.page.locator("#screen h1")).to_have_text("记录问题")
    assert one.page.evaluate("document.activeElement.tagName") == "H1"


@pytest.mark.parametrize("online", [False, True])
def test_signing_out_warns_and_wipes_nothing(tablet: MakeTablet, online: bool) -> None:
    one = tablet()
    one.context.set_offline(True)
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("1 条待传")
    one.go("/tablet")
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.accept()

    one.page.on("dialog", answer)
    if not online:
        one.page.get_by_role("button", name="退出登录").click()
        expect(one.page.locator("#screen")).to_contain_text("现在没有网络，不能退出登录。1 条待传仍在本机")
        assert len(one.waiting()) == 1
        return
    one.line.fault = faults.on("POST /api/ops", faults.cut)
    one.context.set_offline(False)
    one.page.wait_for_timeout(1000)
    one.page.evaluate("async () => { (await import('/static/tablet/sent/outbox.js')).state.phase = 'idle'; }")
    one.page.get_by_role("button", name="退出登录").click()
    one.page.wait_for_url("**/sign-in**")
    one.page.wait_for_load_state("networkidle")
    assert "还有 1 条未上传" in asked[0]
    one.line.fault = None
    one.sign_in(one.stay.member)
    one.open()
    one.all_delivered()


def test_an_undecided_question_hides_nothing_and_a_skip_rule_shows_its_question_at_once(
    tablet: MakeTablet,
) -> None:
    one = tablet()
    held = one.page.evaluate(
        """async () => {
          const {holds} = await import('/static/tablet/rules/rules.js');
          const of = {A: 'no', B: 3, C: null, D: {checked: 9, abnormal: 2}};
          return ["${A} = 'no' and ${B} > 2", "${C} != 'x'", "not(${C} = 'x')", "${D} >= 2",
            "${A} in ('yes', 'no')", "(${A} = 'yes' or ${B} = 3.0) and not(${B} < 3)"]
            .map(text => holds(text, code => of[code]));
        }"""
    )
    assert held == [True, False, True, True, True, True]


def test_shared_vectors_of_triggers_conditions_and_percentages_mean_the_same_on_the_tablet(
    tablet: MakeTablet,
) -> None:
    one = tablet(prepared=False)
    one.open()
    folder = Path(__file__).parents[1] / "fieldwork"
    triggers = json.loads((folder / "trigger_vectors.json").read_text(encoding="utf-8"))
    conditions = json.loads((folder / "condition_vectors.json").read_text(encoding="utf-8"))
    fired, held = one.page.evaluate(
        """async ([triggers, conditions]) => {
          const {abnormal, holds} = await import('/static/tablet/rules/rules.js');
          const tried = ({text, values}) => {
            try { return holds(text, code => (values ?? {})[code] ?? null); } catch { return "error"; }
          };
          return [triggers.map(each => abnormal(each.expr, each.value)), conditions.map(tried)];
        }""",
        [triggers, conditions],
    )
    assert fired == [each["fires"] for each in triggers]
    assert held == ["error" if each.get("error") else each["holds"] for each in conditions]
    shares = one.page.evaluate(
        """async () => {
          const {share, percent} = await import('/static/tablet/rules/rules.js');
          return ['5', '12.5', '0.05', '100', '-3', '0'].map(text => [share(text), percent(share(text))]);
        }"""
    )
    assert shares == [
        ["0.05", "5"],
        ["0.125", "12.5"],
        ["0.0005", "0.05"],
        ["1", "100"],
        ["-0.03", "-3"],
        ["0", "0"],
    ]


def test_a_skip_rule_hides_and_shows_its_question_at_once_and_choices_dates_and_words_arrive(
    tablet: MakeTablet, county: Flask, stay: Stay, ledger: Callable[[], list[Operation]]
) -> None:
    with orm.Session(county.extensions["engine"]) as session:
        checklist = session.get_one(Checklist, stay.checklist.id)
        texts = dict.fromkeys(("method", "materials", "ask_whom", "trigger", "trigger_expr", "basis"), "")
        given = {"group_code": "X", "group": "测试", "basis_checked": True, "category": "", "severity": "S1"}
        given |= {"assignee_role": "", **texts}
        options = [{"code": "self", "name": "本村自记"}, {"code": "town", "name": "乡镇代理"}]
        for position, more in enumerate(
            (
                {"answer_type": "choice", "options": options, "relevant": f"${{{YES_NO}}} = 'no'"},
                {"answer_type": "date"},
                {"answer_type": "text", "constraint": ". != 'x'", "constraint_message": "不要只写 x"},
            )
        ):
            code, question = f"V-Y-{position}", f"新题{position}"
            checklist.items.append(
                ChecklistItem(position=50 + position, code=code, question=question, **(given | more))
            )
        session.commit()
    one = tablet()
    expect(one.card("V-Y-0")).to_be_hidden()
    expect(one.page.locator("#screen h1")).to_contain_text("0/9")
    one.choose(YES_NO, "否")
    expect(one.card("V-Y-0")).to_be_visible()
    expect(one.page.locator("#screen h1")).to_contain_text("1/10")
    one.choose("V-Y-0", "乡镇代理")
    one.fill("V-Y-1", "2026-03-01")
    one.fill("V-Y-2", "x")
    expect(one.card("V-Y-2").locator(".fault")).to_contain_text("不要只写 x")
    one.fill("V-Y-2", "按季公开")
    one.all_delivered()
    assert [row.value for row in ledger()][1:] == ["town", "2026-03-01", "按季公开"]
    one.choose(YES_NO, "是")
    expect(one.card("V-Y-0")).to_be_hidden()
