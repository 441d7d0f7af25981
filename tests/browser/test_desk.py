"""The planner's desk in a real browser: a cousin keeps the books of a village, from declaration to release.

A county of its own, made so that the story has one course: two villages are visited in one round, and of each
skill exactly as many can come from across as are needed.
"""

import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from playwright.sync_api import Browser, expect
from sqlalchemy import orm

from inspections import create_app, migrations
from inspections.accounts.sign_in import hash_password
from inspections.database import today
from inspections.people.models import KeyPost, Office, Person
from inspections.planning.statement import people_of
from inspections.recusal import declaring, readiness
from inspections.rounds.models import Cycle, Plan, Round
from inspections.sample.catalogue import load_catalogue
from tests import factories
from tests.browser.site import Site, serving
from tests.browser.test_walk import Walker
from tests.planning.county import small_county

pytestmark = [
    pytest.mark.xdist_group("browser"),
    # the browser's own pipes, closed when it is told to go
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

WORD = "own-word-of-the-story"
DAY = dt.timedelta(days=1)


@dataclass
class Story:
    """Who and where: the leader whose cousin keeps the books of `unit`, and the specialist tied for good."""

    leader: Person
    finance: Person
    unit: str
    code: str


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Story]]:
    instance = tmp_path_factory.mktemp("desk")
    app = create_app({"INSTANCE": instance})
    migrations.upgrade(app.extensions["engine"])
    with app.extensions["sessions"]() as session:
        load_catalogue(session)
        told = a_county(session)
        session.commit()
    app.extensions["engine"].dispose()
    with serving(instance) as address:
        yield Site(address, instance, ""), told


def a_county(session: orm.Session) -> Story:
    cycle = small_county(session, townships=2, villages=6, rounds=1, teams=2, name="交叉驻点")
    here, there = sorted({unit.area for unit in cycle.units}, key=lambda area: area.code)
    cycle.units = [unit for unit in cycle.units if unit.area is there][:2]
    first = cycle.rounds[0]
    first.start, first.end, first.release_on = today() + 2 * DAY, today() + 6 * DAY, today() + DAY
    for office in session.query(Office).filter(Office.kind.in_(("discipline", "finance", "welfare"))):
        office.min_home = 0
        staff = session.query(Person).filter_by(office_id=office.id).order_by(Person.code).all()
        for person in staff[2:]:  # two of each skill can go
            person.off = [[first.start.isoformat(), first.end.isoformat()]]
    session.flush()
    unit = cycle.units[0]
    session.add(KeyPost(unit=unit, post="会计", name="卫长福"))

    def of(kind: str) -> Person:
        office = session.query(Office).filter_by(kind=kind, area_id=here.id).one()
        return session.query(Person).filter_by(office_id=office.id).order_by(Person.code).first()  # type: ignore[return-value]

    leader, finance = of("discipline"), of("finance")
    for login, role, person in (
        ("tongchou", "planner", None),
        ("lingdao", "leadership", None),
        ("zuzhang", "leader", leader),
    ):
        factories.make_user(
            session, role, login=login, name=login, person=person, password_hash=hash_password(WORD)
        )
    planner = factories.make_user(session)
    readiness.begin(session, cycle.id)
    everybody = people_of(session, cycle)
    readiness.train(session, cycle.id, cycle.uuid, everybody, today(), "业务培训", 8, planner)
    for person in everybody:
        if person is not leader:
            declaring.answer(session, cycle.id, cycle.uuid, person, planner, nil=True, on_paper=True)
    return Story(leader, finance, unit.name, unit.code)


def signed_in(browser: Browser, site: Site, login: str) -> Walker:
    walker = Walker(browser, site)
    walker.page.goto(f"{site.address}/sign-in")
    walker.page.get_by_label("账号").fill(login)
    walker.page.get_by_label("密码").fill(WORD)
    walker.press("登录")
    return walker


