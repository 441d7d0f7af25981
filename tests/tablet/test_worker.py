"""The page without a network: what the worker keeps, how it is replaced, how heavy it all is."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from inspections.fieldwork.models import Operation
from inspections.fieldwork.tablet import protocol, tablet_views
from tests.fieldwork.team import YES_NO
from tests.tablet import line as faults
from tests.tablet.conftest import MakeTablet
from tests.tablet.line import Line, on

FOLDER = Path("inspections/static/tablet")
KEPT = "caches.keys().then(names => names.filter(name => name.startsWith('tablet')))"


@pytest.mark.parametrize(
    "fault",
    [
        faults.redirect,
        faults.status("200 OK", b"<html>portal</html>"),
        faults.status("500 Internal Server Error"),
    ],
    ids=["redirect", "portal", "500"],
)
def test_f15_an_install_that_meets_another_page_keeps_nothing(
    tablet: MakeTablet, line: Line, fault: faults.Fault
) -> None:
    one = tablet(prepared=False)
    line.fault = on("GET /static/tablet/queue.js", fault)  # only the worker asks for it here
    one.open()
    one.seen("GET /static/tablet/queue.js")
    one.until("async () => !(await navigator.serviceWorker.getRegistration('/tablet/'))")
    assert one.page.evaluate(KEPT) == []
    one.page.get_by_role("button", name="下乡准备").click()
    expect(one.page.locator(".ready")).to_contain_text("没有准备好", timeout=30_000)
    line.fault = None
    one.reload()
    one.page.get_by_role("button", name="下乡准备").click()
    expect(one.page.locator(".ready")).to_contain_text("断网可以打开")


def test_f15_signed_out_the_page_holds_nobodys_data_and_leads_to_no_loop(
    tablet: MakeTablet, line: Line
) -> None:
    one = tablet()
    one.sign_out()
    line.seen.clear()
    one.reload()
    expect(one.page.locator("#sign-in")).to_be_visible()
    expect(one.page.locator("#screen h1")).to_contain_text(
        "X 测试"
    )  # what lies on the tablet can still be worked on
    assert line.count("GET /tablet/") == 0
    stored = one.page.evaluate(
        """async () => {
          const texts = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) texts.push(await (await cache.match(request)).text());
          }
          return texts.join("");
        }"""
    )
    assert one.stay.member.name not in stored
    assert one.stay.posting.unit.name not in stored


def test_f17_a_new_program_takes_over_on_a_tap_and_sends_what_waited(
    tablet: MakeTablet, line: Line, ledger: Callable[[], list[Operation]], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = tablet()
    line.fault = on("POST /api/ops", faults.cut)
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("1 条待传")
    one.page.evaluate("document.marker = true")
    monkeypatch.setattr(tablet_views, "version", lambda: "newer")
    one.page.evaluate("navigator.serviceWorker.getRegistration('/tablet/').then(each => each.update())")
    expect(one.page.locator("#update")).to_contain_text("有新版本。本机 1 条待传的都在，更新后照常上传")
    one.page.wait_for_timeout(500)
    assert one.page.evaluate("document.marker")  # the page was not replaced under its user
    with one.page.expect_event("load"):
        one.page.locator("#update").get_by_role("button", name="更新").click()
    assert not one.page.evaluate("document.marker")
    expect(one.page.locator("#screen h1")).to_contain_text("X 测试")
    assert one.page.evaluate(KEPT) == ["tablet newer"]
    assert len(one.waiting()) == 1  # the newer program finds what waits, and sends it
    line.fault = None
    one.send()
    one.all_delivered()
    assert len(ledger()) == 1


def test_a_newer_server_that_this_program_does_not_understand_is_not_written_to(
    tablet: MakeTablet, monkeypatch: pytest.MonkeyPatch, ledger: Callable[[], list[Operation]]
) -> None:
    one = tablet()
    monkeypatch.setattr(protocol, "MINIMUM_CLIENT", 3)
    one.choose(YES_NO, "否")
    expect(one.state).to_contain_text("请先更新程序")
    assert len(one.waiting()) == 1
    assert ledger() == []


def test_the_page_asks_for_each_file_once_when_cold_and_never_when_warm(
    tablet: MakeTablet, line: Line
) -> None:
    one = tablet(prepared=False)
    one.sign_out()
    asked: list[str] = []
    one.page.on("request", lambda request: asked.append(request.url))
    one.page.goto(f"{line.address}/tablet/")
    expect(one.page.locator("#screen h1")).to_have_text("请先登录")
    one.page.wait_for_timeout(500)
    cold = [
        url for url in asked if "/api/" not in url and not url.startswith("data:") and "worker.js" not in url
    ]
    before = 3 + len(tablet_views.FIRST)  # with the page itself, its style and its beginning
    assert len(cold) == len(set(cold)) == before + len(tablet_views.THEN), cold
    assert all(url.endswith(tuple(tablet_views.THEN)) for url in cold[before:]), cold
    one.sign_in(one.stay.member)
    one.prepare()
    line.seen.clear()
    one.reload()
    expect(one.page.locator("#screen h1")).to_contain_text("X 测试")
    one.page.wait_for_timeout(500)
    assert [row for row in line.seen if "/api/" not in row and "worker.js" not in row] == []


def test_the_page_weighs_no_more_than_was_promised() -> None:
    sizes = {
        each.relative_to(FOLDER).as_posix(): len(gzip.compress(each.read_bytes(), 6))
        for each in tablet_views.files(FOLDER)
    }
    assert (FOLDER / "tablet.css").stat().st_size <= 8 * 1024
    first = ("tablet.css", "app.js", *tablet_views.FIRST, *tablet_views.THEN)
    assert sum(sizes[name] for name in first) <= 40 * 1024, sizes
    # with every screen that is fetched when first opened; checks at a door took it over 80
    assert sum(sizes.values()) <= 84 * 1024, sizes


def test_scripts_travel_compressed_and_pages_with_a_token_do_not(tablet: MakeTablet, line: Line) -> None:
    one = tablet()
    asking = {"Accept-Encoding": "gzip"}
    script = one.page.request.get(f"{line.address}/static/tablet/kept/db.js", headers=asking)
    assert script.headers["content-encoding"] == "gzip"
    assert "indexedDB" in script.text()
    again = asking | {"If-None-Match": script.headers["etag"]}
    assert one.page.request.get(f"{line.address}/static/tablet/kept/db.js", headers=again).status == 304
    assert "content-encoding" not in one.page.request.get(f"{line.address}/postings", headers=asking).headers
    assert "content-encoding" not in one.page.request.get(f"{line.address}/api/hello", headers=asking).headers


def test_every_file_of_the_page_is_kept_by_the_worker(tablet: MakeTablet) -> None:
    one = tablet()
    kept = one.page.evaluate(
        """async () => {
          const cache = await caches.open((await caches.keys()).find(name => name.startsWith("tablet")));
          return (await cache.keys()).map(request => new URL(request.url).pathname);
        }"""
    )
    names = {each.relative_to(FOLDER).as_posix() for each in tablet_views.files(FOLDER)} - {"worker.js"}
    assert set(kept) == {"/tablet/", "/tablet/rules.json", *(f"/static/tablet/{name}" for name in names)}
