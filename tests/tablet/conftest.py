"""A county in one process and tablets in a real browser; each test has a team and a village of its own."""

import json
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from sqlalchemy import orm

from inspections import create_app
from inspections.accounts.models import User
from inspections.database import Base
from inspections.fieldwork.models import Operation
from inspections.findings.models import Photo
from tests.fieldwork.team import Stay, make_stay
from tests.tablet.line import Line, cookie_of, running

#: how long a test waits for what should happen at once
SOON = 15_000
expect.set_options(timeout=SOON)

DUMP = """async (name) => {
  const db = await new Promise((good, bad) => {
    const request = indexedDB.open("tablet");
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });
  const rows = await new Promise((good, bad) => {
    const request = db.transaction(name).objectStore(name).getAll();
    request.onsuccess = () => good(request.result);
    request.onerror = () => bad(request.error);
  });
  db.close();
  const {opened} = await import('/static/tablet/kept/rows.js');
  if (name === "operations") {
    for (const [n, row] of rows.entries()) rows[n] = await opened(row).catch(() => row);
  }
  const plain = (_, value) => (value instanceof ArrayBuffer ? value.byteLength : value);
  return JSON.parse(JSON.stringify(rows, plain));
}"""


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks at the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One browser for all of them, in one process of the run."""
    for item in items:
        if "tests/tablet/" in item.nodeid:
            item.add_marker(pytest.mark.xdist_group("tablet"))
            # the browser's own pipes, closed when it is told to go
            item.add_marker(pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"))


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The real application on a database of its own, with its CSRF tokens."""
    made = create_app({"INSTANCE": tmp_path_factory.mktemp("county")})
    Base.metadata.create_all(made.extensions["engine"])
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def line(county: Flask) -> Iterator[Line]:
    with running(county) as started:
        yield started


@pytest.fixture
def stay(county: Flask) -> Stay:
    """A team of three and their village; the rows are loaded, and no session is open on them."""
    with orm.Session(county.extensions["engine"], expire_on_commit=False) as session:
        made = make_stay(session)
        session.commit()
    return made


Look = Callable[[sa.Select[Any]], list[Any]]


@pytest.fixture
def look(county: Flask) -> Look:
    """A function: what the county's database holds now, without holding up its writers."""

    def read(wanted: sa.Select[Any]) -> list[Any]:
        with county.extensions["sessions"](reading=True) as session:
            return list(session.scalars(wanted).unique())

    return read