def test_a_cousin_keeps_the_books_from_the_declaration_to_the_day_after_the_release(
    browser: Browser, story: tuple[Site, Story], tmp_path: Path
) -> None:
    site, told = story
    member = signed_in(browser, site, "zuzhang")
    planner = signed_in(browser, site, "tongchou")
    leadership = signed_in(browser, site, "lingdao")

    [cycle] = site.look(sa.select(Cycle.uuid))
    planner.go(f"/rounds/{cycle.uuid}/readiness", axe=False)
    expect(planner.page.locator("main")).to_contain_text(told.leader.name)
    the_member_declares(member, told)
    the_ties_come_in(planner, told, tmp_path)

    planner.go(f"/rounds/{cycle.uuid}", axe=False)
    planner.page.get_by_label("时限").fill("5")
    planner.press("排程")
    expect(planner.page.get_by_role("heading", level=1)).to_contain_text("违规 0 处，", timeout=90_000)
    first = planner.page.url

    the_cousin_is_refused(planner, told)
    the_tie_that_nobody_waives(planner, told)
    planner.page.goto(first)
    the_second_person_waives(planner, leadership, told, first)
    the_trade_is_taken_and_saved(planner, told)

    planner.press("送审第 2 版")
    expect(planner.page.locator("main")).to_contain_text("须由编制人以外的人批准")
    leadership.page.goto(planner.page.url)
    leadership.press("批准第 2 版方案")
    expect(leadership.page.locator("main")).to_contain_text("批准号")
    planner.page.reload()
    planner.page.get_by_label("输入版本号").fill("2")
    planner.press("发布第 2 版方案")
    expect(planner.page.locator("main")).to_contain_text("已发布")
    the_day_before_and_the_day_after(site, member, told)


def the_member_declares(member: Walker, told: Story) -> None:
    member.go("/declarations", axe=False)
    member.page.locator("main a[href*='/declarations/']").first.click()
    member.page.get_by_text("登记一位亲属").click()
    for label, text in (
        ("亲属称谓", "堂兄"),
        ("亲属姓名", "卫长福"),
        ("任职单位", told.code),
        ("职务", "会计"),
    ):
        member.page.get_by_label(label, exact=False).first.fill(text)
    member.press("登记")
    expect(member.page.get_by_role("status")).to_contain_text("立即生效")
    member.press("提交申报：以上已全部申报")
    expect(member.page.get_by_role("status")).to_contain_text("申报已提交")


def the_ties_come_in(planner: Walker, told: Story, folder: Path) -> None:
    """The workbook with one more tie, which nobody may waive."""
    exported = planner.page.request.get(f"{planner.site.address}/roster/export.xlsx").body()
    book = load_workbook(io.BytesIO(exported))
    book["回避"].append([told.finance.code, told.code, "RC-17", "问题反映属实", None, None, "是"])
    book.save(folder / "ties.xlsx")
    planner.go("/roster", axe=False)
    planner.page.locator("input[type=file]").set_input_files(folder / "ties.xlsx")
    planner.press("检查并预览")
    assert "文件没有错误" in planner.heading()
    planner.page.locator(".page-head form").last.locator("button, input[type=submit]").click()
    planner.page.wait_for_load_state()


def seat_at(planner: Walker, unit: str, slot: str) -> str:
    """The selector of that seat in the team of the unit."""
    return f".matrix td[data-unit='{unit}'] .seat[data-s='{slot}']"


def own_seat(person: Person) -> str:
    return f".matrix .seat[data-p='{person.code}']"


def carry(planner: Walker, one: str, other: str) -> None:
    """With the keyboard, once the page listens: X takes up, X puts down."""
    expect(planner.page.locator(one).first).to_have_attribute("draggable", "true")
    for seat in (one, other):
        planner.page.locator(seat).first.focus()
        planner.page.keyboard.press("x")


