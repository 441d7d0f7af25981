"""Measures the tablet: `python -m tests.tablet.bench --out docs/benchmarks-tablet.md`.

Not a test. Real server process, real browser; the slow line is Chromium's own preset Slow 3G with a processor
six times slower.
"""

import argparse
import gzip
import http.client
import io
import json
import random
import statistics
import tempfile
import threading
import time
import uuid
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Page, Request, sync_playwright
from sqlalchemy import orm

from inspections import create_app
from inspections.fieldwork.models import Checklist, ChecklistItem, Operation
from inspections.fieldwork.tablet import tablet_views
from inspections.findings.models import Photo
from inspections.migrations import upgrade
from tests import factories
from tests.browser.site import serving
from tests.chromium import launched
from tests.fieldwork.team import taxonomy
from tests.tablet.line import cookie_of

TEAMS, ANSWERS, PHOTOS = 67, 60, 6
#: the tablets come back into coverage within this many seconds, each at a random moment
SPREAD = 180
ITEMS = 200
EXPORTED = 500
#: what a tablet holds after a season
SEASON_STAYS, SEASON_PHOTOS = 40, 2000
#: Chromium's own preset: 400 kbit/s both ways, 400 ms
SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}


def county(instance: Path) -> tuple[list[tuple[str, str, str]], Checklist]:
    """(visit, user's uuid, cookie) of every tablet, in a database made by the migrations."""
    app = create_app({"INSTANCE": instance})
    upgrade(app.extensions["engine"])
    tablets: list[tuple[str, str, str]] = []
    with orm.Session(app.extensions["engine"], expire_on_commit=False) as session:
        taxonomy(session)
        texts = dict.fromkeys(("materials", "ask_whom", "trigger", "trigger_expr", "basis"), "")
        checklist = Checklist(kind="village", version=1)
        checklist.items = [
            ChecklistItem(
                position=n,
                code=f"V-L-{n:03}",
                group_code="L",
                group="长清单",
                question=f"第{n}问：近一年有多少笔应公开未公开的收支",
                method="查阅",
                answer_type="count" if n % 2 else "yes_no",
                basis_checked=True,
                category="A1",
                severity="S2",
                assignee_role="discipline",
                **texts,
            )
            for n in range(ITEMS)
        ]
        session.add(checklist)
        for _ in range(TEAMS):
            slots = ("leader", "finance", "welfare", "member", "member", "member")
            users = [
                factories.make_user(session, "leader" if slot == "leader" else "member") for slot in slots
            ]
            people = {user.person: slot for user, slot in zip(users, slots, strict=True)}
            posting = factories.make_posting(session, people)
            for user in users:
                tablets.append((str(posting.uuid), str(user.uuid), cookie_of(app, user)))
        session.commit()
    app.extensions["engine"].dispose()
    return tablets[:400], checklist


def photo() -> bytes:
    """A photograph as the tablet shrinks it: 1600 × 1200, some 270 KB."""
    small = Image.effect_noise((400, 300), 40).convert("RGB")
    held = io.BytesIO()
    small.resize((1600, 1200), Image.Resampling.BICUBIC).save(held, "JPEG", quality=72)
    return held.getvalue()


