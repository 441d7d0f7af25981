"""What the tablet holds: its disk full, its connection closed, its clock wrong, its browser killed."""

import base64
import io
import os
import random
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from PIL import Image
from playwright.sync_api import BrowserContext, Playwright, expect
from sqlalchemy import orm

from inspections.fieldwork.models import Checklist, Operation, Quarantined
from inspections.findings.models import Finding, Photo
from inspections.rounds.models import Round
from tests import factories
from tests.chromium import EXECUTABLE, FLAGS, launched
from tests.fieldwork.team import COUNT, SAMPLE, YES_NO, YES_NO_NA, Stay
from tests.findings import pictures
from tests.tablet import line as faults
from tests.tablet.conftest import Look, MakeTablet, Tablet
from tests.tablet.line import Line, cookie_of, on

Ledger = Callable[[], list[Operation]]
Photos = Callable[[], list[Photo]]


@contextmanager
def lasting(
    playwright: Playwright, folder: Path, line: Line, stay: Stay
) -> Iterator[tuple[Tablet, Callable[[], None]]]:
    """A tablet whose browser can be killed, on the storage in `folder`; and the function that kills it."""
    context = playwright.chromium.launch_persistent_context(
        str(folder), executable_path=EXECUTABLE, args=FLAGS, viewport={"width": 800, "height": 1200}
    )
    tablet = Tablet(context, line, stay)
    tablet.sign_in(stay.member)
    yield tablet, lambda: kill(folder, context)


def kill(folder: Path, context: BrowserContext) -> None:
    """The browser with that storage ends at once, without a word to the page."""
    for process in Path("/proc").iterdir():
        if not process.name.isdecimal():
            continue
        try:
            words = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"--user-data-dir={folder}".encode() in words:
            os.kill(int(process.name), signal.SIGKILL)
    try:
        context.close()
    except Exception as gone:
        assert "closed" in str(gone).lower()


def test_f04_ten_taps_make_one_paper(tablet: MakeTablet, look: Look, stay: Stay) -> None:
    one = tablet()
    one.choose(YES_NO, "否")
    one.card(YES_NO).get_by_role("link", name="记录问题").click()
    one.page.get_by_label("问题名称").fill("村务公开不及时")
    one.page.get_by_label("问题概述").fill("上季度没有公开。")
    one.page.evaluate(
        """() => {
          const all = [...document.querySelectorAll("button")];
          const button = all.find(each => each.textContent === "完成，存入待传");
          for (let n = 0; n < 10; n += 1) button.click();
        }"""
    )
    one.all_delivered()
    assert len(look(sa.select(Finding).where(Finding.posting_id == stay.posting.id))) == 1
    assert (
        len(
            look(
                sa.select(Operation).where(
                    Operation.field == "paper", Operation.posting_id == stay.posting.id
                )
            )
        )
        == 1
    )


def test_f05_when_the_tablet_cannot_note_the_ack_it_sends_again_and_nothing_doubles(
    tablet: MakeTablet, line: Line, ledger: Ledger
) -> None:
    one = tablet()
    one.page.evaluate(
        """() => {
          const put = IDBObjectStore.prototype.put;
          let left = 1;
          IDBObjectStore.prototype.put = function (row, ...more) {
            if (row.state === "sent" && left-- > 0) throw new DOMException("disk", "UnknownError");
            return put.call(this, row, ...more);
          };
        }"""
    )
    one.choose(YES_NO, "否")
    one.page.wait_for_timeout(1500)
    one.send()
    one.all_delivered()
    assert len(ledger()) == 1
    assert line.count("POST /api/ops") <= 2  # a pull has told the tablet that it had arrived
    one.faults.clear()