def the_cousin_is_refused(planner: Walker, told: Story) -> None:
    carry(planner, own_seat(told.leader), seat_at(planner, told.code, "leader"))
    dialog = planner.page.get_by_role("dialog")
    for words in ("不能调整", "与单位的回避关系", "会计", "堂兄", "公务员回避规定", "第五条"):
        expect(dialog).to_contain_text(words)
    expect(dialog.get_by_role("button", name="记入调整稿")).to_have_count(0)
    planner.look()
    expect(dialog.get_by_role("link", name="申请豁免")).to_be_visible()
    dialog.get_by_role("button", name="不调整").click()


def the_tie_that_nobody_waives(planner: Walker, told: Story) -> None:
    carry(planner, own_seat(told.finance), seat_at(planner, told.code, "finance"))
    dialog = planner.page.get_by_role("dialog")
    expect(dialog).to_contain_text("任何人不得豁免")
    expect(dialog.get_by_role("link", name="申请豁免")).to_have_count(0)
    dialog.get_by_role("button", name="不调整").click()
    [cycle] = planner.site.look(sa.select(Cycle.uuid))
    planner.page.goto(
        f"{planner.site.address}/waivers/new/{cycle.uuid}?person={told.finance.code}&goal={told.code}"
    )
    expect(planner.page.get_by_role("button", name="提出申请")).to_be_disabled()


def the_second_person_waives(planner: Walker, leadership: Walker, told: Story, plan: str) -> None:
    carry(planner, own_seat(told.leader), seat_at(planner, told.code, "leader"))
    planner.page.get_by_role("dialog").get_by_role("link", name="申请豁免").click()
    planner.page.get_by_label("理由").fill("全县只有此人熟悉水利项目，另派一人同行")
    planner.press("提出申请")
    expect(planner.page.locator("main")).to_contain_text("须由另一人批准")
    expect(planner.page.get_by_role("button", name="批准豁免")).to_have_count(0)
    leadership.page.goto(planner.page.url)
    leadership.page.get_by_label("理由").fill("同意，会计资料由另一名组员核对")
    leadership.press("批准豁免")
    expect(leadership.page.get_by_role("heading", level=1)).to_contain_text("已批准")
    planner.page.goto(plan)


def the_trade_is_taken_and_saved(planner: Walker, told: Story) -> None:
    """Dragged this time: allowed at a price, taken with a reason, undone, taken again, saved as a version."""
    page = planner.page
    dialog = page.get_by_role("dialog")
    for again in (False, True):
        page.locator(own_seat(told.leader)).drag_to(page.locator(seat_at(planner, told.code, "leader")))
        expect(dialog).to_contain_text("不违反任何规则")
        dialog.get_by_label("理由").fill("按会商意见对调")
        planner.press("记入调整稿")
        expect(page.get_by_role("heading", level=1)).to_contain_text("已调 1 步")
        if not again:
            planner.look()
            planner.press("撤销最后一步")
            expect(page.get_by_role("heading", level=1)).to_contain_text("还没有调整")
    planner.press("另存为新的一版")
    expect(page.locator("main")).to_contain_text("手工调整，成为新的一版")
    expect(page.get_by_role("heading", level=1)).to_contain_text("违规 0 处")


def the_day_before_and_the_day_after(site: Site, member: Walker, told: Story) -> None:
    """A test cannot wait: the release day is moved instead of the clock."""
    address = site.address
    member.go("/postings", axe=False)
    assert told.unit not in member.page.content()
    assert told.unit not in member.page.request.get(f"{address}/postings.ics").text()
    assert member.page.request.get(f"{address}/postings/mine.pdf").status == 422
    [plan] = site.look(sa.select(Plan.uuid).where(Plan.state == "published"))
    assert member.page.request.get(f"{address}/plans/{plan.uuid}").status == 403
    site.turn(sa.update(Round).values(release_on=today() - DAY))
    member.go("/postings", axe=False)
    expect(member.page.locator("main")).to_contain_text(told.unit)
    assert told.unit in member.page.request.get(f"{address}/postings.ics").text()
    assert member.page.request.get(f"{address}/postings/mine.pdf").status == 200
    member.page.get_by_role("link", name=told.unit).first.click()