class Sender:
    """One tablet that drains what it holds, as `outbox.js` does: answers in batches, then photographs."""

    def __init__(self, address: str, visit: str, cookie: str) -> None:
        self.host = urlsplit(address).netloc
        self.visit, self.cookie = visit, cookie
        self.text: list[float] = []
        self.statuses: list[int] = []

    def call(
        self, line: http.client.HTTPConnection, method: str, path: str, body: bytes | None, media: str
    ) -> Any:
        headers = {"Cookie": f"session={self.cookie}", "Content-Type": media, "X-CSRFToken": self.token}
        headers |= {"Cookie": f"session={self.cookie}{self.csrf}"}
        pause = 1.0
        for _ in range(30):
            began = time.perf_counter()
            try:
                line.request(method, path, body, headers)
                answer = line.getresponse()
                said = answer.read()
            except (OSError, http.client.HTTPException):
                line.close()
                time.sleep(0.5)
                continue
            self.statuses.append(answer.status)
            if answer.status == 429 or answer.status >= 500:  # the tablet waits, and longer each time
                time.sleep(random.uniform(1, 2) * (pause := pause * 2))
                continue
            if path == "/api/ops":
                self.text.append(time.perf_counter() - began)
            cookie = answer.getheader("Set-Cookie")
            if cookie and cookie.startswith("session="):
                self.cookie = cookie.split(";")[0].removeprefix("session=")
            return json.loads(said)
        raise AssertionError("the server did not answer")

    token, csrf = "", ""

    def drain(self, picture: bytes, wait: float) -> None:
        time.sleep(wait)
        line = http.client.HTTPConnection(self.host, timeout=120)
        self.token = self.call(line, "GET", "/api/hello", None, "application/json")["csrf"]
        now = "2026-10-12T09:30:00+08:00"
        common = {"visit": self.visit, "kind": "set", "base": None, "at": now, "template_version": 1}
        ops = [
            common
            | {
                "id": str(uuid.uuid4()),
                "item": f"V-L-{n:03}",
                "field": "answer",
                "value": 3 if n % 2 else "no",
            }
            for n in range(ANSWERS)
        ]
        names = [str(uuid.uuid4()) for _ in range(PHOTOS)]
        ops += [
            common
            | {"id": name, "item": "V-L-001", "field": "photos", "kind": "add", "value": {"caption": ""}}
            for name in names
        ]
        for at in range(0, len(ops), 50):
            body = json.dumps({"device": "bench", "ops": ops[at : at + 50]}).encode()
            acks = self.call(line, "POST", "/api/ops", body, "application/json")["acks"]
            assert all(ack["status"] in ("ok", "conflict") for ack in acks), acks
        for name in names:
            self.call(line, "PUT", f"/api/photos/{name}", picture, "image/jpeg")
        self.call(line, "GET", f"/api/changes?visit={self.visit}&since=0", None, "application/json")
        line.close()


def four_hundred(address: str, tablets: list[tuple[str, str, str]]) -> tuple[float, float, float, int]:
    """(seconds, median and p95 of a batch of answers in seconds, answers of 5xx) for all tablets at once."""
    picture = photo()
    senders = [Sender(address, visit, cookie) for visit, _, cookie in tablets]
    dice = random.Random(1)
    threads = [
        threading.Thread(target=each.drain, args=(picture, dice.uniform(0, SPREAD))) for each in senders
    ]
    began = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    seconds = time.perf_counter() - began
    text = sorted(each for sender in senders for each in sender.text)
    broken = sum(status >= 500 for sender in senders for status in sender.statuses)
    return seconds, statistics.median(text), text[int(len(text) * 0.95)], broken


def _note(asked: list[str], request: Request) -> None:
    asked.append(request.url)


def slow_page(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_3G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 6})


