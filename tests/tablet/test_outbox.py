"""The queue against a bad line, a server that dies, two tabs, a stale token, an ended session.

The numbers F01 … are those of the table of failures in docs/field.md.
"""

import io
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from inspections.fieldwork.models import Operation
from tests.fieldwork.team import COUNT, DAYS, MONEY, SAMPLE, YES_NO, YES_NO_NA, Stay
from tests.findings import pictures
from tests.tablet import line as faults
from tests.tablet.conftest import MakeTablet, body_of
from tests.tablet.line import Line, on

Ledger = Callable[[], list[Operation]]


def test_f01_a_lost_reply_leaves_one_row(tablet: MakeTablet, line: Line, ledger: Ledger) -> None:
    one = tablet()
    line.fault = on("POST /api/ops", faults.lost_reply, times=1)
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("连不上服务器")
    assert len(ledger()) == 1
    assert [row["state"] for row in one.rows()] == ["waiting"]
    line.fault = None
    one.send()
    one.all_delivered()
    assert len(ledger()) == 1
    assert line.count("POST /api/ops") <= 2  # a pull has told the tablet that it had arrived


def test_f01_a_server_killed_after_the_commit_and_started_again(
    tablet: MakeTablet, line: Line, ledger: Ledger
) -> None:
    one = tablet()
    killed = threading.Event()

    def dies(environ: faults.Environ, answer: Callable[[], object], start: object) -> object:
        spoilt = faults.lost_reply(environ, answer, start)  # type: ignore[arg-type]
        if not killed.is_set():
            killed.set()
            threading.Thread(target=line.stop).start()
        return spoilt

    line.fault = on("POST /api/ops", dies, times=1)  # type: ignore[arg-type]
    one.choose(YES_NO, "否")
    assert killed.wait(10)
    expect(one.state).to_contain_text("连不上服务器")
    one.choose(YES_NO_NA, "否")
    line.start()
    one.send()
    one.all_delivered()
    assert [row.item for row in ledger()] == [YES_NO, YES_NO_NA]


def test_f02_five_requests_with_one_operation_make_one_row(tablet: MakeTablet, ledger: Ledger) -> None:
    one = tablet()
    one.context.set_offline(True)
    one.choose(YES_NO, "否")
    (row,) = one.rows()
    one.page.close()
    page = one.new_tab()
    one.context.set_offline(False)
    page.goto(f"{one.line.address}/help")  # a page of the site without the outbox
    told = page.evaluate(
        """async op => {
          const hello = await (await fetch('/api/hello')).json();
          const send = () => fetch('/api/ops', {method: 'POST',
            body: JSON.stringify({device: 'x', ops: [op]}),
            headers: {'Content-Type': 'application/json', 'X-CSRFToken': hello.csrf}});
          const answers = await Promise.all([send(), send(), send(), send(), send()]);
          return Promise.all(answers.map(async each => [each.status, (await each.json()).acks[0].status]));
        }""",
        row["op"],
    )
    assert [status for status, _ in told] == [200] * 5
    assert sorted(word for _, word in told) == ["dup"] * 4 + ["ok"]
    assert len(ledger()) == 1


def test_f03_an_operation_keeps_its_id_over_reload_retry_and_export(
    tablet: MakeTablet, line: Line, ledger: Ledger
) -> None:
    one = tablet()
    line.fault = on("POST /api/ops", faults.cut)
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("连不上服务器")
    (before,) = one.rows()
    one.reload()
    one.send()
    one.go("/queue")
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="导出未上传的到文件").click()
    (exported,) = body_of(download.value.path().read_bytes())["ops"]
    line.fault = None
    one.send()
    one.all_delivered()
    (row,) = ledger()
    assert str(row.id) == before["id"] == exported["id"]


def test_f06_two_tabs_send_each_operation_once(tablet: MakeTablet, line: Line, ledger: Ledger) -> None:
    one = tablet()
    one.context.set_offline(True)
    for n in range(20):
        one.edit(COUNT, n, author=str(one.stay.member.uuid))
    other = one.new_tab()
    sent: list[str] = []

    def note(environ: faults.Environ, _answer: object, _start: object) -> None:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        sent.extend(op["id"] for op in body_of(body)["ops"])
        environ["wsgi.input"] = io.BytesIO(body)

    line.fault = on("POST /api/ops", note)
    other.goto(f"{line.address}/tablet/#/")
    one.context.set_offline(False)
    drain = "async () => (await import('/static/tablet/sent/outbox.js')).drain()"
    one.page.evaluate(f"({drain})()")
    other.evaluate(f"({drain})()")
    one.all_delivered()
    expect(other.locator("#state")).to_contain_text("全部已上传", timeout=30_000)
    assert len(sent) == len(set(sent)) == len(ledger()) == 20


