"""What the server does not take stays where it was written, with the reason, until it is right or let go."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from inspections.fieldwork.models import Operation
from tests.fieldwork.team import COUNT, SAMPLE, YES_NO, Stay
from tests.tablet.conftest import MakeTablet, Tablet, body_of

Ledger = Callable[[], list[Operation]]
#: a number in the form of an identity card's, of nobody
IDENTITY = "420281199001011234"
CASES = [{"what": f"第 {n} 户低保金没有发到", "photos": []} for n in (1, 2)]


def accept(one: Tablet) -> None:
    one.page.on("dialog", lambda dialog: dialog.accept())


def an_older_program_wrote(one: Tablet, code: str, value: Any, **given: Any) -> None:
    """As a program without the server's rules would have kept it, for a week without a network."""
    one.context.set_offline(True)
    one.edit(code, value, author=str(one.stay.member.uuid), **given)
    one.context.set_offline(False)
    one.send()


def test_a_refused_sample_stays_in_its_card_until_it_is_right_and_nothing_is_typed_again(
    tablet: MakeTablet, stay: Stay, ledger: Ledger
) -> None:
    other = tablet(stay.leader)
    other.fill(SAMPLE, "4", "checked")
    other.fill(SAMPLE, "0", "abnormal")
    other.all_delivered()
    one = tablet()
    cases = [*CASES, {"what": f"户主证号 {IDENTITY}", "photos": []}]
    an_older_program_wrote(one, SAMPLE, {"checked": 10, "abnormal": 3, "detail": "", "cases": cases})
    an_older_program_wrote(one, SAMPLE, f"本人说的：{IDENTITY}", field="note")
    expect(one.page.locator("#needs")).to_have_text("需处理 2")
    card = one.card(SAMPLE)
    expect(card.locator("[name=checked]")).to_have_value("10")
    expect(card.get_by_label("异常 3 说明")).to_have_value(f"户主证号 {IDENTITY}")
    expect(card.locator(".fault")).to_contain_text("不得录入身份证号、银行卡号")
    expect(card.locator(".state")).to_contain_text("未计入")
    expect(card.locator("[name=note]")).to_have_value(f"本人说的：{IDENTITY}")
    # a first key does not settle anything: the words and the count stay, also in the file
    card.get_by_label("异常 3 说明").fill(f"户主证号 {IDENTITY[:-1]}")
    one.context.set_offline(True)
    one.page.locator("#needs").click()
    expect(one.page.locator(".refused li")).to_have_count(2)
    expect(one.page.locator(".refused li").first).to_contain_text(
        "抽查 10 例，异常 3 例；1. 第 1 户低保金没有发到"
    )
    assert "{" not in one.page.locator(".refused").inner_text()
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="导出未上传的到文件").click()
    exported = body_of(download.value.path().read_bytes())["ops"]
    assert [op["field"] for op in exported].count("answer") >= 1
    one.page.get_by_role("link", name="去改正").first.click()
    one.context.set_offline(False)
    card.get_by_label("异常 3 说明").fill("第 3 户低保金没有发到")
    one.fill(SAMPLE, "本人说的话", "note")
    one.all_delivered()
    expect(one.page.locator("#needs")).to_be_hidden()
    answers = [row.value for row in ledger() if row.field == "answer"]
    whats = [case["what"] for case in answers[-1]["cases"]]
    assert whats == [*(case["what"] for case in CASES), "第 3 户低保金没有发到"]
    assert IDENTITY not in str([row.value for row in ledger()])


def test_a_refused_answer_is_let_go_only_after_a_question(
    tablet: MakeTablet, stay: Stay, ledger: Ledger
) -> None:
    one = tablet()
    an_older_program_wrote(one, COUNT, -1)
    expect(one.page.locator("#needs")).to_have_text("需处理 1")
    expect(one.card(COUNT).locator("[name=figure]")).to_have_value("-1")
    asked: list[str] = []

    def answer(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.accept() if len(asked) > 1 else dialog.dismiss()

    one.page.on("dialog", answer)
    let_go = one.card(COUNT).get_by_role("button", name="放弃这样填")
    let_go.click()
    expect(one.page.locator("#needs")).to_have_text("需处理 1")
    let_go.click()
    expect(one.page.locator("#needs")).to_be_hidden()
    expect(one.card(COUNT).locator("[name=figure]")).to_have_value("")
    assert ledger() == []
    assert [row["state"] for row in one.rows()] == ["settled"]


def test_of_two_refusals_at_one_place_one_is_counted_and_the_way_leads_to_its_card(
    tablet: MakeTablet, stay: Stay
) -> None:
    one = tablet()
    an_older_program_wrote(one, COUNT, -1)
    an_older_program_wrote(one, COUNT, -2)
    an_older_program_wrote(one, YES_NO, "perhaps")
    expect(one.page.locator("#needs")).to_have_text("需处理 2")
    one.page.locator("#needs").click()
    one.page.locator(".refused li", has_text=COUNT).get_by_role("link", name="去改正").click()
    expect(one.card(COUNT)).to_be_in_viewport()
    expect(one.card(COUNT).locator("[name=figure]")).to_have_value("-2")