def browser_figures(address: str, tablet: tuple[str, str, str]) -> dict[str, float]:
    """Cold seconds on a slow line, requests, and the milliseconds of a long list."""
    visit, _, cookie = tablet
    found: dict[str, float] = {}
    with sync_playwright() as playwright:
        browser = launched(playwright)
        cold = []
        for _ in range(5):
            context = browser.new_context(service_workers="block")
            page = context.new_page()
            asked: list[str] = []
            page.on("request", partial(_note, asked))
            slow_page(page)
            began = time.perf_counter()
            page.goto(f"{address}/tablet/", wait_until="commit")
            page.get_by_role("heading", name="请先登录").wait_for()
            cold.append(time.perf_counter() - began)
            ours = [url for url in asked if "/api/" not in url and not url.startswith("data:")]
            found["requests"] = len([url for url in ours if not url.endswith(tablet_views.THEN)])
            context.close()
        found["cold"] = statistics.median(cold)
        context = browser.new_context()
        context.add_cookies([{"name": "session", "value": cookie, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/tablet/")
        page.get_by_role("button", name="下乡准备").click()
        page.get_by_text("断网可以打开").wait_for()
        opens = []
        for _ in range(7):
            page.goto(f"{address}/tablet/#/")
            page.locator(".rows a").wait_for()
            opens.append(
                page.evaluate(
                    """async address => {
                      const began = performance.now();
                      location.hash = address;
                      while (document.querySelectorAll(".item").length < 200) {
                        await new Promise(good => setTimeout(good, 2));
                      }
                      return performance.now() - began;
                    }""",
                    f"/visit/{visit}/section/L",
                )
            )
        found["open"] = statistics.median(opens)
        found["save"], found["save_worst"] = key_presses(page)
        page.context.set_offline(True)
        page.evaluate(SEASON, ["V-L-001", SEASON_STAYS, SEASON_PHOTOS])
        found["season"], found["season_worst"] = key_presses(page)
        found["export"] = export_heap(page)
        browser.close()
    return found


#: from the key to the moment in which the card shows the answer, which is on the disk then
KEY = """async code => {
  const card = document.getElementById(`item-${code}`);
  const [field, state] = [card.querySelector("[name=figure]"), card.querySelector(".state")];
  const value = String(10000 + Math.floor(Math.random() * 1e4));
  const shown = new Promise(good => new MutationObserver((_, watch) => {
    if (!state.textContent.includes(value)) return;
    watch.disconnect();
    good(performance.now());
  }).observe(state, {childList: true, subtree: true, characterData: true}));
  const late = new Promise((_, bad) => setTimeout(bad, 10_000, new Error("the card never showed it")));
  const began = performance.now();
  field.value = value;
  field.dispatchEvent(new Event("input", {bubbles: true}));
  return (await Promise.race([shown, late])) - began;
}"""
#: ended stays with fifty answers, fifty colleagues' answers and their share of the photographs each
SEASON = """async ([item, stays, photographs]) => {
  const store = await import("/static/tablet/kept/store.js");
  const {within} = await import("/static/tablet/kept/db.js");
  const {seal} = await import("/static/tablet/kept/seal.js");
  const {context} = await import("/static/tablet/work.js");
  const user = context.user.id;
  const names = ["visits", "told", "operations", "photos", "thumbs"];
  const data = await seal(user, new ArrayBuffer(8000));
  const box = await seal(user, {value: 3});
  for (let n = 0; n < stays; n += 1) {
    const visit = store.newId();
    await within(names, "readwrite", async (visits, told, operations, photos, thumbs) => {
      visits.put({id: visit, user, closed: true, end: "2026-09-01", gone: 0, box});
      for (let k = 0; k < 50; k += 1) {
        const [id, code] = [store.newId(), `V-L-${String(k).padStart(3, "0")}`];
        told.put({user, visit, item: code, field: "answer", seq: k + 1, id, box});
        operations.put({id, author: user, state: "sent", tries: 1, seq: k + 1, box,
          op: {id, visit, item: code, field: "answer", kind: "set", base: null, author: user}});
      }
      for (let k = 0; k < photographs / stays; k += 1) {
        const id = store.newId();
        photos.put({id, visit, item, author: user, state: "delivered", tries: 1});
        thumbs.put({id, data});
      }
    });
  }
}"""
FILL = """async ([visit, item, photographs, bytes]) => {
  const store = await import("/static/tablet/kept/store.js");
  const {context} = await import("/static/tablet/work.js");
  const author = context.user.id;
  for (let n = 0; n < photographs; n += 1) {
    const file = new Uint8Array(bytes);
    for (let at = 0; at < bytes; at += 65536) crypto.getRandomValues(file.subarray(at, at + 65536));
    const said = {visit, item, field: "photos", kind: "add", value: {caption: ""}, base: null,
      template_version: 1, author};
    const photo = {id: store.newId(), visit, item, author};
    await store.edit(said, {photo, bytes: file.buffer, thumb: new ArrayBuffer(8000)});
  }
}"""
EXPORT = """async () => {
  const {packed} = await import("/static/tablet/kept/rescue.js");
  const {context} = await import("/static/tablet/work.js");
  globalThis.size = 0;
  packed(context.user).then(({blob}) => { globalThis.size = blob.size; });
}"""


def key_presses(page: Page) -> tuple[float, float]:
    """Milliseconds that twenty key presses took: the median and the worst."""
    took = sorted(page.evaluate(KEY, f"V-L-{n:03}") for n in range(1, 40, 2))
    return statistics.median(took), took[-1]


def export_heap(page: Page) -> float:
    """By how many MB the page's memory grows at most while 500 photographs of 270 KB become one file."""
    page.context.set_offline(True)
    visit = page.url.split("/visit/")[1].split("/")[0]
    page.evaluate(FILL, [visit, "V-L-001", EXPORTED, 270_000])
    devtools = page.context.new_cdp_session(page)
    devtools.send("HeapProfiler.collectGarbage")

    def used() -> float:
        said = devtools.send("Runtime.getHeapUsage")
        return float(said["usedSize"] + said["embedderHeapUsedSize"] + said["backingStorageSize"])

    before = most = used()
    page.evaluate(EXPORT)
    while not page.evaluate("globalThis.size"):
        most = max(most, used())
    assert page.evaluate("globalThis.size") > EXPORTED * 270_000
    return (most - before) / 1024 / 1024


HEAD = """# Benchmarks of the tablet

`python -m tests.tablet.bench`, part of `make bench`: server, clients and browser on one machine of two cores.

| | target | measured |
| --- | --- | --- |"""


def report(out: Path) -> None:
    """Nothing; the table of this machine lies in `out`."""
    folder = Path(__file__).parents[2] / "inspections" / "static" / "tablet"
    sizes = {
        each.relative_to(folder).as_posix(): len(gzip.compress(each.read_bytes(), 6))
        for each in tablet_views.files(folder)
    }
    first = sum(sizes[name] for name in ("tablet.css", "app.js", *tablet_views.FIRST, *tablet_views.THEN))
    with tempfile.TemporaryDirectory() as held:
        instance = Path(held) / "county"
        tablets, _ = county(instance)
        with serving(instance) as address:
            page = browser_figures(address, tablets[-1])
            seconds, median, p95, broken = four_hundred(address, tablets)
        app = create_app({"INSTANCE": instance})
        with app.extensions["sessions"](reading=True) as session:
            rows, photos = session.query(Operation).count(), session.query(Photo).count()
        app.extensions["engine"].dispose()
    rows_ = [
        ("first screen, gzipped: style and scripts", "40 KB", f"{first / 1024:.1f} KB"),
        ("every screen, gzipped", "", f"{sum(sizes.values()) / 1024:.1f} KB"),
        ("requests before the first screen", "6", f"{page['requests']:.0f}"),
        ("first screen on Slow 3G, processor 6 times slower, median of 5", "2.2 s", f"{page['cold']:.2f} s"),
        (f"a list of {ITEMS} items opens, median of 7", "1,000 ms", f"{page['open']:.0f} ms"),
        (
            "a key press: the answer is on the disk and shown, median of 20 (worst)",
            "25 ms",
            f"{page['save']:.0f} ms ({page['save_worst']:.0f})",
        ),
        (
            f"the same with {SEASON_PHOTOS:,} photographs and {SEASON_STAYS} ended stays on the tablet",
            "30 ms",
            f"{page['season']:.0f} ms ({page['season_worst']:.0f})",
        ),
        (f"memory for {EXPORTED} photographs that become one file", "80 MB", f"{page['export']:.0f} MB"),
        (
            f"{len(tablets)} tablets × {ANSWERS} answers and {PHOTOS} photographs, back within {SPREAD} s",
            "300 s",
            f"{seconds:.0f} s",
        ),
        ("a batch of up to 50 answers meanwhile: median, p95", "p95 1.5 s", f"{median:.2f} s, {p95:.2f} s"),
        ("answers of 5xx meanwhile", "0", str(broken)),
        ("in the ledger afterwards: operations, photographs", "", f"{rows}, {photos}"),
    ]
    lines = [HEAD, *(f"| {what} | {target} | {measured} |" for what, target, measured in rows_), ""]
    out.write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True)
    report(parser.parse_args().out)