def test_f18_fifty_operations_of_the_first_version_arrive_and_one_unreadable_is_kept_aside(
    tablet: MakeTablet, ledger: Ledger, stay: Stay
) -> None:
    one = tablet(prepared=False)
    one.page.goto(f"{one.line.address}/help")
    said = {"visit": one.visit, "item": COUNT, "field": "answer", "kind": "set", "base": None}
    said |= {"template_version": stay.checklist.version, "author": str(stay.member.uuid)}
    one.page.evaluate(
        """async said => {
          const db = await new Promise(good => {
            const request = indexedDB.open("tablet", 1);
            request.onupgradeneeded = () => {
              const made = request.result;
              made.createObjectStore("settings", {keyPath: "name"});
              made.createObjectStore("visits", {keyPath: ["user", "id"]});
              made.createObjectStore("seen", {keyPath: ["visit", "seq"]});
              const rows = made.createObjectStore("operations", {keyPath: "n", autoIncrement: true});
              rows.createIndex("id", "id");
              made.createObjectStore("photos", {keyPath: "id"});
            };
            request.onsuccess = () => good(request.result);
          });
          const change = db.transaction("operations", "readwrite");
          const rows = change.objectStore("operations");
          for (let n = 0; n < 50; n += 1) {
            const id = crypto.randomUUID();
            rows.add({id, author: said.author, state: "waiting", tries: 0,
              op: {...said, id, value: n, at: "2026-10-12T09:30:00+08:00"}});
          }
          rows.add({state: "waiting", scrap: "半条记录"});
          await new Promise(good => { change.oncomplete = good; });
          db.close();
        }""",
        said,
    )
    one.open()
    expect(one.page.locator("#needs")).to_have_text("需处理 1", timeout=20_000)
    expect(one.state).to_contain_text("其余已上传")
    assert len(ledger()) == 50
    one.go("/queue")
    expect(one.page.locator(".refused")).to_contain_text("半条记录")


def test_f19_two_villages_of_one_name_on_one_tablet(
    tablet: MakeTablet, county: Flask, stay: Stay, look: Look
) -> None:
    with orm.Session(county.extensions["engine"], expire_on_commit=False) as session:
        people = {session.merge(stay.member.person): "finance", session.merge(stay.leader.person): "leader"}
        unit = factories.make_unit(session, name=stay.posting.unit.name)
        other = factories.make_posting(session, people, unit=unit)
        session.commit()
    one = tablet()
    one.go("/")
    expect(one.page.locator(".rows li")).to_have_count(2)
    for visit, words in ((one.visit, "否"), (str(other.uuid), "是")):
        one.go(f"/visit/{visit}/section/X")
        one.card(YES_NO).wait_for()
        one.choose(YES_NO, words)
        one.all_delivered()
    by_visit = {
        row.posting_id: row.value
        for row in look(sa.select(Operation).where(Operation.posting_id.in_([stay.posting.id, other.id])))
    }
    assert by_visit == {stay.posting.id: "no", other.id: "yes"}


def test_f20_a_connection_closed_by_the_browser_is_opened_again(tablet: MakeTablet, ledger: Ledger) -> None:
    one = tablet(prepared=False)
    one.context.add_init_script(
        """globalThis.handles = [];
        const open = IDBFactory.prototype.open;
        IDBFactory.prototype.open = function (...given) {
          const request = open.apply(this, given);
          request.addEventListener("success", () => handles.push(request.result));
          return request;
        };"""
    )
    one.prepare()
    one.page.evaluate("handles.forEach(each => each.close())")
    one.choose(YES_NO, "否")
    one.all_delivered()
    assert len(ledger()) == 1


