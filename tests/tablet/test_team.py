"""One team on several tablets: colleagues' photographs, a one-time password, a replaced member's file."""

import datetime as dt
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import orm

from inspections.accounts.models import User
from inspections.database import now
from inspections.fieldwork.models import Operation, Quarantined
from inspections.findings.models import Photo
from tests.fieldwork.team import COUNT, SAMPLE, YES_NO, Stay
from tests.fieldwork.test_rights import moved_on
from tests.findings import pictures
from tests.tablet.conftest import Look, MakeTablet

Ledger = Callable[[], list[Operation]]
Photos = Callable[[], list[Photo]]


def test_a_colleagues_photograph_is_looked_at_while_there_is_a_line_and_stays_with_the_server(
    tablet: MakeTablet, stay: Stay, photos: Photos
) -> None:
    one, other = tablet(), tablet(stay.leader)
    one.photo(SAMPLE, pictures.jpeg(320, 200))
    one.all_delivered()
    one.until_seen(lambda: len(photos()) == 1)
    other.send()
    look = other.card(SAMPLE).get_by_role("button", name=f"看{stay.member.name}的照片")
    look.click()
    large = other.page.locator("dialog img")
    expect(large).to_be_visible()
    assert large.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    other.page.get_by_role("button", name="关闭").click()
    assert other.rows("photos") == other.rows("bytes") == other.rows("thumbs") == []
    other.context.set_offline(True)
    look.click()
    expect(other.card(SAMPLE).locator(".fault")).to_contain_text("联网后再看")
    expect(other.page.locator("dialog")).to_have_count(0)


def test_a_colleagues_photograph_whose_bytes_are_not_there_yet_is_said_so(
    tablet: MakeTablet, stay: Stay, ledger: Ledger
) -> None:
    one, other = tablet(), tablet(stay.leader)
    one.edit(SAMPLE, {"caption": ""}, author=str(stay.member.uuid), field="photos", kind="add")
    one.send()
    one.until_seen(lambda: len(ledger()) == 1)
    other.send()
    other.card(SAMPLE).get_by_role("button", name=f"看{stay.member.name}的照片").click()
    expect(other.card(SAMPLE).locator(".fault")).to_contain_text("还没有传到服务器")


def test_who_must_first_change_a_one_time_password_is_told_so_and_taken_there(
    tablet: MakeTablet, county: Flask, stay: Stay, ledger: Ledger
) -> None:
    one = tablet()

    def must(change: bool) -> None:
        with county.extensions["sessions"]() as session:
            session.execute(sa.update(User).where(User.id == stay.member.id).values(must_change=change))
            session.commit()

    must(True)
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("请先联网改掉初始密码，再上传")
    assert [row["state"] for row in one.rows()] == ["waiting"]
    assert ledger() == []
    one.page.locator("#sign-in").click()
    expect(one.page).to_have_url(f"{one.line.address}/password")
    must(False)
    one.open()
    one.all_delivered()
    assert [row.value for row in ledger()] == ["no"]


def test_the_file_of_a_replaced_member_is_taken_in_under_their_name(
    tablet: MakeTablet, county: Flask, stay: Stay, ledger: Ledger, look: Look, tmp_path: Path
) -> None:
    one = tablet()
    one.context.set_offline(True)
    one.fill(COUNT, "4")
    one.fill(SAMPLE, "看过三本账", "note")
    one.photo(SAMPLE, pictures.jpeg())
    expect(one.state).to_contain_text("4 条待传")
    with orm.Session(county.extensions["engine"]) as session:
        own = Stay(*(session.merge(getattr(stay, each.name)) for each in fields(stay)))
        moved_on(session, own, now() + dt.timedelta(seconds=5))
        session.commit()
    one.go("/queue")
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="导出未上传的到文件").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    for words in ("收入 3 条、照片 1 张", "原已收入 3 条"):
        said = county.test_cli_runner().invoke(args=["fieldwork", "import", str(file)])
        assert words in said.output, said.output
    assert {(row.item, row.field, row.author_id, row.late) for row in ledger()} == {
        (COUNT, "answer", stay.member.id, True),
        (SAMPLE, "note", stay.member.id, True),
        (SAMPLE, "photos", stay.member.id, True),
    }
    assert look(sa.select(Quarantined).where(Quarantined.posting_id == stay.posting.id)) == []


def test_an_export_holds_one_photograph_in_memory_at_a_time(tablet: MakeTablet) -> None:
    """Each is with the browser, as part of the file, before the next is read; the bench says how much."""
    one = tablet()
    one.context.set_offline(True)
    one.photo(SAMPLE, *(pictures.jpeg(80 + n, 60) for n in range(12)))
    order = one.page.evaluate(
        """async () => {
          const {packed} = await import("/static/tablet/kept/rescue.js");
          const {context} = await import("/static/tablet/work.js");
          const order = [];
          const get = IDBObjectStore.prototype.get;
          IDBObjectStore.prototype.get = function (key) {
            if (this.name === "bytes") order.push("read");
            return get.call(this, key);
          };
          const Whole = globalThis.Blob;
          globalThis.Blob = class extends Whole {
            constructor(parts, options) {
              super(parts, options);
              const words = parts.reduce((sum, each) => sum + (each.length ?? 0), 0);
              order.push(words > 64 * 1024 ? "large" : "kept");
            }
          };
          const {blob} = await packed(context.user);
          order.push(JSON.parse(await blob.text()).photos.length);
          return order;
        }"""
    )
    assert order.count("read") == order[-1] == 12
    assert "large" not in order
    for n, each in enumerate(order):
        assert each != "read" or order[n + 1] == "kept", order