class Tablet:
    """One browser with its own storage, and the person who is signed in on it."""

    def __init__(self, context: BrowserContext, line: Line, stay: Stay) -> None:
        self.context, self.line, self.stay = context, line, stay
        context.set_default_timeout(SOON)
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.watch(self.page)

    def watch(self, page: Page) -> None:
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))

    @property
    def visit(self) -> str:
        return str(self.stay.posting.uuid)

    person = ""

    def sign_in(self, user: User) -> None:
        """The cookie of that user's session, as the sign-in page would give it."""
        self.person = str(user.uuid)
        cookie = cookie_of(self.line.app, user)
        self.context.add_cookies([{"name": "session", "value": cookie, "url": self.line.address}])

    def sign_out(self) -> None:
        self.context.clear_cookies(name="session")

    def open(self, address: str = "") -> None:
        """The page of the tablet at that place behind the #."""
        self.page.goto(f"{self.line.address}/tablet/#{address}")
        expect(self.page.locator("#screen h1")).not_to_have_text("平板离线填写")

    def reload(self) -> None:
        self.page.reload()
        expect(self.page.locator("#screen h1")).not_to_have_text("平板离线填写")

    def reload_covered(self) -> None:
        """The page anew, for somebody with a PIN."""
        self.page.reload()
        expect(self.page.locator("#lock #pin")).to_be_visible()

    def go(self, address: str) -> None:
        """To another screen of the page that is open."""
        self.page.evaluate("address => { location.hash = address; }", address)

    def prepare(self) -> None:
        """下乡准备, and then the first section."""
        self.open("/")
        self.page.get_by_role("button", name="下乡准备").click()
        expect(self.page.locator(".ready")).to_contain_text("已准备好")
        expect(self.page.locator(".ready")).to_contain_text("断网可以打开")
        self.section()

    def section(self) -> None:
        self.go(f"/visit/{self.visit}/section/X")
        expect(self.page.locator("#screen h1")).to_contain_text("X 测试")

    def seen(self, request: str) -> None:
        """Waits until the server has been asked for this."""
        self.until_seen(lambda: bool(self.line.count(request)))

    def until_seen(self, true: Callable[[], bool]) -> None:
        """Waits until this is true of the server, while the page goes on."""
        for _ in range(SOON // 50):
            if true():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError("it never came")

    def until(self, script: str) -> None:
        """Waits until this is true on the page.

        Playwright's own wait has the page evaluate a string, which its policy refuses and reports at times.
        """
        for _ in range(SOON // 50):
            if self.page.evaluate(script):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never true: {script}")

    def card(self, code: str) -> Locator:
        return self.page.locator(f"#item-{code}")

    def choose(self, code: str, words: str) -> None:
        self.card(code).get_by_text(words, exact=True).click()

    def fill(self, code: str, text: str, name: str = "figure") -> None:
        self.card(code).locator(f"[name={name}]").fill(text)

    @property
    def state(self) -> Locator:
        return self.page.locator("#state")

    def all_delivered(self) -> None:
        self.page.wait_for_timeout(400)  # what was just written is on the disk by now
        waits = "(await import('/static/tablet/kept/store.js')).counts"
        self.until(f"async () => !(await {waits}('{self.person}')).mine")
        expect(self.state).to_contain_text("全部已上传", timeout=30_000)

    def all_delivered_but_begun(self) -> None:
        """Nothing waits for the server; what is half done is on the tablet still."""
        expect(self.state).to_contain_text("处未填完，只在本机", timeout=30_000)
        expect(self.state).to_contain_text("全部已上传", timeout=30_000)

    def send(self) -> None:
        """Whatever waits is sent now, as 立即上传 does it."""
        self.page.evaluate("async () => (await import('/static/tablet/sent/outbox.js')).drain()")

    def rows(self, store: str = "operations") -> list[dict[str, Any]]:
        """What that store of the tablet holds; bytes as their number."""
        return list(self.page.evaluate(DUMP, store))

    def waiting(self) -> list[dict[str, Any]]:
        return [row for row in self.rows() if row["state"] == "waiting"]

    def edit(self, code: str, value: Any, **given: Any) -> str:
        """The id of an operation written as the page writes it, without the page's fields."""
        said = {
            "visit": self.visit,
            "item": code,
            "field": "answer",
            "kind": "set",
            "value": value,
            "base": None,
        }
        said |= {"template_version": self.stay.checklist.version, "author": given.pop("author")} | given
        script = "async said => (await (await import('/static/tablet/kept/store.js')).edit(said)).id"
        return str(self.page.evaluate(script, said))

    def photo(self, code: str, *files: dict[str, Any] | bytes, whole: bool = True) -> None:
        """Chooses these files, and waits until they are on the tablet where they are `whole`."""
        chosen = [
            each
            if isinstance(each, dict)
            else {"name": "image.jpg", "mimeType": "image/jpeg", "buffer": each}
            for each in files
        ]
        before = self.card(code).locator(".photos li").count()
        self.card(code).get_by_label(f"{code} 选照片").set_input_files(chosen)  # type: ignore[arg-type]
        if whole:
            expect(self.card(code).locator(".photos li")).to_have_count(before + len(files))

    def new_tab(self) -> Page:
        page = self.context.new_page()
        self.watch(page)
        return page


MakeTablet = Callable[..., Tablet]


@pytest.fixture
def tablet(browser: Browser, line: Line, stay: Stay) -> Iterator[MakeTablet]:
    """A function: a new tablet, signed in as that user (the member), prepared unless told otherwise."""
    made: list[Tablet] = []

    def make(user: User | None = None, prepared: bool = True, **context: Any) -> Tablet:
        given = {"viewport": {"width": 800, "height": 1200}, "locale": "zh-CN", "has_touch": True} | context
        one = Tablet(browser.new_context(**given), line, stay)  # type: ignore[arg-type]
        made.append(one)
        one.sign_in(user or stay.member)
        if prepared:
            one.prepare()
        return one

    yield make
    for each in made:
        faults = each.faults
        each.context.close()
        assert not faults, faults


@pytest.fixture
def ledger(look: Look, stay: Stay) -> Callable[[], list[Operation]]:
    """A function: the ledger of the test's visit as it is now."""
    mine = sa.select(Operation).where(Operation.posting_id == stay.posting.id)
    return lambda: look(mine.order_by(Operation.seq))


@pytest.fixture
def photos(look: Look, stay: Stay) -> Callable[[], list[Photo]]:
    """A function: the photographs of the test's visit as they are now."""
    return lambda: look(sa.select(Photo).where(Photo.posting_id == stay.posting.id))


def body_of(request_body: bytes) -> dict[str, Any]:
    """The JSON that a tablet sent."""
    return dict(json.loads(request_body))


def fresh_id() -> str:
    return str(uuid.uuid4())


def set_pin(one: Tablet, pin: str) -> None:
    """Whoever works there has that PIN from now on, and the server has heard of it where there is a line."""
    one.go("/tablet")
    one.page.get_by_label("设定本人 PIN").fill(pin)
    one.page.get_by_role("button", name="保存").click()
    expect(one.page.get_by_role("button", name="立即锁屏")).to_be_visible()


def change_person(one: Tablet, name: str, pin: str) -> None:
    """Two taps and a PIN, with or without a network."""
    one.page.locator("#who").click()
    one.page.locator("#lock").get_by_role("button", name=name, exact=True).click()
    one.page.locator("#lock").get_by_label("PIN", exact=True).fill(pin)
    expect(one.page.locator("#lock")).to_be_hidden()
    expect(one.page.locator("#who")).to_contain_text(name)


def text_of_disk(one: Tablet) -> str:
    """Everything on the tablet's disk that can be read without a key."""
    return str(
        one.page.evaluate(
            """async () => {
              const db = await new Promise(good => {
                const request = indexedDB.open("tablet");
                request.onsuccess = () => good(request.result);
              });
              const texts = [];
              for (const name of db.objectStoreNames) {
                const rows = await new Promise(good => {
                  const request = db.transaction(name).objectStore(name).getAll();
                  request.onsuccess = () => good(request.result);
                });
                texts.push(JSON.stringify(rows, (_, value) => value instanceof ArrayBuffer
                  ? new TextDecoder().decode(value) : value));
              }
              db.close();
              return texts.join("");
            }"""
        )
    )
