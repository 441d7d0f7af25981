"""Every page of the finished sample county in a real browser, as each role finds it by following links.

No plan is solved here; the walk from an empty installation stands in test_walk.py.
"""

import datetime as dt
import io
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from inspections import create_app
from inspections.accounts.models import User
from inspections.accounts.permissions import ROLES, Reach
from inspections.database import today
from inspections.fieldwork.models import VisitStep
from inspections.people.models import Tie
from inspections.rounds.models import Cycle, Posting, Round, Team
from inspections.sample import finished_round
from inspections.units.models import Unit
from tests.browser.site import Site, serving
from tests.browser.test_walk import Walker
from tests.sample.county import SampleCounty

pytestmark = [
    pytest.mark.xdist_group("browser"),
    # the browser's own pipes, closed when it is told to go
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

#: what a link may lead to that is no page
NO_PAGES = (
    "static",
    "bootstrap.static",
    "findings.photo",
    "findings.small_photo",
    "followup.proof",
    "rounds.progress",
    # words for a machine, not for a reader
    "operations.alive",
    "operations.ready",
    "operations.metrics",
)
#: pages on which the rules of accessibility have been run for some role: it takes a second each time
LOOKED_AT: set[str] = set()
FILES = (".xlsx", ".docx", ".pdf", ".json", ".ics", ".js", ".webmanifest", ".crt", "/file")
#: pages that each role must have seen, or the sweep went past what it is for
LEAST = {
    "planner": {
        "units.edit",
        "people.person_page",
        "people.barred",
        "people.key_posts",
        "people.remove_tie",
        "readiness.page",
        "recusal.page",
        "rounds.plan_page",
        "refits.page",
        "reasons.page",
        "zones.listing",
        "zones.charge",
        "waivers.listing",
        "batches.listing",
        "documents.page",
        "own_words.page",
    },
    "leader": {
        "readiness.declare",
        "fieldwork.posting",
        "fieldwork.section",
        "fieldwork.item",
        "findings.paper",
        "writing.new",
    },
    "member": {"fieldwork.posting", "fieldwork.section", "fieldwork.item", "findings.paper", "writing.new"},
    "village": {"fieldwork.posting", "fieldwork.section", "fieldwork.item", "writing.new"},
    "leadership": {
        "recusal.page",
        "rounds.cycle_page",
        "rounds.plan_page",
        "documents.page",
        "units.unit_page",
    },
    "recipient": {"documents.page", "units.unit_page"},
    "case_room": {"findings.paper", "recusal.absences"},
    "auditor": {"trail.page", "accounts.table"},
    "admin": {"team_accounts.new", "accounts.listing"},
}


@pytest.fixture(scope="module")
def app(sample_county: SampleCounty, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    made = create_app({"INSTANCE": sample_county.copied_to(tmp_path_factory.mktemp("site"))})
    with made.extensions["sessions"]() as session:
        # the round goes on until tomorrow, so that a borrowed commissioner still finds the village open
        named = sa.select(Cycle.id).where(Cycle.name == finished_round.CYCLE)
        later = today() + dt.timedelta(days=1)
        session.execute(sa.update(Round).where(Round.cycle_id.in_(named)).values(end=later))
        # and its visits may be written to again, although letters went out
        planner = session.scalars(sa.select(User).where(User.role == "planner")).first()
        opened = {"what": "opened", "seq": 0, "until": later, "reason": "试填", "actor": planner}
        visits = sa.select(Posting).join(Posting.team).join(Team.round).where(Round.cycle_id.in_(named))
        session.add_all([VisitStep(posting=posting, **opened) for posting in session.scalars(visits)])
        session.commit()
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture(scope="module")
def accounts(sample_county: SampleCounty) -> dict[str, dict[str, str]]:
    """The first account of each role of the sample county."""
    codes = {name: role for role, name in ROLES.items()}
    first: dict[str, dict[str, str]] = {}
    for account in sample_county.accounts:
        first.setdefault(codes[account["role"]], account)
    return first


@pytest.fixture(scope="module")
def site(app: Flask, accounts: dict[str, dict[str, str]]) -> Iterator[Site]:
    with serving(Path(app.instance_path)) as address:
        yield Site(address, Path(app.instance_path), "")


def signed_in(browser: Browser, site: Site, account: dict[str, str]) -> Walker:
    walker = Walker(browser, site)
    walker.page.goto(f"{site.address}/sign-in")
    walker.page.get_by_label("账号").fill(account["login"])
    walker.page.get_by_label("密码").fill(account["password"])
    walker.press("登录")
    return walker


def begun_at(app: Flask, role: str) -> list[str]:
    """The addresses without arguments of every page that the role may open."""
    table = app.extensions["permissions"].table
    return sorted(
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not rule.arguments
        and not rule.rule.endswith(FILES)
        and not rule.rule.startswith("/api/")
        # the second is opened from a count, by those who may read the papers too
        and rule.endpoint not in ("accounts.sign_in", "figures.behind_papers")
        and table[app.view_functions[rule.endpoint].action][role] is not Reach.NEVER  # type: ignore[attr-defined]
    )


def told_of(app: Flask, role: str) -> list[str]:
    """The page of somebody who has a tie to remove, for the role that may: not everybody has one."""
    if role != "planner":
        return []
    with app.extensions["sessions"]() as session:
        tied = session.scalars(sa.select(Tie).order_by(Tie.id)).first()
        assert tied is not None
        return [f"/people/{tied.person.uuid}"]


def page_behind(pages: MapAdapter, link: str) -> str | None:
    """The endpoint of the page that a link opens; None for files, pictures and places on the page itself."""
    path = urlsplit(link).path
    try:
        endpoint, _ = pages.match(path, "GET")
    except HTTPException:
        return None
    return None if endpoint in NO_PAGES or path.endswith(FILES) else endpoint


class Links(HTMLParser):
    """The addresses that a page's links lead to, with scripts on."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.without_scripts = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.without_scripts |= tag == "noscript"
        if tag == "a" and not self.without_scripts:
            self.found += [href for name, href in attrs if name == "href" and href]

    def handle_endtag(self, tag: str) -> None:
        self.without_scripts &= tag != "noscript"


@pytest.mark.parametrize("again", [False, pytest.param(True, marks=pytest.mark.soak)])
@pytest.mark.parametrize("role", [role for role in ROLES if role != "anonymous"])
def test_every_page_of_a_role_fits_the_screen_and_breaks_no_rule_of_accessibility(
    app: Flask, site: Site, browser: Browser, accounts: dict[str, dict[str, str]], role: str, again: bool
) -> None:
    """Each page is drawn for the first role that finds it; in the soak `again` for each that does."""
    walker = signed_in(browser, site, accounts[role])
    pages = app.url_map.bind("localhost")
    seen: set[str] = set()
    waiting = [*told_of(app, role), *begun_at(app, role)]
    while waiting:
        path = waiting.pop(0)
        endpoint = page_behind(pages, path)
        if endpoint is None or endpoint in seen:
            continue
        seen.add(endpoint)
        if again or endpoint not in LOOKED_AT:
            walker.go(path, axe=endpoint not in LOOKED_AT)
            LOOKED_AT.add(endpoint)
            drawn = walker.page.content()
        else:
            answer = walker.page.request.get(f"{site.address}{path}")
            assert answer.status == 200, path
            drawn = answer.text()
        waiting += [href for href in Links(drawn).found if page_behind(pages, href) not in (None, *seen)]
    walker.page.context.close()
    assert LEAST[role] <= seen


def test_too_many_photographs_are_named_beside_the_field_before_anything_is_sent(
    site: Site, browser: Browser, accounts: dict[str, dict[str, str]]
) -> None:
    walker = signed_in(browser, site, accounts["member"])
    page = walker.page
    walker.go("/postings")
    page.locator(".cards h2 a").first.click()
    page.locator(".sections a").first.click()
    card = page.locator("[data-item]").first
    card.locator("summary").click()
    card.locator("textarea").last.fill("写了很久的备注")
    picture = {"mimeType": "image/jpeg", "buffer": b"x"}
    card.locator("input[type=file]").set_input_files([picture | {"name": f"{n}.jpg"} for n in range(13)])
    words = card.get_by_text("一次最多上传 12 张照片，现有 13 张，请减少后保存。")
    expect(words).to_be_visible()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    walker.press("保存本节")
    expect(words).to_be_visible()
    expect(words).to_be_in_viewport()
    assert "POST" not in sent
    walker.look()
    card.locator("input[type=file]").set_input_files([])
    walker.press("保存本节")
    expect(page.locator("main")).to_contain_text("已保存 1 处填写、0 张照片")
    walker.page.context.close()


def test_what_a_member_declares_bars_at_once_and_a_roster_with_faults_changes_nothing(
    site: Site, browser: Browser, accounts: dict[str, dict[str, str]], tmp_path: Path
) -> None:
    member = signed_in(browser, site, accounts["leader"])
    member.go("/declarations")
    member.page.get_by_role("link", name="补充申报").first.click()
    member.page.get_by_text("登记一位亲属").click()
    for label, text in (
        ("亲属称谓", "侄孙"),
        ("亲属姓名", "卫长福"),
        ("任职单位", "QHV302"),
        ("职务", "村会计"),
    ):
        member.page.get_by_label(label, exact=False).first.fill(text)
    member.press("登记")
    expect(member.page.get_by_role("alert")).to_contain_text("不在公务员回避规定第五条所列亲属之内")
    member.look()
    member.page.get_by_label("亲属称谓", exact=False).first.fill("母亲的兄弟")
    member.press("登记")
    expect(member.page.get_by_role("status")).to_contain_text("立即生效")
    member.press("提交申报：以上已全部申报")
    expect(member.page.get_by_role("status")).to_contain_text("申报已提交")
    member.page.context.close()

    planner = signed_in(browser, site, accounts["planner"])
    (unit,) = site.look(sa.select(Unit.uuid).where(Unit.code == "QHV302"))
    planner.go(f"/units/{unit.uuid}/ties")
    barred = planner.page.get_by_role("row").filter(has_text="本人—母亲—兄弟：舅父")
    expect(barred).to_contain_text("一律不派")
    expect(barred).to_contain_text("公务员回避规定")
    assert "卫长福" not in planner.page.content()

    exported = planner.page.request.get(f"{site.address}/roster/export.xlsx").body()
    book = load_workbook(io.BytesIO(exported))
    book["回避"]["C2"], book["亲属"]["B2"] = "RC-08", "侄孙"
    book.save(tmp_path / "faulty.xlsx")
    (tmp_path / "same.xlsx").write_bytes(exported)
    for name, said in (
        ("faulty.xlsx", "名册有 2 处错误（2 种），没有导入任何内容"),
        ("same.xlsx", "完全一致，无需导入"),
    ):
        planner.go("/roster")
        planner.page.locator("input[type=file]").set_input_files(tmp_path / name)
        planner.press("检查并预览")
        assert said in planner.heading()
        planner.look()
    planner.page.context.close()