def test_f06_without_locks_the_server_recognises_what_comes_twice(tablet: MakeTablet, ledger: Ledger) -> None:
    one = tablet(prepared=False)
    one.context.add_init_script("Object.defineProperty(navigator, 'locks', {value: undefined})")
    one.prepare()
    assert one.page.evaluate("navigator.locks === undefined")
    one.context.set_offline(True)
    for n in range(20):
        one.edit(COUNT, n, author=str(one.stay.member.uuid))
    other = one.new_tab()
    other.goto(f"{one.line.address}/tablet/#/")
    one.context.set_offline(False)
    one.all_delivered()
    expect(other.locator("#state")).to_contain_text("全部已上传", timeout=30_000)
    assert len(ledger()) == 20


def test_f07_one_refused_operation_is_shown_and_nineteen_are_delivered(
    tablet: MakeTablet, ledger: Ledger
) -> None:
    one = tablet()
    one.context.set_offline(True)
    for n in range(20):
        one.edit(DAYS if n == 6 else COUNT, -1 if n == 6 else n, author=str(one.stay.member.uuid))
    one.context.set_offline(False)
    one.send()
    expect(one.page.locator("#needs")).to_have_text("需处理 1")
    expect(one.state).to_contain_text("其余已上传")
    assert len(ledger()) == 19
    one.page.locator("#needs").click()
    expect(one.page.locator(".refused li")).to_have_count(1)
    expect(one.page.locator(".refused .why")).to_contain_text("天数应为 0 至 999999 的整数")


def test_f07_what_the_server_cannot_read_as_a_whole_is_found_and_the_rest_delivered(
    tablet: MakeTablet, ledger: Ledger
) -> None:
    one = tablet()
    one.context.set_offline(True)
    for n in range(20):
        value = "\ud800" if n == 6 else f"第{n}次"  # half a character: no database can keep it
        one.page.evaluate(
            """async ([said, half]) => {
              const store = await import('/static/tablet/kept/store.js');
              await store.edit({...said, value: half ? String.fromCharCode(0xd800) : said.value});
            }""",
            [note_of(one.stay, "x" if n == 6 else value) | ({"item": DAYS} if n == 6 else {}), n == 6],
        )
    one.context.set_offline(False)
    one.send()
    expect(one.page.locator("#needs")).to_have_text("需处理 1", timeout=30_000)
    assert len(ledger()) == 19


def note_of(stay: Stay, value: str) -> dict[str, object]:
    said = {"visit": str(stay.posting.uuid), "item": COUNT, "field": "note", "kind": "set", "value": value}
    return said | {"base": None, "template_version": stay.checklist.version, "author": str(stay.member.uuid)}


NO_ACKS = {
    "500": faults.status("500 Internal Server Error"),
    "503": faults.status("503 Service Unavailable"),
    "502": faults.status("502 Bad Gateway"),
    "portal": faults.status("200 OK", b"<html>portal</html>"),
    "foreign JSON": faults.status("200 OK", b"{}", "application/json"),
    "no acks": faults.status("200 OK", b'{"app": "inspections", "acks": []}', "application/json"),
    "redirect": faults.redirect,
    "cut": faults.cut,
}


def test_f08_f09_nothing_but_an_ack_counts_as_delivered(
    tablet: MakeTablet, line: Line, ledger: Ledger
) -> None:
    one = tablet()
    line.fault = on("POST /api/ops", faults.cut)
    one.choose(YES_NO, "否")
    for name, fault in NO_ACKS.items():
        line.fault = on("POST /api/ops", fault)
        line.seen.clear()
        for _ in range(8):
            one.send()
        assert line.count("POST /api/ops"), name
        assert len(one.waiting()) == 1, name
        expect(one.state, name).to_contain_text("1 条待传")
        expect(one.card(YES_NO).locator(".state"), name).to_contain_text("已存本机，未上传")
        assert ledger() == [], name
    line.fault = None
    one.send()
    one.all_delivered()
    assert len(ledger()) == 1