def test_f22_a_full_disk_is_said_and_words_are_still_kept(
    playwright_: Playwright, line: Line, stay: Stay, tmp_path: Path, ledger: Ledger, photos: Photos
) -> None:
    """Photographs are refused first; words have room of their own, made anew when photographs have left."""
    with lasting(playwright_, tmp_path / "profile", line, stay) as (one, end):
        devtools = one.context.new_cdp_session(one.page)
        # before the first use: the browser remembers for a while how much room there was
        devtools.send("Storage.overrideQuotaForOrigin", {"origin": line.address, "quotaSize": 5_000_000})
        one.prepare()
        room = "async () => (await import('/static/tablet/kept/db.js')).hasRoom()"
        assert one.page.evaluate(room)
        line.fault = on("PUT /api/photos/", faults.cut)
        noisy = {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": noise()}
        for _ in range(30):
            one.photo(SAMPLE, noisy, whole=False)
            one.page.wait_for_timeout(500)
            if "未保存" in one.state.inner_text():
                break
        expect(one.state).to_contain_text("未保存：本机存储空间不足")
        assert one.state.get_attribute("class") == "bad"
        expect(one.card(SAMPLE).locator(".fault")).to_contain_text("照片未保存")
        one.context.set_offline(True)
        one.choose(YES_NO, "否")
        expect(one.state).not_to_contain_text("未保存")
        for n in range(60):  # every word to the last byte of what photographs could not take, and many more
            one.edit(COUNT, n, author=str(stay.member.uuid), note="页" * 500)
        assert len([row for row in one.waiting() if row["op"]["item"] == COUNT]) == 60
        taken = len(one.rows("photos"))
        assert taken
        line.fault = None
        one.context.set_offline(False)
        one.send()
        one.until_seen(lambda: len(ledger()) == 61 + taken and len(photos()) == taken)
        one.send()
        one.until(room)
        end()


def noise() -> bytes:
    held = io.BytesIO()
    Image.frombytes("RGB", (1200, 900), random.Random(1).randbytes(1200 * 900 * 3)).save(
        held, "JPEG", quality=90
    )
    return held.getvalue()


def test_f23_a_browser_that_lost_what_it_held_is_told_so(tablet: MakeTablet, stay: Stay) -> None:
    one = tablet()
    one.context.set_offline(True)
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("1 条待传")
    one.sign_out()
    one.sign_in(stay.village)
    one.context.set_offline(False)
    one.send()  # the server hears that somebody else's operation still lies here
    expect(one.state).to_contain_text("他人 1 条")
    one.page.goto(f"{one.line.address}/help")
    one.page.evaluate(
        """() => new Promise((good, bad) => {
          const request = indexedDB.deleteDatabase("tablet");
          request.onsuccess = good;
          request.onerror = bad;
        })"""
    )
    one.sign_out()
    one.sign_in(stay.member)
    one.open()
    expect(one.page.locator("#notices")).to_contain_text("本机上次还有 1 条未上传，现在找不到了")


def test_f24_the_first_screen_names_the_tablet_and_says_that_icon_and_browser_store_apart(
    tablet: MakeTablet,
) -> None:
    one = tablet(prepared=False)
    one.sign_out()
    one.open()
    expect(one.page.locator("#screen")).to_contain_text("本机编号")
    expect(one.page.locator("#screen")).to_contain_text("主屏幕图标与浏览器各存各的")


def test_f25_f26_f27_a_killed_browser_loses_no_word_and_no_photograph_and_finds_its_place(
    playwright_: Playwright, line: Line, stay: Stay, tmp_path: Path, ledger: Ledger, photos: Photos
) -> None:
    folder = tmp_path / "profile"
    with lasting(playwright_, folder, line, stay) as (one, end):
        one.prepare()
        one.context.set_offline(True)
        one.fill(SAMPLE, "看过三本账", "note")
        one.photo(SAMPLE, pictures.jpeg(), pictures.jpeg(80, 60), pictures.jpeg(90, 60))
        one.fill(SAMPLE, "7", "checked")  # half an answer
        one.go("/")
        one.section()
        one.fill(COUNT, "4")  # an edit after coming back
        with one.page.expect_file_chooser():
            one.card(SAMPLE).get_by_text("拍照", exact=True).first.click()
        one.page.wait_for_timeout(300)
        end()
    with lasting(playwright_, folder, line, stay) as (one, end):
        one.open()
        expect(one.page).to_have_url(f"{line.address}/tablet/#/visit/{one.visit}/section/X")
        expect(one.card(SAMPLE).locator(".fault")).to_contain_text("正在为这一项拍照时页面被关闭")
        expect(one.card(SAMPLE).locator("[name=checked]")).to_have_value("7")
        expect(one.card(SAMPLE).locator("[name=note]")).to_have_value("看过三本账")
        expect(one.card(SAMPLE).locator(".photos li")).to_have_count(3)
        one.all_delivered()
        assert len(photos()) == 3
        assert {(row.item, row.field) for row in ledger()} == {
            (SAMPLE, "note"),
            (SAMPLE, "photos"),
            (COUNT, "answer"),
        }
        end()


def test_f33_a_stay_goes_on_under_the_version_with_which_it_began(
    tablet: MakeTablet, county: Flask, stay: Stay, ledger: Ledger
) -> None:
    days = sa.func.date("now", "-2 days")
    with county.extensions["sessions"]() as session:
        session.execute(
            sa.update(Checklist)
            .where(Checklist.id == stay.checklist.id)
            .values(published_at=sa.func.datetime("now", "-3 days"))
        )
        session.execute(
            sa.update(Round).where(Round.id == stay.posting.team.round.id).values(release_on=days)
        )
        session.commit()
    one = tablet()
    one.context.set_offline(True)
    one.choose(YES_NO, "否")
    with orm.Session(county.extensions["engine"]) as session:
        newer = factories.make_checklist(session)
        session.commit()
        assert newer.version > stay.checklist.version
    other = tablet(stay.leader)  # prepared after the new version came out
    other.choose(YES_NO_NA, "否")
    other.all_delivered()
    one.context.set_offline(False)
    one.all_delivered()
    assert {row.checklist_id for row in ledger()} == {stay.checklist.id}
    assert len(ledger()) == 2


def test_f34_what_comes_after_the_visit_is_closed_is_kept_and_shown(
    tablet: MakeTablet, county: Flask, stay: Stay, ledger: Ledger, look: Look
) -> None:
    one = tablet(stay.village)
    one.context.set_offline(True)
    one.choose(YES_NO, "否")
    with county.extensions["sessions"]() as session:
        session.execute(
            sa.update(Round)
            .where(Round.id == stay.posting.team.round.id)
            .values(
                release_on=sa.func.date("now", "-9 days"),
                start=sa.func.date("now", "-9 days"),
                end=sa.func.date("now", "-2 days"),
            )
        )
        session.commit()
    one.context.set_offline(False)
    one.send()
    expect(one.page.locator("#needs")).to_have_text("需处理 1")
    one.go("/queue")
    expect(one.page.locator(".refused .why")).to_contain_text("您不在这个驻点的组内")
    assert ledger() == []
    (kept,) = look(sa.select(Quarantined).where(Quarantined.posting_id == stay.posting.id))
    assert kept.body["value"] == "no"


def test_f38_looking_at_everything_writes_nothing(tablet: MakeTablet, line: Line) -> None:
    one = tablet()
    line.seen.clear()
    for each in one.page.locator("summary").all():
        each.click()
    for each in one.page.locator("input:visible:not([type=file]), textarea:visible").all():
        each.focus()
        each.blur()
    one.go(f"/visit/{one.visit}/paper/new")
    one.page.get_by_label("问题名称").focus()
    one.go("/queue")
    one.go("/")
    one.section()
    assert one.rows() == one.rows("drafts") == one.rows("findings") == []
    assert line.count("POST /api/ops") == 0


def test_f39_a_clock_seven_years_back_is_said_and_orders_nothing(
    tablet: MakeTablet, stay: Stay, ledger: Ledger
) -> None:
    right = tablet(stay.leader)
    right.fill(COUNT, "3")
    right.all_delivered()
    wrong = tablet(prepared=False)
    wrong.context.add_init_script(
        """{
          const Right = Date, shift = -7 * 365 * 86400e3;
          globalThis.Date = class extends Right {
            constructor(...given) { given.length ? super(...given) : super(Right.now() + shift); }
            static now() { return Right.now() + shift; }
          };
        }"""
    )
    wrong.prepare()
    expect(wrong.page.locator("#notices")).to_contain_text("本机时钟与服务器相差")
    wrong.fill(COUNT, "5")
    wrong.all_delivered()
    first, second = ledger()
    assert (first.value, second.value) == (3, 5)
    assert second.client_time < first.client_time
    assert second.received_at > first.received_at


def test_f42_half_composed_characters_are_never_saved_and_leaving_keeps_what_stands(
    tablet: MakeTablet, ledger: Ledger
) -> None:
    one = tablet()
    one.context.set_offline(True)
    devtools = one.context.new_cdp_session(one.page)
    note = one.card(COUNT).locator("[name=note]")
    note.focus()
    devtools.send("Input.imeSetComposition", {"text": "zhang", "selectionStart": 5, "selectionEnd": 5})
    one.page.wait_for_timeout(200)
    assert one.rows() == []
    devtools.send("Input.insertText", {"text": "账册"})
    expect(one.state).to_contain_text("1 条待传")
    assert [row["op"]["value"] for row in one.rows()] == ["账册"]
    devtools.send("Input.imeSetComposition", {"text": "不全", "selectionStart": 2, "selectionEnd": 2})
    one.card(YES_NO).locator("input").first.focus()
    one.page.wait_for_timeout(300)
    assert one.rows()[-1]["op"]["value"] == note.input_value() == "账册不全"
    one.context.set_offline(False)
    one.all_delivered()
    assert "zhang" not in str([row.value for row in ledger()])


def test_f47_on_plain_http_a_red_banner_says_so_and_the_forms_go_on(
    playwright_: Playwright, line: Line, stay: Stay, ledger: Ledger
) -> None:
    browser = launched(playwright_, "--host-resolver-rules=MAP tablet.test 127.0.0.1")
    insecure = Line(line.app, line.port)
    one = Tablet(browser.new_context(locale="zh-CN"), insecure, stay)
    cookie = cookie_of(line.app, stay.member)
    one.context.add_cookies([{"name": "session", "value": cookie, "domain": "tablet.test", "path": "/"}])
    page = one.page
    page.goto(f"http://tablet.test:{line.port}/tablet/")
    expect(page.locator("#notices .alarm")).to_contain_text("本页不是 https，断网后打不开")
    assert not page.evaluate("'serviceWorker' in navigator")
    page.goto(f"http://tablet.test:{line.port}/tablet/check")
    expect(page.locator("#verdict")).to_contain_text("现在不能离线填写")
    page.goto(f"http://tablet.test:{line.port}/postings/{one.visit}/sections/X")
    expect(page.get_by_role("alert").first).to_contain_text("本页不是 https")
    page.locator(f"#item-{YES_NO}").get_by_text("否", exact=True).click()
    page.get_by_role("button", name="保存本节").click()
    expect(page.locator("main")).to_contain_text("已保存 1 处填写")
    assert len(ledger()) == 1
    browser.close()


def test_f45_f46_what_was_refused_is_seen_exported_and_taken_in_by_the_server_twice_without_harm(
    tablet: MakeTablet, county: Flask, ledger: Ledger, photos: Photos, tmp_path: Path
) -> None:
    one = tablet()
    one.edit(COUNT, -1, author=str(one.stay.member.uuid))
    one.send()
    expect(one.page.locator("#needs")).to_have_text("需处理 1")
    one.context.set_offline(True)
    one.choose(YES_NO, "否")
    one.photo(SAMPLE, pictures.jpeg())
    one.fill(SAMPLE, "7", "checked")
    one.go("/queue")
    expect(one.page.locator(".refused")).to_contain_text("-1")
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="导出未上传的到文件").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    for words in ("收入 2 条、照片 1 张", "原已收入 2 条"):
        said = county.test_cli_runner().invoke(args=["fieldwork", "import", str(file)])
        assert words in said.output
        assert "数量应为 0 至 999999" in said.output
    assert (len(ledger()), len(photos())) == (2, 1)
    one.context.set_offline(False)  # and the tablet's own delivery changes nothing either
    one.send()
    expect(one.state).to_contain_text("其余已上传")
    assert (len(ledger()), len(photos())) == (2, 1)
    one.go("/queue")
    one.page.get_by_role("link", name="去改正").click()
    one.fill(COUNT, "1")
    one.all_delivered()
    expect(one.page.locator("#needs")).to_be_hidden()


