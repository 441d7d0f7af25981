"""The main job in a real browser: from an empty installation to a letter that its township reads.

One walk, each person in a browser of their own; every page is looked at wide and narrow and by axe.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from inspections.followup.models import Item
from inspections.people.models import Person, Tie
from inspections.rounds.models import Posting, Round, Seat, Team
from inspections.units.models import Unit
from tests.browser.site import Site, running_site

pytestmark = [
    pytest.mark.xdist_group("browser"),
    # the browser's own pipes, closed when it is told to go
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SEEDS = Path(__file__).parents[2] / "seeds" / "qinghe"
SHEETS = {
    "区域": "townships.csv",
    "单位": "units.csv",
    "机构": "offices.csv",
    "人员": "people.csv",
    "回避": "ties.csv",
    "亲属": "kin.csv",
}
TOWNSHIP = "云岭乡"
#: pages, by address and heading without figures, on which the rules of accessibility have been run
LOOKED_AT: set[str] = set()
#: the rules are run on the beginning of a long table: its other rows are drawn by the same lines
BUT_ROWS = {"exclude": [["tbody > tr:nth-child(n+12)"]]}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running


def workbook(folder: Path, spoil: bool = False) -> Path:
    """The fictional county as one Excel file; spoiled: one person at an office that does not exist."""
    book = Workbook()
    book.remove(book.active)
    for title, file in SHEETS.items():
        sheet = book.create_sheet(title)
        with (SEEDS / file).open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                sheet.append([{"上级编号": "上级"}.get(cell, cell) for cell in row])
    if spoil:
        book["人员"]["C17"] = "没有这个机构"
    path = folder / ("坏名册.xlsx" if spoil else "名册.xlsx")
    book.save(path)
    return path


class Walker:
    """One person at one screen: signs in, opens pages, and looks at each as a picky user would."""

    def __init__(self, browser: Browser, site: Site) -> None:
        self.site = site
        self.page: Page = browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="zh-CN"
        ).new_page()
        self.page.set_default_timeout(20_000)
        self.outside: list[str] = []
        self.page.on("request", self._note)
        self.looked = 0

    def _note(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        if not url.startswith(
            (self.site.address, "data:", "blob:", "chrome-extension:", "chrome:", "about:")
        ):
            self.outside.append(url)

    def sign_in(self, login: str, secret: str) -> None:
        """Signs in with the one-time password and chooses an own one."""
        own = f"own-{login}-word"
        self.page.goto(f"{self.site.address}/sign-in")
        self.look()
        self.page.get_by_label("账号").fill(login)
        self.page.get_by_label("密码").fill(secret)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("一次性密码")
        self.page.get_by_label("现用密码").fill(secret)
        self.page.get_by_label("新密码", exact=True).fill(own)
        self.page.get_by_label("再次输入新密码").fill(own)
        self.page.get_by_role("button", name="修改密码").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(re.compile("今天|先把系统准备好"))
        self.look()

    def go(self, path: str, axe: bool = True) -> None:
        answer = self.page.goto(f"{self.site.address}{path}")
        assert answer is not None
        assert answer.status == 200, path
        self.look(axe)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()
        self.page.wait_for_load_state()

    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).first.inner_text()

    def look(self, axe: bool = True) -> None:
        """Fails where the page scrolls sideways, breaks a rule of axe, or asks another machine."""
        self.page.wait_for_load_state()  # words are there before the style sheet that colours them
        for width in (1280, 800):
            self.page.set_viewport_size({"width": width, "height": 800})
            wide = self.page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            assert not wide, f"{self.page.url} scrolls sideways at {width} px"
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+", "", urlsplit(self.page.url).path + self.heading())
        if axe and kind not in LOOKED_AT:
            LOOKED_AT.add(kind)
            told = Axe().run(self.page, context=BUT_ROWS, options={"resultTypes": ["violations"]}).response
            found = [(rule["id"], rule["nodes"][0]["html"]) for rule in told["violations"]]
            assert not found, f"{self.page.url}: {found}"
        assert not self.outside
        self.page.set_viewport_size({"width": 1280, "height": 800})
        self.looked += 1


@pytest.fixture(scope="module")
def person(browser: Browser, site: Site) -> Callable[[], Walker]:
    return lambda: Walker(browser, site)


def new_account(admin: Walker, login: str, role: str, **more: str) -> str:
    """The one-time password of the account that the administrator makes."""
    admin.go("/accounts/new")
    page = admin.page
    page.locator("#login").fill(login)
    page.locator("#name").fill(more.get("name", login))
    page.get_by_label("角色").select_option(label=role)
    if role == "领导":
        page.locator("#duty").select_option(label="纪委分管领导")
    page.get_by_label("名册中的姓名").fill(more.get("person", ""))
    page.locator("#township").select_option(label=more.get("township", "不是乡镇联络员"))
    admin.press("新建账号")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已建立")
    return page.locator(".secret").inner_text()


def photo() -> bytes:
    held = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(held, "JPEG")
    return held.getvalue()


def test_the_main_job_from_an_empty_installation_to_a_letter_read_by_its_township(
    site: Site, person: Callable[[], Walker], tmp_path: Path
) -> None:
    admin = person()
    admin.sign_in("admin", site.secret)
    planner = person()
    planner.sign_in("tongchou", new_account(admin, "tongchou", "县统筹"))

    leadership = person()
    leadership.sign_in("lingdao", new_account(admin, "lingdao", "领导"))
    a_roster_comes_in(planner, tmp_path)
    a_plan_is_made_approved_and_published(planner, leadership)

    team = a_team_of(site)
    leader = person()
    leader.sign_in("zuzhang", new_account(admin, "zuzhang", "组长", person=team["leader"]))
    member = person()
    member.sign_in("zuyuan", new_account(admin, "zuyuan", "组员", person=team["finance"]))
    number = a_member_fills_the_checklist_and_records_a_problem(member, team["unit"])
    the_leader_signs(leader, number)

    checker = person()
    free = officials(site)
    secret = new_account(admin, "hegao", "县统筹", person=free[0])
    a_leader_confirms(leadership, "hegao")
    checker.sign_in("hegao", secret)
    the_letter_is_drafted_checked_signed_and_issued(planner, checker, leadership)
    letter = leadership_reads_it(leadership)
    own, other = person(), person()
    own.sign_in("yunling", new_account(admin, "yunling", "乡镇/单位联络员", township=TOWNSHIP))
    other.sign_in("liuhe", new_account(admin, "liuhe", "乡镇/单位联络员", township="柳河镇"))
    only_its_township_sees_it(own, other, letter)
    problem = the_township_puts_it_right(own, planner, letter)
    it_is_verified_and_closed(planner, leader, leadership, problem)
    again = person()
    somebody_else_looks_again(site, planner, leadership, again, admin, problem)

    auditor = person()
    secret = new_account(admin, "shenji", "审计", person=free[1])
    a_leader_confirms(leadership, "shenji")
    auditor.sign_in("shenji", secret)
    for path in ("/journal", "/accounts", "/permissions", "/help"):
        auditor.go(path)
    assert sum(each.looked for each in (admin, planner, leader, member, leadership, own, other, auditor)) > 40


def officials(site: Site) -> list[str]:
    """Roster codes of people who sit in no team and are tied to no unit."""
    tied, seated = sa.select(Tie.person_id), sa.select(Seat.person_id)
    free = sa.select(Person.code).where(Person.home_unit_id.is_(None), Person.id.not_in(tied.union(seated)))
    return [row.code for row in site.look(free.order_by(Person.code))]


def a_leader_confirms(leadership: Walker, login: str) -> None:
    """What decides, or watches over others, is nobody's before a leader has agreed."""
    leadership.go("/accounts")
    leadership.page.get_by_role("row", name=login).get_by_role("button").click()


