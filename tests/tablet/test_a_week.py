"""A member who has never seen it: prepares a tablet, loses the network, works, and is online again."""

from collections.abc import Callable

from playwright.sync_api import expect

from inspections.fieldwork.models import Operation
from inspections.findings.models import Photo
from tests.fieldwork.team import COUNT, MONEY, SAMPLE, YES_NO
from tests.findings import pictures
from tests.tablet.conftest import MakeTablet


def test_prepare_go_offline_fill_a_section_with_three_photos_and_a_finding_and_all_is_delivered(
    tablet: MakeTablet, ledger: Callable[[], list[Operation]], photos: Callable[[], list[Photo]]
) -> None:
    one = tablet()
    page = one.page
    one.context.set_offline(True)
    one.reload()
    expect(page.locator("#screen h1")).to_contain_text("X 测试")
    one.choose(YES_NO, "否")
    expect(one.card(YES_NO).locator(".state")).to_contain_text("已存本机，未上传")
    one.fill(COUNT, "3")
    one.fill(MONEY, "4860.50")
    one.fill(SAMPLE, "10", "checked")
    one.fill(SAMPLE, "1", "abnormal")
    one.fill(SAMPLE, "村集体收入未入账", "note")
    one.photo(SAMPLE, pictures.jpeg(), pictures.jpeg(80, 60), pictures.jpeg(90, 60))
    expect(one.card(SAMPLE).locator(".photos li")).to_have_count(3)
    one.card(YES_NO).get_by_role("link", name="记录问题").click()
    page.get_by_label("问题名称").fill("重点任务没有研究记录")
    page.get_by_label("问题概述").fill("近12个月的3项重点任务没有研究和分工记录。")
    page.get_by_role("button", name="完成，存入待传").click()
    expect(page.locator("#screen")).to_contain_text("重点任务没有研究记录")
    expect(one.state).to_contain_text("条待传")
    assert ledger() == []
    one.context.set_offline(False)
    one.all_delivered()
    assert {row.field for row in ledger()} == {"answer", "note", "photos", "paper"}
    assert len(photos()) == 3
    assert {photo["state"] for photo in one.rows("photos")} == {"delivered"}
    expect(page.locator("#screen")).to_contain_text("编制中")