OLD = """async ([author, other, visit, version, visits]) => {
  const db = await new Promise(good => {
    const request = indexedDB.open("tablet", 2);
    request.onupgradeneeded = () => {
      const made = request.result;
      const keys = {settings: "name", visits: ["user", "id"], seen: ["visit", "seq"], photos: "id",
        bytes: "id", drafts: ["visit", "item", "author"], papers: "id"};
      for (const name in keys) made.createObjectStore(name, {keyPath: keys[name]});
      const rows = made.createObjectStore("operations", {keyPath: "n", autoIncrement: true});
      rows.createIndex("id", "id");
      rows.createIndex("state", "state");
      made.createObjectStore("spoiled", {keyPath: "n", autoIncrement: true});
    };
    request.onsuccess = () => good(request.result);
  });
  const change = db.transaction(db.objectStoreNames, "readwrite");
  const put = (name, row) => change.objectStore(name).put(row);
  const at = "2026-10-12T09:30:00+08:00", photo = crypto.randomUUID(), paper = crypto.randomUUID();
  put("settings", {name: "user", value: {id: author, name: "旧", role: "member"}});
  put("settings", {name: "vocabulary", value: visits.vocabulary});
  const [stay] = visits.visits;
  for (const user of [author, other]) put("visits", {...stay, user, closed: false});
  put("seen", {visit, item: "V-X-04", field: "answer", kind: "set", value: 12, seq: 1,
    id: crypto.randomUUID(), base: null, author: other, author_name: "同事"});
  const edit = (who, item, value, more = {}) => {
    const id = more.id ?? crypto.randomUUID();
    const op = {id, visit, item, field: "answer", kind: "set", value, base: null, at,
      template_version: version, author: who, ...more};
    put("operations", {id, author: who, state: "waiting", tries: 0, op});
  };
  edit(author, "V-X-01", "no");
  edit(other, "V-X-03", 5);
  edit(author, "V-X-07", {caption: "", taken_at: at}, {field: "photos", kind: "add", id: photo});
  const bytes = Uint8Array.from(atob(visits.picture), each => each.charCodeAt(0)).buffer;
  put("photos", {id: photo, visit, item: "V-X-07", author, state: "waiting", thumb: bytes});
  put("bytes", {id: photo, data: bytes});
  const raw = {verdict: "", reason: "", checked: "7", abnormal: "", figure: "", cases: []};
  put("drafts", {visit, item: "V-X-07", author, raw, at: 1});
  const value = {title: "旧程序里没写完的"};
  put("papers", {id: paper, visit, author, item: null, seen: null, begun: true, value});
  await new Promise(good => { change.oncomplete = good; });
  db.close();
}"""


