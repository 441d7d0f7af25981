"""Several people on one tablet without a network: own PIN, own sealed store, own name under every word."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import expect

from inspections.fieldwork.models import Operation
from inspections.findings.models import Finding
from tests.fieldwork.team import COUNT, SAMPLE, YES_NO, Stay
from tests.findings import pictures
from tests.tablet.conftest import MakeTablet, Tablet, change_person, set_pin, text_of_disk

Ledger = Callable[[], list[Operation]]


def shared(tablet: MakeTablet, stay: Stay) -> Tablet:
    """A tablet on which the member (2468) and the one of the village (1357) have been signed in once."""
    one = tablet()
    set_pin(one, "2468")
    one.sign_out()
    one.sign_in(stay.village)
    one.send()
    expect(one.page.locator("#who")).to_contain_text(stay.village.name)
    one.prepare()
    set_pin(one, "1357")
    one.section()
    return one


def test_people_change_without_a_network_in_two_taps_and_each_word_has_its_author(
    tablet: MakeTablet, stay: Stay, ledger: Ledger
) -> None:
    one = shared(tablet, stay)
    one.context.set_offline(True)
    one.fill(COUNT, "5")
    change_person(one, stay.member.name, "2468")
    one.section()
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("他人 1 条待其本人解锁后上传")
    one.sign_out()
    one.sign_in(stay.member)
    one.context.set_offline(False)
    one.send()
    one.all_delivered()
    assert [(row.item, row.author_id) for row in ledger()] == [(YES_NO, stay.member.id)]
    one.sign_out()
    one.sign_in(stay.village)
    change_person(one, stay.village.name, "1357")
    one.all_delivered()
    assert {(row.item, row.author_id) for row in ledger()} == {
        (YES_NO, stay.member.id),
        (COUNT, stay.village.id),
    }


def test_nobody_reads_what_another_has_not_sent(tablet: MakeTablet, stay: Stay) -> None:
    one = shared(tablet, stay)
    one.context.set_offline(True)
    one.fill(COUNT, "5")
    one.fill(SAMPLE, "7", "checked")
    one.fill(SAMPLE, "只有本人知道的话", "note")
    one.photo(SAMPLE, pictures.jpeg())
    one.go(f"/visit/{one.visit}/paper/new")
    one.page.get_by_label("问题名称").fill("没有写完的底稿")
    expect(one.page.locator(".state")).to_contain_text("未完成，只在本机")
    change_person(one, stay.member.name, "2468")
    one.go(f"/visit/{one.visit}")
    expect(one.page.locator("#screen h2").last).to_have_text("底稿 0 份")
    one.section()
    expect(one.card(COUNT).locator("[name=figure]")).to_have_value("")
    expect(one.card(SAMPLE).locator("[name=checked]")).to_have_value("")
    expect(one.card(SAMPLE).locator("[name=note]")).to_have_value("")
    expect(one.card(SAMPLE).locator(".photos li")).to_have_count(0)
    assert "未填完" not in one.state.inner_text()
    on_disk = text_of_disk(one)
    for words in ("只有本人知道的话", "没有写完的底稿", "JFIF"):
        assert words not in on_disk
    change_person(one, stay.village.name, "1357")
    one.section()
    expect(one.card(SAMPLE).locator("[name=note]")).to_have_value("只有本人知道的话")
    expect(one.card(SAMPLE).locator("[name=checked]")).to_have_value("7")
    one.go(f"/visit/{one.visit}")
    expect(one.page.locator("#screen")).to_contain_text("没有写完的底稿")


def test_a_finished_paper_that_waits_is_its_authors_and_goes_out_once(
    tablet: MakeTablet, stay: Stay, look: Any
) -> None:
    one = shared(tablet, stay)
    page = one.page
    one.context.set_offline(True)
    one.go(f"/visit/{one.visit}/paper/new")
    page.get_by_label("问题名称").fill("村务公开不及时")
    page.get_by_label("问题类别").select_option("A1")
    page.get_by_label("严重程度").select_option("S2")
    page.get_by_label("问题概述").fill("上季度没有公开。")
    page.get_by_role("button", name="完成，存入待传").click()
    expect(one.state).to_contain_text("1 条待传")
    change_person(one, stay.member.name, "2468")
    one.go(f"/visit/{one.visit}")
    expect(page.locator("#screen")).not_to_contain_text("村务公开不及时")
    one.context.set_offline(False)
    one.sign_out()
    one.sign_in(stay.member)
    one.send()
    one.all_delivered()
    papers = sa.select(Finding).where(Finding.posting_id == stay.posting.id)
    assert look(papers) == []
    one.sign_out()
    one.sign_in(stay.village)
    change_person(one, stay.village.name, "1357")
    one.all_delivered()
    (paper,) = look(papers)
    assert paper.created_by_id == stay.village.id


def test_ten_wrong_pins_lock_the_store_and_lose_nothing(
    tablet: MakeTablet, stay: Stay, ledger: Ledger
) -> None:
    one = tablet()
    set_pin(one, "2468")
    one.section()
    one.context.set_offline(True)
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("1 条待传")
    one.reload_covered()
    lock = one.page.locator("#lock")
    for left in range(9, -1, -1):
        lock.get_by_label("PIN", exact=True).fill("1111")
        words = f"还可以试 {left} 次" if left else "已错 10 次，本机内容已锁住、没有丢失"
        expect(lock.locator("[role=alert]")).to_contain_text(words)
    lock.get_by_label("PIN", exact=True).fill("2468")
    expect(lock.locator("[role=alert]")).to_contain_text("已错 10 次")
    expect(lock).to_be_visible()
    lock.get_by_role("button", name="忘记 PIN").click()
    expect(lock).to_contain_text("不会丢失")
    assert one.page.evaluate("indexedDB.databases().then(all => all.length)") == 1
    assert [row["state"] for row in one.rows()] == ["waiting"]
    one.reload_covered()
    expect(lock.locator("[role=alert]")).to_contain_text("已错 10 次")


def test_a_reload_asks_for_the_pin_before_anything_is_seen(tablet: MakeTablet) -> None:
    one = tablet()
    set_pin(one, "2468")
    one.section()
    one.fill(COUNT, "3")
    one.page.add_init_script(
        """addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
          const title = document.querySelector("#screen h1")?.textContent ?? "平板离线填写";
          if (title !== "平板离线填写" && document.getElementById("lock").hidden) globalThis.bare = true;
        }).observe(document.body, {subtree: true, childList: true, characterData: true}));"""
    )
    one.context.set_offline(True)
    one.reload_covered()
    assert not one.page.evaluate("globalThis.bare")
    assert one.page.locator("#screen").inner_text() == ""
    one.page.locator("#lock").get_by_label("PIN", exact=True).fill("2468")
    expect(one.card(COUNT).locator("[name=figure]")).to_have_value("3")


def test_five_minutes_without_a_touch_cover_it_and_close_the_store(tablet: MakeTablet) -> None:
    one = tablet()
    set_pin(one, "2468")
    one.page.clock.install()
    one.reload_covered()
    one.page.locator("#lock").get_by_label("PIN", exact=True).fill("2468")
    expect(one.page.locator("#lock")).to_be_hidden()
    one.page.clock.fast_forward(4 * 60_000)
    expect(one.page.locator("#lock")).to_be_hidden()
    one.page.clock.fast_forward(2 * 60_000)
    one.page.clock.run_for(6000)
    expect(one.page.locator("#lock")).to_be_visible()
    assert one.page.locator("#screen").inner_text() == ""
    opened = f"async () => (await import('/static/tablet/kept/seal.js')).isOpen('{one.stay.member.uuid}')"
    one.until(f"async () => !(await ({opened})())")