@pytest.mark.soak
def test_f08_two_hundred_failures_lose_nothing(tablet: MakeTablet, line: Line, ledger: Ledger) -> None:
    one = tablet()
    line.fault = on("POST /api/ops", faults.status("500 Internal Server Error"))
    one.choose(YES_NO, "否")
    for _ in range(200):
        one.send()
    assert len(one.waiting()) == 1
    line.fault = None
    one.send()
    one.all_delivered()
    assert len(ledger()) == 1


def test_f10_a_stale_token_is_fetched_again_once(
    tablet: MakeTablet, county: Flask, line: Line, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = tablet()
    monkeypatch.setitem(county.config, "WTF_CSRF_TIME_LIMIT", 1)
    one.send()
    line.seen.clear()

    def late(_environ: object, _answer: object, _start: object) -> None:
        if line.count("POST /api/ops") == 1:
            threading.Event().wait(2.1)

    line.fault = on("POST /api/ops", late)
    one.choose(YES_NO, "否")
    one.all_delivered()
    assert line.count("POST /api/ops") == 2
    assert len(ledger()) == 1


def test_f10_two_refusals_of_the_token_stop_and_keep(
    tablet: MakeTablet, county: Flask, line: Line, ledger: Ledger
) -> None:
    one = tablet()
    refused = b'{"app": "inspections", "error": "x"}'
    line.fault = on("POST /api/ops", faults.status("400 Bad Request", refused, "application/json"))
    line.seen.clear()
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("登录已过期，请重新登录后上传")
    assert line.count("POST /api/ops") in (2, 4)  # each attempt fetches the token once, not for ever
    assert len(one.waiting()) == 1
    line.fault = None
    one.send()
    one.all_delivered()
    assert len(ledger()) == 1


def test_f11_writing_makes_no_call(tablet: MakeTablet, line: Line) -> None:
    one = tablet()
    one.context.set_offline(True)
    asked: list[str] = []
    one.page.on("request", lambda request: asked.append(request.url))
    before = len(asked)
    written = one.page.evaluate(
        """async () => {
          document.querySelector("[name^=verdict][value=no]").click();
          await new Promise(good => setTimeout(good, 300));
          return true;
        }"""
    )
    assert written
    assert len(one.waiting()) == 1
    assert [url for url in asked[before:] if "/api/" in url] == []


def test_f12_an_ended_session_keeps_the_queue_and_says_so(
    tablet: MakeTablet, line: Line, ledger: Ledger
) -> None:
    one = tablet()
    one.sign_out()
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("请重新登录后上传")
    expect(one.page.locator("#sign-in")).to_be_visible()
    assert len(one.waiting()) == 1
    one.sign_in(one.stay.member)
    one.send()
    one.all_delivered()
    expect(one.page.locator("#sign-in")).to_be_hidden()
    assert len(ledger()) == 1


def test_f13_nobody_sends_what_another_wrote(tablet: MakeTablet, ledger: Ledger) -> None:
    one = tablet()
    one.context.set_offline(True)
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("1 条待传")
    one.sign_out()
    one.sign_in(one.stay.village)
    one.context.set_offline(False)
    one.send()
    expect(one.state).to_contain_text("他人 1 条待其本人解锁后上传")
    assert ledger() == []
    expect(one.page.locator("#screen")).to_be_visible()
    one.sign_in(one.stay.member)
    one.send()
    one.all_delivered()
    (row,) = ledger()
    assert row.author_id == one.stay.member.id


def test_f14_a_reload_between_writing_and_sending(tablet: MakeTablet, line: Line, ledger: Ledger) -> None:
    one = tablet()
    line.fault = on("POST /api/ops", faults.cut)
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("连不上服务器")
    line.fault = None
    one.reload()
    one.all_delivered()
    assert len(ledger()) == 1


def test_f35_an_edit_while_the_last_one_is_being_sent(tablet: MakeTablet, line: Line, ledger: Ledger) -> None:
    one = tablet()
    line.fault = on("POST /api/ops", faults.slow(1.5), times=1)
    one.fill(COUNT, "3")
    one.seen("POST /api/ops")  # it has left, and no answer has come
    one.fill(COUNT, "5")
    one.all_delivered()
    assert [row.value for row in ledger()] == [3, 5]
    expect(one.card(COUNT).locator(".state")).to_contain_text("5 项（次） 本人 · 已上传")
    expect(one.card(COUNT).locator(".held")).to_be_hidden()


def test_f40_a_server_that_never_answers_blocks_nobody_and_is_given_up(
    tablet: MakeTablet, line: Line, ledger: Ledger
) -> None:
    one = tablet()
    one.page.clock.install()
    one.reload()
    line.fault = on("POST /api/ops", faults.silent(6))
    one.choose(YES_NO, "否")
    one.seen("POST /api/ops")
    one.choose(YES_NO_NA, "是")  # the page works meanwhile
    expect(one.card(YES_NO_NA).locator(".state")).to_contain_text("已存本机，未上传", timeout=1000)
    assert "连不上服务器" not in one.state.inner_text()
    one.page.clock.fast_forward(16_000)  # what the page waits for an answer, by its own clock
    expect(one.state).to_contain_text("连不上服务器", timeout=3000)
    line.fault = None
    one.all_delivered()  # without a reload or a tap
    assert len(ledger()) == 2


def test_f41_f44_the_line_says_delivered_only_after_the_ack(
    tablet: MakeTablet, line: Line, ledger: Ledger
) -> None:
    one = tablet()
    expect(one.state).to_contain_text("全部已上传")
    assert one.state.get_attribute("class") == "good"
    line.fault = on("POST /api/ops", faults.slow(2))
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("待传")
    assert one.state.get_attribute("class") == "waits"
    assert "全部已上传" not in one.state.inner_text()
    assert ledger() == []
    one.all_delivered()
    assert one.state.get_attribute("class") == "good"
    assert len(ledger()) == 1


def test_f43_twelve_tablets_at_once_meet_no_locked_database(
    tablet: MakeTablet, line: Line, county: Flask, ledger: Ledger
) -> None:
    one = tablet()
    told = one.page.evaluate(
        """async ([visit, version, item]) => {
          const {newId} = await import('/static/tablet/kept/store.js');
          const hello = await (await fetch('/api/hello')).json();
          const send = async (device) => {
            const statuses = [];
            for (let n = 0; n < 2; n += 1) {
              const ops = [...Array(5)].map((_, k) => ({id: newId(), visit, item,
                field: 'answer', kind: 'set', value: k, base: null,
                at: new Date().toISOString(), template_version: version}));
              const answer = await fetch('/api/ops', {method: 'POST', body: JSON.stringify({device, ops}),
                headers: {'Content-Type': 'application/json', 'X-CSRFToken': hello.csrf}});
              statuses.push(answer.status);
            }
            return statuses;
          };
          return (await Promise.all([...Array(12)].map((_, n) => send(`T${n}`)))).flat();
        }""",
        [one.visit, one.stay.checklist.version, DAYS],
    )
    assert set(told) == {200}
    assert len(told) == 24
    assert len(ledger()) == 120


def test_f16_the_worker_touches_get_only_and_an_empty_photograph_is_asked_for_again(
    tablet: MakeTablet, line: Line
) -> None:
    one = tablet()
    one.photo(SAMPLE, pictures.jpeg())
    one.all_delivered()
    worker = Path("inspections/static/tablet/worker.js").read_text(encoding="utf-8")
    handler = worker[worker.index('addEventListener("fetch"') :]
    assert 'method !== "GET"' in handler.split("respondWith")[0]
    served = one.page.request.get(f"{line.address}/tablet/worker.js").text()
    shell = served.split("const SHELL = ")[1].split(";")[0]
    assert "/api/" not in shell
    (operation,) = [row for row in line.seen if row.startswith("PUT /api/photos/")]
    refused = one.page.evaluate(
        """async address => {
          const hello = await (await fetch('/api/hello')).json();
          const answer = await fetch(address, {method: 'PUT', body: new Uint8Array(0),
            headers: {'Content-Type': 'image/jpeg', 'X-CSRFToken': hello.csrf}});
          return answer.status;
        }""",
        operation.removeprefix("PUT "),
    )
    assert refused == 422


def test_money_and_shares_arrive_as_they_were_meant(tablet: MakeTablet, ledger: Ledger) -> None:
    one = tablet()
    one.fill(MONEY, "4860.50")
    one.all_delivered()
    assert [row.value for row in ledger()] == ["4860.5"]
