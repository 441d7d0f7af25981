"""Forgiving hands: a tap too many, figures as people write them, a place in a long list, two tabs."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from inspections.fieldwork.models import Operation
from inspections.people.models import Person
from tests.fieldwork.team import COUNT, MONEY, RATIO, SAMPLE, YES_NO, Stay
from tests.findings import pictures
from tests.tablet.conftest import MakeTablet

Ledger = Callable[[], list[Operation]]


def test_a_stray_tap_on_clear_or_unchecked_is_taken_back(tablet: MakeTablet, ledger: Ledger) -> None:
    one = tablet()
    one.fill(SAMPLE, "10", "checked")
    one.fill(SAMPLE, "2", "abnormal")
    card = one.card(SAMPLE)
    card.get_by_role("button", name="清除").click()
    expect(card.locator("[name=checked]")).to_have_value("")
    card.get_by_role("button", name="恢复原来填的").click()
    expect(card.locator("[name=checked]")).to_have_value("10")
    expect(card.locator("[name=abnormal]")).to_have_value("2")
    one.choose(SAMPLE, "未查")
    one.choose(SAMPLE, "已查")
    expect(card.locator("[name=checked]")).to_have_value("10")
    expect(card.locator("[name=abnormal]")).to_have_value("2")
    one.all_delivered()
    expect(card.locator(".state")).to_contain_text("抽查 10 例，异常 2 例")
    assert {key: ledger()[-1].value[key] for key in ("checked", "abnormal")} == {"checked": 10, "abnormal": 2}


def test_figures_are_understood_as_people_write_them(tablet: MakeTablet) -> None:
    one = tablet()
    one.context.set_offline(True)
    for code, typed, value in (
        (MONEY, "3.68万", "36800"),
        (MONEY, "1,234.5元", "1234.5"),
        (COUNT, "5户", 5),
        (RATIO, "12.5%", "0.125"),
        (MONEY, "１２３４.５", "1234.5"),
        (COUNT, "六户", 6),
        (RATIO, "１３.５", "0.135"),
    ):
        one.fill(code, typed)
        wanted = (code, value)
        one.until_seen(
            lambda wanted=wanted: wanted in [(row["op"]["item"], row["op"]["value"]) for row in one.rows()]
        )
        expect(one.card(code).locator(".fault")).to_have_text("")


def test_the_sentence_of_a_wrong_figure_stays_and_the_card_says_that_it_does_not_count(
    tablet: MakeTablet, ledger: Ledger
) -> None:
    one = tablet()
    one.fill(MONEY, "36800")
    one.all_delivered()
    one.fill(MONEY, "三万多")
    fault, state = one.card(MONEY).locator(".fault"), one.card(MONEY).locator(".state")
    expect(fault).to_contain_text("“三万多”不是准确的数字")
    one.choose(YES_NO, "否")
    one.all_delivered_but_begun()
    one.send()  # a pull and a delivery later it stands there still
    expect(fault).to_contain_text("“三万多”不是准确的数字")
    expect(state).to_contain_text("未计入 计入的仍是 36800 元")
    expect(one.card(MONEY).locator("[name=figure]")).to_have_value("三万多")
    one.fill(MONEY, "3.7万")
    expect(fault).to_have_text("")
    expect(state).to_contain_text("37000 元")
    assert "未计入" not in state.inner_text()


def test_the_place_in_a_list_is_kept_after_a_problem_is_recorded(tablet: MakeTablet) -> None:
    one = tablet()
    one.page.set_viewport_size({"width": 800, "height": 500})
    one.fill(SAMPLE, "10", "checked")
    one.fill(SAMPLE, "2", "abnormal")
    one.card(SAMPLE).get_by_role("link", name="记录问题").click()
    one.page.get_by_label("问题名称").fill("低保金没有发到")
    one.page.get_by_label("问题概述").fill("2 户没有收到。")
    one.page.get_by_role("button", name="完成，存入待传").click()
    expect(one.card(SAMPLE)).to_be_in_viewport()
    expect(one.card(SAMPLE).locator(".offer")).to_contain_text("底稿“低保金没有发到”")
    place = one.page.evaluate("scrollY")
    assert place > 500
    one.card(SAMPLE).get_by_role("link", name="底稿“低保金没有发到”").click()
    expect(one.page.get_by_label("问题名称")).to_be_visible()
    one.page.go_back()
    expect(one.card(SAMPLE)).to_be_in_viewport()


def test_a_case_and_a_begun_paper_can_be_thrown_away_and_a_photograph_of_a_case_is_looked_at_and_removed(
    tablet: MakeTablet, ledger: Ledger
) -> None:
    one = tablet()
    one.context.set_offline(True)
    one.page.on("dialog", lambda dialog: dialog.accept())
    one.fill(SAMPLE, "10", "checked")
    one.fill(SAMPLE, "2", "abnormal")
    card = one.card(SAMPLE)
    for n in (1, 2):
        card.get_by_role("button", name="加一条异常明细").click()
        card.get_by_label(f"异常 {n} 说明").fill(f"情形{n}")
    card.locator(".case").first.locator("input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg()}
    )
    card.get_by_role("button", name="看异常 1 照片").click()
    expect(one.page.locator("dialog img")).to_be_visible()
    one.page.get_by_role("button", name="关闭").click()
    card.get_by_role("button", name="移除异常 1 照片").click()
    expect(card.get_by_role("button", name="看异常 1 照片")).to_have_count(0)
    assert one.rows("photos") == one.rows("bytes") == one.rows("thumbs") == []  # it never left
    card.get_by_role("button", name="删去异常 1").click()
    expect(card.get_by_label("异常 1 说明")).to_have_value("情形2")
    one.go(f"/visit/{one.visit}/paper/new")
    one.page.get_by_label("问题名称").fill("写错了")
    expect(one.page.locator("#screen .state")).to_contain_text("未完成，只在本机")
    one.go(f"/visit/{one.visit}")
    one.page.get_by_role("button", name="删去未完成的写错了").click()
    expect(one.page.locator("#screen h2").last).to_have_text("底稿 0 份")
    one.context.set_offline(False)
    one.all_delivered()
    answers = [row.value for row in ledger() if row.field == "answer"]
    assert answers[-1]["cases"] == [{"what": "情形2", "photos": []}]
    assert {row.field for row in ledger()} == {"answer"}


def test_two_tabs_of_one_person_do_not_overwrite_each_other(tablet: MakeTablet, ledger: Ledger) -> None:
    one = tablet()
    one.context.set_offline(True)
    other = one.new_tab()
    other.goto(f"{one.line.address}/tablet/#/visit/{one.visit}/section/X")
    there = other.locator(f"#item-{COUNT} [name=figure]")
    expect(there).to_be_visible()
    one.fill(COUNT, "3")
    one.fill(COUNT, "甲处看到三笔", "note")
    expect(there).to_have_value("3")
    note = other.locator(f"#item-{COUNT} [name=note]")
    expect(note).to_have_value("甲处看到三笔")
    note.fill("甲处看到三笔，乙处一笔")
    expect(one.card(COUNT).locator("[name=note]")).to_have_value("甲处看到三笔，乙处一笔")
    other.close()
    one.context.set_offline(False)
    one.all_delivered()
    assert [row.value for row in ledger()] == [3, "甲处看到三笔，乙处一笔"]


def test_a_key_press_reads_its_own_question_only_whatever_lies_on_the_tablet(
    tablet: MakeTablet, stay: Stay
) -> None:
    one = tablet()
    one.page.evaluate(
        """async ([author, visit]) => {
          const {within} = await import('/static/tablet/kept/db.js');
          const names = ["photos", "operations", "thumbs", "told"];
          await within(names, "readwrite", async (photos, rows, thumbs, told) => {
            for (let n = 0; n < 2000; n += 1) {
              const id = `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;
              const item = "V-X-01", stay = `ended ${n % 40}`, op = {id, visit: stay, item, field: "photos"};
              photos.put({id, author, visit: stay, item, state: n % 2 ? "waiting" : "delivered"});
              rows.put({id, author, state: "sent", tries: 1, op});
              thumbs.put({id, data: new ArrayBuffer(8000)});
              told.put({user: author, visit: stay, item, field: "answer", seq: n, id, box: {}});
            }
          });
          globalThis.read = 0;
          for (const kind of [IDBObjectStore, IDBIndex]) {
            const before = kind.prototype.getAll;
            kind.prototype.getAll = function (...given) {
              const request = before.apply(this, given);
              request.addEventListener("success", () => { globalThis.read += request.result.length; });
              return request;
            };
          }
        }""",
        [str(stay.member.uuid), one.visit],
    )
    one.context.set_offline(True)
    one.page.evaluate("globalThis.read = 0")
    one.fill(COUNT, "4")
    expect(one.card(COUNT).locator(".state")).to_contain_text("4 项（次）")
    expect(one.state).to_contain_text("1001 条待传")
    assert one.page.evaluate("globalThis.read") < 20


def test_the_data_of_a_visit_is_refreshed_at_every_contact_and_counted_without_preparation(
    tablet: MakeTablet, stay: Stay, county: Any
) -> None:
    other = tablet(stay.leader)
    other.fill(COUNT, "3")
    other.all_delivered()
    one = tablet(prepared=False)
    one.open("/")
    expect(one.page.locator(".rows .count")).to_have_text(re.compile("^1/"))
    with county.extensions["sessions"]() as session:
        session.get_one(Person, stay.leader.person_id).name = "新组长"
        session.commit()
    one.send()
    one.go(f"/visit/{one.visit}")
    expect(one.page.locator("#screen")).to_contain_text("新组长")