def a_roster_comes_in(planner: Walker, folder: Path) -> None:
    page = planner.page
    planner.go("/roster")
    page.locator("input[type=file]").set_input_files(workbook(folder, spoil=True))
    page.locator("main form button, main form input[type=submit]").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("没有导入任何内容")
    expect(page.locator("main")).to_contain_text("人员!C17")
    planner.look()
    planner.go("/roster")
    page.locator("input[type=file]").set_input_files(workbook(folder))
    page.locator("main form button, main form input[type=submit]").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("文件没有错误")
    planner.look()
    page.locator(".page-head form").last.locator("button, input[type=submit]").click()
    page.wait_for_load_state()
    planner.go("/units")
    assert "96" in planner.heading()
    planner.go("/people")
    planner.go("/offices")


def a_plan_is_made_approved_and_published(planner: Walker, leadership: Walker) -> None:
    page = planner.page
    planner.go("/rounds/new")
    page.get_by_label("名称").first.fill("2026年云岭乡驻点")
    page.get_by_label("交叉方式").select_option(label="全县交叉")
    page.get_by_label("轮数").fill("1")
    page.get_by_label(re.compile("每轮组数")).fill("8")
    page.get_by_label(re.compile("每组走几个单位")).fill("1")
    today = page.evaluate("new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10)")
    page.locator("input[type=date]").first.fill(today)
    page.get_by_label(f"{TOWNSHIP}的村").check()
    planner.press("新建周期")
    assert "8 个单位分 1 轮" in planner.heading()
    planner.look()
    cycle = page.url
    page.get_by_role("link", name="申报与培训").click()
    page.get_by_text("更改要求").click()
    planner.look()
    page.get_by_label("没有作回避申报的人员不派").uncheck()
    page.get_by_label("没有参加本周期培训的人员不派").uncheck()
    page.get_by_label(re.compile("更改的理由")).fill("本次试排，人员另行书面申报和培训")
    planner.press("保存要求")
    page.goto(cycle)
    page.get_by_label(re.compile("时限")).fill("5")
    planner.press("排程")
    planner.look()
    expect(page.get_by_role("heading", level=1)).to_contain_text("违规 0 处", timeout=90_000)
    planner.look()
    approved_by_another(planner, leadership)
    planner.page.get_by_label("输入版本号").fill("1")
    planner.press("发布第 1 版方案")
    expect(page.locator("main")).to_contain_text("已发布")
    planner.look()