def test_the_store_of_the_last_program_is_taken_over_with_every_word_and_sealed(
    tablet: MakeTablet, stay: Stay, ledger: Ledger, photos: Photos
) -> None:
    one = tablet(prepared=False)
    one.page.goto(f"{one.line.address}/help")  # a page of the site that does not open the store
    said = one.page.evaluate("async () => (await fetch('/api/visits')).json()")
    said["picture"] = base64.b64encode(pictures.jpeg()).decode()
    author, other = str(stay.member.uuid), str(stay.village.uuid)
    one.page.evaluate(OLD, [author, other, one.visit, stay.checklist.version, said])
    one.line.fault = on("GET /api/", faults.cut)  # at first without a server
    one.open(f"/visit/{one.visit}/section/X")
    expect(one.card(SAMPLE).locator("[name=checked]")).to_have_value("7")
    expect(one.card(SAMPLE).locator(".photos li")).to_have_count(1)
    expect(one.card(YES_NO).locator(".state")).to_contain_text("已存本机，未上传")
    expect(one.card("V-X-04").locator("[name=figure]")).to_have_value("12")
    one.go(f"/visit/{one.visit}")
    expect(one.page.locator("#screen")).to_contain_text("旧程序里没写完的")
    expect(one.state).to_contain_text("他人 1 条待其本人解锁后上传")
    assert "旧程序里没写完的" not in str(one.rows("findings"))
    one.line.fault = None
    one.send()
    one.all_delivered_but_begun()
    assert {(row.item, row.author_id) for row in ledger()} == {
        (YES_NO, stay.member.id),
        (SAMPLE, stay.member.id),
    }
    one.until_seen(lambda: len(photos()) == 1)
    one.sign_in(stay.village)
    one.send()
    one.until_seen(lambda: len(ledger()) == 3)
    assert ledger()[-1].author_id == stay.village.id