def approved_by_another(planner: Walker, leadership: Walker) -> None:
    """Whoever made the plan finds no button; leadership approves it, and the planner's page says so."""
    planner.press("送审第 1 版")
    expect(planner.page.locator("main")).to_contain_text("须由编制人以外的人批准")
    leadership.page.goto(planner.page.url)
    leadership.press("批准第 1 版方案")
    expect(leadership.page.locator("main")).to_contain_text("已批准")
    planner.page.reload()


def a_team_of(site: Site) -> dict[str, str]:
    """Roster codes of one team's leader and finance member, and the name of its unit."""
    wanted = (
        sa.select(Seat.slot, Person.code, Unit.name, Team.id)
        .join(Person, Person.id == Seat.person_id)
        .join(Team, Team.id == Seat.team_id)
        .join(Posting, Posting.team_id == Team.id)
        .join(Unit, Unit.id == Posting.unit_id)
        .order_by(Team.id)
    )
    rows = site.look(wanted)
    first = [row for row in rows if row.id == rows[0].id]
    return {row.slot: row.code for row in first} | {"unit": first[0].name}


def a_member_fills_the_checklist_and_records_a_problem(member: Walker, unit: str) -> str:
    page = member.page
    member.go("/postings")
    page.get_by_role("link", name=unit).first.click()
    page.wait_for_load_state()
    member.look()
    page.locator("a[href*='/sections/']").first.click()
    page.wait_for_load_state()
    member.look()
    first = page.locator("#item-V-A-01")
    first.get_by_text("否", exact=True).click()
    sample = page.locator("#item-V-A-02")
    checked, abnormal = sample.locator(".figures input").all()[:2]
    checked.fill("3")
    abnormal.fill("1")
    member.press("保存本节")
    expect(page.locator("#item-V-A-02")).to_contain_text("抽查 3 例，异常 1 例")
    member.look()
    page.get_by_role("link", name="V-A-01 记录问题").click()
    page.wait_for_load_state()
    member.look()
    page.get_by_label("问题名称").fill("重点任务没有研究记录")
    page.get_by_label("问题概述").fill("近12个月上级部署的3项重点任务没有研究和分工记录。")
    page.get_by_label("责任主体").fill(f"{unit}党支部")
    chooser = page.locator("input[type=file]")
    chooser.set_input_files({"name": "坏.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture"})
    page.get_by_role("button", name=re.compile("保存")).click()
    expect(page.locator("main")).to_contain_text("不是照片")
    expect(page.get_by_label("问题名称")).to_have_value("重点任务没有研究记录")
    member.look()
    page.locator("input[type=file]").set_input_files(
        {"name": "公开栏.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    page.get_by_role("button", name=re.compile("保存")).click()
    page.wait_for_load_state()
    member.look()
    member.press("提交审签")
    expect(page.get_by_role("heading", level=1)).to_contain_text("待审签")
    return re.search(r"编号：(\S+)", page.locator(".paper-number").inner_text()).group(1)  # type: ignore[union-attr]


def the_leader_signs(leader: Walker, number: str) -> None:
    page = leader.page
    leader.go("/")
    page.get_by_role("link", name=re.compile("待您审签")).click()
    page.wait_for_load_state()
    leader.look()
    page.get_by_role("link", name=re.compile(re.escape(number))).first.click()
    page.wait_for_load_state()
    leader.look()
    leader.press("审签")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已审签")
    leader.look()


def the_letter_is_drafted_checked_signed_and_issued(
    planner: Walker, checker: Walker, leadership: Walker
) -> None:
    page = planner.page
    planner.go("/papers/letterheads")
    page.get_by_role("link", name=re.compile("填写")).first.click()
    page.wait_for_load_state()
    planner.look()
    for label, words in {
        "发文机关": "中共清河县纪律检查委员会",
        "机关代字": "清纪函",
        "检查依据": "《清河县巡回驻点监督工作方案》",
        "整改情况报送部门": "县纪委党风政风监督室",
        "联系人": "李某",
        "联系电话": "0000-1234567",
    }.items():
        page.get_by_label(label).first.fill(words)
    planner.press("保存")
    planner.go("/findings")
    planner.go("/papers/new")
    planner.press("起草")
    expect(page.locator("main")).to_contain_text("须由另一人核稿")
    printed(planner)
    planner.look()
    checker.page.goto(page.url)
    checker.press("核稿通过")
    leadership.page.goto(page.url)
    sign = leadership.page.get_by_role("button", name=re.compile("签发右侧版面"))
    expect(sign).to_be_visible(timeout=60_000)
    printed(leadership)
    for doubt in leadership.page.get_by_label(re.compile("我已核对原文")).all():
        doubt.check()  # what nobody checked yet, the signer answers for by name
    sign.click()
    expect(leadership.page.locator("main")).to_contain_text("等待印发")
    page.goto(page.url)
    expect(page.locator("main")).to_contain_text("等待印发")
    planner.press("印发")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已印发", timeout=60_000)
    planner.look()


def printed(walker: Walker) -> None:
    """The page of a paper loads itself again until the worker has printed it; then it stays."""
    expect(walker.page.locator(".sheets img").first).to_be_visible(timeout=60_000)
    expect(walker.page.locator("[data-waiting]")).to_have_count(0, timeout=60_000)


def leadership_reads_it(leadership: Walker) -> str:
    """The letter's address."""
    page = leadership.page
    leadership.go("/papers")
    expect(page.locator("main")).to_contain_text("清纪函〔2026〕1号")
    page.locator("main th a").first.click()
    page.wait_for_load_state()
    leadership.look()
    address = page.url.removeprefix(leadership.site.address)
    printed = page.request.get(f"{leadership.site.address}{address}.pdf")
    assert printed.headers["content-type"] == "application/pdf"
    assert printed.body().startswith(b"%PDF-")
    assert printed.body() == page.request.get(f"{leadership.site.address}{address}.pdf").body()
    return address


def the_township_puts_it_right(own: Walker, planner: Walker, letter: str) -> str:
    """The problem's address, once the township has signed for it, planned and reported."""
    page = own.page
    own.go(letter)
    page.get_by_label(re.compile("对方经办人")).fill("李某某")
    own.press("登记")
    expect(page.locator("main")).to_contain_text("签收")
    own.go("/rectification")
    page.locator("main th a, main td a").first.click()
    page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_contain_text("待报方案")
    address = page.url.removeprefix(own.site.address)
    step = page.locator("details.step", has_text="报送整改方案").first
    open_step(own, "报送整改方案")
    step.get_by_label("整改措施").fill("逐项补记研究和分工记录")
    step.get_by_label("责任人").fill("村党支部书记")
    soon = page.evaluate("new Date(Date.now() + 32 * 3600e3).toISOString().slice(0, 10)")
    step.get_by_label("计划完成日期").fill(soon)
    step.locator("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("方案待审")
    own.look()
    planner.go(address)
    open_step(planner, "同意方案")
    planner.press("同意方案")
    own.go(address)
    open_step(own, "报告完成")
    step = page.locator("details.step", has_text="报告完成").first
    step.get_by_label("说明").fill("三项任务已补记并公开")
    step.get_by_label("凭证材料").set_input_files(
        {"name": "记录.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    step.locator("button").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已报完成")
    own.look()
    return address


def open_step(walker: Walker, words: str) -> None:
    """Opens the form of a step unless it stands open: the only one does."""
    step = walker.page.locator("details.step", has_text=words).first
    if step.get_attribute("open") is None:
        step.locator("summary").click()


def it_is_verified_and_closed(planner: Walker, leader: Walker, leadership: Walker, problem: str) -> None:
    """A reported problem is not closed before somebody has looked at it on site."""
    page = planner.page
    planner.go(problem)
    expect(page.get_by_role("button", name="批准销号", exact=True)).to_have_count(0)
    open_step(planner, "派人核验")
    step = page.locator("details.step", has_text="派人核验").first
    choices = step.get_by_label("核验人").locator("option").all_inner_texts()
    step.get_by_label("核验人").select_option(label=next(words for words in choices if "zuzhang" in words))
    step.locator("button").click()
    leader.go(problem)
    open_step(leader, "核验为“好”")
    step = leader.page.locator("details.step", has_text="核验为“好”").first
    step.get_by_label("说明").fill("现场查看记录，情况属实")
    step.get_by_label("整改后照片").set_input_files(
        {"name": "site.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    step.locator("button").click()
    expect(leader.page.get_by_role("heading", level=1)).to_contain_text("待销号")
    leader.look()
    leadership.go(problem)
    open_step(leadership, "批准销号")
    leadership.press("批准销号")
    expect(leadership.page.get_by_role("heading", level=1)).to_contain_text("已销号")
    leadership.look()


def somebody_else_looks_again(
    site: Site, planner: Walker, leadership: Walker, again: Walker, admin: Walker, problem: str
) -> None:
    """回头看 by a team of other people; the days in between are turned in the database."""
    long_ago = sa.func.date("now", "-100 days")
    week = {"start": long_ago, "release_on": long_ago, "end": sa.func.date("now", "-93 days")}
    site.turn(sa.update(Item).values(closed_on=long_ago), sa.update(Round).values(week))
    page = planner.page
    planner.go("/rectification/revisits")
    expect(page.get_by_role("heading", level=1)).to_contain_text("1 个单位的 1 个已销号问题")
    planner.press("用这些单位编制回头看周期")
    cycle = page.url
    planner.look()
    page.get_by_role("link", name="申报与培训").click()
    page.get_by_text("更改要求").click()
    page.get_by_label("没有作回避申报的人员不派").uncheck()
    page.get_by_label("没有参加本周期培训的人员不派").uncheck()
    page.get_by_label(re.compile("更改的理由")).fill("同前一周期")
    planner.press("保存要求")
    page.goto(cycle)
    page.get_by_label(re.compile("时限")).fill("5")
    planner.press("排程")
    expect(page.get_by_role("heading", level=1)).to_contain_text("违规 0 处", timeout=90_000)
    approved_by_another(planner, leadership)
    planner.page.get_by_label("输入版本号").fill("1")
    planner.press("发布第 1 版方案")
    expect(page.locator("main")).to_contain_text("已发布")
    newest = sa.select(sa.func.max(Team.id)).scalar_subquery()
    site.turn(
        sa.update(Round)
        .where(Round.id == sa.select(Team.round_id).where(Team.id == newest).scalar_subquery())
        .values(start=sa.func.date("now"), release_on=sa.func.date("now"))
    )
    [new] = site.look(
        sa.select(Person.code)
        .join(Seat, Seat.person_id == Person.id)
        .where(Seat.team_id == newest, Seat.slot == "leader")
    )
    again.sign_in("huitou", new_account(admin, "huitou", "组长", person=new.code))
    again.go(problem)
    open_step(again, "回头看未反弹")
    step = again.page.locator("details.step", has_text="回头看未反弹").first
    step.get_by_label("说明").fill("再次查看，没有反弹")
    step.locator("button").click()
    expect(again.page.get_by_text("已办理：回头看未反弹")).to_be_visible()
    again.look()
    planner.go("/rectification/revisits")
    expect(page.get_by_role("heading", level=1)).to_contain_text("已回头看 1 个，反弹 0 个")


def only_its_township_sees_it(own: Walker, other: Walker, letter: str) -> None:
    own.go("/papers")
    expect(own.page.locator("main")).to_contain_text("清纪函〔2026〕1号")
    own.go(letter)
    own.go("/units")
    other.go("/papers")
    expect(other.page.locator("main")).to_contain_text("还没有印发给您的文书")
    for path in (letter, f"{letter}.pdf"):
        assert other.page.request.get(f"{other.site.address}{path}").status == 404
